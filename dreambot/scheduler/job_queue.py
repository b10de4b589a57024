"""The queue of jobs that wait for a device: its limits, its order, and the devices that take jobs from it."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from dreambot.scheduler.eta import ArrivalMeter, ArrivalRates
from dreambot.scheduler.run import Run
from dreambot.scheduler.two_class_queue import LONG_SECONDS, JobAttributes, Lookahead, TwoClassQueue
from dreambot.workers.protocol import Ready
from dreambot.workers.types import QueueFull


class Device(Protocol):
    """What takes jobs off the queue."""

    @property
    def ready(self) -> Ready | None:
        """What it is, once that is known."""

    @property
    def alive(self) -> bool:
        """Whether it can work."""


def device_model(device: Device | None) -> str:
    """Its kind and its model: the same for devices that are as fast as one another."""
    ready = device.ready if device else None
    return f"{ready.kind} {ready.name}" if ready else "cpu"


RunFilter = Callable[[Run], bool]


@dataclass(frozen=True)
class QueueLimits:
    """How many jobs may wait: of one person, of one server, in all."""

    person: int = 20
    server: int = 100
    total: int = 200


@dataclass(frozen=True, slots=True)
class WaitingRun:
    """A job that waits. since: by the queue's clock."""

    since: float
    terms: JobAttributes


@dataclass(frozen=True, slots=True)
class StartedRun:
    """A job that was given out. at: when, by the queue's clock. by: who took it. waiting: what it was
    before."""

    at: float
    by: Device | None
    waiting: WaitingRun


class JobQueue:
    """Fair between people and servers, see `FairOrder`; short jobs pass long ones, see `Turns`."""

    def __init__(
        self,
        caps: QueueLimits,
        changed: Callable[[], None],
        *,
        expect: Callable[[Run], float] = lambda run: 0.0,
        devices: Callable[[], int] = lambda: 1,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """changed: called whenever somebody's place may have changed. expect: seconds that a job will take.
        devices: how many there are, of which long jobs leave one to short ones."""
        self._caps = caps
        self._changed = changed
        self._expect = expect
        self._devices = devices
        self._clock = clock
        self._turns: TwoClassQueue[Run] = TwoClassQueue()
        self._arrivals = ArrivalMeter(clock())
        self._waiting: dict[Run, WaitingRun] = {}
        self._started: dict[Run, StartedRun] = {}
        self._people: Counter[int | None] = Counter()
        self._servers: Counter[int | None] = Counter()
        self._pulse = asyncio.Event()
        self._paused = False

    def __len__(self) -> int:
        return len(self._waiting)

    def __contains__(self, run: Run) -> bool:
        return run in self._waiting

    def __iter__(self) -> Iterator[Run]:
        """In the order they will start."""
        return iter(tuple(self._turns))

    @property
    def oldest_wait(self) -> float:
        """Seconds that the job that has waited longest has waited; 0 where none waits."""
        since = min((waiting.since for waiting in self._waiting.values()), default=None)
        return 0.0 if since is None else self._clock() - since

    @property
    def long_waiting(self) -> int:
        """How many of those that wait are long jobs."""
        return sum(waiting.terms.long for waiting in self._waiting.values())

    @property
    def started(self) -> Mapping[Run, StartedRun]:
        """The jobs that were given out and are neither settled nor put back."""
        return self._started

    def course(self) -> Lookahead[Run]:
        """A copy to look ahead with."""
        return self._turns.course()

    def newcomers(self) -> ArrivalRates:
        """The work that came lately and was served before others."""
        return self._arrivals.rates(self._clock())

    def put(self, run: Run) -> None:
        """Adds a job at its fair place. Raises QueueFull, but not for one that was accepted before: that one
        goes before its owner's newer ones."""
        if not run.accepted:
            self._check_room(run)
        run.add_done_callback(self._settled)
        seconds = self._expect(run)
        terms = JobAttributes(run.owner, run.guild, seconds, is_long(run, seconds), run.accepted)
        now = self._clock()
        self._turns.put(run, terms)
        if turn := self._turns.turn(run):
            self._arrivals.note(now, *turn, seconds)
        self._admit(run, WaitingRun(now, terms))

    def put_back(self, run: Run) -> None:
        """Puts a job that was taken before all others, for its device was lost; not if it is settled."""
        started = self._started.pop(run, None)
        if started and not run.settled:
            self._turns.put_first(run, started.waiting.terms)
            self._admit(run, started.waiting)

    def remove(self, run: Run) -> None:
        """Takes a job out, if it is there."""
        if self._turns.remove(run):
            self._dismiss(run)

    def pause(self) -> None:
        """Gives no more jobs out."""
        self._paused = True

    async def take(self, fits: RunFilter | None = None, *, by: Device | None = None) -> Run:
        """Waits for the next job, or the next of those that fit, and takes it. by: the device that does. A
        cancelled `take` loses none."""
        while (run := self.take_now(fits, by=by)) is None:
            self._pulse.clear()
            await self._pulse.wait()
        return run

    def take_now(self, fits: RunFilter | None = None, *, by: Device | None = None) -> Run | None:
        """The same without waiting: None if there is none."""
        run = None if self._paused else self._turns.take(fits, allow_long=self._long_allowed())
        if run:
            run.place = 0
            self._started[run] = StartedRun(self._clock(), by, self._waiting[run])
            self._dismiss(run)
        return run

    def _long_allowed(self) -> bool:
        """Whether a long job would leave a device to the short ones; the only device is everybody's."""
        devices = self._devices()
        running = sum(
            started.waiting.terms.long and not run.settled for run, started in self._started.items()
        )
        return devices <= 1 or running + 1 < devices

    def _admit(self, run: Run, waiting: WaitingRun) -> None:
        self._waiting[run] = waiting
        self._people[run.owner] += 1
        self._servers[run.guild] += 1
        self._notify()

    def _dismiss(self, run: Run) -> None:
        del self._waiting[run]
        for counter, key in ((self._people, run.owner), (self._servers, run.guild)):
            counter[key] -= 1
            if not counter[key]:
                del counter[key]
        self._notify()

    def _settled(self, run: Run) -> None:
        if self._started.pop(run, None):
            # There may be room for a long job now.
            self._pulse.set()

    def _notify(self) -> None:
        self._pulse.set()
        self._changed()

    def _check_room(self, run: Run) -> None:
        caps = self._caps
        if run.owner is not None and self._people[run.owner] >= caps.person:
            raise QueueFull("errors-person-full", count=caps.person)
        if run.guild is not None and self._servers[run.guild] >= caps.server:
            raise QueueFull("errors-server-full", count=caps.server)
        if len(self) >= caps.total:
            raise QueueFull("errors-all-full", count=caps.total)


def is_long(run: Run, seconds: float) -> bool:
    """Whether a job expected to take so many seconds is a long one: every film is."""
    return run.recipe.frames > 1 or seconds > LONG_SECONDS
