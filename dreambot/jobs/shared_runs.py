"""Runs identical requests of one server once: same picture, same recipe, a seed that was chosen."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from dreambot.engine.progress import Progress
from dreambot.jobs.models import Job
from dreambot.media.picture import DreamInputs, Picture, PictureError
from dreambot.media.probe import file_sha256
from dreambot.recipe import Precision, Recipe
from dreambot.recipe.request import requested_seed
from dreambot.scheduler.run import Executor, Run
from dreambot.workers.types import Done, FrameSink

RunKey = tuple[int, str, str]
InputLoader = Callable[[], Awaitable[tuple[DreamInputs, Picture | None]]]
"""Decodes a job's pictures. Returns what the engine is given, and the source, if it is one picture."""


@dataclass(frozen=True, eq=False)
class _Participant:
    """inputs: decodes its pictures. started: to be called when the run has begun."""

    inputs: InputLoader
    started: Callable[[], Awaitable[None]]


class SharedRuns:
    """Submits jobs to an executor, those that want the very same dream once."""

    def __init__(self, executor: Executor) -> None:
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
    ) -> "RunHandle":
        """Submits a job, or has it share the run of another. path: its source's file, if it has one.
        accepted, frames: see `Executor.submit`; films are not shared. inputs: called when they are needed.
        started: called when the dream begins. Raises QueueFull."""
        member = _Participant(inputs, started)
        key = await _run_key(job, recipe, path) if path and frames is None else None
        group = self._groups.get(key) if key else None
        if group is None or group.over:
            group = _SharedRun(member)
            group.run = self._executor.submit(
                job.id,
                recipe,
                group.inputs,
                owner=job.ask.owner,
                guild=job.ask.place.guild,
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
    """A run and those who wait for it."""

    run: Run

    def __init__(self, first: _Participant) -> None:
        self.members = [first]
        self.began = False
        self.source: Picture | None = None

    @property
    def over(self) -> bool:
        """Whether nobody can join any more."""
        return self.run.settled

    async def inputs(self) -> DreamInputs:
        """The picture, from the first who still waits: the file of one who left is gone."""
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
        self._group = group
        self._member = member

    def events(self) -> AsyncIterator[Progress]:
        """See `Run.events`."""
        return self._group.run.events()

    async def result(self) -> tuple[Done, Picture | None]:
        """The dream, and the picture that it was made from. Raises what `Run.result` raises."""
        return await self._group.run.result(), self._group.source

    def leave(self) -> None:
        """Waits no longer; the last one to leave ends the run."""
        if self._member in self._group.members:
            self._group.members.remove(self._member)
        if not self._group.members:
            self._group.run.cancel()


async def _run_key(job: Job, recipe: Recipe, path: Path) -> RunKey | None:
    """What identical requests have in common; None where the dice were thrown for this one alone."""
    guild = job.ask.place.guild
    if guild is None or requested_seed(job.ask.request) is None:
        return None
    return guild, await asyncio.to_thread(file_sha256, path), recipe.to_json()
