"""Draws the atlas: one thumbnail for each layer or preset, dreamed from the same photo."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from dreambot.cli.console import print_status
from dreambot.cli.context import CliContext, DeviceChoice, cli_context
from dreambot.cli.files import InputFiles, make_directory, require_writable, write_file
from dreambot.media.picture import DreamInputs as Pictures
from dreambot.media.picture import Picture, Pixels
from dreambot.recipe import DreamRequest, SourceFacts, find_layer, resolve_dream
from dreambot.recipe.presets import OFFERED_PRESETS
from dreambot.zoo.registry import find_model

SAMPLE = files("dreambot.sandbox") / "samples" / "cat.jpg"
SIDE = 288
INTENSITY = 8
SEED = 7


@dataclass(frozen=True)
class AtlasPicture:
    """A picture of an atlas.

    Attributes:
        name: The name of its file, without the extension.
        label: What is written below it where all of them are together.
        request: What to dream; intensity and seed are those of the atlas.
    """

    name: str
    label: str
    request: DreamRequest


def layer_pictures(model: str, layers: Sequence[str]) -> list[AtlasPicture]:
    """Describes the pictures of a network's layers.

    Args:
        model: The network.
        layers: The names of its layers.
    """
    architecture = find_model(model).architecture
    return [
        AtlasPicture(
            f"{model}-{layer}",
            f"{layer}: {find_layer(layer, architecture).shows}",
            DreamRequest(layer=layer, model=model),
        )
        for layer in layers
    ]


def preset_pictures() -> list[AtlasPicture]:
    """Describes the pictures of the presets that are suggested to people."""
    return [
        AtlasPicture(f"preset-{name}", f"{name}: {preset.shows}", DreamRequest(preset=name))
        for name, preset in OFFERED_PRESETS.items()
    ]


def draw_atlas(
    title: str, pictures: Sequence[AtlasPicture], folder: Path, photo: Path | None, device: DeviceChoice
) -> None:
    """Writes a JPEG for each picture, and all of them together.

    Args:
        title: The name of the file with all of them, without the extension.
        pictures: What to draw.
        folder: Where the files go; created if needed.
        photo: The source; None for the sample.
        device: Where and how to compute.

    Raises:
        UserError: A file cannot be read or written, or a dream cannot be made.
    """
    with InputFiles() as inputs, as_file(SAMPLE) as sample:
        opened = inputs.open(photo) if photo else sample
        make_directory(folder)
        for name in (title, *(picture.name for picture in pictures)):
            require_writable(folder / f"{name}.jpg", inputs.paths)
        asyncio.run(_draw(title, pictures, folder, opened, device))


async def _draw(
    title: str, pictures: Sequence[AtlasPicture], folder: Path, photo: Path, device: DeviceChoice
) -> None:
    async with cli_context(device) as shop:
        drawn: list[tuple[str, Pixels]] = []
        for picture in pictures:
            rgb = await _thumbnail(shop, picture.request, photo)
            await _write(shop, folder / f"{picture.name}.jpg", rgb)
            drawn.append((picture.label, rgb))
            print_status(picture.label)
        await _write(shop, folder / f"{title}.jpg", contact_sheet(drawn))


async def _thumbnail(shop: CliContext, request: DreamRequest, photo: Path) -> Pixels:
    probe = await shop.codecs.probe(photo)
    recipe = resolve_dream(
        request.model_copy(update={"intensity": INTENSITY, "seed": SEED}),
        SourceFacts(probe.width, probe.height, probe.masking),
        seed=SEED,
        models=find_model,
        precision="fp32",
        max_pixels=SIDE * SIDE,
    )
    recipe = await shop.best(recipe)
    picture = await shop.codecs.decode(photo, size=(recipe.width, recipe.height))
    return (await shop.dream(recipe, Pictures(picture.rgb))).rgb


async def _write(shop: CliContext, path: Path, rgb: Pixels) -> None:
    write_file(path, (await shop.codecs.encode(Picture(rgb), format="JPEG")).data)


_MARGIN = 8
_LINE_HEIGHT = 22
Font = ImageFont.FreeTypeFont | ImageFont.ImageFont

_BACKGROUND, _FOREGROUND = (18, 18, 20), (225, 225, 225)


def contact_sheet(pictures: list[tuple[str, Pixels]], columns: int = 4) -> Pixels:
    """Arranges pictures in rows, with labels below them.

    Args:
        pictures: (label, (height, width, 3) uint8) pairs, at least one; all have the size of the first.
        columns: The most pictures in a row.

    Returns:
        (height, width, 3) uint8.
    """
    height, width, _ = pictures[0][1].shape
    rows = -(-len(pictures) // columns)
    across = _MARGIN + min(columns, len(pictures)) * (width + _MARGIN)
    paper = Image.new("RGB", (across, _MARGIN + rows * (height + _LINE_HEIGHT + _MARGIN)), _BACKGROUND)
    draw = ImageDraw.Draw(paper)
    font = ImageFont.load_default(14)
    for index, (label, rgb) in enumerate(pictures):
        row, column = divmod(index, columns)
        left, top = _MARGIN + column * (width + _MARGIN), _MARGIN + row * (height + _LINE_HEIGHT + _MARGIN)
        paper.paste(Image.fromarray(rgb), (left, top))
        draw.text((left, top + height + 3), _fit_label(label, width, font), _FOREGROUND, font)
    return np.asarray(paper)


def _fit_label(label: str, width: int, font: Font) -> str:
    text = label
    while font.getlength(text) > width:
        label = label[:-1]
        text = f"{label}…"
    return text
