"""`dreambot dream photo.jpg -o out.png`: the bot's own codecs and executor, from a shell."""

from pathlib import Path
from typing import Annotated

import typer

from dreambot.cli.options import Bend, Chaos, DeviceName, Intensity, MaxPixels, Model, Precision, Recipe, Seed


def dream(
    source: Annotated[Path, typer.Argument(help="The picture to dream on, or a film.")],
    output: Annotated[
        Path,
        typer.Option(
            "--output", "-o", help="Where the dream goes: .png, .webp or .jpg; of a film .mp4, .webp or .gif."
        ),
    ],
    layer: Annotated[
        str | None, typer.Option(help="A layer or a mix: mixed5, mixed3+mixed5*0.5, mixed4[68,47], -mixed4.")
    ] = None,
    intensity: Intensity = None,
    preset: Annotated[
        str | None, typer.Option(help="A look with a name: `dreambot presets` lists them.")
    ] = None,
    model: Model = None,
    bend: Bend = None,
    chaos: Chaos = None,
    guide: Annotated[Path | None, typer.Option(help="Another picture, whose shapes are dreamed.")] = None,
    caricature: Annotated[
        bool, typer.Option("--caricature", help="Exaggerate what the guide, or the picture itself, is.")
    ] = False,
    mask: Annotated[
        Path | None, typer.Option(help="A picture that is bright where the dream should happen.")
    ] = None,
    closeness: Annotated[float, typer.Option(help="How hard the picture holds on to itself: 0 to 1.")] = 0.0,
    keep_colour: Annotated[
        bool, typer.Option("--keep-colour", help="Dream light and shadow only, keep the colours.")
    ] = False,
    octaves_above: Annotated[
        int, typer.Option(help="Octaves larger than the picture, for the finest detail: up to 3.")
    ] = 0,
    tile: Annotated[
        int | None, typer.Option(help="Work in tiles of about this many pixels, to save memory.")
    ] = None,
    seed: Seed = None,
    recipe: Recipe = None,
    device: DeviceName = None,
    precision: Precision = None,
    max_pixels: MaxPixels = None,
) -> None:
    """Dream on a picture, or on a film frame by frame."""
    import asyncio

    from dreambot.cli.dreaming import Wish, dream_file
    from dreambot.cli.workshop import Device

    wish = Wish(
        source=source,
        output=output,
        request={
            "layer": layer,
            "intensity": intensity,
            "preset": preset,
            "model": model,
            "bend": bend,
            "chaos": chaos,
            "closeness": closeness,
            "keep_colour": keep_colour,
            "octaves_above": octaves_above,
            "tile": tile,
            "seed": seed,
        },
        guide=guide,
        caricature=caricature,
        mask=mask,
        recipe=recipe,
        device=Device(device, precision),
        max_pixels=max_pixels,
    )
    asyncio.run(dream_file(wish))
