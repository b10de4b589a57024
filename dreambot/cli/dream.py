"""`dreambot dream photo.jpg -o out.png`: the bot's own codecs and executor, from a shell."""

from pathlib import Path
from typing import Annotated

import typer


def dream(
    source: Annotated[Path, typer.Argument(help="The picture to dream on.")],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Where the dream goes: .png, .webp or .jpg.")
    ],
    layer: Annotated[
        str | None, typer.Option(help="A layer or a mix: mixed5, mixed3+mixed5*0.5, mixed4[68,47].")
    ] = None,
    intensity: Annotated[int | None, typer.Option(help="From 1, a breath, to 11.")] = None,
    preset: Annotated[str | None, typer.Option(help="A look with a name: eyes, oracle, storm …")] = None,
    seed: Annotated[int | None, typer.Option(help="The same seed gives the same dream.")] = None,
    recipe: Annotated[
        Path | None, typer.Option(help="Repeat the recipe in this dream (PNG) or JSON file.")
    ] = None,
    device: Annotated[str | None, typer.Option(help="auto, cpu, cuda:0, mps.")] = None,
    max_pixels: Annotated[int | None, typer.Option(help="Larger pictures are dreamed at this many.")] = None,
) -> None:
    """Dream on a picture."""
    import asyncio

    from dreambot.cli.dreaming import Wish, dream_file
    from dreambot.errors import UserError
    from dreambot.recipe import DreamRequest

    if recipe and not (layer is None and intensity is None and preset is None and seed is None):
        raise UserError("A recipe already says the layer, intensity, preset and seed: leave them out.")
    wish = Wish(
        source=source,
        output=output,
        request=DreamRequest.of(layer=layer, intensity=intensity, preset=preset, seed=seed),
        recipe=recipe,
        device=device,
        max_pixels=max_pixels,
    )
    asyncio.run(dream_file(wish))
