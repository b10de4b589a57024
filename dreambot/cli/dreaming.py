"""One dream from file to file, with a progress bar."""

import asyncio
import secrets
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from dreambot.cli.reading import read_recipe, require_file, require_target, write_whole
from dreambot.config import load_settings
from dreambot.errors import UserError
from dreambot.executor.local import LocalExecutor
from dreambot.executor.run import Run
from dreambot.executor.types import Running
from dreambot.media.inputs import Inputs
from dreambot.media.picture import Picture
from dreambot.media.pool import CodecPool
from dreambot.recipe import DreamRequest, SourceFacts, resolve
from dreambot.recipe.resolve import MODEL
from dreambot.zoo.weights import weights_sha256

FORMATS = {".png": "PNG", ".webp": "WEBP", ".jpg": "JPEG", ".jpeg": "JPEG"}


@dataclass(frozen=True)
class Wish:
    """What the command line asked for. `recipe` is a file to repeat; then `request` asks for nothing."""

    source: Path
    output: Path
    request: DreamRequest
    recipe: Path | None
    device: str | None
    max_pixels: int | None


async def dream_file(wish: Wish) -> None:
    """Dreams and writes the result, or raises UserError and writes nothing."""
    console = Console(stderr=True)
    require_file(wish.source)
    require_target(wish.output)
    format = FORMATS.get(wish.output.suffix.lower())
    if format is None:
        raise UserError(f"{wish.output.name} should end in {', '.join(FORMATS)}.")
    settings = load_settings()
    codecs = CodecPool(processes=1)
    executor = LocalExecutor(
        [wish.device or settings.device], weights_dir=settings.weights_dir, time_budget=86_400, previews=False
    )
    try:
        probe = await codecs.probe(wish.source)
        facts = SourceFacts(probe.width, probe.height, probe.masking)
        repeated = await read_recipe(codecs, wish.recipe) if wish.recipe else None
        # A mistake in the request is told before the device takes its seconds to warm up; which precision
        # the device is best at is known only after.
        recipe = repeated or resolve(
            wish.request,
            facts,
            seed=secrets.randbits(32),
            weights=weights_sha256(MODEL),
            precision="fp32",
            max_pixels=wish.max_pixels or settings.max_pixels,
        )
        with console.status("Waking the network up …"):
            await executor.start()
        if not repeated:
            recipe = recipe.model_copy(update={"precision": executor.precision})
        picture = await codecs.decode(wish.source, size=(recipe.width, recipe.height))
        run = executor.submit("shell", recipe, Inputs(picture.rgb))
        await _show(run, console)
        done = await run.result()
        encoded = await codecs.encode(
            Picture(done.rgb, picture.alpha), recipe_json=recipe.to_json(), format=format
        )
    finally:
        await asyncio.gather(executor.close(), codecs.close())
    write_whole(wish.output, encoded.data)
    console.print(
        f"{wish.output}: {recipe.in_words()}, {recipe.width}×{recipe.height}, {done.seconds:.1f} s",
        highlight=False,
    )


async def _show(run: Run, console: Console) -> None:
    columns = (TextColumn("Dreaming"), BarColumn(), TextColumn("{task.fields[at]}"), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        bar = progress.add_task("", total=1, at="")
        async for event in run.events():
            if isinstance(event, Running):
                at = f"octave {event.octave}/{event.octaves}, step {event.step}/{event.steps}"
                progress.update(bar, completed=event.fraction, at=at)
