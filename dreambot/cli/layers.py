"""`dreambot layers`: what each layer shows, in words or in pictures."""

from pathlib import Path
from typing import Annotated

import typer

from dreambot.cli.options import DeviceName, Precision


def layers(
    model: Annotated[str, typer.Option(help="A network: `dreambot models` lists them.")] = "inception_v3",
    every: Annotated[bool, typer.Option("--all", help="Those that are not offered, too.")] = False,
    atlas: Annotated[Path | None, typer.Option(help="A folder for a picture of each.")] = None,
    photo: Annotated[Path | None, typer.Option(help="The photo to dream them on.")] = None,
    device: DeviceName = None,
    precision: Precision = None,
) -> None:
    """List the layers of a network, or dream them all on one photo."""
    import asyncio

    from rich.console import Console
    from rich.table import Table

    from dreambot.recipe import LAYERS
    from dreambot.zoo.known import trained

    architecture = trained(model).architecture
    chosen = [layer for layer in LAYERS[architecture] if every or layer.offered]
    if atlas is None:
        table = Table("layer", "shows", "channels", "also called")
        for layer in chosen:
            table.add_row(layer.name, layer.shows, str(layer.channels), ", ".join(layer.aliases))
        Console().print(table)
        return

    from dreambot.cli.atlas import draw_atlas
    from dreambot.cli.workshop import Device

    asyncio.run(draw_atlas(model, [layer.name for layer in chosen], atlas, photo, Device(device, precision)))
