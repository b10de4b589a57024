"""What jobs cost each kind of device: learnt from those that end, and kept over restarts."""

import json
from collections.abc import Callable, Mapping
from typing import Self
from weakref import WeakKeyDictionary

from dreambot.executor.company import GUEST_SECONDS, is_film
from dreambot.executor.device import Device
from dreambot.executor.estimate import FIRST_GUESS
from dreambot.executor.queue.forecast import Cost
from dreambot.executor.queue.queue import Started
from dreambot.executor.queue.rates import Rates
from dreambot.executor.queue.works import Work
from dreambot.executor.run import Run

MOVING = 4.0
"""How many times too many FLOPs a recipe reckons for a moving source, for a first guess."""

_VERSION = 1


class Costs:
    """How long jobs last, and how much of a device's time they take; both with all that goes with a job, such
    as decoding and starting."""

    def __init__(self) -> None:
        self._lasting, self._occupying = Rates(), Rates()
        self._works: WeakKeyDictionary[Run, Work] = WeakKeyDictionary()

    def of(self, run: Run, device: str) -> Cost:
        """What a job costs on a device of that name, see `device_name`."""
        work = self._work(run)
        guess = FIRST_GUESS.get(device.partition(" ")[0], FIRST_GUESS["cpu"])
        guess *= MOVING if work.motion == "moving" else 1.0
        lasts = self._lasting.seconds(work, device, guess)
        occupies = min(lasts, self._occupying.seconds(work, device, guess))
        film = is_film(run)
        return Cost(lasts, occupies, film=film, guest=not film and not run.alone and lasts <= GUEST_SECONDS)

    def known(self, run: Run, device: str) -> bool:
        """Whether `of` rests on a measurement, not on a first guess."""
        return self._lasting.knows(self._work(run), device)

    def note(self, run: Run, device: str, lasted: float, occupied: float) -> None:
        """Learns from a job that was done."""
        work = self._work(run)
        self._lasting.note(work, device, lasted)
        self._occupying.note(work, device, occupied)

    def _work(self, run: Run) -> Work:
        work = self._works.get(run)
        if work is None:
            work = self._works[run] = Work.of(run.recipe)
        return work

    def to_json(self) -> str:
        """What was learnt, for keeping."""
        return json.dumps(
            {"version": _VERSION, "lasting": self._lasting.to_json(), "occupying": self._occupying.to_json()},
            separators=(",", ":"),
        )

    @classmethod
    def from_json(cls, text: str) -> Self:
        """What `to_json` gave; nothing is known where it cannot be read, for all of it can be learnt anew."""
        costs = cls()
        try:
            stored = json.loads(text)
            if stored["version"] == _VERSION:
                lasting, occupying = Rates.from_json(stored["lasting"]), Rates.from_json(stored["occupying"])
                costs._lasting, costs._occupying = lasting, occupying
        except (ValueError, TypeError, KeyError):
            pass
        return costs


class Meter:
    """What each job takes of its device's time: where a device has several at hand, each takes its part, but
    a film waits while its guest is dreamed."""

    def __init__(self, started: Mapping[Run, Started], clock: Callable[[], float]) -> None:
        self._started = started
        self._clock = clock
        self._looked = clock()
        self._aboard: dict[Device | None, list[Run]] = {}
        self._taken: dict[Run, float] = {}

    def look(self) -> None:
        """To be called when jobs were started or have ended."""
        now = self._clock()
        for run, started in self._started.items():
            # One that has just started is not among those of the last look.
            if run in self._taken and run in (sharing := self._aboard.get(started.by, ())):
                self._taken[run] += (now - self._looked) / len(sharing)
        self._looked = now
        self._taken = {run: self._taken.get(run, 0.0) for run in self._started}
        aboard: dict[Device | None, list[Run]] = {}
        for run, started in self._started.items():
            if not run.settled:
                aboard.setdefault(started.by, []).append(run)
        self._aboard = {by: [run for run in runs if not is_film(run)] or runs for by, runs in aboard.items()}

    def taken(self, run: Run) -> float:
        """Seconds until the last look."""
        return self._taken.get(run, 0.0)
