"""Estimates of times: the remaining time of a running job, and when waiting jobs will start and finish.

Waiting jobs are simulated by list scheduling: the device that is free first takes the next job.
"""

import math
import sys
from collections import deque
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from heapq import heapify, heapreplace
from itertools import count
from typing import Generic, NamedTuple, TypeVar

from dreambot.scheduler.fair_queue import StartTag
from dreambot.scheduler.two_class_queue import Lookahead

DEFAULT_FLOPS_PER_SECOND = {"cpu": 3e11, "mps": 2e12, "cuda": 2e13}
"""FLOP/s of a kind of device, until it has finished a job."""

NEWEST_WEIGHT = 0.3

MIN_SECONDS = 1.0
MIN_FRACTION = 0.05
"""A pace is known when it was observed for this long and over this share of the job. The time before the
first step is left out: kernels are prepared then, which happens once."""
WINDOW_S = 3.0

HOLD_FACTOR, HOLD_SECONDS = 1.2, 1.0
"""An estimate that is later than the displayed one by less than this is not displayed."""


class DeviceSpeed:
    """What a device gets done in a second, learned from the jobs it finishes."""

    def __init__(self, kind: str) -> None:
        """kind: "cpu", "cuda" or "mps"."""
        self.flops_per_second = DEFAULT_FLOPS_PER_SECOND.get(kind, DEFAULT_FLOPS_PER_SECOND["cpu"])
        self._measured = False

    def note(self, flops: float, seconds: float) -> None:
        """Learns from a job: an exponentially weighted mean, which the first measurement replaces."""
        measured = flops / max(seconds, 1e-3)
        weight = NEWEST_WEIGHT if self._measured else 1.0
        self.flops_per_second += weight * (measured - self.flops_per_second)
        self._measured = True


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
        """Seconds to display for a new estimate in seconds, or None to display no time."""
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


T = TypeVar("T", bound=Hashable)

_NEGLIGIBLE_S = 0.01
_MAX_ARRIVAL_SHARE = 0.7
"""Of the devices' time, the most that is reckoned with for those who have not come yet: a rush ends."""


class JobCost(NamedTuple):
    """Of a job on a device. lasts: seconds from its start to its end. device_seconds: seconds that the
    device has
    less for others, which are fewer where it dreams several at once. film: whether others may come in between
    its frames. guest: whether it may come in so."""

    lasts: float
    device_seconds: float
    film: bool = False
    guest: bool = False


class ArrivalRates(NamedTuple):
    """Seconds of work that come in a second, of short jobs of people who had none waiting. fresh: whose
    server had none waiting either, so that they are served in the present turn. joining: the others, who are
    served in the present round."""

    fresh: float = 0.0
    joining: float = 0.0


@dataclass
class DeviceSlot:
    """A device. free: when its jobs will be done. interleave_from: when a short job can come in between a
    film's
    frames; None where there is no film, or it takes no guests. long: whether it is on a long job. slowdown:
    how many times longer than usual jobs take there now, because the machine does something else too."""

    device: str
    free: float = 0.0
    interleave_from: float | None = None
    long: bool = False
    slowdown: float = 1.0

    @property
    def next(self) -> float:
        """When it can take a job."""
        return self.free if self.interleave_from is None else min(self.free, self.interleave_from)


class RunForecast(NamedTuple, Generic[T]):
    """place: the how manieth it is to start, from 1. starts, done: seconds until it does and is."""

    item: T
    place: int
    starts: float
    done: float


def forecast_runs(
    course: Lookahead[T],
    slots: Sequence[DeviceSlot],
    cost: Callable[[T, str], JobCost],
    newcomers: ArrivalRates,
) -> Iterator[RunForecast[T]]:
    """For every job, films last; nothing without devices. cost: of a job on a device of that name."""
    rush = _ExpectedArrivals(newcomers, len(slots))
    places = count(1)
    films: dict[int, RunForecast[T]] = {}
    heap = [(slot.next, number) for number, slot in enumerate(slots)]
    heapify(heap)
    while heap and course:
        now, number = heap[0]
        slot = slots[number]
        guest = now < slot.free
        if guest and not _interleavable_waits(course, cost, slot.device):
            # The film's end is the next that this device is good for.
            slot.interleave_from = None
            heapreplace(heap, (slot.free, number))
            continue
        slot.long = slot.long and guest
        if number in films and not guest:
            yield films.pop(number)._replace(done=now)
        passing = rush.passing(now, course)
        if passing > _NEGLIGIBLE_S:
            course.newcomers(passing)
            _occupy(slot, now, passing, guest=guest)
            heapreplace(heap, (slot.next, number))
            continue
        others = sum(other.long for other in slots)
        item = course.next(allow_long=not guest and (len(slots) == 1 or others + 1 < len(slots)))
        assert item is not None
        price, long = cost(item, slot.device), course.terms[item].long
        price = price._replace(
            lasts=price.lasts * slot.slowdown, device_seconds=price.device_seconds * slot.slowdown
        )
        ahead = RunForecast(item, next(places), now, now + price.lasts)
        if price.film:
            # Its guests are not known yet, and it ends so much later.
            films[number] = ahead
        else:
            yield ahead
        _occupy(slot, now, price.device_seconds, guest=guest)
        if not guest:
            slot.long = long
            slot.interleave_from = now if price.film else None
        heapreplace(heap, (slot.next, number))
    for number, film in films.items():
        yield film._replace(done=slots[number].free)


class _ExpectedArrivals:
    """Those who come while others wait, and are served before them."""

    def __init__(self, newcomers: ArrivalRates, devices: int) -> None:
        share = min(1.0, _MAX_ARRIVAL_SHARE * devices / max(sum(newcomers), 1e-9))
        self._rates = [rate * share for rate in newcomers]
        self._pools: tuple[deque[_ArrivedWork], ...] = (deque(), deque())
        self._since = 0.0

    def passing(self, now: float, course: Lookahead[T]) -> float:
        """Seconds of work that have come until now and pass the job that is next."""
        seconds, self._since = max(0.0, now - self._since), max(now, self._since)
        turns = course.current, (course.current[0], sys.maxsize)
        passing = 0.0
        for pool, turn, rate in zip(self._pools, turns, self._rates, strict=True):
            pool.append(_ArrivedWork(turn, rate * seconds))
            while not course.front and pool and (course.turn is None or pool[0].turn < course.turn):
                passing += pool.popleft().seconds
        return passing


class _ArrivedWork(NamedTuple):
    """Work of newcomers, and the turn that it was given."""

    turn: StartTag
    seconds: float


def _occupy(slot: DeviceSlot, now: float, seconds: float, *, guest: bool) -> None:
    if guest:
        # A film has every other second of the device, and ends so much later.
        slot.free += seconds
        slot.interleave_from = now + 2 * seconds
    else:
        slot.free = now + seconds


def _interleavable_waits(course: Lookahead[T], cost: Callable[[T, str], JobCost], device: str) -> bool:
    return bool(course.short) and not course.front and cost(course.short[0][0], device).guest


ARRIVAL_WINDOW_S = 1800.0
"""Seconds over which what came is forgotten. Rushes are shorter than waits, so that what comes next is told
better by the last half hour than by the last minute."""
_INITIAL_IDLE_S = 300.0
"""So many seconds nobody is taken to have come before the first did."""


class ArrivalMeter:
    """The work of those who came and were served before others that waited."""

    def __init__(self, now: float) -> None:
        self._began, self._noted = now - _INITIAL_IDLE_S, now
        self._fresh = self._joining = 0.0

    def note(self, now: float, turn: StartTag, current: StartTag, seconds: float) -> None:
        """A short job of so many seconds came. turn: what it was given; current: the one being served."""
        self._fade(now)
        if turn == current:
            self._fresh += seconds
        elif turn[0] == current[0]:
            self._joining += seconds

    def rates(self, now: float) -> ArrivalRates:
        """Seconds of work in a second."""
        self._fade(now)
        weight = ARRIVAL_WINDOW_S * (1 - math.exp(-(now - self._began) / ARRIVAL_WINDOW_S))
        return ArrivalRates(self._fresh / weight, self._joining / weight)

    def _fade(self, now: float) -> None:
        left = math.exp(-max(0.0, now - self._noted) / ARRIVAL_WINDOW_S)
        self._fresh *= left
        self._joining *= left
        self._noted = now
