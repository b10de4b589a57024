"""Runs several compatible jobs as one batch, which other jobs can join between octaves."""

import math
import time
from collections.abc import Hashable
from dataclasses import dataclass, field

from dreambot import logs
from dreambot.errors import UserError
from dreambot.media.picture import DreamInputs
from dreambot.recipe import Recipe
from dreambot.recipe.fast_paths import batch_key
from dreambot.workers.gpu.engine import BatchEngine, CannotBatch, EngineBatch, OutOfMemory
from dreambot.workers.gpu.inbox import Inbox, ProgressReporter, failure_message
from dreambot.workers.protocol import Finished, StartJob, Stopped
from dreambot.workers.types import Pixels


@dataclass
class _BatchMember:
    """A job. seconds: its share of the device's time. shared: whether it ever ran with others."""

    start: StartJob
    reporter: ProgressReporter
    seconds: float = 0.0
    shared: bool = False


_GROWTH = 1.25
"""The memory may have been used by others when a batch did not fit, so the limit rises again. A batch that
does not fit costs less than a step."""


@dataclass
class _BatchSizeLimits:
    """How many pixels at once fit into the memory, by model, as far as that is known."""

    pixels: dict[str, float] = field(default_factory=dict)

    def max_size(self, recipe: Recipe, batch: int) -> int:
        """Returns how many dreams of a recipe's size fit, at most `batch`."""
        return int(min(batch, self.pixels.get(recipe.model, math.inf) / _pixel_count(recipe)))

    def shrink(self, recipe: Recipe, dreams: int) -> None:
        """Sets the limit to half of that many dreams, because they did not fit."""
        self.pixels[recipe.model] = dreams * _pixel_count(recipe) / 2

    def grow(self, recipe: Recipe) -> None:
        """Raises the limit a little, after a batch of the size it allowed, or a dream that it kept out."""
        if recipe.model in self.pixels:
            self.pixels[recipe.model] *= _GROWTH


class BatchRunner:
    """Runs jobs in batches.

    A batch that does not fit into the memory starts again as smaller batches; a job that does not fit alone
    is left to the caller.
    """

    def __init__(self, inbox: Inbox, engine: BatchEngine, max_size: int) -> None:
        """Creates a runner.

        Args:
            inbox: where jobs arrive and answers are sent.
            engine: creates batches.
            max_size: the largest batch with which the device is faster.
        """
        self._inbox = inbox
        self._engine = engine
        self._max_size = max_size
        self._limits = _BatchSizeLimits()

    def run(self, start: StartJob) -> list[StartJob]:
        """Runs a job and those that can join it between two octaves, and answers them.

        Args:
            start: the job.

        Returns:
            The jobs that are too large or cannot be in a batch, which are not answered.
        """
        waiting = [start]
        while waiting:
            try:
                recipe = Recipe.from_json(waiting[0].recipe)
                key = batch_key(recipe)
                max_size = self._limits.max_size(recipe, self._max_size)
                if key is None:
                    return waiting
                if max_size < 1:
                    self._limits.grow(recipe)
                    return waiting
                batch = _Batch(self._inbox, self._engine.batch(recipe), key, max_size)
            except UserError as error:
                self._inbox.send(failure_message(waiting.pop(0).job, error))
                continue
            except OutOfMemory:
                return waiting
            try:
                batch.run(waiting)
                if batch.largest == max_size < self._max_size:
                    self._limits.grow(recipe)
            except OutOfMemory:
                self._limits.shrink(recipe, batch.size)
                waiting = batch.jobs + waiting
            except (UserError, CannotBatch):
                # Which job it is about shows when each runs alone.
                return batch.jobs + waiting
        return []


class _Batch:
    """A running batch. members: by number. size: their number when the last one joined; largest: at most."""

    def __init__(self, inbox: Inbox, batch: EngineBatch, key: Hashable, max_size: int) -> None:
        self._inbox = inbox
        self._batch = batch
        self._key = key
        self._max_size = max_size
        self.members: dict[int, _BatchMember] = {}
        self.size = self.largest = 0

    @property
    def jobs(self) -> list[StartJob]:
        """The jobs that are not done."""
        return [member.start for member in self.members.values()]

    def run(self, waiting: list[StartJob]) -> None:
        """Runs the batch, and the waiting jobs that join it, until none is left. Raises OutOfMemory."""
        while True:
            self._remove_cancelled()
            while len(self.members) < self._max_size and (start := self._next(waiting)):
                waiting.insert(0, start)
                self._join(start)
                del waiting[0]
            if not self.members:
                return
            try:
                with logs.job_context(",".join(start.job for start in self.jobs)):
                    self._octave()
            except Exception as error:
                if isinstance(error, OutOfMemory) or not self._all_cancelled():
                    raise

    def _next(self, waiting: list[StartJob]) -> StartJob | None:
        return waiting.pop(0) if waiting else self._inbox.next_now(self._fits)

    def _fits(self, start: StartJob) -> bool:
        try:
            return batch_key(Recipe.from_json(start.recipe)) == self._key
        except UserError:
            return False

    def _join(self, start: StartJob) -> None:
        self.size = len(self.members) + 1
        self.largest = max(self.largest, self.size)
        inputs = DreamInputs(start.source, start.guide, start.mask)
        number = self._batch.join(inputs, Recipe.from_json(start.recipe))
        self.members[number] = _BatchMember(start, ProgressReporter(self._inbox, start))

    def _remove_cancelled(self) -> None:
        for number, member in tuple(self.members.items()):
            if self._inbox.is_cancelled(member.start.job):
                self._batch.leave(number)
                del self.members[number]
                self._inbox.send(Stopped(member.start.job))

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
                self.members[number].reporter.report(step)
        for number in here:
            member = self.members[number]
            member.seconds += (time.monotonic() - started) / len(here)
            member.shared |= len(here) > 1
        for number, dream in done.items():
            member = self.members.pop(number)
            plan = "batched" if member.shared else None
            self._inbox.send(Finished(member.start.job, member.seconds, plan, dream))

    def _all_cancelled(self) -> bool:
        return all(self._inbox.is_cancelled(member.start.job) for member in self.members.values())


def _pixel_count(recipe: Recipe) -> int:
    return recipe.width * recipe.height
