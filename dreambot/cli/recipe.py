"""`dreambot recipe out.png`: the recipe that a dream carries."""

from typing import Annotated

import typer


def recipe(
    dream: Annotated[str, typer.Argument(help="A picture or film that dreambot made, or a recipe's text.")],
    text: Annotated[bool, typer.Option("--text", help="As one line that can be pasted.")] = False,
) -> None:
    """Print the recipe inside a dream, as JSON or as text."""
    import asyncio
    import json

    from dreambot.cli.reading import read_recipe
    from dreambot.media.pool import CodecPool
    from dreambot.recipe import Recipe
    from dreambot.recipe.text import format_recipe

    async def read() -> Recipe:
        codecs = CodecPool(processes=1)
        try:
            return await read_recipe(codecs, dream)
        finally:
            await codecs.close()

    found = asyncio.run(read())
    print(format_recipe(found) if text else json.dumps(json.loads(found.to_json()), indent=2))
