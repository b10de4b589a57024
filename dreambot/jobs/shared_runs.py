"""Runs identical requests of one server once: same picture, same recipe, a seed that was chosen."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from dreambot.engine.progress import Progress
from dreambot.jobs.models import Job
from dreambot.media.decode import file_sha256
from dreambot.media.picture import DreamInputs, Picture, PictureError
from dreambot.recipe import Precision, Recipe
from dreambot.recipe.request import requested_seed
from dreambot.scheduler.run import Executor, Run
from dreambot.workers.types import Done, FrameSink

RunKey = tuple[int, str, str]
InputLoader = Callable[[], Awaitable[tuple[DreamInputs, Picture | None]]]
"""Decodes a job's pictures. Returns what the engine is given, and the source, if it is one picture."""


@dataclass(frozen=True, eq=False)
class _Participant:
    """One job of a run: `inputs` decodes its pictures, `started` is called when the run starts."""

    inputs: InputLoader
    started: Callable[[], Awaitable[None]]


class SharedRuns:
    """Submits jobs to an executor, identical ones once."""

    def __init__(self, executor: Executor) -> None:
        """Submits nothing yet.

        Args:
            executor: Runs the jobs.
        """
        self._executor = executor
        self._groups: dict[RunKey, _SharedRun] = {}

    @property
    def precision(self) -> Precision:
        """See `Executor`."""
        return self._executor.precision

    async def join(
        self,
        job: Job,
        recipe: Recipe,
        path: Path | None,
        *,
        accepted: bool,
        inputs: InputLoader,
        started: Callable[[], Awaitable[None]],
        frames: FrameSink | None = None,
        run_id: str | None = None,
    ) -> "RunHandle":
        """Submits a job, or lets it share another's run.

        Args:
            job: The job.
            recipe: Its recipe.
            path: The file of its source, if it has one.
            accepted: See `Executor.submit`.
            inputs: Decodes its pictures when they are needed.
            started: Called when the dream starts.
            frames: See `Executor.submit`; videos are not shared.
            run_id: What the run is called, if the job has several.

        Raises:
            QueueFull: There is no room in the queue.
        """
        member = _Participant(inputs, started)
        key = await _run_key(job, recipe, path) if path and frames is None else None
        group = self._groups.get(key) if key else None
        if group is None or group.over:
            group = _SharedRun(member)
            group.run = self._executor.submit(
                run_id or job.id,
                recipe,
                group.inputs,
                owner=job.spec.owner,
                guild=job.spec.reply_target.guild,
                accepted=accepted,
                frames=frames,
            )
            if key:
                self._groups[key] = group
                group.run.add_done_callback(lambda _: self._forget(key, group))
        elif group.began:
            await started()
            group.members.append(member)
        else:
            group.members.append(member)
        return RunHandle(group, member)

    def _forget(self, key: RunKey, group: "_SharedRun") -> None:
        if self._groups.get(key) is group:
            del self._groups[key]


class _SharedRun:
    """A run and the jobs that wait for it."""

    run: Run

    def __init__(self, first: _Participant) -> None:
        self.members = [first]
        self.began = False
        self.source: Picture | None = None

    @property
    def over(self) -> bool:
        """Whether no job can join any more."""
        return self.run.settled

    async def inputs(self) -> DreamInputs:
        """Decodes the pictures of the first job that still waits: the files of one that left are gone."""
        self.began = True
        for member in tuple(self.members):
            await member.started()
        found, self.source = await self._decoded()
        return found

    async def _decoded(self) -> tuple[DreamInputs, Picture | None]:
        while True:
            member = self.members[0]
            try:
                return await member.inputs()
            except (PictureError, OSError):
                if not self.members or self.members[0] is member:
                    raise


class RunHandle:
    """One job's part in a run."""

    def __init__(self, group: _SharedRun, member: _Participant) -> None:
        """Joins nothing yet.

        Args:
            group: The run.
            member: The job.
        """
        self._group = group
        self._member = member

    def events(self) -> AsyncIterator[Progress]:
        """See `Run.events`."""
        return self._group.run.events()

    async def result(self) -> tuple[Done, Picture | None]:
        """Returns the dream and the picture that it was made from. Raises what `Run.result` raises."""
        return await self._group.run.result(), self._group.source

    def leave(self) -> None:
        """Stops waiting; when the last job leaves, the run is cancelled."""
        if self._member in self._group.members:
            self._group.members.remove(self._member)
        if not self._group.members:
            self._group.run.cancel()


async def _run_key(job: Job, recipe: Recipe, path: Path) -> RunKey | None:
    """What identical requests have in common; None where the seed was drawn for this job alone."""
    guild = job.spec.reply_target.guild
    if guild is None or requested_seed(job.spec.request) is None:
        return None
    return guild, await asyncio.to_thread(file_sha256, path), recipe.to_json()
