"""A thumbnail of every layer, dreamed from the same photo."""

import asyncio
from importlib.resources import as_file, files
from pathlib import Path

from dreambot.cli.console import say
from dreambot.cli.reading import Inputs
from dreambot.cli.workshop import Device, Workshop, workshop
from dreambot.cli.writing import make_folder, require_target, write_file
from dreambot.media.inputs import Inputs as Pictures
from dreambot.media.picture import Picture, Pixels
from dreambot.media.sheet import sheet
from dreambot.recipe import DreamRequest, SourceFacts, find_layer, resolve
from dreambot.zoo.known import trained

SAMPLE = files("dreambot.sandbox") / "samples" / "cat.jpg"
SIDE = 288
INTENSITY = 8
SEED = 7


def draw_atlas(model: str, layers: list[str], folder: Path, photo: Path | None, device: Device) -> None:
    """Writes a JPEG of each layer into the folder, and all of them as `MODEL.jpg`. Raises UserError."""
    with Inputs() as inputs, as_file(SAMPLE) as sample:
        opened = inputs.open(photo) if photo else sample
        make_folder(folder)
        for name in (model, *(f"{model}-{layer}" for layer in layers)):
            require_target(folder / f"{name}.jpg", inputs.paths)
        asyncio.run(_draw(model, layers, folder, opened, device))


async def _draw(model: str, layers: list[str], folder: Path, photo: Path, device: Device) -> None:
    async with workshop(device) as shop:
        drawn: list[tuple[str, Pixels]] = []
        for layer in layers:
            rgb = await _thumbnail(shop, model, layer, photo)
            await _write(shop, folder / f"{model}-{layer}.jpg", rgb)
            shows = find_layer(layer, trained(model).architecture).shows
            drawn.append((f"{layer}: {shows}", rgb))
            say(f"{layer}: {shows}")
        await _write(shop, folder / f"{model}.jpg", sheet(drawn))


async def _thumbnail(shop: Workshop, model: str, layer: str, photo: Path) -> Pixels:
    probe = await shop.codecs.probe(photo)
    recipe = resolve(
        DreamRequest(layer=layer, model=model, intensity=INTENSITY, seed=SEED),
        SourceFacts(probe.width, probe.height, probe.masking),
        seed=SEED,
        models=trained,
        precision="fp32",
        max_pixels=SIDE * SIDE,
    )
    recipe = await shop.best(recipe)
    picture = await shop.codecs.decode(photo, size=(recipe.width, recipe.height))
    return (await shop.dream(recipe, Pictures(picture.rgb))).rgb


async def _write(shop: Workshop, path: Path, rgb: Pixels) -> None:
    write_file(path, (await shop.codecs.encode(Picture(rgb), format="JPEG")).data)
