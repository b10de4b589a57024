"""The path of a picture, in one function: `JobPipeline.run`.

A job is stored before anything is promised (`JobStore.create`). `run` takes it from the state it is in to
its end: fetch, probe, resolve, enqueue, decode, dream, encode, deliver, finish. A job that an earlier
process left unfinished enters the same function at its stored state. The bot and the command line differ
only in the `Responder` that shows progress and takes the result.
"""

import asyncio
import logging
import tempfile
import time
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from dreambot import logs
from dreambot.engine.progress import Progress
from dreambot.errors import DreambotError, Message, UserError
from dreambot.jobs.models import (
    GUIDE_NAME,
    MASK_NAME,
    SOUND_NAME,
    SOURCE_NAME,
    Job,
    JobState,
    Result,
    Source,
    SourceImage,
)
from dreambot.jobs.rendering import InputFiles, OutputFormat, Renderer, RenderTask, encode_smaller
from dreambot.jobs.shared_runs import RunHandle, SharedRuns
from dreambot.media.concurrency import requested_by
from dreambot.media.picture import DreamInputs, Picture, PictureError
from dreambot.metrics import Metrics
from dreambot.recipe import Recipe
from dreambot.recipe.layers import ModelLookup
from dreambot.workers.codec_pool import CodecPool
from dreambot.workers.types import JobCancelled, JobFailed, Pixels, WeightsMissing
from dreambot.zoo.catalogue import WeightsError, not_installed

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 10
"""Starts of one dream, over all processes: one that takes the whole machine down must end at some point."""
MAX_SHRINK_ATTEMPTS = 6
SHRINK_FACTOR = 0.6
_INTERNAL_ERROR = Message("errors-broken")


class JobLeaseLost(DreambotError):
    """The job is over, or another process holds it: this process must not touch it any more."""


class JobWithdrawn(JobCancelled):
    """The job was cancelled by a person, or because nothing can be delivered any more."""

    def __init__(self, reason: str | None) -> None:
        """Keeps the reason.

        Args:
            reason: What to tell the owner: a key of the catalogue or a sentence; None is not reported.
        """
        super().__init__(reason or "The message was deleted.")
        self.reason = reason


class FileTooLarge(UserError):
    """The receiver did not take a file of this size."""

    def __init__(self) -> None:
        super().__init__("core-too-large")


class JobStates(Protocol):
    """Where the states of jobs are stored; `JobStore` is one."""

    async def set_source_image(self, job_id: str, image: SourceImage) -> bool:
        """See `JobStore`.

        Args:
            job_id: The job.
            image: Its source.
        """

    async def set_state(
        self,
        job_id: str,
        state: JobState,
        *,
        recipe: Recipe | None = None,
        error: str | None = None,
        result: Result | None = None,
        result_message: int | None = None,
    ) -> bool:
        """See `JobStore`.

        Args:
            job_id: The job.
            state: Its new state.
            recipe: Its recipe.
            error: Why there is no dream.
            result: The finished dream.
            result_message: The message that shows it.
        """


class FileStore(Protocol):
    """Where the files of jobs are kept; `JobFiles` is one."""

    def source(
        self, job_id: str, source: Source, name: str = SOURCE_NAME
    ) -> AbstractAsyncContextManager[Path]:
        """See `JobFiles`.

        Args:
            job_id: The job.
            source: Where the file is.
            name: The file's name among the job's files.
        """

    async def save(self, job_id: str, data: bytes, extension: str) -> str:
        """See `JobFiles`.

        Args:
            job_id: The job.
            data: The file.
            extension: Its extension.
        """

    async def load(self, key: str) -> bytes:
        """See `JobFiles`.

        Args:
            key: What `save` returned.
        """

    async def remove(self, job_id: str) -> None:
        """See `JobFiles`.

        Args:
            job_id: The job.
        """


class Responder(Protocol):
    """Shows a job's progress and delivers its outcome: in Discord, or in the terminal."""

    @property
    def output(self) -> OutputFormat:
        """What the file of the result may be."""

    async def find_source(self, job: Job) -> SourceImage | None:
        """Finds the picture that the job starts from, where it is not stored yet.

        Args:
            job: The job.

        Returns:
            The picture; None if the job starts from noise.

        Raises:
            UserError: There is none, or it may not be used.
        """

    def working(self, job: Job) -> AbstractAsyncContextManager[None]:
        """Shows progress from the first moment until the dream is done or has failed.

        Args:
            job: The job.

        Raises:
            UserError: The job cannot be answered any more.
        """

    def show_progress(self, progress: Progress, preview: bytes | None) -> None:
        """Shows how far the job is, without making it wait.

        Args:
            progress: The newest progress.
            preview: The picture so far, a small JPEG, now and then.

        Raises:
            UserError: The job would be done too late.
        """

    async def deliver(self, job: Job, recipe: Recipe, result: Result, data: bytes, extension: str) -> int:
        """Delivers a dream, unless an earlier process has.

        Args:
            job: The job.
            recipe: What the dream was made by.
            result: The stored result.
            data: The file, which may be smaller than the stored one.
            extension: Its file name extension, without a dot.

        Returns:
            The id of the message that shows it.

        Raises:
            FileTooLarge: A smaller file may be taken.
            JobCancelled: The dream is not wanted any more.
        """

    async def fail(self, error: Exception) -> bool:
        """Says why there is no dream; a withdrawn job may be ended without a word.

        Args:
            error: Why.

        Returns:
            Whether the job is over; False if the error can only be reported after the next start.
        """

    async def finished(self, message: int) -> None:
        """Called when a delivered job is stored as done.

        Args:
            message: The id of the message with the result.
        """


class JobPipeline:
    """Runs jobs. Used by one event loop."""

    def __init__(
        self,
        store: JobStates,
        files: FileStore,
        codecs: CodecPool,
        runs: SharedRuns,
        *,
        max_pixels: int,
        models: ModelLookup,
        max_seconds: float = 20.0,
        metrics: Metrics | None = None,
    ) -> None:
        """Runs nothing yet.

        Args:
            store: Where jobs are stored.
            files: Where their files are kept.
            codecs: The processes that decode and encode.
            runs: The executor, which runs identical requests once.
            max_pixels: Larger pictures are dreamed at this many pixels.
            models: Finds a network by its name.
            max_seconds: Longer videos are dreamed up to this second.
            metrics: Where jobs are counted.
        """
        self._store = store
        self._files = files
        self._codecs = codecs
        self._runs = runs
        self._renderer = Renderer(codecs, models=models, max_pixels=max_pixels, max_seconds=max_seconds)
        self._metrics = metrics or Metrics()
        self._tasks: dict[str, asyncio.Task[tuple[Job, Recipe, Result]]] = {}
        self._withdrawn: dict[str, str | None] = {}

    async def run(self, job: Job, responder: Responder, *, resumed: bool = False) -> None:
        """Runs a job that this process holds, from the state it is in to its end.

        Each state is stored before it is acted on. When the task is cancelled, the job stays as it is, for
        the next process to resume.

        Args:
            job: The job.
            responder: Where it is answered.
            resumed: Whether an earlier process accepted it, so that no queue is too full for it.
        """
        state, message, error = JobState.done, None, None
        try:
            try:
                if job.withdrawn is not None:
                    raise JobWithdrawn(job.withdrawn or None)
                async with responder.working(job):
                    job, recipe, result = await self._until_withdrawn(job, responder, resumed)
                message = await self._deliver(job, recipe, result, responder)
            except JobLeaseLost:
                raise
            except Exception as failure:
                if not await responder.fail(failure):
                    log.error("Discord refuses the bot's token: the job continues after the next start")
                    return
                state = JobState.cancelled if isinstance(failure, JobCancelled) else JobState.failed
                error = str(failure) or type(failure).__name__
            await self.end(job.id, state, error=error, result_message=message)
            self._metrics.job_moved(job.spec.kind, state)
            if message is not None:
                await responder.finished(message)
        except JobLeaseLost:
            log.warning("another process has taken the job over")
        except Exception:
            # The owner has an answer; the next start finds out that they have.
            log.exception("the job's end could not be stored")

    def cancel(self, job_id: str, reason: str | None) -> bool:
        """Cancels a job that is not being delivered yet.

        Args:
            job_id: The job.
            reason: See `JobWithdrawn`.

        Returns:
            Whether there was something to cancel.
        """
        task = self._tasks.get(job_id)
        if task is None or task.done():
            return False
        self._withdrawn[job_id] = reason
        task.cancel()
        return True

    async def end(
        self, job_id: str, state: JobState, *, error: str | None = None, result_message: int | None = None
    ) -> None:
        """Stores how a job ended, and removes its files.

        Args:
            job_id: The job.
            state: A final state.
            error: Why there is no dream.
            result_message: The id of the message that shows the dream.
        """
        await self._store.set_state(job_id, state, error=error, result_message=result_message)
        await self._files.remove(job_id)

    async def _until_withdrawn(
        self, job: Job, responder: Responder, resumed: bool
    ) -> tuple[Job, Recipe, Result]:
        """Makes the dream in a task of its own, which `cancel` can end without ending `run`."""
        task = asyncio.create_task(self._make(job, responder, resumed))
        self._tasks[job.id] = task
        running = asyncio.current_task()
        try:
            return await task
        except asyncio.CancelledError:
            if job.id not in self._withdrawn or (running and running.cancelling()):
                raise
            raise JobWithdrawn(self._withdrawn[job.id]) from None
        finally:
            del self._tasks[job.id]
            self._withdrawn.pop(job.id, None)

    async def _make(self, job: Job, responder: Responder, resumed: bool) -> tuple[Job, Recipe, Result]:
        """Returns the job, its recipe and its result. A failure is stored before it is raised."""
        if job.state is JobState.delivering:
            if job.result and job.recipe:
                return job, job.recipe, job.result
            if job.error:
                raise JobFailed.of(Message.from_json(job.error))
        try:
            with requested_by(job.spec.owner):
                return await self._dream(job, responder, resumed)
        except JobLeaseLost:
            raise
        except Exception as error:
            await self._move(job, JobState.delivering, error=_stored_error(error))
            raise

    async def _dream(self, job: Job, responder: Responder, resumed: bool) -> tuple[Job, Recipe, Result]:
        # Fetch.
        source = job.spec.source
        if source is None:
            source = await responder.find_source(job)
            if source and not await self._store.set_source_image(job.id, source):
                raise JobLeaseLost(job.id)
            job = replace(job, spec=replace(job.spec, source=source))
        if job.attempts >= MAX_ATTEMPTS:
            raise JobFailed("errors-gave-up")
        async with AsyncExitStack() as stack:
            input_files = await self._fetch(job, stack)
            # Probe and resolve.
            recipe = job.recipe
            if recipe is None:
                recipe = await self._renderer.resolve(job.spec, input_files, self._runs.precision)
            await self._move(job, JobState.queued, recipe=recipe)
            # Enqueue; decode when a device is free; dream; encode.
            task = self._renderer.render(recipe, input_files, responder.output)
            stack.push_async_callback(task.close)
            run = await self._enqueue(job, recipe, task, resumed)
            stack.callback(run.leave)
            async for progress in run.events():
                preview = None if progress.preview is None else await self._preview(progress.preview)
                responder.show_progress(progress, preview)
            output, picture = await run.result()
            self._metrics.dreamed(recipe.model, output.seconds)
            file = await task.encode(output, picture)
        key = await self._files.save(job.id, file.data, file.extension)
        missing = picture.missing if picture else 0.0
        result = Result(key, file.extension, output.seconds, missing, task.sound_cut)
        await self._move(job, JobState.delivering, result=result)
        return job, recipe, result

    async def _fetch(self, job: Job, stack: AsyncExitStack) -> InputFiles:
        async def opened(image: SourceImage | None, name: str) -> Path | None:
            if image is None:
                return None
            return await stack.enter_async_context(self._files.source(job.id, image.source, name))

        request = job.spec
        return InputFiles(
            await opened(request.source, SOURCE_NAME),
            await opened(request.guide, GUIDE_NAME),
            await opened(request.mask, MASK_NAME),
            await opened(request.sound, SOUND_NAME),
        )

    async def _enqueue(self, job: Job, recipe: Recipe, task: RenderTask, resumed: bool) -> RunHandle:
        queued = time.monotonic()

        async def decode() -> tuple[DreamInputs, Picture | None]:
            # Called by the executor, whose own log lines are about no job.
            with logs.job_context(job.id), requested_by(job.spec.owner):
                return await task.decode()

        async def started() -> None:
            # If another process took the job over, the next step notices: others may share this run.
            if await self._store.set_state(job.id, JobState.running):
                self._metrics.waited(time.monotonic() - queued)
                self._metrics.job_moved(job.spec.kind, JobState.running)

        return await self._runs.join(
            job, recipe, task.source, accepted=resumed, inputs=decode, started=started, frames=task.frames
        )

    async def _deliver(self, job: Job, recipe: Recipe, result: Result, responder: Responder) -> int:
        """Delivers the stored file, encoded smaller as often as the receiver finds it too large."""
        data, extension = await self._files.load(result.file), result.extension
        for _ in range(MAX_SHRINK_ATTEMPTS):
            try:
                return await responder.deliver(job, recipe, result, data, extension)
            except FileTooLarge:
                limit = int(len(data) * SHRINK_FACTOR)
                log.info("%d bytes were too many, trying %d", len(data), limit)
                with tempfile.TemporaryDirectory() as folder:
                    path = Path(folder) / f"dream.{extension}"
                    await asyncio.to_thread(path.write_bytes, data)
                    smaller = await encode_smaller(self._codecs, path, recipe, limit)
                data, extension = smaller.data, smaller.extension
        raise FileTooLarge

    async def _move(
        self,
        job: Job,
        state: JobState,
        *,
        recipe: Recipe | None = None,
        result: Result | None = None,
        error: str | None = None,
    ) -> None:
        if not await self._store.set_state(job.id, state, recipe=recipe, result=result, error=error):
            raise JobLeaseLost(job.id)
        self._metrics.job_moved(job.spec.kind, state)

    async def _preview(self, rgb: Pixels) -> bytes | None:
        try:
            return await self._codecs.preview(rgb)
        except PictureError as error:
            # A dream is worth having without a preview.
            log.warning("no preview: %s", error)
            return None


def _stored_error(error: Exception) -> str:
    """What is said to the owner if this process ends before it could say why the job failed."""
    message = error.message if isinstance(error, UserError) else _INTERNAL_ERROR
    if isinstance(error, WeightsError | WeightsMissing):
        # The error's own text is for the operator: it says how to install them.
        message = not_installed(error.network) if error.network else _INTERNAL_ERROR
    return message.to_json()
