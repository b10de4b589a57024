"""When waiting jobs will start and be done: their own order, played over the devices ahead of time.

List scheduling: whichever device is free first takes the job that is next. Plain arithmetic, in seconds from
now.
"""

import sys
from collections import deque
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from heapq import heapify, heapreplace
from itertools import count
from typing import Generic, NamedTuple, TypeVar

from dreambot.executor.queue.fairness import Turn
from dreambot.executor.queue.turns import Course

T = TypeVar("T", bound=Hashable)

_NEGLIGIBLE = 0.01
_MOST_NEWCOMERS = 0.7
"""Of the devices' time, the most that is reckoned with for those who have not come yet: a rush ends."""


class Cost(NamedTuple):
    """Of a job on a device. lasts: seconds from its start to its end. occupies: seconds that the device has
    less for others, which are fewer where it dreams several at once. film: whether others may come in between
    its frames. guest: whether it may come in so."""

    lasts: float
    occupies: float
    film: bool = False
    guest: bool = False


class Newcomers(NamedTuple):
    """Seconds of work that come in a second, of short jobs of people who had none waiting. fresh: whose
    server had none waiting either, so that they are served in the present turn. joining: the others, who are
    served in the present round."""

    fresh: float = 0.0
    joining: float = 0.0


@dataclass
class Slot:
    """A device. free: when its jobs will be done. guests_from: when a short job can come in between a film's
    frames; None where there is no film, or it takes no guests. long: whether it is on a long job. slowdown:
    how many times longer than usual jobs take there now, because the machine does something else too."""

    device: str
    free: float = 0.0
    guests_from: float | None = None
    long: bool = False
    slowdown: float = 1.0

    @property
    def next(self) -> float:
        """When it can take a job."""
        return self.free if self.guests_from is None else min(self.free, self.guests_from)


class Forecast(NamedTuple, Generic[T]):
    """place: the how manieth it is to start, from 1. starts, done: seconds until it does and is."""

    item: T
    place: int
    starts: float
    done: float


def forecast(
    course: Course[T],
    slots: Sequence[Slot],
    cost: Callable[[T, str], Cost],
    newcomers: Newcomers,
) -> Iterator[Forecast[T]]:
    """For every job, films last; nothing without devices. cost: of a job on a device of that name."""
    rush = _Rush(newcomers, len(slots))
    places = count(1)
    films: dict[int, Forecast[T]] = {}
    heap = [(slot.next, number) for number, slot in enumerate(slots)]
    heapify(heap)
    while heap and course:
        now, number = heap[0]
        slot = slots[number]
        guest = now < slot.free
        if guest and not _guest_waits(course, cost, slot.device):
            # The film's end is the next that this device is good for.
            slot.guests_from = None
            heapreplace(heap, (slot.free, number))
            continue
        slot.long = slot.long and guest
        if number in films and not guest:
            yield films.pop(number)._replace(done=now)
        passing = rush.passing(now, course)
        if passing > _NEGLIGIBLE:
            course.newcomers(passing)
            _occupy(slot, now, passing, guest=guest)
            heapreplace(heap, (slot.next, number))
            continue
        others = sum(other.long for other in slots)
        item = course.next(may_long=not guest and (len(slots) == 1 or others + 1 < len(slots)))
        assert item is not None
        price, long = cost(item, slot.device), course.terms[item].long
        price = price._replace(lasts=price.lasts * slot.slowdown, occupies=price.occupies * slot.slowdown)
        ahead = Forecast(item, next(places), now, now + price.lasts)
        if price.film:
            # Its guests are not known yet, and it ends so much later.
            films[number] = ahead
        else:
            yield ahead
        _occupy(slot, now, price.occupies, guest=guest)
        if not guest:
            slot.long = long
            slot.guests_from = now if price.film else None
        heapreplace(heap, (slot.next, number))
    for number, film in films.items():
        yield film._replace(done=slots[number].free)


class _Rush:
    """Those who come while others wait, and are served before them."""

    def __init__(self, newcomers: Newcomers, devices: int) -> None:
        share = min(1.0, _MOST_NEWCOMERS * devices / max(sum(newcomers), 1e-9))
        self._rates = [rate * share for rate in newcomers]
        self._pools: tuple[deque[_Came], ...] = (deque(), deque())
        self._since = 0.0

    def passing(self, now: float, course: Course[T]) -> float:
        """Seconds of work that have come until now and pass the job that is next."""
        seconds, self._since = max(0.0, now - self._since), max(now, self._since)
        turns = course.current, (course.current[0], sys.maxsize)
        passing = 0.0
        for pool, turn, rate in zip(self._pools, turns, self._rates, strict=True):
            pool.append(_Came(turn, rate * seconds))
            while not course.front and pool and (course.turn is None or pool[0].turn < course.turn):
                passing += pool.popleft().seconds
        return passing


class _Came(NamedTuple):
    """Work of newcomers, and the turn that it was given."""

    turn: Turn
    seconds: float


def _occupy(slot: Slot, now: float, seconds: float, *, guest: bool) -> None:
    if guest:
        # A film has every other second of the device, and ends so much later.
        slot.free += seconds
        slot.guests_from = now + 2 * seconds
    else:
        slot.free = now + seconds


def _guest_waits(course: Course[T], cost: Callable[[T, str], Cost], device: str) -> bool:
    return bool(course.short) and not course.front and cost(course.short[0][0], device).guest
