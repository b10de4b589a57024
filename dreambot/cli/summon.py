"""`dreambot summon "golden retriever" -o out.png`: what a network knows, out of nothing or into a picture."""

from pathlib import Path
from typing import Annotated

import typer

from dreambot.cli.options import DeviceName, MaxPixels, Output, Precision, Seed


def summon(
    classes: Annotated[
        str, typer.Argument(help='What to summon: "golden retriever", "castle + volcano*0.5 - cat".')
    ],
    output: Output,
    into: Annotated[Path | None, typer.Option(help="A picture to summon it into.")] = None,
    intensity: Annotated[int | None, typer.Option(help="From 1, a breath, to 11.")] = None,
    size: Annotated[int | None, typer.Option(help="Pixels of its sides, out of nothing.")] = None,
    seed: Seed = None,
    device: DeviceName = None,
    precision: Precision = None,
    max_pixels: MaxPixels = None,
) -> None:
    """Summon one of ImageNet's thousand kinds of thing."""
    import asyncio

    from dreambot.cli.summoning import Wish, summon_file
    from dreambot.cli.workshop import Device
    from dreambot.recipe.summon import SummonRequest

    wish = Wish(
        request=SummonRequest.of(classes, intensity=intensity, size=size, seed=seed),
        output=output,
        into=into,
        device=Device(device, precision),
        max_pixels=max_pixels,
    )
    asyncio.run(summon_file(wish))
