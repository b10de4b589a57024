"""What each dreaming command needs: settings, codec pool, executor and progress bar."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from dreambot.cli.console import print_status
from dreambot.config import Settings, load_settings
from dreambot.media.picture import DreamInputs, Picture
from dreambot.recipe import Recipe
from dreambot.recipe.limits import check_octaves
from dreambot.scheduler.executor import LocalExecutor
from dreambot.scheduler.run import Run
from dreambot.workers.codec_pool import CodecPool
from dreambot.workers.types import Done, FrameSink

_TIME_BUDGET_S = 86_400.0


@dataclass(frozen=True)
class DeviceChoice:
    """Where and how to compute; None asks the settings."""

    name: str | None = None
    precision: str | None = None


@dataclass(frozen=True)
class CliContext:
    """Codecs, and an executor that starts with the first dream."""

    settings: Settings
    codecs: CodecPool
    executor: LocalExecutor
    console: Console

    async def best(self, recipe: Recipe) -> Recipe:
        """The recipe in the precision that the device is best at, which is known once it is awake.

        A mistake in a request is told before the device takes its seconds to wake up."""
        await self._wake()
        return recipe.model_copy(update={"precision": self.executor.precision})

    async def picture(self, path: Path, size: tuple[int, int]) -> Picture:
        """Decodes the picture to dream on, and says so if a part of it is missing.

        Args:
            path: its file.
            size: (width, height) in pixels that it is brought to.

        Raises:
            PictureError: It cannot be decoded.
        """
        picture = await self.codecs.decode(path, size=size)
        self.report_missing(picture.missing)
        return picture

    def report_missing(self, share: float) -> None:
        """Says how much of a source is missing, from 0 to 1, unless it is whole."""
        if share:
            print_status(
                f"The file is cut off or damaged: about {max(1, round(100 * share))} % of the picture is "
                "missing. The rest is dreamed."
            )

    async def dream(
        self, recipe: Recipe, inputs: DreamInputs, frames: FrameSink | None = None, *, what: str = "Dreaming"
    ) -> Done:
        """Dreams; of a video, `frames` gets the frames. `what` stands before the bar. Raises UserError."""
        check_octaves(recipe)
        await self._wake()
        run = self.executor.submit("shell", recipe, inputs, frames=frames)
        await self._show(run, recipe, what)
        return await run.result()

    async def _wake(self) -> None:
        if not self.executor.devices and not self.console.is_terminal:
            await self.executor.start()
        elif not self.executor.devices:
            # The usual spinner is of characters that not every terminal has.
            spinner = "dots" if self.console.encoding.startswith("utf") else "line"
            with self.console.status("Starting the network …", spinner=spinner):
                await self.executor.start()

    async def _show(self, run: Run, recipe: Recipe, what: str) -> None:
        columns = (
            TextColumn(what, markup=False),
            BarColumn(),
            TextColumn("{task.fields[at]}"),
            TimeRemainingColumn(),
        )
        terminal = self.console.is_terminal
        # Elsewhere a bar that goes again leaves an empty line.
        with Progress(*columns, console=self.console, transient=True, disable=not terminal) as progress:
            bar = progress.add_task("", total=1, at="")
            async for event in run.events():
                if event.running:
                    at = f"octave {event.octave}/{event.octaves}, step {event.step}/{event.steps}"
                    if recipe.frames > 1:
                        at = f"frame {round(event.fraction * recipe.frames)} of {recipe.frames}"
                    progress.update(bar, completed=event.fraction, at=at)


@asynccontextmanager
async def cli_context(device: DeviceChoice) -> AsyncIterator[CliContext]:
    """Opens a workshop, and leaves nothing behind."""
    settings = load_settings()
    codecs = CodecPool(processes=1)
    executor = LocalExecutor(
        # Of the several devices that the settings may name, one dream uses one.
        [device.name or settings.device.partition(",")[0]],
        precision=device.precision or settings.precision,
        weights_dir=settings.weights_dir,
        time_budget=_TIME_BUDGET_S,
        previews=False,
    )
    try:
        yield CliContext(settings, codecs, executor, Console(stderr=True))
    finally:
        await asyncio.gather(executor.close(), codecs.close())
