"""What each dreaming command needs: settings, codec pool, executor and progress bar."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as ProgressBar

from dreambot.cli.console import print_status
from dreambot.cli.files import still_format, video_format, write_file
from dreambot.config import Settings, load_settings
from dreambot.engine.progress import Progress
from dreambot.jobs.models import (
    SOURCE_NAME,
    AlbumPicture,
    FileSource,
    Job,
    JobRequest,
    JobState,
    ReplyTarget,
    ResultFile,
    Source,
    SourceImage,
    new_job,
)
from dreambot.jobs.pipeline import JobPipeline
from dreambot.jobs.rendering import OutputFormat
from dreambot.jobs.shared_runs import SharedRuns
from dreambot.media.picture import DreamInputs
from dreambot.recipe import Recipe
from dreambot.recipe.limits import check_octaves
from dreambot.recipe.request import RepeatRequest
from dreambot.scheduler.executor import LocalExecutor
from dreambot.workers.codec_pool import CodecPool
from dreambot.workers.types import Done
from dreambot.zoo.registry import find_model

_TIME_BUDGET_S = 86_400.0


@dataclass(frozen=True)
class DeviceChoice:
    """Where and how to compute. None: as the settings say.

    Attributes:
        name: A device such as `cuda:0`.
        precision: `fp32`, `bf16`, `fp16` or `auto`.
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
        return recipe.with_precision(self.executor.precision)

    async def run(
        self,
        recipe: Recipe,
        output: Path,
        *,
        source: Path | None = None,
        guide: Path | None = None,
        mask: Path | None = None,
        sound: Path | None = None,
        limit: int | None = None,
        what: str = "Dreaming",
    ) -> "TerminalResponder":
        """Dreams from files to a file, through the same pipeline as the bot's jobs.

        Args:
            recipe: What to dream.
            output: The file to write; its name says the format.
            source: The picture or video to start from.
            guide: The picture whose shapes are dreamed.
            mask: A picture that is bright where the dream happens.
            sound: An audio file or a video, whose sound is heard in a hellscape.
            limit: Most bytes that the file may have.
            what: Stands before the progress bar.

        Returns:
            How it went.

        Raises:
            UserError: The dream failed, or the file cannot be written.
        """
        check_octaves(recipe)
        await self._wake()
        pipeline = JobPipeline(
            _UnstoredStates(),
            _MemoryFiles(),
            self.codecs,
            SharedRuns(self.executor),
            max_pixels=self.settings.max_pixels,
            models=find_model,
        )
        responder = TerminalResponder(self.console, recipe, output, limit, what)
        await pipeline.run(_local_job(recipe, source, guide, mask, sound), responder)
        if responder.error:
            raise responder.error
        return responder

    async def dream(self, recipe: Recipe, inputs: DreamInputs) -> Done:
        """Dreams on decoded pictures, without a file.

        Args:
            recipe: What to dream.
            inputs: The decoded pictures.

        Raises:
            UserError: The dream failed.
        """
        await self._wake()
        return await self.executor.submit("shell", recipe, inputs).result()

    async def _wake(self) -> None:
        if not self.executor.devices and not self.console.is_terminal:
            await self.executor.start()
        elif not self.executor.devices:
            # The usual spinner has characters that not every terminal can show.
            spinner = "dots" if self.console.encoding.startswith("utf") else "line"
            with self.console.status("Starting the network …", spinner=spinner):
                await self.executor.start()


class TerminalResponder:
    """Shows a progress bar on a terminal, and writes the result to a file. See `Responder`.

    Attributes:
        error: Why there is no dream.
        seconds: Device time spent on the dream.
        size: Bytes of the file.
    """

    def __init__(self, console: Console, recipe: Recipe, output: Path, limit: int | None, what: str) -> None:
        """Shows nothing yet.

        Args:
            console: Where the bar is shown, if it is a terminal.
            recipe: What is dreamed.
            output: The file to write.
            limit: Most bytes that the file may have.
            what: Stands before the bar.
        """
        self.error: Exception | None = None
        self.seconds, self.size = 0.0, 0
        video = recipe.frames > 1
        self.output = OutputFormat(
            limit,
            None if video else still_format(output),
            video_format(output) if video else None,
            # A file of one's own is shown in viewers that would otherwise stop at its last frame.
            hellscape_plays=0,
        )
        self._path = output
        self._frames = recipe.frames
        columns = (
            TextColumn(what, markup=False),
            BarColumn(),
            TextColumn("{task.fields[at]}"),
            TimeRemainingColumn(),
        )
        # Without a terminal, a bar that is removed again leaves an empty line.
        self._bar = ProgressBar(*columns, console=console, transient=True, disable=not console.is_terminal)
        self._task = self._bar.add_task("", total=1, at="")

    async def find_sources(self, job: Job) -> tuple[SourceImage, ...]:
        """See `Responder`.

        Args:
            job: The job.
        """
        return ()

    @asynccontextmanager
    async def working(self, job: Job) -> AsyncIterator[None]:
        """See `Responder`.

        Args:
            job: The job.
        """
        with self._bar:
            yield

    def show_progress(self, progress: Progress, preview: bytes | None) -> None:
        """See `Responder`.

        Args:
            progress: The newest progress.
            preview: A small JPEG, now and then.
        """
        if progress.running:
            at = f"octave {progress.octave}/{progress.octaves}, step {progress.step}/{progress.steps}"
            if self._frames > 1:
                at = f"frame {round(progress.fraction * self._frames)} of {self._frames}"
            self._bar.update(self._task, completed=progress.fraction, at=at)

    async def deliver(self, job: Job, files: Sequence[ResultFile]) -> int:
        """Writes the file. See `Responder`.

        Args:
            job: The job.
            files: The dream.
        """
        (file,) = files
        missing = file.result.missing
        if missing:
            print_status(
                f"The file is cut off or damaged: about {max(1, round(100 * missing))} % of the "
                "picture is missing. The rest is dreamed."
            )
        if file.result.sound_cut:
            print_status(f"The sound is longer. Its first {file.result.sound_cut:.1f} s are used.")
        write_file(self._path, file.data)
        self.seconds, self.size = file.result.seconds, len(file.data)
        return 0

    async def fail(self, error: Exception) -> bool:
        """See `Responder`.

        Args:
            error: Why.
        """
        self.error = error
        return True

    async def finished(self, message: int) -> None:
        """See `Responder`.

        Args:
            message: Always 0.
        """


class _UnstoredStates:
    """Stores nothing: a command that is interrupted is typed again. See `JobStates`."""

    async def get(self, job_id: str) -> Job | None:
        return None

    async def set_source_image(self, job_id: str, image: SourceImage) -> bool:
        return True

    async def set_album(self, job_id: str, album: tuple[AlbumPicture, ...]) -> bool:
        return True

    async def set_state(self, job_id: str, state: JobState, **_: object) -> bool:
        return True


class _MemoryFiles:
    """Reads sources where they are, and keeps results in memory. See `FileStore`."""

    def __init__(self) -> None:
        self._results: dict[str, bytes] = {}

    @asynccontextmanager
    async def source(self, job_id: str, source: Source, name: str = SOURCE_NAME) -> AsyncIterator[Path]:
        assert isinstance(source, FileSource)
        yield source.path

    async def save(self, job_id: str, data: bytes, extension: str, number: int = 0) -> str:
        self._results[job_id] = data
        return job_id

    async def load(self, key: str) -> bytes:
        return self._results[key]

    async def remove(self, job_id: str) -> None:
        self._results.pop(job_id, None)


def _local_job(
    recipe: Recipe, source: Path | None, guide: Path | None, mask: Path | None, sound: Path | None
) -> Job:
    def image(path: Path | None) -> SourceImage | None:
        return SourceImage(FileSource(path), path.name, False, None) if path else None

    nowhere = ReplyTarget(
        channel=0,
        guild=None,
        application=0,
        token=None,
        since=datetime.now(UTC),
        reply_to=None,
        quiet=False,
        limit=0,
        reachable=False,
    )
    request = JobRequest(
        0,
        RepeatRequest(recipe=recipe),
        nowhere,
        source=image(source),
        guide=image(guide),
        mask=image(mask),
        sound=image(sound),
    )
    return replace(new_job(request), recipe=recipe)


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
