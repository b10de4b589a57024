"""The command `dreambot hellscape`: a zooming feedback video from a picture or from noise."""

from pathlib import Path
from typing import Annotated

import typer

from dreambot.cli.options import (
    FILES_PANEL,
    WHAT_PANEL,
    BendOption,
    ChaosOption,
    DeviceOption,
    ForceOption,
    HellscapePresetOption,
    IntensityOption,
    JourneyOption,
    MaxPixelsOption,
    ModelOption,
    PrecisionOption,
    RecipeOption,
    SeedOption,
    float_between,
    int_between,
    one_of,
    parse_path,
    parse_text,
)

VIDEO_PANEL = "The video"
CAMERA_PANEL = "The camera"


def hellscape(
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            parser=parse_path,
            metavar="FILE",
            help="Where the video goes: .mp4, .webp or .gif; - is standard output.",
            rich_help_panel=FILES_PANEL,
        ),
    ],
    source: Annotated[
        Path | None,
        typer.Argument(
            parser=parse_path,
            metavar="FILE",
            help="A picture to begin with; - is standard input.",
            show_default="noise",
        ),
    ] = None,
    sound: Annotated[
        Path | None,
        typer.Option(
            parser=parse_path,
            metavar="FILE",
            help="An audio file or a video, whose loudness drives the camera and the dream; an .mp4 has its "
            "sound. The video is no longer than that.",
            show_default="no sound",
            rich_help_panel=WHAT_PANEL,
        ),
    ] = None,
    force: ForceOption = False,
    preset: HellscapePresetOption = None,
    layer: JourneyOption = None,
    intensity: IntensityOption = None,
    model: ModelOption = None,
    bend: BendOption = None,
    chaos: ChaosOption = None,
    recipe: RecipeOption = None,
    start: Annotated[
        str | None,
        typer.Option(
            parser=one_of("fog", "smooth", "static", "picture"),
            metavar="fog|static|picture",
            help="What it begins with: fog, television static, or the picture.",
            show_default="the picture, without one fog",
            rich_help_panel=WHAT_PANEL,
        ),
    ] = None,
    frames: Annotated[
        int | None,
        typer.Option(
            parser=int_between(1, 1800),
            metavar="1-1800",
            help="How many frames it has.",
            rich_help_panel=VIDEO_PANEL,
        ),
    ] = None,
    seconds: Annotated[
        float | None,
        typer.Option(
            parser=float_between(0.01, 1800),
            metavar="SECONDS",
            help="How long it is, instead.",
            show_default="8, or as long as the sound",
            rich_help_panel=VIDEO_PANEL,
        ),
    ] = None,
    fps: Annotated[
        float | None,
        typer.Option(
            parser=float_between(1, 60),
            metavar="1-60",
            help="Frames a second.",
            show_default="24",
            rich_help_panel=VIDEO_PANEL,
        ),
    ] = None,
    size: Annotated[
        str | None,
        typer.Option(
            parser=parse_text,
            metavar="PIXELS",
            help="The sides in pixels, 96 to 2048: 512, or 640x360.",
            show_default="512",
            rich_help_panel=VIDEO_PANEL,
        ),
    ] = None,
    loop: Annotated[
        bool, typer.Option("--loop", help="Loop without a visible seam.", rich_help_panel=VIDEO_PANEL)
    ] = False,
    limit: Annotated[
        float | None,
        typer.Option(
            parser=float_between(0.05, 1000),
            metavar="MEGABYTES",
            help="The largest size of the file.",
            show_default="no limit",
            rich_help_panel=VIDEO_PANEL,
        ),
    ] = None,
    zoom: Annotated[
        float | None,
        typer.Option(
            parser=float_between(0.8, 1.25),
            metavar="0.8-1.25",
            help="How much each frame is enlarged; below 1 it shrinks.",
            show_default="1.03",
            rich_help_panel=CAMERA_PANEL,
        ),
    ] = None,
    rotation: Annotated[
        float | None,
        typer.Option(
            parser=float_between(-45, 45),
            metavar="DEGREES",
            help="How far each frame is turned, -45 to 45.",
            show_default="0.6",
            rich_help_panel=CAMERA_PANEL,
        ),
    ] = None,
    drift_x: Annotated[
        float,
        typer.Option(
            parser=float_between(-0.1, 0.1),
            metavar="SHARE",
            help="The share of the width that each frame is shifted by, -0.1 to 0.1.",
            rich_help_panel=CAMERA_PANEL,
        ),
    ] = 0,
    drift_y: Annotated[
        float,
        typer.Option(
            parser=float_between(-0.1, 0.1),
            metavar="SHARE",
            help="The share of the height.",
            rich_help_panel=CAMERA_PANEL,
        ),
    ] = 0,
    seed: SeedOption = None,
    device: DeviceOption = None,
    precision: PrecisionOption = None,
    max_pixels: MaxPixelsOption = None,
) -> None:
    """Feed a dream back into itself: a video that falls from nightmare to nightmare."""
    from dreambot.cli.context import DeviceChoice
    from dreambot.cli.local_dreams import HellscapeOptions, run_hellscape

    wish = HellscapeOptions(
        output=output,
        source=source,
        sound=sound,
        request={
            "preset": preset,
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
            "start": start,
            "model": model,
            "bend": bend,
            "chaos": chaos,
            "seed": seed,
        },
        limit=limit,
        recipe=recipe,
        device=DeviceChoice(device, precision),
        max_pixels=max_pixels,
        force=force,
    )
    run_hellscape(wish)
