"""Calibrates the intensity dial: `make calibrate`, a few hours on two cores.

For each layer and preset and a few intensities, it finds the gain (step length relative to the change that
the image masks, see dreambot/recipe/intensity.py) at which the mean SSIM over the calibration photos lies on
the published curve. The intensities between are interpolated. It writes dreambot/recipe/data/dial.json. All
presets and all models with weights on this machine are calibrated, or what is named: `mixed4 mixed5`,
`vgg16`, `presets`, `giger teeth`.
"""

import argparse
import json
import math
from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import fmean

import numpy as np
import torch
from rich.console import Console

from benchmarks.photos import CALIBRATION, load_photo, mean_ssim
from dreambot.engine.dream import dream
from dreambot.media.picture import DreamInputs, Pixels
from dreambot.media.visual_masking import masking_quantiles
from dreambot.recipe import LAYERS, DreamRequest, Recipe, SourceFacts, intensity, resolve_dream
from dreambot.recipe.presets import PRESETS, preset_steps
from dreambot.workers.gpu.devices import best_precision
from dreambot.zoo import network as zoo
from dreambot.zoo.catalogue import MODELS
from dreambot.zoo.loading import load
from dreambot.zoo.registry import find_model
from dreambot.zoo.weights import locate

FITTED_INTENSITIES = (8, 11, 4, 1)
"""In the order they are fitted: from the one that is most reliable outwards."""
TOLERANCE = 0.01
"""Of the mean SSIM. Its spread over photos is ten times as large."""
DATA = Path(intensity.__file__).parent / "data" / "dial.json"
LONG_SIDE = {"vgg16": 288, "writing": 288}
"""Long side of the photos in pixels, 512 by default; VGG16 costs ten times as much."""
PRECISION = best_precision(torch.device("cpu"))


def load_networks(recipe: Recipe) -> zoo.Network:
    """Loads the networks of a recipe, in `PRECISION`.

    Args:
        recipe: Recipe, of the weights that the registry knows.
    """
    dtype = torch.bfloat16 if PRECISION == "bf16" else torch.float32
    first, *others = (load(model, dtype=dtype) for model in recipe.models)
    return zoo.NetworkGroup(first, others) if others else first


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


def _recipe_for(request: DreamRequest, rgb: Pixels, step: float) -> Recipe:
    """Returns the recipe of a request with another step length, and without what is done after the dream."""
    height, width = rgb.shape[:2]
    recipe = resolve_dream(
        request,
        SourceFacts(width, height),
        seed=1,
        models=find_model,
        precision=PRECISION,
        max_pixels=width * height,
    )
    return recipe.model_copy(update={"step": step, "tone": None})


def fit(
    network: zoo.Network,
    request: DreamRequest,
    start: tuple[float, ...],
    photos: list[Pixels],
    rounds: int,
    say: Console,
) -> dict[int, float]:
    """Fits the gain of each of `FITTED_INTENSITIES`.

    Each SSIM corresponds to an amount of change. The gain is multiplied by the ratio of the target change to
    the measured change, repeatedly.

    Args:
        network: Network of the layer or preset.
        request: Names the layer or preset.
        start: Gains of intensities 1 to 11 to start from.
        photos: Source images, `[height, width, 3]` uint8.
        rounds: The most measurements of an intensity.
        say: Console for progress.

    Returns:
        Gain by intensity.
    """
    quantiles = [masking_quantiles(rgb) for rgb in photos]
    fitted: dict[int, float] = {}
    for notch in FITTED_INTENSITIES:
        # If one intensity needs more than it had, the nearest does too.
        nearest = min(fitted, key=lambda other: abs(other - notch), default=notch)
        gain = start[notch - 1] * fitted.get(nearest, start[nearest - 1]) / start[nearest - 1]
        target = intensity.SSIM_BY_INTENSITY[notch - 1]
        here = request.model_copy(update={"intensity": notch})
        for _ in range(rounds):
            recipes = [
                _recipe_for(here, rgb, min(2.0, gain * intensity.rms_for_intensity(quantile, notch)))
                for rgb, quantile in zip(photos, quantiles, strict=True)
            ]
            ssims = [
                mean_ssim(rgb, run_dream(network, rgb, recipe))
                for rgb, recipe in zip(photos, recipes, strict=True)
            ]
            each = ", ".join(f"{value:.2f}" for value in ssims)
            say.print(
                f"{request.preset or request.layer} {notch:2} gain {gain:.4f}: "
                f"{fmean(ssims):.3f} of {target:.3f} ({each})"
            )
            if abs(fmean(ssims) - target) < TOLERANCE:
                break
            asked = fmean(intensity.rms_for_ssim(quantile, target) for quantile in quantiles)
            gain *= asked / fmean(intensity.rms_for_ssim(quantile, fmean(ssims)) for quantile in quantiles)
        fitted[notch] = gain
    return fitted


def interpolate_gains(fitted: dict[int, float]) -> list[float]:
    """Interpolates log(gain) linearly between the fitted intensities.

    Args:
        fitted: Gain by intensity.

    Returns:
        The gains of intensities 1 to 11.
    """
    logs = np.interp(range(1, 12), sorted(fitted), [math.log(fitted[notch]) for notch in sorted(fitted)])
    return [round(math.exp(value), 5) for value in logs]


def _requests(named: Iterable[str]) -> Iterator[tuple[str, DreamRequest]]:
    """Yields the model and the request of everything to calibrate."""
    names = set(named)
    for model in MODELS:
        for layer in LAYERS[model] if locate(model) else ():
            wanted = {model, layer.name} & names if names else layer.offered
            if layer.objective != "logit" and (layer.offered or layer.name in names) and wanted:
                yield model, DreamRequest(model=model, layer=layer.name)
    for preset in PRESETS.values():
        wanted = {"presets", preset.name} & names or not names
        if preset.adapts and preset.fitted and locate(preset.model) and wanted:
            yield preset.model, DreamRequest(preset=preset.name)


def _start_gains(model: str, request: DreamRequest) -> tuple[float, ...]:
    """Returns the gains of a layer or preset so far, of intensities 1 to 11."""
    if request.layer:
        return intensity.layer_gain(model, request.layer)
    preset = PRESETS[request.preset or ""]
    typical = intensity.TYPICAL_MASKING
    return intensity.preset_gain(preset.name) or tuple(
        preset_steps(preset, notch, typical)[1] / intensity.rms_for_intensity(typical, notch)
        for notch in range(1, 12)
    )


def main() -> None:
    """Calibrates what is named, or everything, and rewrites the table after each layer and preset."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="models, layers, presets, or `presets` for all of these")
    parser.add_argument("--rounds", type=int, default=3, help="the most measurements of an intensity")
    asked = parser.parse_args()
    say = Console(stderr=True, soft_wrap=True)
    for model, request in _requests(asked.names):
        network = load_networks(_recipe_for(request, np.zeros((256, 256, 3), np.uint8), 0.1))
        photos = [load_photo(name, LONG_SIDE.get(model, 512)) for name in CALIBRATION]
        start = _start_gains(model, request)
        gains = interpolate_gains(fit(network, request, start, photos, asked.rounds, say))
        _write(model, request, gains)


def _write(model: str, request: DreamRequest, fitted: list[float]) -> None:
    """Writes the table with the gains of a layer or preset, in the order of the layers and presets."""
    table = json.loads(DATA.read_text("utf-8"))
    if request.preset:
        presets = table["presets"] | {request.preset: fitted}
        table["presets"] = {name: presets[name] for name in PRESETS if name in presets}
    else:
        layers = table["gains"].get(model, {}) | {request.layer: fitted}
        table["gains"][model] = {one.name: layers[one.name] for one in LAYERS[model] if one.name in layers}
    table |= {
        "made_by": "make calibrate",
        "photos": list(CALIBRATION),
        "curve": list(intensity.SSIM_BY_INTENSITY),
        "octaves": intensity.OCTAVES,
        "octave_scale": intensity.OCTAVE_SCALE,
        "steps": list(intensity.STEPS_BY_INTENSITY),
        "steps_ratio": intensity.STEPS_RATIO,
    }
    DATA.write_text(json.dumps(table, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
