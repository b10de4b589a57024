"""The runs on one device: progress, time limits, what may join them, and crash attribution.

Stills with the same batch key share a batch where the device is faster with batches. A short still is
interleaved between two steps of a video, so that a picture of ten seconds does not wait half an hour.
"""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence

from dreambot import errors
from dreambot.recipe.recipe import batch_key
from dreambot.scheduler.eta import DeviceSpeed, RemainingTime
from dreambot.scheduler.run import Run
from dreambot.workers.protocol import Failed, Finished, FrameDone, Message, Progress, ProtocolError, Stopped
from dreambot.workers.types import Done, FrameSink, JobFailed, Running, TimeBudgetExceeded, WeightsMissing

RunFilter = Callable[[Run], bool]

MAX_INTERLEAVED_S = 30.0
"""The longest still that is a film's guest, as estimated."""


def join_filter(active: Sequence[Run], *, batch: int, speed: DeviceSpeed) -> RunFilter | None:
    """What may join those active, of which there is at least one; None if nothing may. batch: how many jobs
    at once the device gains by."""
    first = active[0]
    if any(run.alone for run in active):
        return None
    if is_video(first):
        return None if len(active) > 1 else lambda run: _can_interleave(run, speed)
    key = batch_key(first.recipe)
    if key is None or len(active) >= batch:
        return None
    return lambda run: not run.alone and batch_key(run.recipe) == key


def is_video(run: Run) -> bool:
    """Whether it makes more than one picture."""
    return run.recipe.frames > 1


def _can_interleave(run: Run, speed: DeviceSpeed) -> bool:
    seconds = run.recipe.flops / speed.flops_per_second
    return not run.alone and not is_video(run) and seconds <= MAX_INTERLEAVED_S


TIME_LIMIT_FACTOR = 5.0


def time_limit(flops: float, speed: DeviceSpeed, least: float) -> float:
    """Seconds after which a job counts as hung: five times what it should take on this device, and at least
    `least`. So a still has the operator's time budget, and a long film on a slow device has what it needs;
    a worker that hangs in a short job is found out all the same."""
    return max(least, TIME_LIMIT_FACTOR * flops / speed.flops_per_second)


class ActiveRun:
    """A job that was given to a worker, until it is done or the worker is gone."""

    def __init__(
        self, run: Run, speed: DeviceSpeed, time_budget: float, overdue: Callable[["ActiveRun"], None]
    ) -> None:
        """overdue: called when the job has taken longer than it may."""
        self.run = run
        self.overdue = False
        self.began = time.monotonic()
        self.budget = time_limit(run.recipe.flops, speed, time_budget)
        self._time_left = RemainingTime()
        self._timer = asyncio.get_running_loop().call_later(self.budget, overdue, self)

    @property
    def elapsed(self) -> float:
        """Seconds since it began."""
        return time.monotonic() - self.began

    def tell(self, p: Progress) -> None:
        """Hands on how far it is."""
        eta = self._time_left.update(p.fraction, time.monotonic())
        self.run.publish(
            Running(p.fraction, p.octave, p.octaves, p.step, p.steps, p.objective, eta, p.picture)
        )

    def release(self) -> None:
        """It is over, one way or another."""
        self._timer.cancel()


class ActiveRuns:
    """All jobs that one worker is at, and how long it has been at some."""

    def __init__(self) -> None:
        self._flights: dict[str, ActiveRun] = {}
        self._since = 0.0
        self._seconds = 0.0

    def __iter__(self) -> Iterator[ActiveRun]:
        """In the order they began."""
        return iter(tuple(self._flights.values()))

    def __len__(self) -> int:
        """How many there are."""
        return len(self._flights)

    @property
    def runs(self) -> tuple[Run, ...]:
        """The jobs."""
        return tuple(flight.run for flight in self)

    @property
    def film(self) -> bool:
        """Whether one of them is a film."""
        return any(is_video(run) for run in self.runs)

    @property
    def seconds(self) -> float:
        """Since the first of those that are here now, or were when another joined; 0 if there are none."""
        return time.monotonic() - self._since if self._flights else 0.0

    @property
    def busy_seconds(self) -> float:
        """How long there have been some, in all."""
        return self._seconds + self.seconds

    def of(self, job: str) -> ActiveRun | None:
        """The job of that id."""
        return self._flights.get(job)

    def add(self, flight: ActiveRun) -> None:
        """One more."""
        if not self._flights:
            self._since = time.monotonic()
        self._flights[flight.run.job_id] = flight

    def release(self, flight: ActiveRun) -> None:
        """One less."""
        seconds = self.seconds
        flight.release()
        del self._flights[flight.run.job_id]
        if not self._flights:
            self._seconds += seconds

    def release_all(self) -> tuple[ActiveRun, ...]:
        """Those that were here."""
        active_runs = tuple(self)
        for flight in active_runs:
            self.release(flight)
        return active_runs


async def handle_message(
    message: Message, active: ActiveRuns, speed: DeviceSpeed, withdraw: Callable[[Run], None]
) -> ActiveRun | None:
    """Hands on a message; returns the job that is over with it. speed: learns from what is finished.
    withdraw: stops a job whose frames nobody takes. Raises ProtocolError for what no worker would say."""
    if not isinstance(message, (Progress, FrameDone, Finished, Failed, Stopped)):
        raise ProtocolError(f"{type(message).__name__} in the middle of work")
    flight = active.of(message.job)
    if not flight:
        raise ProtocolError(f"{type(message).__name__} of a job that it is not at")
    run = flight.run
    match message:
        case Progress():
            flight.tell(message)
        case FrameDone():
            if run.frames and not run.settled:
                await _deliver_frame(run, run.frames, message, withdraw)
        case Finished(seconds=seconds):
            speed.note(run.recipe.flops, seconds)
            run.finish(Done(message.picture, seconds, message.plan))
        case Failed(reason=reason, missing=network) if network:
            error = errors.Message.from_json(reason)
            run.fail(WeightsMissing(error.code, **{**error.params, "network": network}))
        case Failed(reason=reason):
            run.fail(JobFailed.of(errors.Message.from_json(reason)))
        case Stopped():
            pass
    return flight if isinstance(message, (Finished, Failed, Stopped)) else None


async def _deliver_frame(
    run: Run, sink: FrameSink, frame: FrameDone, withdraw: Callable[[Run], None]
) -> None:
    try:
        await sink(frame.index, frame.frames, frame.picture)
    except Exception as error:
        # Nobody takes the film any more; the worker says so when it has stopped.
        run.fail(error)
        withdraw(run)


MAX_CRASHES = 2


def attribute_crash(active_runs: Sequence[ActiveRun], *, crashed: bool) -> list[Run]:
    """Settles what cannot be tried again; returns the jobs that can, in the order they began.

    crashed: whether the worker ended by itself. With one job at hand, that job is blamed: the second time it
    fails, and at once if it was overdue. With several, any may have been it, but for a film that has used up
    its own time: from now on each is dreamed alone, so that the next time it is clear which.
    """
    several = len(active_runs) > 1
    hung = any(flight.overdue for flight in active_runs)
    if crashed and len(active_runs) == 1:
        active_runs[0].run.crashes += 1
    for flight in active_runs:
        run = flight.run
        if flight.overdue and (not several or is_video(run)):
            run.fail(TimeBudgetExceeded("errors-too-slow", seconds=round(flight.budget)))
        elif run.crashes >= MAX_CRASHES:
            run.fail(JobFailed("errors-broke-down"))
        elif several and (crashed or hung):
            run.alone = True
    return [flight.run for flight in active_runs if not flight.run.settled]
