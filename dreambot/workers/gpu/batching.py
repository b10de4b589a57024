"""Runs several compatible jobs as one batch, which other jobs can join between octaves."""

import math
import time
from collections.abc import Hashable
from dataclasses import dataclass, field

from dreambot import logs
from dreambot.errors import UserError
from dreambot.media.picture import DreamInputs
from dreambot.recipe import Recipe
from dreambot.recipe.recipe import batch_key
from dreambot.workers.gpu.engine import BatchEngine, EngineBatch, OutOfMemory
from dreambot.workers.gpu.inbox import Inbox, ProgressReporter, failure_message
from dreambot.workers.protocol import Finished, StartJob, Stopped
from dreambot.workers.types import Pixels


@dataclass
class _BatchMember:
    """A dream of the batch. seconds: its share of the device's time. company: whether it ever had some."""

    begin: StartJob
    teller: ProgressReporter
    seconds: float = 0.0
    company: bool = False


@dataclass
class _BatchSizeLimits:
    """How many pixels at once have been found to be too many, by model."""

    most: dict[str, float] = field(default_factory=dict)

    def for_(self, recipe: Recipe, batch: int) -> int:
        """How many dreams of that size may go together."""
        return int(min(batch, self.most.get(recipe.model, math.inf) / _pixel_count(recipe)))

    def shrink(self, recipe: Recipe, dreams: int) -> None:
        """So many were too many: half as many from now on."""
        self.most[recipe.model] = dreams // 2 * _pixel_count(recipe)


class BatchRunner:
    """Dreams what can be dreamed together. A batch that does not fit into the memory is begun anew as smaller
    ones; what does not even fit alone is left to the caller."""

    def __init__(self, inbox: Inbox, engine: BatchEngine, most: int) -> None:
        """most: how many dreams at once the device gains by."""
        self._inbox = inbox
        self._engine = engine
        self._most = most
        self._room = _BatchSizeLimits()

    def dream(self, begin: StartJob) -> list[StartJob]:
        """Dreams a job, and those that can join it and are there between two octaves; answers them all but
        those it returns, which are too large or cannot be part of a batch."""
        waiting = [begin]
        while waiting:
            try:
                recipe = Recipe.from_json(waiting[0].recipe)
                key = batch_key(recipe)
                room = self._room.for_(recipe, self._most)
                if key is None or room < 1:
                    return waiting
                batch = _Batch(self._inbox, self._engine.batch(recipe), key, room)
            except UserError as error:
                self._inbox.send(failure_message(waiting.pop(0).job, error))
                continue
            except OutOfMemory:
                return waiting
            try:
                batch.run(waiting)
            except OutOfMemory:
                self._room.shrink(recipe, batch.size)
                waiting = batch.begins + waiting
            except UserError:
                # Whom it is about shows when each is dreamed alone.
                return batch.begins + waiting
        return []


class _Batch:
    """One batch under way. members: by their numbers. size: how many there were when the last joined."""

    def __init__(self, inbox: Inbox, batch: EngineBatch, key: Hashable, room: int) -> None:
        self._inbox = inbox
        self._batch = batch
        self._key = key
        self._room = room
        self.members: dict[int, _BatchMember] = {}
        self.size = 0

    @property
    def begins(self) -> list[StartJob]:
        """The jobs that are not done."""
        return [member.begin for member in self.members.values()]

    def run(self, waiting: list[StartJob]) -> None:
        """Until nobody is left, of those waiting neither. Raises OutOfMemory."""
        while True:
            self._part()
            while len(self.members) < self._room and (begin := self._next(waiting)):
                waiting.insert(0, begin)
                self._join(begin)
                del waiting[0]
            if not self.members:
                return
            try:
                with logs.job_context(",".join(begin.job for begin in self.begins)):
                    self._octave()
            except Exception as error:
                if isinstance(error, OutOfMemory) or not self._all_cancelled():
                    raise

    def _next(self, waiting: list[StartJob]) -> StartJob | None:
        return waiting.pop(0) if waiting else self._inbox.next_now(self._fits)

    def _fits(self, begin: StartJob) -> bool:
        try:
            return batch_key(Recipe.from_json(begin.recipe)) == self._key
        except UserError:
            return False

    def _join(self, begin: StartJob) -> None:
        self.size = len(self.members) + 1
        inputs = DreamInputs(begin.source, begin.guide, begin.mask)
        number = self._batch.join(inputs, Recipe.from_json(begin.recipe))
        self.members[number] = _BatchMember(begin, ProgressReporter(self._inbox, begin))

    def _part(self) -> None:
        """From those who were cancelled."""
        for number, member in tuple(self.members.items()):
            if self._inbox.is_cancelled(member.begin.job):
                self._batch.leave(number)
                del self.members[number]
                self._inbox.send(Stopped(member.begin.job))

    def _octave(self) -> None:
        started = time.monotonic()
        octave = self._batch.octave(self._all_cancelled)
        here: set[int] = set()
        done: dict[int, Pixels] = {}
        while True:
            try:
                steps = next(octave)
            except StopIteration as end:
                done = end.value
                break
            here.update(steps)
            for number, step in steps.items():
                self.members[number].teller.tell(step)
        for number in here:
            member = self.members[number]
            member.seconds += (time.monotonic() - started) / len(here)
            member.company |= len(here) > 1
        for number, dream in done.items():
            member = self.members.pop(number)
            plan = "batched" if member.company else None
            self._inbox.send(Finished(member.begin.job, member.seconds, plan, dream))

    def _all_cancelled(self) -> bool:
        return all(self._inbox.is_cancelled(member.begin.job) for member in self.members.values())


def _pixel_count(recipe: Recipe) -> int:
    return recipe.width * recipe.height
