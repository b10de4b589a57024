"""`dreambot layers`: what each layer shows, in words or in pictures."""

from pathlib import Path
from typing import Annotated

import typer

from dreambot.cli.completion import complete_models
from dreambot.cli.options import DeviceName, Precision, file_name


def layers(
    model: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="A network: `dreambot models` lists them.",
            autocompletion=complete_models,
        ),
    ] = "inception_v3",
    every: Annotated[bool, typer.Option("--all", help="Those that are not offered, too.")] = False,
    atlas: Annotated[
        Path | None,
        typer.Option(parser=file_name, metavar="FOLDER", help="A folder for a picture of each."),
    ] = None,
    photo: Annotated[
        Path | None,
        typer.Option(
            parser=file_name,
            metavar="FILE",
            help="The photo to dream them on.",
            show_default="a cat",
        ),
    ] = None,
    device: DeviceName = None,
    precision: Precision = None,
) -> None:
    """List the layers of a network, or dream them all on one photo."""
    from dreambot.cli.console import print_table
    from dreambot.recipe import LAYERS
    from dreambot.zoo.known import trained

    # An architecture's layers are known without its weights.
    known = LAYERS[model if model in LAYERS else trained(model).architecture]
    chosen = [layer for layer in known if every or layer.offered]
    if atlas is None:
        print_table(
            ("layer", "shows", "channels", "also called"),
            ((layer.name, layer.shows, str(layer.channels), ", ".join(layer.aliases)) for layer in chosen),
        )
        return

    from dreambot.cli.atlas import draw_atlas
    from dreambot.cli.workshop import Device

    draw_atlas(model, [layer.name for layer in chosen], atlas, photo, Device(device, precision))
