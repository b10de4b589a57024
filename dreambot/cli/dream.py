"""`dreambot dream photo.jpg -o out.png`: the bot's own codecs and executor, from a shell."""

from pathlib import Path
from typing import Annotated

import typer

from dreambot.cli.options import (
    FILES,
    HOW,
    WHAT,
    Bend,
    Chaos,
    DeviceName,
    Force,
    Intensity,
    Layer,
    MaxPixels,
    Model,
    Precision,
    Preset,
    Recipe,
    Seed,
    file_name,
    number,
    some_text,
    whole_number,
)


def dream(
    sources: Annotated[
        list[Path],
        typer.Argument(
            parser=file_name, metavar="FILE", help="Pictures or videos to dream on; - is standard input."
        ),
    ],
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            parser=some_text,
            metavar="FILE or FOLDER",
            help="Where the dream goes: .png, .webp or .jpg; of a video .mp4, .webp or .gif; a folder; "
            "- is standard output.",
            show_default="NAME.dream.png, or .mp4, beside each file",
            rich_help_panel=FILES,
        ),
    ] = None,
    force: Force = False,
    layer: Layer = None,
    intensity: Intensity = None,
    preset: Preset = None,
    model: Model = None,
    bend: Bend = None,
    chaos: Chaos = None,
    guide: Annotated[
        Path | None,
        typer.Option(
            parser=file_name,
            metavar="FILE",
            help="Another picture, whose shapes are dreamed.",
            rich_help_panel=WHAT,
        ),
    ] = None,
    caricature: Annotated[
        bool,
        typer.Option(
            "--caricature",
            help="Exaggerate what the guide, or the picture itself, is.",
            rich_help_panel=WHAT,
        ),
    ] = False,
    recipe: Recipe = None,
    mask: Annotated[
        Path | None,
        typer.Option(
            parser=file_name,
            metavar="FILE",
            help="A picture that is bright where the dream should happen.",
            rich_help_panel=HOW,
        ),
    ] = None,
    closeness: Annotated[
        float,
        typer.Option(
            parser=number(0, 1),
            metavar="0-1",
            help="How much of the picture is kept: 0 leaves the dream free, at 1 nothing changes.",
            rich_help_panel=HOW,
        ),
    ] = 0,
    keep_colour: Annotated[
        bool,
        typer.Option(
            "--keep-colour", help="Dream light and shadow only, keep the colours.", rich_help_panel=HOW
        ),
    ] = False,
    octaves_above: Annotated[
        int,
        typer.Option(
            parser=whole_number(0, 3),
            metavar="0-3",
            help="Octaves larger than the picture, for the finest detail.",
            rich_help_panel=HOW,
        ),
    ] = 0,
    tile: Annotated[
        int | None,
        typer.Option(
            parser=whole_number(128, 4096),
            metavar="PIXELS",
            help="Work in tiles of about this many pixels, 128 to 4096, to save memory.",
            show_default="no tiles",
            rich_help_panel=HOW,
        ),
    ] = None,
    seed: Seed = None,
    device: DeviceName = None,
    precision: Precision = None,
    max_pixels: MaxPixels = None,
) -> None:
    """Dream on pictures, or on videos frame by frame.

    A source that fails does not stop the others; the exit code is 1 then, or 2 if all failed.
    """
    from dreambot.cli.dreaming import Wish, dream_files
    from dreambot.cli.workshop import Device

    wish = Wish(
        sources=sources,
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
        force=force,
    )
    raise typer.Exit(dream_files(wish))
