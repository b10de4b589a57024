"""`dreambot hellscape -o out.mp4`: a picture, or noise, fed back until nightmares converge."""

from pathlib import Path
from typing import Annotated

import typer

from dreambot.cli.options import (
    FILES,
    WHAT,
    Bend,
    Chaos,
    DeviceName,
    Force,
    Intensity,
    Journey,
    MaxPixels,
    Model,
    Precision,
    Recipe,
    Seed,
    file_name,
    number,
    one_of,
    some_text,
    whole_number,
)

VIDEO = "The video"
CAMERA = "The camera"


def hellscape(
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            parser=file_name,
            metavar="FILE",
            help="Where the video goes: .mp4, .webp or .gif; - is standard output.",
            rich_help_panel=FILES,
        ),
    ],
    source: Annotated[
        Path | None,
        typer.Argument(
            parser=file_name,
            metavar="FILE",
            help="A picture to begin with; - is standard input.",
            show_default="noise",
        ),
    ] = None,
    force: Force = False,
    layer: Journey = None,
    intensity: Intensity = None,
    model: Model = None,
    bend: Bend = None,
    chaos: Chaos = None,
    recipe: Recipe = None,
    start: Annotated[
        str | None,
        typer.Option(
            parser=one_of("fog", "smooth", "static", "picture"),
            metavar="fog|static|picture",
            help="What it begins with: fog, television static, or the picture.",
            show_default="the picture, without one fog",
            rich_help_panel=WHAT,
        ),
    ] = None,
    frames: Annotated[
        int | None,
        typer.Option(
            parser=whole_number(1, 1800),
            metavar="1-1800",
            help="How many frames it has.",
            rich_help_panel=VIDEO,
        ),
    ] = None,
    seconds: Annotated[
        float | None,
        typer.Option(
            parser=number(0.01, 1800),
            metavar="SECONDS",
            help="How long it is, instead.",
            show_default="8",
            rich_help_panel=VIDEO,
        ),
    ] = None,
    fps: Annotated[
        float | None,
        typer.Option(
            parser=number(1, 60),
            metavar="1-60",
            help="Frames a second.",
            show_default="24",
            rich_help_panel=VIDEO,
        ),
    ] = None,
    size: Annotated[
        str | None,
        typer.Option(
            parser=some_text,
            metavar="PIXELS",
            help="Pixels of its sides, 96 to 2048: 512, or 640x360.",
            show_default="512",
            rich_help_panel=VIDEO,
        ),
    ] = None,
    loop: Annotated[
        bool, typer.Option("--loop", help="End where it begins, without a seam.", rich_help_panel=VIDEO)
    ] = False,
    limit: Annotated[
        float | None,
        typer.Option(
            parser=number(0.05, 1000),
            metavar="MEGABYTES",
            help="The most that the file may have.",
            show_default="no limit",
            rich_help_panel=VIDEO,
        ),
    ] = None,
    zoom: Annotated[
        float | None,
        typer.Option(
            parser=number(0.8, 1.25),
            metavar="0.8-1.25",
            help="How much each frame is enlarged; below 1 it shrinks.",
            show_default="1.03",
            rich_help_panel=CAMERA,
        ),
    ] = None,
    rotation: Annotated[
        float | None,
        typer.Option(
            parser=number(-45, 45),
            metavar="DEGREES",
            help="How far each frame is turned, -45 to 45.",
            show_default="0.6",
            rich_help_panel=CAMERA,
        ),
    ] = None,
    drift_x: Annotated[
        float,
        typer.Option(
            parser=number(-0.1, 0.1),
            metavar="SHARE",
            help="The share of the width that each frame is shifted by, -0.1 to 0.1.",
            rich_help_panel=CAMERA,
        ),
    ] = 0,
    drift_y: Annotated[
        float,
        typer.Option(
            parser=number(-0.1, 0.1),
            metavar="SHARE",
            help="The share of the height.",
            rich_help_panel=CAMERA,
        ),
    ] = 0,
    seed: Seed = None,
    device: DeviceName = None,
    precision: Precision = None,
    max_pixels: MaxPixels = None,
) -> None:
    """Feed a dream back into itself: a video that falls from nightmare to nightmare."""
    from dreambot.cli.nightmare import Wish, film_file
    from dreambot.cli.workshop import Device

    wish = Wish(
        output=output,
        source=source,
        request={
            "layer": layer,
            "frames": frames,
            "seconds": seconds,
            "fps": fps,
            "size": size,
            "intensity": intensity,
            "zoom": zoom,
            "rotation": rotation,
            "drift_x": drift_x,
            "drift_y": drift_y,
            "loop": loop,
            # A recipe's word for fog, and what the option was called before.
            "start": "smooth" if start == "fog" else start,
            "model": model,
            "bend": bend,
            "chaos": chaos,
            "seed": seed,
        },
        limit=limit,
        recipe=recipe,
        device=Device(device, precision),
        max_pixels=max_pixels,
        force=force,
    )
    film_file(wish)
