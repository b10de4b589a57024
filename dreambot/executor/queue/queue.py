"""The jobs that wait for a device: how many may, who is next, and who waits for them."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from dreambot.executor.device import Device
from dreambot.executor.queue.arrivals import Arrivals
from dreambot.executor.queue.forecast import Newcomers
from dreambot.executor.queue.turns import LONG_SECONDS, Course, Terms, Turns
from dreambot.executor.run import Run
from dreambot.executor.types import QueueFull

Fits = Callable[[Run], bool]


@dataclass(frozen=True)
class Caps:
    """How many jobs may wait: of one person, of one server, in all."""

    person: int = 20
    server: int = 100
    total: int = 200


@dataclass(frozen=True, slots=True)
class Waiting:
    """A job that waits. since: by the queue's clock."""

    since: float
    terms: Terms


@dataclass(frozen=True, slots=True)
class Started:
    """A job that was given out. at: when, by the queue's clock. by: who took it. waiting: what it was
    before."""

    at: float
    by: Device | None
    waiting: Waiting


class JobQueue:
    """Fair between people and servers, see `FairOrder`; short jobs pass long ones, see `Turns`."""

    def __init__(
        self,
        caps: Caps,
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
        self._turns: Turns[Run] = Turns()
        self._arrivals = Arrivals(clock())
        self._waiting: dict[Run, Waiting] = {}
        self._started: dict[Run, Started] = {}
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
    def started(self) -> Mapping[Run, Started]:
        """The jobs that were given out and are neither settled nor put back."""
        return self._started

    def course(self) -> Course[Run]:
        """A copy to look ahead with."""
        return self._turns.course()

    def newcomers(self) -> Newcomers:
        """The work that came lately and was served before others."""
        return self._arrivals.rates(self._clock())

    def put(self, run: Run) -> None:
        """Adds a job at its fair place. Raises QueueFull, but not for one that was accepted before: that one
        goes before its owner's newer ones."""
        if not run.accepted:
            self._check_room(run)
        run.when_settled(self._settled)
        seconds = self._expect(run)
        terms = Terms(run.owner, run.guild, seconds, is_long(run, seconds), run.accepted)
        now = self._clock()
        self._turns.put(run, terms)
        if turn := self._turns.turn(run):
            self._arrivals.note(now, *turn, seconds)
        self._admit(run, Waiting(now, terms))

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

    async def take(self, fits: Fits | None = None, *, by: Device | None = None) -> Run:
        """Waits for the next job, or the next of those that fit, and takes it. by: the device that does. A
        cancelled `take` loses none."""
        while (run := self.take_now(fits, by=by)) is None:
            self._pulse.clear()
            await self._pulse.wait()
        return run

    def take_now(self, fits: Fits | None = None, *, by: Device | None = None) -> Run | None:
        """The same without waiting: None if there is none."""
        run = None if self._paused else self._turns.take(fits, may_long=self._may_long())
        if run:
            run.place = 0
            self._started[run] = Started(self._clock(), by, self._waiting[run])
            self._dismiss(run)
        return run

    def _may_long(self) -> bool:
        """Whether a long job would leave a device to the short ones; the only device is everybody's."""
        devices = self._devices()
        running = sum(
            started.waiting.terms.long and not run.settled for run, started in self._started.items()
        )
        return devices <= 1 or running + 1 < devices

    def _admit(self, run: Run, waiting: Waiting) -> None:
        self._waiting[run] = waiting
        self._people[run.owner] += 1
        self._servers[run.guild] += 1
        self._stir()

    def _dismiss(self, run: Run) -> None:
        del self._waiting[run]
        for counter, key in ((self._people, run.owner), (self._servers, run.guild)):
            counter[key] -= 1
            if not counter[key]:
                del counter[key]
        self._stir()

    def _settled(self, run: Run) -> None:
        if self._started.pop(run, None):
            # There may be room for a long job now.
            self._pulse.set()

    def _stir(self) -> None:
        self._pulse.set()
        self._changed()

    def _check_room(self, run: Run) -> None:
        caps = self._caps
        if run.owner is not None and self._people[run.owner] >= caps.person:
            raise QueueFull(
                f"You have {caps.person} dreams waiting, and I keep no more for one person; wait until one "
                "is done, or cancel one, and ask again."
            )
        if run.guild is not None and self._servers[run.guild] >= caps.server:
            raise QueueFull(
                f"This server has {caps.server} dreams waiting, and I keep no more for one server; when some "
                "of them are done there is room again."
            )
        if len(self) >= caps.total:
            raise QueueFull(
                f"I already have {caps.total} dreams waiting, which is all I can remember; "
                "please ask again in a minute or two."
            )


def is_long(run: Run, seconds: float) -> bool:
    """Whether a job expected to take so many seconds is a long one: every film is."""
    return run.recipe.frames > 1 or seconds > LONG_SECONDS
