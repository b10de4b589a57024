"""The queue of jobs that wait for a device: its limits, its order, and the devices that take jobs from it."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from dreambot.scheduler.fair_queue import LONG_SECONDS, JobAttributes, StartOrder, TwoClassQueue
from dreambot.scheduler.run import Run
from dreambot.workers.protocol import Ready
from dreambot.workers.types import QueueFull


class Device(Protocol):
    """What takes jobs off the queue."""

    @property
    def ready(self) -> Ready | None:
        """What its worker reported; None before the worker was ready once."""

    @property
    def alive(self) -> bool:
        """Whether its worker runs."""


def device_model(device: Device | None) -> str:
    """Returns a device's kind and model, which are the same for devices that are equally fast.

    Args:
        device: the device; "cpu" stands for None and for one that was never ready.
    """
    ready = device.ready if device else None
    return f"{ready.kind} {ready.name}" if ready else "cpu"


RunFilter = Callable[[Run], bool]


@dataclass(frozen=True)
class QueueLimits:
    """How many jobs may wait.

    Attributes:
        person: of one person.
        server: of one server.
        total: of all.
    """

    person: int = 20
    server: int = 100
    total: int = 200


@dataclass(frozen=True, slots=True)
class WaitingRun:
    """A waiting job.

    Attributes:
        since: when it was queued, by the queue's clock.
        attributes: what its place in the order depends on.
    """

    since: float
    attributes: JobAttributes


@dataclass(frozen=True, slots=True)
class StartedRun:
    """A job that a device has taken.

    Attributes:
        at: when, by the queue's clock.
        by: the device, if it is known.
        waiting: what it was before.
    """

    at: float
    by: Device | None
    waiting: WaitingRun


class JobQueue:
    """The waiting jobs.

    The order is fair between people and servers, and short jobs overtake long ones; see `fair_queue`.
    """

    def __init__(
        self,
        limits: QueueLimits,
        on_change: Callable[[], None],
        *,
        expect: Callable[[Run], float] = lambda run: 0.0,
        devices: Callable[[], int] = lambda: 1,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Creates an empty queue.

        Args:
            limits: how many jobs may wait.
            on_change: called whenever positions may have changed.
            expect: returns the seconds that a job is expected to take.
            devices: returns the number of devices, of which long jobs leave one to short ones.
            clock: returns seconds.
        """
        self._limits = limits
        self._on_change = on_change
        self._expect = expect
        self._devices = devices
        self._clock = clock
        self._order: TwoClassQueue[Run] = TwoClassQueue()
        self._waiting: dict[Run, WaitingRun] = {}
        self._started: dict[Run, StartedRun] = {}
        self._by_person: Counter[int | None] = Counter()
        self._by_server: Counter[int | None] = Counter()
        self._changed = asyncio.Event()
        self._paused = False

    def __len__(self) -> int:
        return len(self._waiting)

    def __contains__(self, run: Run) -> bool:
        return run in self._waiting

    def __iter__(self) -> Iterator[Run]:
        """Iterates in the order in which the jobs start."""
        return iter(tuple(self._order))

    @property
    def oldest_wait(self) -> float:
        """Seconds that the oldest waiting job has waited; 0 without one."""
        since = min((waiting.since for waiting in self._waiting.values()), default=None)
        return 0.0 if since is None else self._clock() - since

    @property
    def long_waiting(self) -> int:
        """The number of waiting long jobs."""
        return sum(waiting.attributes.long for waiting in self._waiting.values())

    @property
    def started(self) -> Mapping[Run, StartedRun]:
        """The jobs that devices have taken and that have neither ended nor been put back."""
        return self._started

    def start_order(self) -> StartOrder[Run]:
        """Returns a copy to look ahead with."""
        return self._order.start_order()

    def put(self, run: Run) -> None:
        """Adds a job at its fair place. A job that was accepted before goes before its owner's newer ones.

        Args:
            run: the job.

        Raises:
            QueueFull: the user, the server or the bot has too many waiting jobs; not for a job that was
                accepted before.
        """
        if not run.accepted:
            self._check_limits(run)
        run.add_done_callback(self._on_settled)
        seconds = self._expect(run)
        # Every video is a long job.
        long = run.is_video or seconds > LONG_SECONDS
        attributes = JobAttributes(run.owner, run.guild, seconds, long, run.accepted)
        self._order.put(run, attributes)
        self._add(run, WaitingRun(self._clock(), attributes))

    def put_back(self, run: Run) -> None:
        """Puts a job before all others because its device was lost, unless it has ended.

        Args:
            run: a job that was taken.
        """
        started = self._started.pop(run, None)
        if started and not run.settled:
            self._order.put_first(run, started.waiting.attributes)
            self._add(run, started.waiting)

    def remove(self, run: Run) -> None:
        """Takes a job out that will not start.

        Args:
            run: the job, which need not be in the queue.
        """
        if self._order.remove(run):
            self._discard(run)

    def pause(self) -> None:
        """Lets no more jobs start."""
        self._paused = True

    async def take(self, fits: RunFilter | None = None, *, by: Device | None = None) -> Run:
        """Waits for the next job and takes it. If it is cancelled, no job is lost.

        Args:
            fits: which jobs may be taken; all by default.
            by: the device that takes it.
        """
        while (run := self.take_now(fits, by=by)) is None:
            self._changed.clear()
            await self._changed.wait()
        return run

    def take_now(self, fits: RunFilter | None = None, *, by: Device | None = None) -> Run | None:
        """Takes the next job, or returns None without one.

        Args:
            fits: which jobs may be taken; all by default.
            by: the device that takes it.
        """
        run = None if self._paused else self._order.take(fits, allow_long=self._allow_long())
        if run:
            run.position = 0
            self._started[run] = StartedRun(self._clock(), by, self._waiting[run])
            self._discard(run)
        return run

    def _allow_long(self) -> bool:
        long_running = sum(
            started.waiting.attributes.long and not run.settled for run, started in self._started.items()
        )
        return leaves_room_for_short(long_running, self._devices())

    def _add(self, run: Run, waiting: WaitingRun) -> None:
        self._waiting[run] = waiting
        self._by_person[run.owner] += 1
        self._by_server[run.guild] += 1
        self._notify()

    def _discard(self, run: Run) -> None:
        del self._waiting[run]
        for counter, key in ((self._by_person, run.owner), (self._by_server, run.guild)):
            counter[key] -= 1
            if not counter[key]:
                del counter[key]
        self._notify()

    def _on_settled(self, run: Run) -> None:
        if self._started.pop(run, None):
            # Now a long job may be allowed to start.
            self._changed.set()

    def _notify(self) -> None:
        self._changed.set()
        self._on_change()

    def _check_limits(self, run: Run) -> None:
        caps = self._limits
        if run.owner is not None and self._by_person[run.owner] >= caps.person:
            raise QueueFull("errors-person-full", count=caps.person)
        if run.guild is not None and self._by_server[run.guild] >= caps.server:
            raise QueueFull("errors-server-full", count=caps.server)
        if len(self) >= caps.total:
            raise QueueFull("errors-all-full", count=caps.total)


def leaves_room_for_short(long_running: int, devices: int) -> bool:
    """Returns whether one more long job leaves a device to short jobs. A single device is for both.

    Args:
        long_running: the number of running long jobs.
        devices: the number of devices.
    """
    return devices <= 1 or long_running + 1 < devices
