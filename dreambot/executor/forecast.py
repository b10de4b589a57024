"""When waiting jobs will start and be done: their own order, played over the devices ahead of time.

List scheduling: whichever device is free first takes the job that is next. Plain arithmetic, in seconds from
now.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from heapq import heapify, heapreplace
from typing import Generic, NamedTuple, TypeVar

from dreambot.executor.turns import Course

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
    frames; None where there is no film, or it takes no guests. long: whether it is on a long job."""

    device: str
    free: float = 0.0
    guests_from: float | None = None
    long: bool = False

    @property
    def next(self) -> float:
        """When it can take a job."""
        return self.free if self.guests_from is None else min(self.free, self.guests_from)


class Forecast(NamedTuple, Generic[T]):
    """Seconds until a job starts and until it is done."""

    item: T
    starts: float
    done: float


def forecast(
    course: Course[T],
    slots: Sequence[Slot],
    cost: Callable[[T, str], Cost],
    newcomers: Newcomers,
) -> Iterator[Forecast[T]]:
    """In the order of the starts; nothing without devices. cost: of a job on a device of that name."""
    rush = _Rush(newcomers, len(slots))
    turn = course.current
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
        passing = rush.until(now, turn, course)
        if passing > _NEGLIGIBLE:
            course.passed(passing)
            _occupy(slot, now, passing, guest=guest)
            heapreplace(heap, (slot.next, number))
            continue
        short = course.turn
        others = sum(other.long for other in slots)
        item = course.next(may_long=not guest and (len(slots) == 1 or others + 1 < len(slots)))
        assert item is not None
        price, long = cost(item, slot.device), course.terms[item].long
        turn = turn if long else short
        yield Forecast(item, now, now + price.lasts)
        _occupy(slot, now, price.occupies, guest=guest)
        if not guest:
            slot.long = long
            slot.guests_from = now if price.film else None
        heapreplace(heap, (slot.next, number))


class _Rush:
    """Those who come while others wait, and are served before them."""

    def __init__(self, newcomers: Newcomers, devices: int) -> None:
        share = _MOST_NEWCOMERS * devices / max(sum(newcomers), 1e-9)
        self._rates = Newcomers(*(min(1.0, share) * rate for rate in newcomers))
        self._since = [0.0, 0.0]

    def until(self, now: float, turn: tuple[int, int], course: Course[T]) -> float:
        """Seconds of work that came until now and pass the job that is next."""
        if course.front:
            return 0.0
        passed = [course.turn > turn, course.turn[0] > turn[0] or not course.short]
        work = 0.0
        for tier, rate in enumerate(self._rates):
            if passed[tier]:
                work += rate * max(0.0, now - self._since[tier])
                self._since[tier] = max(now, self._since[tier])
        return work


def _occupy(slot: Slot, now: float, seconds: float, *, guest: bool) -> None:
    if guest:
        # A film has every other second of the device, and ends so much later.
        slot.free += seconds
        slot.guests_from = now + 2 * seconds
    else:
        slot.free = now + seconds


def _guest_waits(course: Course[T], cost: Callable[[T, str], Cost], device: str) -> bool:
    return bool(course.short) and not course.front and cost(course.short[0][0], device).guest
