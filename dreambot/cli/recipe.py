"""`dreambot recipe out.png`: the recipe that a dream carries."""

from pathlib import Path
from typing import Annotated

import typer


def recipe(picture: Annotated[Path, typer.Argument(help="A PNG that dreambot made.")]) -> None:
    """Print the recipe inside a dreamed picture, as JSON."""
    import asyncio
    import json

    from dreambot.media.pool import CodecPool

    async def read() -> str:
        codecs = CodecPool(processes=1)
        try:
            return (await read_recipe(codecs, picture)).to_json()
        finally:
            await codecs.close()

    from dreambot.cli.reading import read_recipe

    print(json.dumps(json.loads(asyncio.run(read())), indent=2))
