"""A submitted job with its events and result, the state of a device, and the interface of executors."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from typing import Generic, Protocol, TypeVar

from dreambot.engine.progress import Progress
from dreambot.recipe import Precision, Recipe
from dreambot.workers.types import Done, FrameSink, InputsProvider, JobCancelled

T = TypeVar("T")


class LatestValue(Generic[T]):
    """A value that any number of readers follow. A slow reader skips what it missed, so nothing piles up."""

    def __init__(self) -> None:
        self._values: tuple[T, ...] = ()
        self._version = 0
        self._closed = False
        self._changed = asyncio.Event()

    def put(self, value: T) -> None:
        """Replaces the value. After `close` it does nothing.

        Args:
            value: the new value.
        """
        if not self._closed:
            self._values = (value,)
            self._version += 1
            self._notify()

    def close(self) -> None:
        """Ends the readers' iteration, after the newest value if they have not seen it."""
        self._closed = True
        self._notify()

    def _notify(self) -> None:
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    async def __aiter__(self) -> AsyncIterator[T]:
        seen = 0
        while True:
            if seen != self._version:
                seen = self._version
                yield self._values[0]
            elif self._closed:
                return
            else:
                await self._changed.wait()


HOLD_FACTOR, HOLD_SECONDS = 1.2, 1.0
"""An estimate that is later than the displayed one by less than this is not displayed."""


class DisplayedTime:
    """Keeps the remaining time that a person sees from growing more than once.

    A slightly later estimate leaves the displayed one as it is. The first estimate that is clearly later is
    displayed. After that, later estimates are replaced by None (no time is shown) until they are no longer
    later than what was displayed.
    """

    def __init__(self) -> None:
        self._displayed: float | None = None
        self._grown = False

    def update(self, estimate: float | None) -> float | None:
        """Returns what to display for a new estimate.

        Args:
            estimate: the remaining seconds, or None if they are not known.

        Returns:
            Seconds to display, or None to display no time.
        """
        if estimate is None:
            return None
        if self._displayed is not None and estimate > self._displayed:
            if estimate <= HOLD_FACTOR * self._displayed + HOLD_SECONDS:
                return self._displayed
            if self._grown:
                return None
            self._grown = True
        self._displayed = estimate
        return estimate


@dataclass(frozen=True)
class DeviceState:
    """A device as it is now.

    Attributes:
        name: its name in the log.
        kind: "cpu", "cuda" or "mps"; empty until its worker was ready once.
        device: its model, for people; empty until its worker was ready once.
        alive: whether its worker runs.
        jobs: the ids of its active jobs.
        restarts: how often its worker exited and was started again.
        trouble: why it cannot be relied on at present, or None.
        busy_seconds: how long it has had active jobs, in total.
        batch: how many jobs share it now; 0 if it is idle or makes a video.
        check_problem: what its self-check found; empty if it passed.
    """

    name: str
    kind: str
    device: str
    alive: bool
    jobs: tuple[str, ...]
    restarts: int
    trouble: str | None
    busy_seconds: float
    batch: int
    check_problem: str = ""


class Run:
    """A submitted job.

    Callers use `events`, `result`, `cancel` and `position`; executors use the other members.
    """

    def __init__(
        self,
        job_id: str,
        recipe: Recipe,
        source: InputsProvider,
        *,
        owner: int | None,
        guild: int | None = None,
        accepted: bool = False,
        withdraw: Callable[["Run"], None],
        frames: FrameSink | None = None,
    ) -> None:
        """Creates a job that is neither queued nor running.

        Args:
            job_id: the job's id, as in the log.
            recipe: what to dream.
            source: the pictures, or what fetches them when the job starts.
            owner: the user it counts for in the fair order, or None.
            guild: the server it counts for in the fair order, or None.
            accepted: whether it was accepted before, so that no queue is too full for it.
            withdraw: called once if the job is cancelled, to take it off the queue or the device.
            frames: takes the frames of a video.
        """
        self.job_id = job_id
        self.recipe = recipe
        self.source = source
        self.owner = owner
        self.guild = guild
        self.accepted = accepted
        self.frames = frames
        self.position = 0
        self.fraction = 0.0
        self.seconds_left: float | None = None
        # How often a worker crashed while this was its only job.
        self.crashes = 0
        # Whether a worker exited with this and other jobs active, any of which may have caused it.
        self.alone = False
        self._displayed_time = DisplayedTime()
        self._withdraw = withdraw
        self._events: LatestValue[Progress] = LatestValue()
        self._result: asyncio.Future[Done] = asyncio.get_running_loop().create_future()
        # A caller need not ask for the result of a job that it cancelled: that is not worth a warning.
        self._result.add_done_callback(lambda result: result.exception())

    @property
    def is_video(self) -> bool:
        """Whether more than one image is dreamed. A clip takes as long as its still."""
        return self.recipe.dreamed_images > 1

    def events(self) -> AsyncIterator[Progress]:
        """Iterates over its progress until it ends. A slow reader skips what it missed."""
        return aiter(self._events)

    async def result(self) -> Done:
        """Waits for the dream.

        Raises:
            JobFailed: it could not be finished; TimeBudgetExceeded if it took too long.
            JobCancelled: it was cancelled.
            Exception: what the source raised.
        """
        return await asyncio.shield(self._result)

    def cancel(self) -> None:
        """Cancels the job, queued or running. A device stops after the step that it is in."""
        if not self.settled:
            self.fail(JobCancelled("The dream was cancelled."))
            self._withdraw(self)

    @property
    def settled(self) -> bool:
        """Whether there is a result or a failure."""
        return self._result.done()

    def add_done_callback(self, call: Callable[["Run"], object]) -> None:
        """Schedules a call for when the job has ended.

        Args:
            call: called with this run, soon after it has ended.
        """
        self._result.add_done_callback(lambda _: call(self))

    def publish(self, progress: Progress) -> None:
        """Hands progress to the readers, with the time that may be displayed (see `DisplayedTime`).

        Args:
            progress: The newest progress; its `eta` is the plain estimate, which is kept as `seconds_left`
                while the job runs.
        """
        self.position, self.fraction = progress.position, progress.fraction
        self.seconds_left = progress.eta if progress.running else None
        self._events.put(replace(progress, eta=self._displayed_time.update(progress.eta)))

    def finish(self, done: Done) -> None:
        """Ends it with a result, unless it has ended.

        Args:
            done: the dream.
        """
        if not self.settled:
            self._result.set_result(done)
            self._events.close()

    def fail(self, error: BaseException) -> None:
        """Ends it with a failure, unless it has ended.

        Args:
            error: what `result` raises.
        """
        if not self.settled:
            self._result.set_exception(error)
            self._events.close()


class Executor(Protocol):
    """Runs jobs on devices."""

    @property
    def precision(self) -> Precision:
        """The precision for new recipes that suits every device. Known after `start`."""

    @property
    def learned(self) -> str:
        """How long jobs take here, for `remember` after a restart."""

    def remember(self, learned: str) -> None:
        """Restores what was learned before a restart. To be called before `start`.

        Args:
            learned: what `learned` returned; text that cannot be read is ignored.
        """

    async def start(self) -> None:
        """Returns when the devices are ready.

        Raises:
            ExecutorStartError: no device can be used as the settings ask.
        """

    async def close(self) -> None:
        """Cancels every job and ends every worker."""

    def submit(
        self,
        job_id: str,
        recipe: Recipe,
        source: InputsProvider,
        *,
        owner: int | None = None,
        guild: int | None = None,
        accepted: bool = False,
        frames: FrameSink | None = None,
    ) -> Run:
        """Queues a job.

        Args:
            job_id: the job's id, as in the log.
            recipe: what to dream.
            source: the pictures, or a function that fetches them when the job starts.
            owner: the user it counts for in the fair order, or None.
            guild: the server it counts for in the fair order, or None.
            accepted: whether it was accepted before, perhaps before a restart, so that no queue is too full
                for it.
            frames: takes the frames of a video.

        Raises:
            QueueFull: the user, the server or the bot has too many waiting jobs.
            JobFailed: the executor is closed.
        """

    def pause(self) -> None:
        """Starts no more jobs; active jobs go on."""

    def device_states(self) -> tuple[DeviceState, ...]:
        """Returns the state of every device."""

    def waiting(self) -> tuple[int, float]:
        """Returns how many jobs wait, and for how many seconds the oldest of them has."""
