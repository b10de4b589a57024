"""Learns how long each kind of job takes on each kind of device, and keeps it over restarts."""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Self
from weakref import WeakKeyDictionary

from dreambot.recipe import Recipe, find_layer
from dreambot.scheduler.active_runs import MAX_INTERLEAVED_S, is_video
from dreambot.scheduler.eta import DEFAULT_FLOPS_PER_SECOND, JobCost
from dreambot.scheduler.job_queue import Device, StartedRun
from dreambot.scheduler.run import Run

JobKind = Literal["still", "hellscape", "moving"]


@dataclass(frozen=True, slots=True)
class JobFeatures:
    """A job's kind and its amount. way: whether the gradient takes the plain way or one with bends, a guide,
    tiles or a spectrum, which are slower. layer: the deepest, where the network is cut. flops: as the recipe
    reckons them, which of moving sources is several times too many."""

    motion: JobKind
    model: str
    precision: str
    way: str
    layer: str
    log_pixels: float
    flops: float

    @classmethod
    def of(cls, recipe: Recipe) -> Self:
        """The work of a recipe. Of a long film this takes a while, so keep it."""
        deepest = max(recipe.all_terms, key=lambda term: find_layer(term.layer, recipe.model).flops)
        return cls(
            motion="hellscape" if recipe.hellscape else "moving" if recipe.moving else "still",
            model=recipe.model,
            precision=recipe.precision,
            way=_gradient_path(recipe),
            layer=deepest.layer,
            log_pixels=math.log2(recipe.width * recipe.height),
            flops=recipe.flops,
        )

    @property
    def size_class(self) -> int:
        """Sizes are alike whose pixels differ by less than a factor of about 1.4."""
        return round(2 * self.log_pixels)


def _gradient_path(recipe: Recipe) -> str:
    ways = {
        "bent": recipe.bends,
        "guided": recipe.guide,
        "tiled": recipe.tile,
        "spectrum": recipe.parametrisation == "fourier",
    }
    return "+".join(name for name, taken in ways.items() if taken) or "plain"


_MIN_WEIGHT = 0.1
"""What a job weighs at least against those before, so that a device which grows slower is noticed."""
_PRIOR_WEIGHT = 0.1
"""What a guess from other kinds of jobs weighs against one job of this kind."""
_DEFAULT_SPREAD = 0.3
_OUTLIER_DEVIATIONS = 3.0
"""A job that is off by more than this many usual deviations counts as if it were off by so much."""


@dataclass
class RobustMean:
    """A weighted mean of logarithms which odd ones hardly move, and where on the scale of sizes they were."""

    value: float = 0.0
    at: float = 0.0
    spread: float = _DEFAULT_SPREAD
    count: int = 0

    def note(self, value: float, at: float) -> None:
        """One more."""
        self.count += 1
        weight = max(1 / self.count, _MIN_WEIGHT)
        off = value - self.value if self.count > 1 else 0.0
        if self.count == 1:
            self.value, self.at = value, at
        self.value += weight * max(
            -_OUTLIER_DEVIATIONS * self.spread, min(_OUTLIER_DEVIATIONS * self.spread, off)
        )
        self.at += weight * (at - self.at)
        self.spread += _MIN_WEIGHT * (max(abs(off), 0.02) - self.spread)


MeansBySize = dict[int, RobustMean]


class RateTable:
    """Seconds per FLOP: for each kind of job on each device, for coarser kinds, and by size within each."""

    def __init__(self) -> None:
        self._tables: dict[tuple[str, ...], MeansBySize] = {}

    def note(self, work: JobFeatures, device: str, seconds: float) -> None:
        """Learns from a job. device: what it is called, the same for devices alike."""
        rate = math.log(max(seconds, 1e-4) / max(work.flops, 1.0))
        for key in _table_keys(work, device):
            self._tables.setdefault(key, {}).setdefault(work.size_class, RobustMean()).note(
                rate, work.log_pixels
            )

    def seconds(self, work: JobFeatures, device: str, guess: float) -> float:
        """How long a job will take there. guess: FLOP/s, for when nothing is known.

        From the coarsest kind to the finest, each kind's own jobs count more the more there were."""
        rate = -math.log(guess)
        for key in reversed(_table_keys(work, device)):
            sizes = self._tables.get(key)
            if sizes:
                own, count = _interpolate(sizes, work.log_pixels)
                rate += count / (count + _PRIOR_WEIGHT) * (own - rate)
        return math.exp(rate) * max(work.flops, 1.0)

    def knows(self, work: JobFeatures, device: str) -> bool:
        """Whether a job of this motion was ever measured on that kind of device."""
        return (device, work.motion) in self._tables

    def to_json(self) -> list[Any]:
        """For storing: a list of [key, [[size class, value, at, spread, count], …]]."""
        return [
            [list(key), [[size, m.value, m.at, m.spread, m.count] for size, m in sizes.items()]]
            for key, sizes in self._tables.items()
        ]

    @classmethod
    def from_json(cls, stored: list[Any]) -> Self:
        """What `to_json` gave. Raises ValueError or TypeError for anything else."""
        rates = cls()
        for key, sizes in stored:
            rates._tables[tuple(map(str, key))] = {
                int(size): RobustMean(float(value), float(at), max(0.02, float(spread)), int(count))
                for size, value, at, spread, count in sizes
            }
        return rates


def _table_keys(work: JobFeatures, device: str) -> tuple[tuple[str, ...], ...]:
    """From the finest to the coarsest kind."""
    return (
        (device, work.motion, work.model, work.precision, work.way, work.layer),
        (device, work.motion, work.model, work.precision, work.way),
        (device, work.motion, work.precision),
        (device, work.motion),
        (device,),
    )


def _interpolate(sizes: MeansBySize, log_pixels: float) -> tuple[float, float]:
    """The mean at that size, in between those of the next smaller and next larger, and how many jobs it is
    from."""
    below: RobustMean | None = None
    above: RobustMean | None = None
    for mean in sizes.values():
        if mean.at <= log_pixels:
            below = mean if below is None or mean.at > below.at else below
        else:
            above = mean if above is None or mean.at < above.at else above
    if below and above:
        share = (log_pixels - below.at) / (above.at - below.at)
        value = below.value + share * (above.value - below.value)
        return value, below.count + share * (above.count - below.count)
    only = below or above
    assert only
    return only.value, only.count


MOVING_FLOPS_FACTOR = 4.0
"""How many times too many FLOPs a recipe reckons for a moving source, for a first guess."""

_VERSION = 1


class JobCosts:
    """How long jobs last, and how much of a device's time they take; both with all that goes with a job, such
    as decoding and starting."""

    def __init__(self) -> None:
        self._lasting, self._occupying = RateTable(), RateTable()
        self._works: WeakKeyDictionary[Run, JobFeatures] = WeakKeyDictionary()

    def of(self, run: Run, device: str) -> JobCost:
        """What a job costs on a device of that name, see `device_name`."""
        work = self._work(run)
        guess = DEFAULT_FLOPS_PER_SECOND.get(device.partition(" ")[0], DEFAULT_FLOPS_PER_SECOND["cpu"])
        guess *= MOVING_FLOPS_FACTOR if work.motion == "moving" else 1.0
        lasts = self._lasting.seconds(work, device, guess)
        device_seconds = min(lasts, self._occupying.seconds(work, device, guess))
        film = is_video(run)
        return JobCost(
            lasts, device_seconds, film=film, guest=not film and not run.alone and lasts <= MAX_INTERLEAVED_S
        )

    def known(self, run: Run, device: str) -> bool:
        """Whether `of` rests on a measurement, not on a first guess."""
        return self._lasting.knows(self._work(run), device)

    def note(self, run: Run, device: str, lasted: float, occupied: float) -> None:
        """Learns from a job that was done."""
        work = self._work(run)
        self._lasting.note(work, device, lasted)
        self._occupying.note(work, device, occupied)

    def _work(self, run: Run) -> JobFeatures:
        work = self._works.get(run)
        if work is None:
            work = self._works[run] = JobFeatures.of(run.recipe)
        return work

    def to_json(self) -> str:
        """What was learned, for keeping."""
        return json.dumps(
            {"version": _VERSION, "lasting": self._lasting.to_json(), "occupying": self._occupying.to_json()},
            separators=(",", ":"),
        )

    @classmethod
    def from_json(cls, text: str) -> Self:
        """What `to_json` gave; nothing is known where it cannot be read, for all of it can be learned
        anew."""
        costs = cls()
        try:
            stored = json.loads(text)
            if stored["version"] == _VERSION:
                lasting, occupying = (
                    RateTable.from_json(stored["lasting"]),
                    RateTable.from_json(stored["occupying"]),
                )
                costs._lasting, costs._occupying = lasting, occupying
        except (ValueError, TypeError, KeyError):
            pass
        return costs


class DeviceTimeMeter:
    """What each job takes of its device's time: where a device has several at hand, each takes its part, but
    a film waits while its guest is dreamed."""

    def __init__(self, started: Mapping[Run, StartedRun], clock: Callable[[], float]) -> None:
        self._started = started
        self._clock = clock
        self._looked = clock()
        self._active: dict[Device | None, list[Run]] = {}
        self._taken: dict[Run, float] = {}

    def look(self) -> None:
        """To be called when jobs were started or have ended."""
        now = self._clock()
        for run, started in self._started.items():
            # One that has just started is not among those of the last look.
            if run in self._taken and run in (sharing := self._active.get(started.by, ())):
                self._taken[run] += (now - self._looked) / len(sharing)
        self._looked = now
        self._taken = {run: self._taken.get(run, 0.0) for run in self._started}
        active: dict[Device | None, list[Run]] = {}
        for run, started in self._started.items():
            if not run.settled:
                active.setdefault(started.by, []).append(run)
        self._active = {by: [run for run in runs if not is_video(run)] or runs for by, runs in active.items()}

    def taken(self, run: Run) -> float:
        """Seconds until the last look."""
        return self._taken.get(run, 0.0)
