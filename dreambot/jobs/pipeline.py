"""Takes one job from the stored request to the stored result, starting from any stored state."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace

from dreambot import logs
from dreambot.errors import DreambotError, Message, UserError
from dreambot.jobs.files import GUIDE_NAME, JobFiles
from dreambot.jobs.models import (
    DreamProgress,
    FinishedDream,
    Job,
    JobState,
    JobUpdate,
    QueueProgress,
    Result,
    SourceImage,
)
from dreambot.jobs.rendering import InputFiles, Renderer
from dreambot.jobs.shared_runs import RunHandle, SharedRuns
from dreambot.jobs.store import JobStore
from dreambot.media.concurrency import requested_by
from dreambot.media.picture import DreamInputs, Picture, PictureError
from dreambot.metrics import Metrics
from dreambot.recipe import Recipe
from dreambot.recipe.layers import ModelLookup
from dreambot.recipe.request import needs_source
from dreambot.scheduler.run import LatestValue
from dreambot.workers.codec_pool import CodecPool
from dreambot.workers.types import JobCancelled, JobFailed, Pixels, Queued, Running, WeightsMissing
from dreambot.zoo.catalogue import WeightsError, not_installed

log = logging.getLogger(__name__)

SourceFinder = Callable[[], Awaitable[SourceImage | None]]
"""Finds out what a job is to dream upon, None for nothing. Raises UserError where something is missing."""

MAX_ATTEMPTS = 10
"""Starts of one dream, over all lives of the bot: one that takes the whole machine down must end some day."""
_INTERNAL_ERROR = Message("errors-broken")


class JobLeaseLost(DreambotError):
    """The job is over, or another process holds it: it is none of our business any more."""


class JobPipeline:
    """Carries jobs through their states, and stores each one before it is acted upon."""

    def __init__(
        self,
        store: JobStore,
        files: JobFiles,
        codecs: CodecPool,
        runs: SharedRuns,
        *,
        max_pixels: int,
        models: ModelLookup,
        max_seconds: float = 20.0,
        metrics: Metrics | None = None,
    ) -> None:
        """max_pixels, models, max_seconds: see `Maker`. metrics: where to count, if anybody wants to know."""
        self._store = store
        self._files = files
        self._codecs = codecs
        self._runs = runs
        self._renderer = Renderer(codecs, models=models, max_pixels=max_pixels, max_seconds=max_seconds)
        self._metrics = metrics or Metrics()
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._cancelled: set[str] = set()

    async def run(self, job: Job, find: SourceFinder | None = None) -> AsyncGenerator[JobUpdate, None]:
        """Does a job that this process holds, from the state it is in. Yields how it goes, latest wins, and
        last Finished; the job is then `delivering`, and whoever delivers it calls `end`.

        find: for a job whose subject is not known yet. Raises UserError for what its owner should be told
        (the job is then `delivering` with that error), JobCancelled after `cancel`, and JobLeaseLost.
        Ended from
        outside, the job stays as it is, for the next start to find.
        """
        updates: LatestValue[JobUpdate] = LatestValue()
        task = asyncio.create_task(self._carry(job, find, updates))
        task.add_done_callback(lambda _: updates.close())
        self._tasks[job.id] = task
        try:
            async for update in updates:
                yield update
        finally:
            task.cancel()
            try:
                await asyncio.wait([task])
            finally:
                del self._tasks[job.id]
                cancelled = job.id in self._cancelled
                self._cancelled.discard(job.id)
        if cancelled and task.cancelled():
            raise JobCancelled("The dream was cancelled.")
        task.result()

    def cancel(self, job_id: str) -> bool:
        """Takes a job back, whatever it is doing. Returns whether there was something to take back."""
        task = self._tasks.get(job_id)
        if task is None or task.done():
            return False
        self._cancelled.add(job_id)
        task.cancel()
        return True

    async def end(
        self, job_id: str, state: JobState, *, error: str | None = None, result_message: int | None = None
    ) -> None:
        """Stores how a job ended, and removes its files."""
        await self._store.set_state(job_id, state, error=error, result_message=result_message)
        await self._files.remove(job_id)

    async def _carry(self, job: Job, find: SourceFinder | None, updates: LatestValue[JobUpdate]) -> None:
        if job.state is JobState.delivering:
            if job.result and job.recipe:
                updates.put(FinishedDream(job.ask.subject, job.result, job.recipe))
                return
            if job.error:
                raise JobFailed.of(Message.from_json(job.error))
        try:
            with requested_by(job.ask.owner):
                finished = await self._dreamed(job, find, updates)
        except (WeightsError, WeightsMissing) as error:
            # People are told that it is not here, and the operator how to bring it here.
            log.error("%s", error)
            told = JobFailed.of(not_installed(error.network) if error.network else _INTERNAL_ERROR)
            await self._move(job, JobState.delivering, error=told.message.to_json())
            raise told from error
        except UserError as error:
            await self._move(job, JobState.delivering, error=error.message.to_json())
            raise
        except JobLeaseLost:
            raise
        except Exception as error:
            log.exception("the job failed")
            await self._move(job, JobState.delivering, error=_INTERNAL_ERROR.to_json())
            raise JobFailed.of(_INTERNAL_ERROR) from error
        updates.put(finished)

    async def _dreamed(
        self, job: Job, find: SourceFinder | None, updates: LatestValue[JobUpdate]
    ) -> FinishedDream:
        subject = job.ask.subject or await self._found(job, find)
        if job.attempts >= MAX_ATTEMPTS:
            raise JobFailed("errors-gave-up")
        async with AsyncExitStack() as stack:
            source = guide = None
            if subject:
                source = await stack.enter_async_context(self._files.source(job.id, subject.source))
            if job.ask.guide:
                source_of_guide = self._files.source(job.id, job.ask.guide.source, GUIDE_NAME)
                guide = await stack.enter_async_context(source_of_guide)
            input_files = InputFiles(source, guide)
            recipe = job.recipe or await self._renderer.recipe(job.ask, input_files, self._runs.precision)
            await self._move(job, JobState.queued, recipe=recipe)
            result = await self._run(job, recipe, input_files, updates, resumed=find is None)
        await self._move(job, JobState.delivering, result=result)
        return FinishedDream(subject, result, recipe)

    async def _found(self, job: Job, find: SourceFinder | None) -> SourceImage | None:
        if find is None:
            if needs_source(job.ask.request):
                raise JobFailed("errors-restarted")
            return None
        subject = await find()
        if subject and not await self._store.set_source_image(job.id, subject):
            raise JobLeaseLost(job.id)
        return subject

    async def _run(
        self,
        job: Job,
        recipe: Recipe,
        input_files: InputFiles,
        updates: LatestValue[JobUpdate],
        *,
        resumed: bool,
    ) -> Result:
        queued = time.monotonic()
        work = self._renderer.work(recipe, input_files, job.ask.place.limit)

        async def inputs() -> tuple[DreamInputs, Picture | None]:
            # Called by the executor, whose own lines are about no job.
            with logs.job_context(job.id), requested_by(job.ask.owner):
                return await work.inputs()

        async def started() -> None:
            # Should the job have been taken from us, the next step will tell: others may share this run.
            if await self._store.set_state(job.id, JobState.running):
                self._metrics.waited(time.monotonic() - queued)
                self._metrics.job_moved(job.ask.kind, JobState.running)

        share = await self._runs.join(
            job,
            recipe,
            input_files.source,
            accepted=resumed,
            inputs=inputs,
            started=started,
            frames=work.frames,
        )
        try:
            await self._tell(share, updates)
            done, source = await share.result()
            self._metrics.dreamed(recipe.model, done.seconds)
            encoded = await work.file(done, source)
        finally:
            share.leave()
            await work.abandon()
        key = await self._files.save(job.id, encoded.data, encoded.extension)
        size = (encoded.width, encoded.height)
        missing = source.missing if source else 0.0
        return Result(key, encoded.extension, *size, done.seconds, done.plan, recipe.frames, missing)

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
        self._metrics.job_moved(job.ask.kind, state)

    async def _tell(self, share: RunHandle, updates: LatestValue[JobUpdate]) -> None:
        async for event in share.events():
            match event:
                case Queued(place=place, eta=eta):
                    updates.put(QueueProgress(place, eta))
                case Running() as at:
                    told = DreamProgress(at.fraction, at.octave, at.octaves, at.step, at.steps, at.eta, None)
                    updates.put(replace(told, preview=await self._preview(at.preview)))

    async def _preview(self, rgb: Pixels | None) -> bytes | None:
        if rgb is None:
            return None
        try:
            return await self._codecs.preview(rgb)
        except PictureError as error:
            # A dream is worth having without a preview.
            log.warning("no preview: %s", error)
            return None
