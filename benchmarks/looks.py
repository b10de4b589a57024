"""Measures what dreams look like: `python -m benchmarks.looks`, some minutes on two cores.

It dreams photos that the dial was not fitted on, as by default and as earlier versions did (with fewer steps
in small octaves and more in large ones, in acid colours), and prints for each:

- animals: the share of 128-pixel crops that MobileNetV2 puts into one of ImageNet's animal classes;
- colours: the standard deviation of what is added between blue and yellow, and between green and magenta,
  each relative to that in luminance. Natural images have about .28 and .14;
- SSIM with the source, which the intensity dial promises;
- clipped: the share of values that are black or white;
- seeds: the correlation, in luminance, of what two seeds add to the same photo;
- cost: seconds, and FLOPs of the convolutions relative to the default.
"""

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from benchmarks.calibrate import PRECISION, run_dream
from benchmarks.photos import HELD_OUT, load_photo, mean_ssim
from dreambot.engine.colours import BLUE_YELLOW_AXIS, GREEN_MAGENTA_AXIS, LUMINANCE_AXIS
from dreambot.engine.images import to_tensor
from dreambot.media.picture import Pixels
from dreambot.media.visual_masking import masking_quantiles
from dreambot.recipe import DreamRequest, Recipe, SourceFacts, resolve_dream
from dreambot.recipe.intensity import SSIM_BY_INTENSITY
from dreambot.zoo import network as zoo
from dreambot.zoo.loading import load
from dreambot.zoo.registry import find_model

STYLES: dict[str, dict[str, Any]] = {
    "default": {},
    "acid": {"palette": "acid"},
    "ratio 4": {"steps_ratio": 4.0},
    "even steps": {"steps_ratio": 1.0},
    "earlier versions": {"palette": "acid", "steps_ratio": 1.0},
}
_EARLIER_STEPS = 1 / 0.6
"""With a smaller ratio, a recipe had more steps …"""
_EARLIER_STEP = 1 / 1.35
"""… and they were shorter, for the same SSIM."""
ANIMAL_CLASSES = 398
"""ImageNet's first classes are animals."""
CROP, STRIDE = 128, 64
_AXES = np.array([LUMINANCE_AXIS, BLUE_YELLOW_AXIS, GREEN_MAGENTA_AXIS])
_ACID_STEP = 1 / 0.87
"""Acid gradients need longer steps for the same SSIM, because less of them is luminance."""


@dataclass(frozen=True)
class Look:
    """What was measured of one dream, see the module."""

    animals: float
    blue_yellow: float
    green_magenta: float
    ssim: float
    clipped: float
    seeds: float
    seconds: float
    flops: float


def resolve(rgb: Pixels, layer: str, intensity: int, seed: int, style: dict[str, Any]) -> Recipe:
    """Returns the recipe of a dream on a photo.

    Args:
        rgb: Source image, `[height, width, 3]` uint8.
        layer: Layer expression.
        intensity: Intensity, 1 to 11.
        seed: Seed.
        style: Fields of the recipe to change.
    """
    height, width = rgb.shape[:2]
    recipe = resolve_dream(
        DreamRequest(layer=layer, intensity=intensity),
        SourceFacts(width, height, masking_quantiles(rgb)),
        seed=seed,
        models=find_model,
        precision=PRECISION,
        max_pixels=width * height,
    )
    step = recipe.step * (_ACID_STEP if style.get("palette") == "acid" else 1)
    if "steps_ratio" in style:
        step *= _EARLIER_STEP
        style = {"steps": round(recipe.steps * _EARLIER_STEPS), **style}
    return recipe.model_copy(update={**style, "step": step})


def animal_share(classifier: zoo.Network, rgb: Pixels) -> float:
    """Returns the share of crops that are classified as animals.

    Args:
        classifier: MobileNetV2.
        rgb: `[height, width, 3]` uint8, at least 128 × 128.
    """
    image = to_tensor(rgb, classifier.device)
    crops = image.unfold(2, CROP, STRIDE).unfold(3, CROP, STRIDE).flatten(2, 3)[0].movedim(0, 1)
    crops = F.interpolate(crops, (224, 224), mode="bilinear", antialias=True)
    with torch.inference_mode():
        logits = torch.cat([classifier.forward_to(crop[None], {"classes"})["classes"] for crop in crops])
    return float((logits.argmax(dim=1) < ANIMAL_CLASSES).float().mean())


def added_colours(source: Pixels, dream: Pixels) -> NDArray[np.float64]:
    """Returns what was added along the three colour axes, `[height · width, 3]`.

    Args:
        source: `[height, width, 3]` uint8.
        dream: Image of the same shape.
    """
    change = (dream.astype(np.float64) - source).reshape(-1, 3)
    return np.asarray(change @ _AXES.T)


def measure(
    network: zoo.Network,
    classifier: zoo.Network,
    rgb: Pixels,
    layer: str,
    intensity: int,
    style: dict[str, Any],
) -> Look:
    """Dreams a photo with two seeds and measures the result.

    Args:
        network: Network of the layer.
        classifier: MobileNetV2.
        rgb: Source image, `[height, width, 3]` uint8.
        layer: Layer expression.
        intensity: Intensity, 1 to 11.
        style: Fields of the recipe to change.
    """
    recipes = [resolve(rgb, layer, intensity, seed, style) for seed in (1, 2)]
    started = time.perf_counter()
    dreams = [run_dream(network, rgb, recipe) for recipe in recipes]
    seconds = (time.perf_counter() - started) / 2
    added = [added_colours(rgb, dream) for dream in dreams]
    spread = added[0].std(axis=0)
    return Look(
        animals=fmean(animal_share(classifier, dream) for dream in dreams),
        blue_yellow=float(spread[1] / spread[0]),
        green_magenta=float(spread[2] / spread[0]),
        ssim=fmean(mean_ssim(rgb, dream) for dream in dreams),
        clipped=fmean(float(np.isin(dream, (0, 255)).mean()) for dream in dreams),
        seeds=float(np.corrcoef(added[0][:, 0], added[1][:, 0])[0, 1]),
        seconds=seconds,
        flops=recipes[0].flops,
    )


def main() -> None:
    """Prints a table with the means over the photos."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--layer", default="mixed5")
    parser.add_argument("--intensities", type=int, nargs="+", default=[6, 11])
    parser.add_argument("--photos", nargs="+", default=list(HELD_OUT))
    parser.add_argument("--styles", nargs="+", choices=STYLES, default=list(STYLES))
    asked = parser.parse_args()
    network = load("inception_v3", dtype=torch.bfloat16 if PRECISION == "bf16" else torch.float32)
    classifier = load("mobilenet_v2")
    photos = [load_photo(name) for name in asked.photos]
    share = fmean(animal_share(classifier, rgb) for rgb in photos)
    table = Table(title=f"{asked.layer} on {', '.join(asked.photos)}; animals without a dream {share:.2f}")
    for column in ("style", "intensity", "animals", "blue–yellow", "green–magenta", "SSIM", "promised"):
        table.add_column(column)
    for column in ("clipped", "seeds", "seconds", "FLOPs"):
        table.add_column(column)
    for intensity in asked.intensities:
        usual = fmean(resolve(rgb, asked.layer, intensity, 1, {}).flops for rgb in photos)
        for name in asked.styles:
            looks = [
                measure(network, classifier, rgb, asked.layer, intensity, STYLES[name]) for rgb in photos
            ]
            table.add_row(name, str(intensity), *_means(looks, SSIM_BY_INTENSITY[intensity - 1], usual))
    Console(width=140).print(table)


def _means(looks: Sequence[Look], promised: float, usual_flops: float) -> list[str]:
    """Formats the means over the photos."""
    mean = {name: fmean(getattr(look, name) for look in looks) for name in Look.__dataclass_fields__}
    shown = ("animals", "blue_yellow", "green_magenta", "ssim")
    cells = [f"{mean[name]:.2f}" for name in shown] + [f"{promised:.2f}"]
    cells += [f"{mean['clipped']:.3f}", f"{mean['seeds']:.2f}", f"{mean['seconds']:.1f}"]
    return [*cells, f"{mean['flops'] / usual_flops:.2f}"]


if __name__ == "__main__":
    main()
