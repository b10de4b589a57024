"""Calibrates the intensity dial: `make calibrate`, about an hour on two cores.

For each layer and a few intensities, it finds the gain (step length relative to the change that the image
masks, see dreambot/recipe/intensity.py) at which the mean SSIM over the calibration photos lies on the
published curve. The intensities between are interpolated. It writes dreambot/recipe/data/dial.json. All
models with weights on this machine are calibrated, or the given one, or the given layers of it.
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
"""Long side of the photos in pixels, 512 by default; VGG16 costs ten times as much."""


def recipe_for(layer: Layer, rgb: Pixels, intensity_: int, step: float) -> Recipe:
    """Returns the recipe of an intensity with the given step length.

    Args:
        layer: Layer to dream.
        rgb: Source image, `[height, width, 3]` uint8.
        intensity_: Intensity, 1 to 11.
        step: Step length.
    """
    height, width = rgb.shape[:2]
    return StillRecipe(
        model=layer.model,
        weights=find_model(layer.model).weights,
        layers=(LayerTerm(layer=layer.name),),
        objective=layer.objective,
        octaves=octave_count(min(width, height)),
        octave_scale=intensity.OCTAVE_SCALE,
        steps=intensity.STEPS_BY_INTENSITY[intensity_ - 1],
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
    """Runs a dream to its end.

    Args:
        network: Network of the recipe.
        rgb: Source image, `[height, width, 3]` uint8.
        recipe: Recipe of a still image.

    Returns:
        The dream, `[height, width, 3]` uint8.
    """
    steps = dream(network, DreamInputs(rgb), recipe)
    try:
        while True:
            next(steps)
    except StopIteration as end:
        return np.asarray(end.value)


def fit(
    network: zoo.Network, layer: Layer, photos: list[Pixels], say: Console
) -> Iterator[tuple[int, float]]:
    """Fits the gain of each of `FITTED_INTENSITIES`, starting from the current gains.

    Each SSIM corresponds to an amount of change. The gain is multiplied by the ratio of the target change to
    the measured change, repeatedly.

    Args:
        network: Network of the layer.
        layer: Layer to calibrate.
        photos: Source images, `[height, width, 3]` uint8.
        say: Console for progress.

    Yields:
        Intensity and gain.
    """
    quantiles = [masking_quantiles(rgb) for rgb in photos]
    for intensity_ in FITTED_INTENSITIES:
        gain = intensity.layer_gain(layer.model, layer.name)[intensity_ - 1]
        target = intensity.SSIM_BY_INTENSITY[intensity_ - 1]
        max_steps = [intensity.rms_for_intensity(quantile, intensity_) for quantile in quantiles]
        for _ in range(ROUNDS):
            recipes = [
                recipe_for(layer, rgb, intensity_, gain * most)
                for rgb, most in zip(photos, max_steps, strict=True)
            ]
            ssims = [
                mean_ssim(rgb, run_dream(network, rgb, recipe))
                for rgb, recipe in zip(photos, recipes, strict=True)
            ]
            each = ", ".join(f"{value:.2f}" for value in ssims)
            say.print(
                f"{layer.name} {intensity_:2} gain {gain:.4f}: {fmean(ssims):.3f} of {target:.3f} ({each})"
            )
            if abs(fmean(ssims) - target) < 0.006:
                break
            asked = fmean(intensity.rms_for_ssim(quantile, target) for quantile in quantiles)
            gain *= asked / fmean(intensity.rms_for_ssim(quantile, fmean(ssims)) for quantile in quantiles)
        yield intensity_, gain


def interpolate_gains(fitted: dict[int, float]) -> list[float]:
    """Interpolates log(gain) linearly between the fitted intensities.

    Args:
        fitted: Gain by intensity.

    Returns:
        The gains of intensities 1 to 11.
    """
    logs = np.interp(range(1, 12), list(fitted), [math.log(gain) for gain in fitted.values()])
    return [round(math.exp(value), 5) for value in logs]


def main() -> None:
    """Calibrates the given model and layers, or all, and rewrites the table after each layer."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", nargs="?")
    parser.add_argument("layers", nargs="*")
    asked = parser.parse_args()
    models = [asked.model] if asked.model else [name for name in MODELS if locate(name)]
    say = Console(stderr=True, soft_wrap=True)
    for model in models:
        fit_model(model, asked.layers, say)


def fit_model(model: str, named: list[str], say: Console) -> None:
    """Calibrates layers of a model and rewrites the table after each.

    Args:
        model: Name of the model.
        named: Names of the layers; all layers that are offered if empty.
        say: Console for progress.
    """
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
