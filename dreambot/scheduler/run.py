"""A submitted job (`Run`) with its events and result, the state of a device, and the interface of
executors."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from typing import Generic, Protocol, TypeVar

from dreambot.engine.progress import Progress
from dreambot.recipe import Precision, Recipe
from dreambot.scheduler.eta import DisplayedTime
from dreambot.workers.types import Done, FrameSink, InputsProvider, JobCancelled

T = TypeVar("T")


class LatestValue(Generic[T]):
    """Latest wins: a slow reader skips what it missed, so nothing piles up. Any number of readers."""

    def __init__(self) -> None:
        self._values: tuple[T, ...] = ()
        self._version = 0
        self._closed = False
        self._pulse = asyncio.Event()

    def put(self, value: T) -> None:
        """Replaces the value; nothing happens after `close`."""
        if not self._closed:
            self._values = (value,)
            self._version += 1
            self._wake()

    def close(self) -> None:
        """No more values: readers get the newest if they have not seen it, and end."""
        self._closed = True
        self._wake()

    def _wake(self) -> None:
        pulse, self._pulse = self._pulse, asyncio.Event()
        pulse.set()

    async def __aiter__(self) -> AsyncIterator[T]:
        seen = 0
        while True:
            if seen != self._version:
                seen = self._version
                yield self._values[0]
            elif self._closed:
                return
            else:
                await self._pulse.wait()


@dataclass(frozen=True)
class DeviceState:
    """A device now.

    name: what it is called in the log. kind: "cpu", "cuda", "mps"; device: what people call it; both empty
    until its worker was ready once. jobs: the ids of those at hand. restarts: how often its worker ended and
    had to be started again. trouble: why it is not to be counted on at present. busy_seconds: how long it has
    had jobs at hand, in all. batch: how many jobs share it now.
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


class Run:
    """One submitted job. Callers use `events`, `result`, `cancel` and `place`; the rest is for executors."""

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
        """accepted: it was promised before, so no queue is too full for it. withdraw: called once if the job
        is cancelled, to take it off the queue or the device."""
        self.job_id = job_id
        self.recipe = recipe
        self.source = source
        self.owner = owner
        self.guild = guild
        self.accepted = accepted
        self.frames = frames
        self.place = 0
        self.fraction = 0.0
        self.seconds_left: float | None = None
        self._displayed_time = DisplayedTime()
        # Of its worker, while it was the only job there.
        self.crashes = 0
        # A worker ended with this and other jobs at hand, any of which may be to blame.
        self.alone = False
        self._withdraw = withdraw
        self._events: LatestValue[Progress] = LatestValue()
        self._result: asyncio.Future[Done] = asyncio.get_running_loop().create_future()
        # A caller may never ask for the result of what it cancelled: that is no mistake to log.
        self._result.add_done_callback(lambda result: result.exception())

    def events(self) -> AsyncIterator[Progress]:
        """How it goes, until it is settled one way or another. A slow reader skips what it missed."""
        return aiter(self._events)

    async def result(self) -> Done:
        """The dream. Raises JobFailed, TimeBudgetExceeded, JobCancelled, or what the source raised."""
        return await asyncio.shield(self._result)

    def cancel(self) -> None:
        """Takes the job back, whether it waits or runs; a running device stops after the step it is in."""
        if not self.settled:
            self.fail(JobCancelled("The dream was cancelled."))
            self._withdraw(self)

    @property
    def settled(self) -> bool:
        """Whether there is a result or a failure."""
        return self._result.done()

    @property
    def done(self) -> bool:
        """Whether there is a result."""
        return self.settled and not self._result.cancelled() and self._result.exception() is None

    def add_done_callback(self, call: Callable[["Run"], object]) -> None:
        """Calls it with this run, soon after it is settled."""
        self._result.add_done_callback(lambda _: call(self))

    def publish(self, progress: Progress) -> None:
        """Hands progress to the readers of `events`, with the estimate smoothed for display."""
        self.place, self.fraction = progress.position, progress.fraction
        self.seconds_left = progress.eta if progress.running else None
        self._events.put(replace(progress, eta=self._displayed_time.update(progress.eta)))

    def finish(self, done: Done) -> None:
        """Settles it with a result, if it is not settled yet."""
        if not self.settled:
            self._result.set_result(done)
            self._events.close()

    def fail(self, error: BaseException) -> None:
        """Settles it with a failure, if it is not settled yet."""
        if not self.settled:
            self._result.set_exception(error)
            self._events.close()


class Executor(Protocol):
    """Runs jobs on devices."""

    @property
    def precision(self) -> Precision:
        """What new recipes should ask for, so that every device is at its best. Known after `start`."""

    @property
    def learned(self) -> str:
        """How long jobs take here, as found out by now: for `remember` in another life."""

    def remember(self, learned: str) -> None:
        """Takes up what an earlier life had `learned`; what cannot be read is learned anew. Before
        `start`."""

    async def start(self) -> None:
        """Returns when the devices are ready. Raises ExecutorStartError."""

    async def close(self) -> None:
        """Cancels everything and leaves nothing behind."""

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
        """Queues a job; `source` may be a function that fetches the pictures when the job's turn comes; of a
        film, `frames` gets the frames. owner, guild: between whom to be fair. accepted: it was promised
        before, in another life perhaps, so no queue is too full for it. Raises QueueFull, and JobFailed once
        it is closed."""

    def pause(self) -> None:
        """Starts no more jobs; those at hand go on."""

    def device_states(self) -> tuple[DeviceState, ...]:
        """How each device is, now."""

    def waiting(self) -> tuple[int, float]:
        """How many jobs wait, and for how many seconds the oldest of them has."""
