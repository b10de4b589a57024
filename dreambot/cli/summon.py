"""`dreambot summon "golden retriever" -o out.png`: what a network knows, out of nothing or into a picture."""

from pathlib import Path
from typing import Annotated

import typer

from dreambot.cli.options import (
    WHAT,
    Classes,
    DeviceName,
    Force,
    Intensity,
    MaxPixels,
    Output,
    Precision,
    Recipe,
    Seed,
    file_name,
    whole_number,
)


def summon(
    output: Output,
    classes: Classes = None,
    force: Force = False,
    into: Annotated[
        Path | None,
        typer.Option(
            parser=file_name,
            metavar="FILE",
            help="A picture to summon it into.",
            show_default="out of nothing",
            rich_help_panel=WHAT,
        ),
    ] = None,
    intensity: Intensity = None,
    size: Annotated[
        int | None,
        typer.Option(
            parser=whole_number(128, 1024),
            metavar="128-1024",
            help="Pixels of its sides, out of nothing.",
            show_default="384",
            rich_help_panel=WHAT,
        ),
    ] = None,
    recipe: Recipe = None,
    seed: Seed = None,
    device: DeviceName = None,
    precision: Precision = None,
    max_pixels: MaxPixels = None,
) -> None:
    """Summon one of ImageNet's thousand kinds of thing."""
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
        force=force,
    )
    summon_file(wish)
