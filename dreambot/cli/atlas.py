"""Draws the layer atlas: one thumbnail for each layer, dreamed from the same photo."""

import asyncio
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
from dreambot.zoo.registry import find_model

SAMPLE = files("dreambot.sandbox") / "samples" / "cat.jpg"
SIDE = 288
INTENSITY = 8
SEED = 7


def draw_atlas(model: str, layers: list[str], folder: Path, photo: Path | None, device: DeviceChoice) -> None:
    """Writes a JPEG for each layer, and all of them together as `MODEL.jpg`.

    Args:
        model: The network.
        layers: The names of its layers.
        folder: Where the files go; created if needed.
        photo: The source; None for the sample.
        device: Where and how to compute.

    Raises:
        UserError: A file cannot be read or written, or a dream cannot be made.
    """
    with InputFiles() as inputs, as_file(SAMPLE) as sample:
        opened = inputs.open(photo) if photo else sample
        make_directory(folder)
        for name in (model, *(f"{model}-{layer}" for layer in layers)):
            require_writable(folder / f"{name}.jpg", inputs.paths)
        asyncio.run(_draw(model, layers, folder, opened, device))


async def _draw(model: str, layers: list[str], folder: Path, photo: Path, device: DeviceChoice) -> None:
    async with cli_context(device) as shop:
        drawn: list[tuple[str, Pixels]] = []
        for layer in layers:
            rgb = await _thumbnail(shop, model, layer, photo)
            await _write(shop, folder / f"{model}-{layer}.jpg", rgb)
            shows = find_layer(layer, find_model(model).architecture).shows
            drawn.append((f"{layer}: {shows}", rgb))
            print_status(f"{layer}: {shows}")
        await _write(shop, folder / f"{model}.jpg", contact_sheet(drawn))


async def _thumbnail(shop: CliContext, model: str, layer: str, photo: Path) -> Pixels:
    probe = await shop.codecs.probe(photo)
    recipe = resolve_dream(
        DreamRequest(layer=layer, model=model, intensity=INTENSITY, seed=SEED),
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
