"""`dreambot recipe out.png`: the recipe that a dream carries."""

from typing import Annotated

import typer

from dreambot.cli.options import complete_nothing, some_text


def recipe(
    dream: Annotated[
        str,
        typer.Argument(
            parser=some_text,
            metavar="FILE or TEXT",
            help="A picture or video that dreambot made, or a recipe's text; - is standard input.",
            autocompletion=complete_nothing,
        ),
    ],
    text: Annotated[bool, typer.Option("--text", help="As one line that can be pasted.")] = False,
) -> None:
    """Print the recipe inside a dream, as JSON or as text."""
    import asyncio
    import json

    from dreambot.cli.reading import Inputs, NamedRecipe
    from dreambot.media.pool import CodecPool
    from dreambot.recipe import Recipe
    from dreambot.recipe.text import format_recipe

    async def read(named: NamedRecipe) -> Recipe:
        codecs = CodecPool(processes=1)
        try:
            return await named.read(codecs)
        finally:
            await codecs.close()

    with Inputs() as inputs:
        found = asyncio.run(read(inputs.recipe(dream)))
    print(format_recipe(found) if text else json.dumps(json.loads(found.to_json()), indent=2))
