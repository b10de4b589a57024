"""`dreambot summon "golden retriever" -o out.png`: what a network knows, out of nothing or into a picture."""

from pathlib import Path
from typing import Annotated

import typer

from dreambot.cli.options import DeviceName, Intensity, MaxPixels, Output, Precision, Recipe, Seed


def summon(
    output: Output,
    classes: Annotated[
        str | None, typer.Argument(help='What to summon: "golden retriever", "castle + volcano*0.5 - cat".')
    ] = None,
    into: Annotated[Path | None, typer.Option(help="A picture to summon it into.")] = None,
    intensity: Intensity = None,
    size: Annotated[int | None, typer.Option(help="Pixels of its sides, out of nothing.")] = None,
    seed: Seed = None,
    recipe: Recipe = None,
    device: DeviceName = None,
    precision: Precision = None,
    max_pixels: MaxPixels = None,
) -> None:
    """Summon one of ImageNet's thousand kinds of thing."""
    import asyncio

    from dreambot.cli.summoning import Wish, summon_file
    from dreambot.cli.workshop import Device
    from dreambot.errors import UserError
    from dreambot.recipe.summon import SummonRequest

    if (classes is None) == (recipe is None) or (recipe and (intensity or size or seed is not None)):
        raise UserError("Say what to summon, or give a recipe, which says it all.")
    request = SummonRequest.of(classes, intensity=intensity, size=size, seed=seed) if classes else None
    wish = Wish(
        request=request,
        recipe=recipe,
        output=output,
        into=into,
        device=Device(device, precision),
        max_pixels=max_pixels,
    )
    asyncio.run(summon_file(wish))
