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
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from contextlib import AsyncExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from dreambot import logs
from dreambot.engine.progress import Progress
from dreambot.errors import DreambotError, Message, UserError
from dreambot.jobs.album import AlbumFailed, AlbumRun, album_of, album_seed
from dreambot.jobs.interfaces import FileStore, FileTooLarge, JobStates, Responder
from dreambot.jobs.models import (
    GUIDE_NAME,
    MASK_NAME,
    SOUND_NAME,
    SOURCE_NAME,
    Job,
    JobState,
    Result,
    ResultFile,
    SourceImage,
)
from dreambot.jobs.rendering import InputFiles, OutputFormat, Renderer, RenderTask, encode_smaller
from dreambot.jobs.shared_runs import RunHandle, SharedRuns
from dreambot.media.concurrency import requested_by
from dreambot.media.picture import DreamInputs, Picture, PictureError
from dreambot.metrics import Metrics
from dreambot.recipe import Recipe
from dreambot.recipe.layers import ModelLookup
from dreambot.recipe.request import can_use_album
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
        self._tasks: dict[str, asyncio.Task[Job]] = {}
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
                    job = await self._until_withdrawn(job, responder, resumed)
                message = await self._deliver(job, responder)
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

        Raises:
            JobLeaseLost: Another process holds the job, or will: its files stay.
        """
        if not await self._store.set_state(job_id, state, error=error, result_message=result_message):
            left = await self._store.get(job_id)
            if left and not left.state.final:
                raise JobLeaseLost(job_id)
        await self._files.remove(job_id)

    async def _until_withdrawn(self, job: Job, responder: Responder, resumed: bool) -> Job:
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

    async def _make(self, job: Job, responder: Responder, resumed: bool) -> Job:
        """Returns the job with its recipe and its result. A failure is stored before it is raised."""
        if job.state is JobState.delivering:
            if job.result and job.recipe:
                return job
            if job.album and all(picture.error for picture in job.album):
                raise AlbumFailed(job.album)
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

    async def _dream(self, job: Job, responder: Responder, resumed: bool) -> Job:
        # Fetch.
        job = await self._find_sources(job, responder)
        if job.album:
            return await self._dream_album(job, responder, resumed)
        if job.attempts >= MAX_ATTEMPTS:
            raise JobFailed("errors-gave-up")
        async with AsyncExitStack() as stack:
            input_files = await self._fetch(job, job.spec.source, stack)
            # Probe and resolve.
            recipe = job.recipe
            if recipe is None:
                recipe = await self._renderer.resolve(job.spec, input_files, self._runs.precision)
            await self._move(job, JobState.queued, recipe=recipe)
            # Enqueue; decode when a device is free; dream; encode.
            result = await self._render(
                job, recipe, input_files, responder.output, responder.show_progress, resumed
            )
        await self._move(job, JobState.delivering, result=result)
        return replace(job, recipe=recipe, result=result)

    async def _dream_album(self, job: Job, responder: Responder, resumed: bool) -> Job:
        """Takes the same steps for all pictures of an album; one that fails does not stop the others."""
        album = AlbumRun(job, self._store, responder.show_progress, _stored_error)
        input_files: dict[int, InputFiles] = {}
        async with AsyncExitStack() as stack:
            # Fetch.
            async def fetch(number: int) -> None:
                source = job.album[number].source
                with album.failing_alone(number):
                    input_files[number] = await self._fetch(job, source, stack, number)

            for number in album.open:
                if job.album[number].attempts >= MAX_ATTEMPTS:
                    album.update(number, error=Message("errors-gave-up").to_json())
            await _run_all(map(fetch, album.open))
            # Probe and resolve.
            new = {number: input_files[number] for number in album.open if not job.album[number].recipe}
            spec, seed = await self._renderer.share_seconds(job.spec, new.values()), album_seed(job.id)
            for number, files in new.items():
                with album.failing_alone(number):
                    recipe = await self._renderer.resolve(spec, files, self._runs.precision, seed)
                    album.update(number, recipe=recipe)
            await self._store_album(job, album)
            await self._move(job, JobState.queued, recipe=album.recipe)

            # Enqueue all; decode, dream and encode each when a device is free.
            async def dream(number: int) -> None:
                async def started() -> bool:
                    first = not album.started
                    album.update(number, attempts=album.pictures[number].attempts + 1)
                    await album.store()
                    return first

                show = partial(album.show, number)
                recipe, files = album.pictures[number].recipe, input_files[number]
                assert recipe
                with album.failing_alone(number, JobLeaseLost):
                    result = await self._render(
                        job, recipe, files, responder.output, show, resumed, number, started
                    )
                    album.update(number, result=result)
                await self._store_album(job, album)

            await _run_all(map(dream, album.open))
        if album.result is None:
            raise AlbumFailed(album.pictures)
        await self._move(job, JobState.delivering, result=album.result)
        return replace(job, recipe=album.recipe, result=album.result, album=album.pictures)

    async def _find_sources(self, job: Job, responder: Responder) -> Job:
        if job.spec.source is not None:
            return job
        found = await responder.find_sources(job)
        if not can_use_album(job.spec.request):
            found = found[:1]
        album = album_of(found, job.spec.limits)
        if album and not await self._store.set_album(job.id, album):
            raise JobLeaseLost(job.id)
        if found and not album and not await self._store.set_source_image(job.id, found[0]):
            raise JobLeaseLost(job.id)
        source = found[0] if found else None
        return replace(job, spec=replace(job.spec, source=source), album=album)

    async def _fetch(
        self, job: Job, source: SourceImage | None, stack: AsyncExitStack, number: int = 0
    ) -> InputFiles:
        async def opened(image: SourceImage | None, name: str) -> Path | None:
            if image is None:
                return None
            return await stack.enter_async_context(self._files.source(job.id, image.source, name))

        suffix = str(number or "")
        return InputFiles(
            await opened(source, SOURCE_NAME + suffix),
            await opened(job.spec.guide, GUIDE_NAME + suffix),
            await opened(job.spec.mask, MASK_NAME),
            await opened(job.spec.sound, SOUND_NAME),
        )

    async def _render(
        self,
        job: Job,
        recipe: Recipe,
        input_files: InputFiles,
        output_format: OutputFormat,
        show: Callable[[Progress, bytes | None], None],
        resumed: bool,
        number: int | None = None,
        starting: Callable[[], Awaitable[bool]] | None = None,
    ) -> Result:
        """Enqueues one dream, and returns its stored file.

        `number` is its position in an album. `starting` is called when a device takes it, and returns whether
        the job starts with it.
        """
        async with AsyncExitStack() as stack:
            task = self._renderer.render(recipe, input_files, output_format)
            stack.push_async_callback(task.close)
            run = await self._enqueue(job, recipe, task, resumed, number, starting)
            stack.callback(run.leave)
            async for progress in run.events():
                preview = None if progress.preview is None else await self._preview(progress.preview)
                show(progress, preview)
            output, picture = await run.result()
            self._metrics.dreamed(recipe.model, output.seconds)
            file = await task.encode(output, picture)
        key = await self._files.save(job.id, file.data, file.extension, number or 0)
        missing = picture.missing if picture else 0.0
        return Result(key, file.extension, output.seconds, missing, task.sound_cut)

    async def _enqueue(
        self,
        job: Job,
        recipe: Recipe,
        task: RenderTask,
        resumed: bool,
        number: int | None,
        starting: Callable[[], Awaitable[bool]] | None,
    ) -> RunHandle:
        queued = time.monotonic()

        async def decode() -> tuple[DreamInputs, Picture | None]:
            # Called by the executor, whose own log lines are about no job.
            with logs.job_context(job.id), requested_by(job.spec.owner):
                return await task.decode()

        async def started() -> None:
            if starting and not await starting():
                return
            # If another process took the job over, the next step notices: others may share this run.
            if await self._store.set_state(job.id, JobState.running):
                self._metrics.waited(time.monotonic() - queued)
                self._metrics.job_moved(job.spec.kind, JobState.running)

        return await self._runs.join(
            job,
            recipe,
            task.source,
            accepted=resumed,
            inputs=decode,
            started=started,
            frames=task.frames,
            run_id=None if number is None else f"{job.id}.{number}",
        )

    async def _deliver(self, job: Job, responder: Responder) -> int:
        """Delivers the stored files, encoded smaller as often as the receiver finds them too large."""
        dreams: list[tuple[SourceImage | None, Recipe | None, Result | None]]
        dreams = [(picture.source, picture.recipe, picture.result) for picture in job.album]
        files = [
            ResultFile(source, recipe, result, await self._files.load(result.file), result.extension)
            for source, recipe, result in dreams or [(job.spec.source, job.recipe, job.result)]
            if recipe and result
        ]
        for _ in range(MAX_SHRINK_ATTEMPTS):
            try:
                return await responder.deliver(job, files)
            except FileTooLarge:
                largest = max(len(file.data) for file in files)
                limit = int(largest * SHRINK_FACTOR)
                log.info("%d bytes were too many, trying %d", largest, limit)
                files = [await self._smaller(file, limit) for file in files]
        raise FileTooLarge

    async def _smaller(self, file: ResultFile, limit: int) -> ResultFile:
        if len(file.data) <= limit:
            return file
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"dream.{file.extension}"
            await asyncio.to_thread(path.write_bytes, file.data)
            smaller = await encode_smaller(self._codecs, path, file.recipe, limit)
        return replace(file, data=smaller.data, extension=smaller.extension)

    async def _store_album(self, job: Job, album: AlbumRun) -> None:
        if not await album.store():
            raise JobLeaseLost(job.id)

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


async def _run_all(steps: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Waits for all; the first that raises an error cancels the others."""
    try:
        async with asyncio.TaskGroup() as group:
            for step in steps:
                group.create_task(step)
    except ExceptionGroup as failed:
        raise failed.exceptions[0] from None


def _stored_error(error: Exception) -> str:
    """What is said to the owner if this process ends before it could say why the job failed."""
    message = error.message if isinstance(error, UserError) else _INTERNAL_ERROR
    if isinstance(error, WeightsError | WeightsMissing):
        # The error's own text is for the operator: it says how to install them.
        message = not_installed(error.network) if error.network else _INTERNAL_ERROR
    return message.to_json()
