"""Fits the intensity dial: `make calibrate`, about an hour on two cores.

For each layer and a few notches, finds the gain (step length as a share of what the picture tolerates, see
dreambot/recipe/intensity.py) at which the mean SSIM over the calibration photos falls on the published curve.
Notches between are interpolated. Writes dreambot/recipe/data/dial.json. Every model whose weights are here
is fitted, or the one named, or some layers of it.
"""

import argparse
import json
import math
from collections.abc import Iterator
from pathlib import Path
from statistics import fmean

import numpy as np
import torch
from rich.console import Console

from benchmarks.photos import CALIBRATION, load_photo, mean_ssim
from dreambot.engine.dream import dream
from dreambot.media.picture import DreamInputs, Pixels
from dreambot.media.visual_masking import masking_quantiles
from dreambot.recipe import LAYERS, LayerTerm, Recipe, intensity
from dreambot.recipe.dream import octave_count
from dreambot.recipe.layers import Layer
from dreambot.recipe.recipe import StillRecipe
from dreambot.zoo import network as zoo
from dreambot.zoo.catalogue import MODELS
from dreambot.zoo.loading import load
from dreambot.zoo.registry import find_model
from dreambot.zoo.weights import locate

FITTED_INTENSITIES = (1, 4, 8, 11)
ROUNDS = 3
DATA = Path(intensity.__file__).parent / "data" / "dial.json"
LONG_SIDE = {"vgg16": 288}
"""Pixels of the photos' longer side, 512 where nothing else is said: VGG16 costs ten times as much."""


def recipe_for(layer: Layer, rgb: Pixels, notch: int, step: float) -> Recipe:
    """What the dial would ask for, with the step given."""
    height, width = rgb.shape[:2]
    return StillRecipe(
        model=layer.model,
        weights=find_model(layer.model).weights,
        layers=(LayerTerm(layer=layer.name),),
        objective=layer.objective,
        octaves=octave_count(min(width, height)),
        octave_scale=intensity.OCTAVE_SCALE,
        steps=intensity.STEPS_BY_INTENSITY[notch - 1],
        step=step,
        cooling=intensity.COOLING,
        jitter=intensity.JITTER,
        gradient=layer.gradient,
        bands=layer.bands,
        chroma=layer.chroma,
        width=width,
        height=height,
        seed=1,
        precision="fp32",
    )


def run_dream(network: zoo.Network, rgb: Pixels, recipe: Recipe) -> Pixels:
    """The dream, without what happens on the way."""
    steps = dream(network, DreamInputs(rgb), recipe)
    try:
        while True:
            next(steps)
    except StopIteration as end:
        return np.asarray(end.value)


def fit(
    network: zoo.Network, layer: Layer, photos: list[Pixels], say: Console
) -> Iterator[tuple[int, float]]:
    """(notch, gain) for each of NOTCHES, by repeated proportion, from the gains so far.

    An SSIM that came out stands for an amount of change, too; the gain is scaled by asked ÷ got.
    """
    spreads = [masking_quantiles(rgb) for rgb in photos]
    for notch in FITTED_INTENSITIES:
        gain = intensity.layer_gain(layer.model, layer.name)[notch - 1]
        target = intensity.SSIM_BY_INTENSITY[notch - 1]
        allowed = [intensity.rms_for_intensity(spread, notch) for spread in spreads]
        for _ in range(ROUNDS):
            recipes = [
                recipe_for(layer, rgb, notch, gain * most) for rgb, most in zip(photos, allowed, strict=True)
            ]
            got = [
                mean_ssim(rgb, run_dream(network, rgb, recipe))
                for rgb, recipe in zip(photos, recipes, strict=True)
            ]
            each = ", ".join(f"{value:.2f}" for value in got)
            say.print(f"{layer.name} {notch:2} gain {gain:.4f}: {fmean(got):.3f} of {target:.3f} ({each})")
            if abs(fmean(got) - target) < 0.006:
                break
            asked = fmean(intensity.rms_for_ssim(spread, target) for spread in spreads)
            gain *= asked / fmean(intensity.rms_for_ssim(spread, fmean(got)) for spread in spreads)
        yield notch, gain


def interpolate_gains(fitted: dict[int, float]) -> list[float]:
    """Gains for all eleven notches: a straight line in log(gain) between the fitted ones."""
    logs = np.interp(range(1, 12), list(fitted), [math.log(gain) for gain in fitted.values()])
    return [round(math.exp(value), 5) for value in logs]


def main() -> None:
    """Fits what is named, everything without names, and rewrites the table after each layer."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", nargs="?")
    parser.add_argument("layers", nargs="*")
    asked = parser.parse_args()
    models = [asked.model] if asked.model else [name for name in MODELS if locate(name)]
    say = Console(stderr=True, soft_wrap=True)
    for model in models:
        fit_model(model, asked.layers, say)


def fit_model(model: str, named: list[str], say: Console) -> None:
    """Fits the layers named, or all of a model's that can be dreamed, and rewrites the table after each."""
    network = load(model, dtype=torch.bfloat16)
    photos = [load_photo(name, LONG_SIDE.get(model, 512)) for name in CALIBRATION]
    gains = json.loads(DATA.read_text())["gains"]
    for layer in LAYERS[model]:
        if layer.objective != "logit" and (layer.name in named if named else layer.offered):
            gains.setdefault(model, {})[layer.name] = interpolate_gains(
                dict(fit(network, layer, photos, say))
            )
            table = {
                "made_by": "make calibrate",
                "photos": list(CALIBRATION),
                "curve": list(intensity.SSIM_BY_INTENSITY),
                "octaves": intensity.OCTAVES,
                "octave_scale": intensity.OCTAVE_SCALE,
                "steps": list(intensity.STEPS_BY_INTENSITY),
                "gains": gains,
            }
            text = json.dumps(table, indent=1)
            DATA.write_text(text + "\n")


if __name__ == "__main__":
    main()
