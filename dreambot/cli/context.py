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
from dreambot.workers.types import Done, FrameSink, Running

_TIME_BUDGET_S = 86_400.0


@dataclass(frozen=True)
class DeviceChoice:
    """Where and how to compute. None: as the settings say.

    Attributes:
        name: A device such as `cuda:0`.
        precision: `fp32`, `bf16` or `auto`.
    """

    name: str | None = None
    precision: str | None = None


@dataclass(frozen=True)
class CliContext:
    """The settings, a codec pool, and an executor that starts with the first dream."""

    settings: Settings
    codecs: CodecPool
    executor: LocalExecutor
    console: Console

    async def best(self, recipe: Recipe) -> Recipe:
        """Returns a recipe with the precision in which the device is fastest, which is known once it runs.

        Call it after checking the request: starting the device takes seconds.

        Args:
            recipe: The recipe.
        """
        await self._wake()
        return recipe.model_copy(update={"precision": self.executor.precision})

    async def picture(self, path: Path, size: tuple[int, int]) -> Picture:
        """Decodes a picture, and reports it if a part is missing.

        Args:
            path: The file.
            size: (width, height) in pixels to which it is scaled.

        Raises:
            PictureError: It cannot be decoded.
        """
        picture = await self.codecs.decode(path, size=size)
        self.report_missing(picture.missing)
        return picture

    def report_missing(self, share: float) -> None:
        """Prints how much of a source is missing, if anything.

        Args:
            share: The missing share, 0 to 1.
        """
        if share:
            print_status(
                f"The file is cut off or damaged: about {max(1, round(100 * share))} % of the picture is "
                "missing. The rest is dreamed."
            )

    async def dream(
        self, recipe: Recipe, inputs: DreamInputs, frames: FrameSink | None = None, *, what: str = "Dreaming"
    ) -> Done:
        """Dreams, with a progress bar in a terminal.

        Args:
            recipe: The recipe.
            inputs: Its images.
            frames: Receives the frames of a video.
            what: The text before the progress bar.

        Raises:
            UserError: The dream cannot be made.
        """
        check_octaves(recipe)
        await self._wake()
        run = self.executor.submit("shell", recipe, inputs, frames=frames)
        await self._show(run, recipe, what)
        return await run.result()

    async def _wake(self) -> None:
        if not self.executor.devices and not self.console.is_terminal:
            await self.executor.start()
        elif not self.executor.devices:
            # The usual spinner has characters that not every terminal can show.
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
        # Outside a terminal, a transient bar leaves an empty line.
        with Progress(*columns, console=self.console, transient=True, disable=not terminal) as progress:
            bar = progress.add_task("", total=1, at="")
            async for event in run.events():
                if isinstance(event, Running):
                    at = f"octave {event.octave}/{event.octaves}, step {event.step}/{event.steps}"
                    if recipe.frames > 1:
                        at = f"frame {round(event.fraction * recipe.frames)} of {recipe.frames}"
                    progress.update(bar, completed=event.fraction, at=at)


@asynccontextmanager
async def cli_context(device: DeviceChoice) -> AsyncIterator[CliContext]:
    """Opens a codec pool and an executor, and closes them at the end.

    Args:
        device: Where and how to compute.
    """
    settings = load_settings()
    codecs = CodecPool(processes=1)
    executor = LocalExecutor(
        # The settings may name several devices; one dream uses the first.
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
