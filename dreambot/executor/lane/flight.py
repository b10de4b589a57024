"""The jobs on a device."""

import asyncio
import time
from collections.abc import Callable, Iterator

from dreambot.executor.company import is_film
from dreambot.executor.estimate import Speed, TimeLeft
from dreambot.executor.protocol import Progress
from dreambot.executor.run import Run
from dreambot.executor.types import Running

GENEROUS = 5.0


def budget(flops: float, speed: Speed, least: float) -> float:
    """Seconds after which a job counts as hung: five times what it should take on this device, and at least
    `least`. So a still has the operator's time budget, and a long film on a slow device has what it needs;
    a worker that hangs in a short job is found out all the same."""
    return max(least, GENEROUS * flops / speed.flops_per_second)


class Flight:
    """A job that was given to a worker, until it is done or the worker is gone."""

    def __init__(
        self, run: Run, speed: Speed, time_budget: float, overdue: Callable[["Flight"], None]
    ) -> None:
        """overdue: called when the job has taken longer than it may."""
        self.run = run
        self.overdue = False
        self.began = time.monotonic()
        self.budget = budget(run.recipe.flops, speed, time_budget)
        self._time_left = TimeLeft()
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

    def land(self) -> None:
        """It is over, one way or another."""
        self._timer.cancel()


class Aboard:
    """All jobs that one worker is at, and how long it has been at some."""

    def __init__(self) -> None:
        self._flights: dict[str, Flight] = {}
        self._since = 0.0
        self._seconds = 0.0

    def __iter__(self) -> Iterator[Flight]:
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
        return any(is_film(run) for run in self.runs)

    @property
    def seconds(self) -> float:
        """Since the first of those that are here now, or were when another joined; 0 if there are none."""
        return time.monotonic() - self._since if self._flights else 0.0

    @property
    def busy_seconds(self) -> float:
        """How long there have been some, in all."""
        return self._seconds + self.seconds

    def of(self, job: str) -> Flight | None:
        """The job of that id."""
        return self._flights.get(job)

    def add(self, flight: Flight) -> None:
        """One more."""
        if not self._flights:
            self._since = time.monotonic()
        self._flights[flight.run.job_id] = flight

    def land(self, flight: Flight) -> None:
        """One less."""
        seconds = self.seconds
        flight.land()
        del self._flights[flight.run.job_id]
        if not self._flights:
            self._seconds += seconds

    def land_all(self) -> tuple[Flight, ...]:
        """Those that were here."""
        flights = tuple(self)
        for flight in flights:
            self.land(flight)
        return flights
