"""The commands that print information: `dreambot layers`, `dreambot presets` and `dreambot recipe`."""

from pathlib import Path
from typing import Annotated

import typer

from dreambot.cli.options import (
    DeviceOption,
    PrecisionOption,
    complete_models,
    no_completion,
    parse_path,
    parse_text,
)

AtlasOption = Annotated[
    Path | None,
    typer.Option(parser=parse_path, metavar="FOLDER", help="A folder for a picture of each."),
]
PhotoOption = Annotated[
    Path | None,
    typer.Option(parser=parse_path, metavar="FILE", help="The photo to dream them on.", show_default="a cat"),
]


def layers(
    model: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="A network: `dreambot models` lists them.",
            autocompletion=complete_models,
        ),
    ] = "inception_v3",
    every: Annotated[bool, typer.Option("--all", help="Also those that are not suggested.")] = False,
    atlas: AtlasOption = None,
    photo: PhotoOption = None,
    device: DeviceOption = None,
    precision: PrecisionOption = None,
) -> None:
    """List the layers of a network, or dream them all on one photo."""
    from dreambot.cli.console import print_table
    from dreambot.recipe import LAYERS
    from dreambot.zoo.registry import find_model

    # An architecture's layers are known without its weights.
    known = LAYERS[model if model in LAYERS else find_model(model).architecture]
    chosen = [layer for layer in known if every or layer.offered]
    if atlas is None:
        print_table(
            ("layer", "shows", "channels", "also called"),
            ((layer.name, layer.shows, str(layer.channels), ", ".join(layer.aliases)) for layer in chosen),
        )
        return

    from dreambot.cli.atlas import draw_atlas, layer_pictures
    from dreambot.cli.context import DeviceChoice

    pictures = layer_pictures(model, [layer.name for layer in chosen])
    draw_atlas(model, pictures, atlas, photo, DeviceChoice(device, precision))


def presets(
    atlas: AtlasOption = None,
    photo: PhotoOption = None,
    device: DeviceOption = None,
    precision: PrecisionOption = None,
) -> None:
    """List the presets (named looks, and named journeys of hellscapes), or dream the looks on one photo."""
    if atlas is not None:
        from dreambot.cli.atlas import draw_atlas, preset_pictures
        from dreambot.cli.context import DeviceChoice

        draw_atlas("presets", preset_pictures(), atlas, photo, DeviceChoice(device, precision))
        return

    from dreambot.cli.console import print_table
    from dreambot.recipe.journeys import HELLSCAPE_PRESETS
    from dreambot.recipe.presets import OFFERED_PRESETS

    print_table(
        ("preset", "looks like", "layer", "model"),
        ((preset.name, preset.shows, preset.layers, preset.model) for preset in OFFERED_PRESETS.values()),
    )
    print_table(
        ("hellscape", "shows", "journey", "model"),
        ((one.name, one.shows, one.journey, one.model) for one in HELLSCAPE_PRESETS.values()),
    )


def recipe(
    dream: Annotated[
        str,
        typer.Argument(
            parser=parse_text,
            metavar="FILE or TEXT",
            help="A picture or video that dreambot made, or a recipe's text; - is standard input.",
            autocompletion=no_completion,
        ),
    ],
    text: Annotated[bool, typer.Option("--text", help="As one line that can be pasted.")] = False,
) -> None:
    """Print the recipe inside a dream, as JSON or as text."""
    import asyncio
    import json

    from dreambot.cli.files import InputFiles, RecipeSource
    from dreambot.recipe import Recipe
    from dreambot.recipe.text import format_recipe
    from dreambot.workers.codec_pool import CodecPool

    async def read(named: RecipeSource) -> Recipe:
        codecs = CodecPool(processes=1)
        try:
            return await named.read(codecs)
        finally:
            await codecs.close()

    with InputFiles() as inputs:
        found = asyncio.run(read(inputs.recipe(dream)))
    print(format_recipe(found) if text else json.dumps(json.loads(found.to_json()), indent=2))
