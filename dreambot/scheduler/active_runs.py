"""The runs on one device: progress, time limits, what may join them, and crash attribution.

Stills with the same batch key share a batch where the device is faster with batches. A short still is
interleaved between two steps of a video, so that a picture of ten seconds does not wait half an hour.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence

from dreambot import errors
from dreambot.engine.progress import Progress
from dreambot.recipe.fast_paths import batch_key
from dreambot.scheduler.job_costs import JobCosts
from dreambot.scheduler.job_queue import RunFilter
from dreambot.scheduler.run import Run
from dreambot.workers.ipc import ProtocolError
from dreambot.workers.protocol import Failed, Finished, FrameDone, Message, StepDone, Stopped
from dreambot.workers.types import Done, FrameSink, JobFailed, TimeBudgetExceeded, WeightsMissing


def join_filter(active: Sequence[Run], *, batch: int, costs: JobCosts, model: str) -> RunFilter | None:
    """Returns which jobs may join the active ones, or None if none may.

    Args:
        active: the active jobs, at least one.
        batch: the largest number of stills with which the device is faster in a batch.
        costs: what was learned about jobs.
        model: the device's kind and model, see `device_model`.
    """
    first = active[0]
    if any(run.alone for run in active):
        return None
    if first.is_video:
        return None if len(active) > 1 else lambda run: costs.of(run, model).can_interleave
    key = batch_key(first.recipe)
    if key is None or len(active) >= batch:
        return None
    return lambda run: not run.alone and batch_key(run.recipe) == key


MIN_SECONDS = 1.0
MIN_FRACTION = 0.05
"""A pace is known when it was observed for this long and over this share of the job. The time before the
first step is left out: kernels are prepared then, which happens once."""
WINDOW_S = 3.0


class RemainingTime:
    """Estimates the remaining time of a running job from its recent progress.

    The pace is the progress over the later half of the observed time, and over `WINDOW_S` at least: it
    follows a machine that becomes busy or idle, and the slow first octaves do not count for long.
    """

    def __init__(self) -> None:
        self._samples: deque[tuple[float, float]] = deque()
        self._first = 0.0

    def update(self, fraction: float, now: float) -> float | None:
        """Adds a progress report.

        Args:
            fraction: share of the job's work that is done, 0 to 1.
            now: seconds on a monotonic clock.

        Returns:
            Seconds until the job is done, or None while the pace is not known.
        """
        if not self._samples:
            self._first = now
        self._samples.append((now, fraction))
        window = max(WINDOW_S, (now - self._first) / 2)
        while len(self._samples) > 2 and now - self._samples[1][0] >= window:
            self._samples.popleft()
        if fraction >= 1:
            return 0.0
        since, before = self._samples[0]
        if now - since < MIN_SECONDS or fraction - before < MIN_FRACTION:
            return None
        return (1 - fraction) * (now - since) / (fraction - before)


TIME_LIMIT_FACTOR = 5.0


def time_limit(expected: float, least: float) -> float:
    """Returns the seconds after which a job counts as hung.

    So a still has the operator's time budget, and a long video on a slow device has what it needs, but a
    worker that hangs in a short job is noticed.

    Args:
        expected: the seconds that the job is expected to take on this device, a fifth of its limit.
        least: the operator's time budget in seconds.
    """
    return max(least, TIME_LIMIT_FACTOR * expected)


class ActiveRun:
    """A job from when it was taken for a worker until it is done or the worker is gone."""

    def __init__(
        self,
        run: Run,
        *,
        taken: float,
        limit: float,
        on_time_limit: Callable[["ActiveRun"], None],
    ) -> None:
        """Starts the time limit; to be called when the worker is given the job.

        Args:
            run: the job.
            taken: when it was taken off the queue, in seconds of the monotonic clock.
            limit: seconds that it may run.
            on_time_limit: called when it has run for longer.
        """
        self.run = run
        self.overdue = False
        self.limit = limit
        self._taken = taken
        self._started = self._paced_until = time.monotonic()
        self._speed, self._seconds_alone = 1.0, 0.0
        self._remaining_time = RemainingTime()
        self._timer = asyncio.get_running_loop().call_later(limit, on_time_limit, self)

    @property
    def elapsed(self) -> float:
        """Seconds since the worker was given the job."""
        return time.monotonic() - self._started

    @property
    def seconds(self) -> float:
        """Seconds since it was taken off the queue."""
        return time.monotonic() - self._taken

    @property
    def fetch_seconds(self) -> float:
        """How long its source was fetched, while the device had nothing new to do."""
        return self._started - self._taken

    def set_speed(self, speed: float) -> None:
        """Records how fast it is from now on.

        Args:
            speed: relative to that with all threads of the CPU.
        """
        now = time.monotonic()
        self._seconds_alone += (now - self._paced_until) * self._speed
        self._speed, self._paced_until = speed, now

    @property
    def mean_speed(self) -> float:
        """Its speed so far, relative to that with all threads of the CPU."""
        self.set_speed(self._speed)
        return self._seconds_alone / max(self.elapsed, 1e-9)

    def publish(self, step: StepDone) -> None:
        """Publishes the worker's report of a step with an estimate of the remaining time.

        Args:
            step: The report.
        """
        self.run.publish(
            Progress(
                step.fraction,
                step.octave,
                step.octaves,
                step.step,
                step.steps,
                step.objective,
                eta=self._remaining_time.update(step.fraction, time.monotonic()),
                preview=step.picture,
            )
        )

    def release(self) -> None:
        """Ends the time limit."""
        self._timer.cancel()


class ActiveRuns:
    """All jobs of one worker, and how long it has had some."""

    def __init__(self) -> None:
        self._active: dict[str, ActiveRun] = {}
        self._since = 0.0
        self._seconds = 0.0

    def __iter__(self) -> Iterator[ActiveRun]:
        """Iterates in the order in which they began."""
        return iter(tuple(self._active.values()))

    def __len__(self) -> int:
        return len(self._active)

    @property
    def runs(self) -> tuple[Run, ...]:
        """The jobs."""
        return tuple(active.run for active in self)

    @property
    def has_video(self) -> bool:
        """Whether one of them is a video."""
        return any(run.is_video for run in self.runs)

    @property
    def seconds(self) -> float:
        """Seconds since it was empty; 0 if it is."""
        return time.monotonic() - self._since if self._active else 0.0

    @property
    def busy_seconds(self) -> float:
        """How long there have been some, in total."""
        return self._seconds + self.seconds

    def get(self, job: str) -> ActiveRun | None:
        """Returns a job, or None if it is not active.

        Args:
            job: its id.
        """
        return self._active.get(job)

    def add(self, active: ActiveRun) -> None:
        """Adds a job.

        Args:
            active: the job.
        """
        if not self._active:
            self._since = time.monotonic()
        self._active[active.run.job_id] = active

    def release(self, active: ActiveRun) -> None:
        """Takes a job out and ends its time limit.

        Args:
            active: the job, which must be one of them.
        """
        seconds = self.seconds
        active.release()
        del self._active[active.run.job_id]
        if not self._active:
            self._seconds += seconds

    def release_all(self) -> tuple[ActiveRun, ...]:
        """Takes all jobs out and returns them."""
        released = tuple(self)
        for active in released:
            self.release(active)
        return released


async def handle_message(
    message: Message, active_runs: ActiveRuns, withdraw: Callable[[Run], None]
) -> ActiveRun | None:
    """Publishes progress, hands frames on, and ends jobs with their results.

    Args:
        message: from the worker.
        active_runs: the worker's jobs.
        withdraw: stops a job whose frames cannot be taken.

    Returns:
        The job that ended with this message, if any.

    Raises:
        ProtocolError: a worker may not send this message now.
    """
    if not isinstance(message, (StepDone, FrameDone, Finished, Failed, Stopped)):
        raise ProtocolError(f"{type(message).__name__} while jobs run")
    active = active_runs.get(message.job)
    if not active:
        raise ProtocolError(f"{type(message).__name__} of a job that the worker was not given")
    run = active.run
    match message:
        case StepDone():
            active.publish(message)
        case FrameDone():
            if run.frames and not run.settled:
                await _deliver_frame(run, run.frames, message, withdraw)
        case Finished():
            run.finish(Done(message.picture, message.seconds, message.plan))
        case Failed(reason=reason, missing=network) if network:
            error = errors.Message.from_json(reason)
            run.fail(WeightsMissing(error.code, **{**error.params, "network": network}))
        case Failed(reason=reason):
            run.fail(JobFailed.of(errors.Message.from_json(reason)))
        case Stopped():
            pass
    return active if isinstance(message, (Finished, Failed, Stopped)) else None


async def _deliver_frame(
    run: Run, sink: FrameSink, frame: FrameDone, withdraw: Callable[[Run], None]
) -> None:
    try:
        await sink(frame.index, frame.frames, frame.picture)
    except Exception as error:
        # The worker reports when it has stopped.
        run.fail(error)
        withdraw(run)


MAX_CRASHES = 2


def attribute_crash(active_runs: Sequence[ActiveRun], *, crashed: bool) -> list[Run]:
    """Fails the jobs that cannot be tried again when a worker is gone.

    With one active job, that job caused it: it fails the second time, and at once if it was overdue. With
    several, any of them may have caused it, except that an overdue video has used up its own time. From then
    on each of them runs alone, so that the next time it is clear which one causes it.

    Args:
        active_runs: the jobs that the worker had.
        crashed: whether the worker exited by itself.

    Returns:
        The jobs to try again, in the order in which they began.
    """
    several = len(active_runs) > 1
    hung = any(active.overdue for active in active_runs)
    if crashed and len(active_runs) == 1:
        active_runs[0].run.crashes += 1
    for active in active_runs:
        run = active.run
        if active.overdue and (not several or run.is_video):
            run.fail(TimeBudgetExceeded("errors-too-slow", seconds=round(active.limit)))
        elif run.crashes >= MAX_CRASHES:
            run.fail(JobFailed("errors-broke-down"))
        elif several and (crashed or hung):
            run.alone = True
    return [active.run for active in active_runs if not active.run.settled]
