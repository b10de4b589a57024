"""A job in an executor's hands, and what every executor offers."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Protocol

from dreambot.executor.estimate import DisplayedTime
from dreambot.executor.latest import Latest
from dreambot.executor.state import DeviceState
from dreambot.executor.types import Done, Event, FrameSink, JobCancelled, Queued, Running, Source
from dreambot.recipe import Precision, Recipe


class Run:
    """One submitted job. Callers use `events`, `result`, `cancel` and `place`; the rest is for executors."""

    def __init__(
        self,
        job_id: str,
        recipe: Recipe,
        source: Source,
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
        self._events: Latest[Event] = Latest()
        self._result: asyncio.Future[Done] = asyncio.get_running_loop().create_future()
        # A caller may never ask for the result of what it cancelled: that is no mistake to log.
        self._result.add_done_callback(lambda result: result.exception())

    def events(self) -> AsyncIterator[Event]:
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

    def when_settled(self, call: Callable[["Run"], object]) -> None:
        """Calls it with this run, soon after it is settled."""
        self._result.add_done_callback(lambda _: call(self))

    def publish(self, event: Event) -> None:
        """Tells the readers."""
        self.place = event.place if isinstance(event, Queued) else 0
        self.fraction, self.seconds_left = 0.0, None
        if isinstance(event, Running):
            self.fraction, self.seconds_left = event.fraction, event.eta
        self._events.put(replace(event, eta=self._displayed_time.update(event.eta)))

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
    def learnt(self) -> str:
        """How long jobs take here, as found out by now: for `remember` in another life."""

    def remember(self, learnt: str) -> None:
        """Takes up what an earlier life had `learnt`; what cannot be read is learnt anew. Before `start`."""

    async def start(self) -> None:
        """Returns when the devices are ready. Raises ExecutorUnfit."""

    async def close(self) -> None:
        """Cancels everything and leaves nothing behind."""

    def submit(
        self,
        job_id: str,
        recipe: Recipe,
        source: Source,
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

    def lanes_state(self) -> tuple[DeviceState, ...]:
        """How each device is, now."""

    def waiting(self) -> tuple[int, float]:
        """How many jobs wait, and for how many seconds the oldest of them has."""
