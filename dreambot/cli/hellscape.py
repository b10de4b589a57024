"""`dreambot hellscape -o out.mp4`: a picture, or static, fed back until nightmares converge."""

from pathlib import Path
from typing import Annotated

import typer

from dreambot.cli.options import Bend, Chaos, DeviceName, Intensity, MaxPixels, Model, Precision, Recipe, Seed


def hellscape(
    output: Annotated[Path, typer.Option("--output", "-o", help="Where the film goes: .mp4, .webp or .gif.")],
    source: Annotated[
        Path | None, typer.Argument(help="A picture to begin with; without one, noise.")
    ] = None,
    layer: Annotated[
        str | None, typer.Option(help='A journey: "mixed4[68,47,728] > mixed5[256,310,320] > mixed4".')
    ] = None,
    frames: Annotated[int | None, typer.Option(help="How many frames the film has.")] = None,
    seconds: Annotated[float | None, typer.Option(help="How long it is, instead.")] = None,
    fps: Annotated[float | None, typer.Option(help="Frames a second.")] = None,
    size: Annotated[str | None, typer.Option(help="Pixels: 512, or 640x360.")] = None,
    intensity: Intensity = None,
    zoom: Annotated[float | None, typer.Option(help="How fast it is fallen into: 1.03 is usual.")] = None,
    rotation: Annotated[float | None, typer.Option(help="Degrees turned from frame to frame.")] = None,
    drift_x: Annotated[float, typer.Option(help="Share of the width shifted from frame to frame.")] = 0.0,
    drift_y: Annotated[float, typer.Option(help="Share of the height.")] = 0.0,
    loop: Annotated[bool, typer.Option("--loop", help="End where it begins, without a seam.")] = False,
    start: Annotated[str | None, typer.Option(help="smooth, static or picture.")] = None,
    model: Model = None,
    bend: Bend = None,
    chaos: Chaos = None,
    limit: Annotated[float | None, typer.Option(help="The most megabytes the file may have.")] = None,
    seed: Seed = None,
    recipe: Recipe = None,
    device: DeviceName = None,
    precision: Precision = None,
    max_pixels: MaxPixels = None,
) -> None:
    """Feed a dream back into itself: a film that falls from nightmare to nightmare."""
    import asyncio

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
            "start": start,
            "model": model,
            "bend": bend,
            "chaos": chaos,
            "seed": seed,
        },
        limit=limit,
        recipe=recipe,
        device=Device(device, precision),
        max_pixels=max_pixels,
    )
    asyncio.run(film_file(wish))
