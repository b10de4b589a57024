"""The way of one picture, from the stored ask to the encoded dream."""

import asyncio
import logging
import secrets
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path

from dreambot.errors import UserError
from dreambot.executor.latest import Latest
from dreambot.executor.run import Executor, Run
from dreambot.executor.types import JobCancelled, JobFailed, Pixels, Queued, Running
from dreambot.jobs.files import JobFiles
from dreambot.jobs.store import JobStore
from dreambot.jobs.types import Dreaming, Finished, Job, JobState, Source, Update, Waiting
from dreambot.media.encode import Encoded
from dreambot.media.fetch import Fetcher
from dreambot.media.inputs import Inputs
from dreambot.media.picture import Picture, PictureError
from dreambot.media.pool import CodecPool
from dreambot.recipe import Recipe, SourceFacts, resolve
from dreambot.recipe.trained import Models

__all__ = ["Dreaming", "Finished", "JobRunner", "Update", "Waiting"]

log = logging.getLogger(__name__)

RESTARTED = "I was restarted before your dream was done; please ask again."
_BROKEN = "Something went wrong on my side, and the operator can read in my log what; please try again."


@dataclass
class _Active:
    """A job under way. cancelled: somebody took it back, as opposed to the bot ending."""

    owner: int
    task: asyncio.Task[None]
    cancelled: bool = False


class JobRunner:
    """Carries jobs through their states, and stores each one before it is acted upon."""

    def __init__(
        self,
        store: JobStore,
        files: Path,
        fetcher: Fetcher,
        codecs: CodecPool,
        executor: Executor,
        *,
        max_pixels: int,
        models: Models,
    ) -> None:
        """files: a folder for the sources of jobs under way, and nothing else. max_pixels: larger pictures
        are dreamed at this many. models: what the models' names stand for."""
        self._store = store
        self._files = JobFiles(files, fetcher)
        self._codecs = codecs
        self._executor = executor
        self._max_pixels = max_pixels
        self._models = models
        self._active: dict[str, _Active] = {}

    async def run(self, job: Job, source: Source, *, limit: int) -> AsyncGenerator[Update, None]:
        """Does a job that was just created. Yields how it goes, latest wins, and last Finished, its file at
        most `limit` bytes; the job is then `delivering`, and whoever delivers it sets `done`.

        Raises UserError for what its owner should be told, JobCancelled after `cancel`; the job is then
        `failed` or `cancelled`. Ended from outside, it stays unfinished, for the next start to find.
        """
        updates: Latest[Update] = Latest()
        task = asyncio.create_task(self._carry(job, source, limit, updates))
        task.add_done_callback(lambda _: updates.close())
        active = self._active[job.id] = _Active(job.ask.owner, task)
        try:
            async for update in updates:
                yield update
        finally:
            task.cancel()
            try:
                await asyncio.wait([task])
            finally:
                del self._active[job.id]
        if active.cancelled and task.cancelled():
            await self._store.set_state(job.id, JobState.cancelled)
            raise JobCancelled("The dream was cancelled.")
        task.result()

    def cancel(self, job_id: str) -> bool:
        """Takes a job back, whatever it is doing. Returns whether there was something to take back."""
        active = self._active.get(job_id)
        if active is None or active.task.done():
            return False
        if not active.cancelled:
            active.cancelled = True
            active.task.cancel()
        return True

    def owner_of(self, job_id: str) -> int | None:
        """Who asked for a job that is under way."""
        active = self._active.get(job_id)
        return active.owner if active else None

    async def recover(self) -> list[Job]:
        """To be called once, before any job is run: closes as failed what an earlier life left unfinished,
        and removes its files. Returns those jobs as they were found, their tokens included, so that their
        owners can be told RESTARTED."""
        await self._files.clear()
        found = await self._store.unfinished()
        for job in found:
            await self._store.set_state(job.id, JobState.failed, error=RESTARTED)
        return found

    async def _carry(self, job: Job, source: Source, limit: int, updates: Latest[Update]) -> None:
        try:
            async with self._files.kept(job.id, source) as path:
                finished = await self._dream(job, path, limit, updates)
            await self._store.set_state(job.id, JobState.delivering)
            updates.put(finished)
        except UserError as error:
            await self._store.set_state(job.id, JobState.failed, error=str(error))
            raise
        except Exception as error:
            log.exception("job %s failed", job.id)
            await self._store.set_state(job.id, JobState.failed, error=_BROKEN)
            raise JobFailed(_BROKEN) from error

    async def _dream(self, job: Job, path: Path, limit: int, updates: Latest[Update]) -> Finished:
        recipe = await self._resolved(job, path)
        await self._store.set_state(job.id, JobState.queued, recipe=recipe)
        decoded: list[Picture] = []

        async def when_its_turn_comes() -> Inputs:
            await self._store.set_state(job.id, JobState.running)
            decoded.append(await self._codecs.decode(path, size=(recipe.width, recipe.height)))
            return Inputs(decoded[-1].rgb)

        run = self._executor.submit(job.id, recipe, when_its_turn_comes, owner=job.ask.owner)
        try:
            await self._tell(run, updates)
            done = await run.result()
        finally:
            run.cancel()
        picture = Picture(done.rgb, decoded[-1].alpha)
        encoded = await self._codecs.encode(picture, limit=limit, recipe_json=recipe.to_json())
        return _finished(encoded, recipe, done.seconds)

    async def _resolved(self, job: Job, path: Path) -> Recipe:
        probe = await self._codecs.probe(path)
        return resolve(
            job.ask.request,
            SourceFacts(probe.width, probe.height, probe.masking),
            seed=secrets.randbits(32),
            models=self._models,
            precision=self._executor.precision,
            max_pixels=self._max_pixels,
        )

    async def _tell(self, run: Run, updates: Latest[Update]) -> None:
        async for event in run.events():
            match event:
                case Queued(place=place, eta=eta):
                    updates.put(Waiting(place, eta))
                case Running() as at:
                    preview = await self._preview(at.preview)
                    updates.put(
                        Dreaming(at.fraction, at.octave, at.octaves, at.step, at.steps, at.eta, preview)
                    )

    async def _preview(self, rgb: Pixels | None) -> bytes | None:
        if rgb is None:
            return None
        try:
            return await self._codecs.preview(rgb)
        except PictureError as error:
            # A dream is worth having without a preview.
            log.warning("no preview: %s", error)
            return None


def _finished(encoded: Encoded, recipe: Recipe, seconds: float) -> Finished:
    return Finished(encoded, recipe, seconds, encoded.width, encoded.height)
