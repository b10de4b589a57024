"""Measures random bends: `python -m benchmarks.bends`, some minutes on two cores.

It draws bends at several levels of chaos, dreams each draw on another photo, and prints for each level the
means of:

- SSIM with the source, which falls with chaos;
- clipped: the share of values that are black or white;
- colours: the standard deviation of what is added between blue and yellow, and between green and magenta,
  each relative to that in luminance;
- detail: the share of the added luminance's power that is finer than about 4 pixels. Noise has most of its
  power there.

`--sheet FILE` writes a contact sheet in random order, without names, to judge before reading `FILE.txt`,
which lists the bends. The photos are crops and mirror images, so that few of them repeat.
"""

import argparse
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

import numpy as np
import torch
from PIL import Image, ImageDraw
from rich.console import Console
from rich.table import Table
from skimage.filters import gaussian

from benchmarks.calibrate import PRECISION, run_dream
from benchmarks.looks import added_colours
from benchmarks.photos import CALIBRATION, HELD_OUT, load_photo, mean_ssim
from dreambot.media.picture import Pixels
from dreambot.media.visual_masking import masking_quantiles
from dreambot.recipe import DreamRequest, Recipe, SourceFacts, format_layers, resolve_dream
from dreambot.recipe.bends import format_bends
from dreambot.recipe.dream import MIN_DREAM_SIDE
from dreambot.zoo.loading import load
from dreambot.zoo.registry import find_model

MEASURES = ("ssim", "clipped", "blue_yellow", "green_magenta", "detail")
LONG_SIDE = 384
_DETAIL_SIGMA = 1.0
_COLUMNS, _CELL = 4, (330, 262)


@dataclass(frozen=True)
class Draw:
    """A dream through random bends and what was measured of it, see the module."""

    chaos: int
    recipe: Recipe
    dream: Pixels
    ssim: float
    clipped: float
    blue_yellow: float
    green_magenta: float
    detail: float


def measure(chaos: int, recipe: Recipe, source: Pixels, dream: Pixels) -> Draw:
    """Compares a dream with its source.

    Args:
        chaos: 1 to 11.
        recipe: Recipe of the dream.
        source: `[height, width, 3]` uint8.
        dream: Image of the same shape.
    """
    added = added_colours(source, dream)
    spread = added.std(axis=0)
    light = added[:, 0].reshape(source.shape[:2])
    return Draw(
        chaos=chaos,
        recipe=recipe,
        dream=dream,
        ssim=mean_ssim(source, dream),
        clipped=float(np.isin(dream, (0, 255)).mean()),
        blue_yellow=float(spread[1] / spread[0]),
        green_magenta=float(spread[2] / spread[0]),
        detail=float((light - gaussian(light, _DETAIL_SIGMA)).var() / light.var()),
    )


def photo_crops() -> list[Pixels]:
    """Returns photos, crops and mirror images, each `[height, width, 3]` uint8."""
    crops = []
    for name in (*CALIBRATION, *HELD_OUT):
        whole = load_photo(name, 2 * LONG_SIDE)
        height, width = whole.shape[:2]
        middle = whole[height // 6 : 5 * height // 6, width // 6 : 5 * width // 6]
        left = whole[:, : 2 * width // 3]
        crops += [whole, middle, left, middle[:, ::-1]]
    return [_fit(crop) for crop in crops]


def _fit(rgb: Pixels) -> Pixels:
    """Scales a photo so that its dream has its size."""
    image = Image.fromarray(rgb)
    scale = max(LONG_SIDE / max(image.size), MIN_DREAM_SIDE / min(image.size))
    size = (round(image.width * scale), round(image.height * scale))
    return np.asarray(image.resize(size, Image.Resampling.LANCZOS))


def draw_sheet(draws: Sequence[Draw], path: Path) -> None:
    """Writes a contact sheet and, beside it, the list of what it shows.

    Args:
        draws: In the order of the sheet.
        path: The sheet's file.
    """
    width, height = _CELL
    sheet = Image.new("RGB", (_COLUMNS * width, -(-len(draws) // _COLUMNS) * height))
    for place, draw in enumerate(draws):
        at = (place % _COLUMNS * width, place // _COLUMNS * height)
        image = Image.fromarray(draw.dream)
        image.thumbnail((width - 4, height - 4))
        sheet.paste(image, at)
        ImageDraw.Draw(sheet).text(at, str(place), "yellow", stroke_width=2, stroke_fill="black")
    sheet.save(path)
    path.with_name(f"{path.name}.txt").write_text("\n".join(_describe(draws)) + "\n", "utf-8")


def _describe(draws: Iterable[Draw]) -> Iterable[str]:
    for place, draw in enumerate(draws):
        bends, layers = format_bends(draw.recipe.bends), format_layers(draw.recipe.layers)
        yield f"{place}: chaos {draw.chaos}, {bends}, layer {layers}, SSIM {draw.ssim:.2f}"


def main() -> None:
    """Prints a table with the means of each level of chaos."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--model", default="inception_v3")
    parser.add_argument("--chaos", type=int, nargs="+", default=[3, 7, 11])
    parser.add_argument("--seeds", type=int, nargs=2, default=[0, 8], metavar=("FIRST", "COUNT"))
    parser.add_argument("--sheet", type=Path)
    asked = parser.parse_args()
    network = load(asked.model, dtype=torch.bfloat16 if PRECISION == "bf16" else torch.float32)
    first, count = asked.seeds
    wanted = [(chaos, seed) for chaos in asked.chaos for seed in range(first, first + count)]
    chance = random.Random(first)
    chance.shuffle(wanted)
    photos = photo_crops()
    chance.shuffle(photos)
    draws = []
    for place, (chaos, seed) in enumerate(wanted):
        rgb = photos[place % len(photos)]
        height, width = rgb.shape[:2]
        recipe = resolve_dream(
            DreamRequest(model=asked.model, chaos=chaos, seed=seed),
            SourceFacts(width, height, masking_quantiles(rgb)),
            seed=seed,
            models=find_model,
            precision=PRECISION,
            max_pixels=width * height,
        )
        draws.append(measure(chaos, recipe, rgb, run_dream(network, rgb, recipe)))
    if asked.sheet:
        draw_sheet(draws, asked.sheet)
    table = Table("chaos", "SSIM", "clipped", "blue–yellow", "green–magenta", "detail", title=asked.model)
    for chaos in asked.chaos:
        level = [draw for draw in draws if draw.chaos == chaos]
        means = (fmean(getattr(draw, name) for draw in level) for name in MEASURES)
        table.add_row(str(chaos), *(f"{mean:.3f}" for mean in means))
    Console(width=100).print(table)


if __name__ == "__main__":
    main()
