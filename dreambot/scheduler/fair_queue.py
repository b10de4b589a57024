"""The order of waiting jobs: fair between people and servers, and short jobs before long ones.

`FairQueue` is start-time fair queueing (Goyal, Vin and Cheng, 1996) where every job has the same weight, on
two levels. Each of a person's jobs gets a round of its own; a person who arrives while others wait joins the
round that is being served, however long ago they were last here. Within a round each of a server's jobs gets
a rank of its own, in the same way. So everyone's first job comes before anyone's second, and servers
alternate.

`TwoClassQueue` has one such queue for short jobs and one for long jobs. Short jobs overtake long jobs, which
are guaranteed a share of the device time.

This module uses no clock, no device and no asyncio.
"""

from bisect import bisect_left, insort
from collections import deque
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

T = TypeVar("T", bound=Hashable)

StartTag = tuple[int, int]
"""(round, rank). Jobs start in the order of their tags."""

ROUND_NEWCOMERS = 1
"""How many more jobs than waited when it began a round serves before newcomers are given the next round.
Without a limit, second jobs would never start while new people keep arriving."""


@dataclass(eq=False, slots=True)
class _Entry(Generic[T]):
    """A waiting job. age: smaller is older."""

    item: T
    person: Hashable
    server: Hashable
    age: tuple[bool, int]
    round: int = 0
    rank: int = 0

    @property
    def key(self) -> tuple[int, int, tuple[bool, int]]:
        return self.round, self.rank, self.age


class _Flow(Generic[T]):
    """The entries of one person, or of one server in one round, oldest first, with increasing slots.

    A slot is a round in a person's flow, and a rank in a server's flow.
    """

    def __init__(self) -> None:
        self.entries: list[_Entry[T]] = []
        self.slots: list[int] = []

    def add(self, entry: _Entry[T], earliest: int) -> list[tuple[_Entry[T], int]]:
        """Adds an entry, and returns the entries whose slots changed, with their new slots."""
        self.slots.append(max(earliest, self.slots[-1] + 1 if self.slots else earliest))
        at = bisect_left(self.entries, entry.age, key=lambda other: other.age)
        self.entries.insert(at, entry)
        return list(zip(self.entries[at:], self.slots[at:], strict=True))

    def discard(self, entry: _Entry[T], *, served: bool) -> list[tuple[_Entry[T], int]]:
        """Takes an entry out. Its slot is used up if it was served; otherwise the younger entries move up."""
        at = bisect_left(self.entries, entry.age, key=lambda other: other.age)
        del self.entries[at]
        if served:
            del self.slots[at]
            return []
        del self.slots[-1]
        return list(zip(self.entries[at:], self.slots[at:], strict=True))


class FairQueue(Generic[T]):
    """Waiting jobs, each once, in the order of their start tags. Adding and removing take about O(log n)."""

    def __init__(self) -> None:
        self._entries: dict[T, _Entry[T]] = {}
        self._order: list[_Entry[T]] = []
        self._people: dict[Hashable, _Flow[T]] = {}
        self._servers: dict[tuple[int, Hashable], _Flow[T]] = {}
        self._last_round: dict[Hashable, int] = {}
        self._next_rank: dict[Hashable, int] = {}
        self._round = self._rank = self._added = 0
        self._round_left = ROUND_NEWCOMERS
        self._round_starts = True

    def __len__(self) -> int:
        return len(self._order)

    def __contains__(self, item: T) -> bool:
        return item in self._entries

    def __iter__(self) -> Iterator[T]:
        """Iterates in the order in which the jobs start."""
        return (entry.item for entry in self._order)

    def start_tag(self, item: T) -> StartTag:
        """Returns the round and rank of a waiting job.

        Args:
            item: the job.
        """
        entry = self._entries[item]
        return entry.round, entry.rank

    def put(self, item: T, person: Hashable, server: Hashable, *, early: bool = False) -> None:
        """Adds a job.

        Args:
            item: the job, which must not be in the queue yet.
            person: whose rounds it takes.
            server: whose ranks it takes.
            early: it goes before all jobs of the same person, and of the same server in its round, that are
                not early.
        """
        self._added += 1
        entry = _Entry(item, person, server, (not early, self._added))
        self._entries[item] = entry
        flow = self._people.setdefault(person, _Flow())
        newcomer_round = self._round if self._round_left > 0 else self._round + 1
        earliest = max(newcomer_round, self._last_round.get(person, -1) + 1)
        self._move_to_rounds(flow.add(entry, earliest), new=1)

    def remove(self, item: T) -> bool:
        """Takes a job out that will not be served; the person's later jobs move up.

        Args:
            item: the job.

        Returns:
            Whether it was in the queue.
        """
        entry = self._entries.pop(item, None)
        if entry is None:
            return False
        changes = self._leave_flow(entry, served=False)
        self._leave_round(entry, served=False)
        self._move_to_rounds(changes)
        return True

    def serve(self, item: T) -> None:
        """Takes a job out that starts, in its turn or earlier. Virtual time advances with the first job only.

        Args:
            item: the job.
        """
        entry = self._entries.pop(item)
        if self._order[0] is entry:
            self._advance(entry)
        if self._round_starts:
            self._round_left = len(self._people) + ROUND_NEWCOMERS
            self._round_starts = False
        self._round_left -= 1
        self._leave_flow(entry, served=True)
        self._leave_round(entry, served=True)
        self._last_round[entry.person] = max(entry.round, self._last_round.get(entry.person, -1))
        if entry.round == self._round:
            self._next_rank[entry.server] = max(entry.rank + 1, self._next_rank.get(entry.server, 0))

    def _advance(self, entry: _Entry[T]) -> None:
        if entry.round > self._round:
            self._round_starts = True
            self._next_rank.clear()
            # Earlier rounds no longer limit anyone.
            self._last_round = {who: at for who, at in self._last_round.items() if at >= entry.round}
        self._round, self._rank = entry.round, entry.rank

    def _leave_flow(self, entry: _Entry[T], *, served: bool) -> list[tuple[_Entry[T], int]]:
        flow = self._people[entry.person]
        changes = flow.discard(entry, served=served)
        if not flow.entries:
            del self._people[entry.person]
        if not self._people:
            self._round_left, self._round_starts = ROUND_NEWCOMERS, True
        return changes

    def _move_to_rounds(self, changes: list[tuple[_Entry[T], int]], *, new: int = 0) -> None:
        """Moves entries to other rounds. new: how many of them, at the head, are in no round yet."""
        for entry, _ in changes[new:]:
            self._leave_round(entry, served=False)
        for entry, round_number in changes:
            self._join_round(entry, round_number)

    def _join_round(self, entry: _Entry[T], round_number: int) -> None:
        entry.round = round_number
        is_current = round_number == self._round
        earliest = max(self._rank, self._next_rank.get(entry.server, 0)) if is_current else 0
        flow = self._servers.setdefault((round_number, entry.server), _Flow())
        changes = flow.add(entry, earliest)
        for other, _ in changes[1:]:
            self._unlist(other)
        for other, rank in changes:
            other.rank = rank
            insort(self._order, other, key=_sort_key)

    def _leave_round(self, entry: _Entry[T], *, served: bool) -> None:
        self._unlist(entry)
        key = entry.round, entry.server
        for other, rank in self._servers[key].discard(entry, served=served):
            self._unlist(other)
            other.rank = rank
            insort(self._order, other, key=_sort_key)
        if not self._servers[key].entries:
            del self._servers[key]

    def _unlist(self, entry: _Entry[T]) -> None:
        del self._order[bisect_left(self._order, entry.key, key=_sort_key)]


def _sort_key(entry: _Entry[T]) -> tuple[int, int, tuple[bool, int]]:
    return entry.key


LONG_SECONDS = 60.0
"""A job expected to take longer than this is a long one."""

LONG_SHARE = 0.25
"""The share of the device time that long jobs get while short jobs wait. Short jobs that overtake a long job
earn it credit; when it has earned as much as it will take, it is due."""

MAX_CREDIT_S = 120.0
"""Seconds of credit with which even the longest job is due, so that none waits for ever, however wrong its
expected time is."""

NO_OWNER = "no owner"


@dataclass(frozen=True, slots=True)
class JobAttributes:
    """What the order depends on.

    Attributes:
        person: the owner, or None for jobs without one, which count as one person in each server.
        server: the server, or None for none; jobs without one are fair to one another as well.
        seconds: how long the job is expected to take.
        long: whether it is a long job.
        early: it was accepted before those that are not early.
    """

    person: Hashable = None
    server: Hashable = None
    seconds: float = 0.0
    long: bool = False
    early: bool = False

    @property
    def round_key(self) -> Hashable:
        """Whose rounds it takes."""
        return self.person if self.person is not None else (NO_OWNER, self.server)

    @property
    def rank_key(self) -> Hashable:
        """Whose ranks it takes: the server's, or the person's own."""
        return self.server if self.server is not None else ("alone", self.round_key)


@dataclass
class _Credit:
    """The time that long jobs have earned by being overtaken, in seconds."""

    seconds: float = 0.0

    def is_due(self, long_seconds: float) -> bool:
        return self.seconds >= min(long_seconds, MAX_CREDIT_S)

    def earn(self, short_seconds: float) -> None:
        self.seconds += short_seconds * LONG_SHARE / (1 - LONG_SHARE)

    def spend(self, long_seconds: float) -> None:
        self.seconds = max(0.0, self.seconds - min(long_seconds, MAX_CREDIT_S))


@dataclass
class StartOrder(Generic[T]):
    """A copy of the waiting jobs, to look ahead: which would start next if no job was added or removed.

    Attributes:
        front: jobs that start before all others.
        short: the other short jobs, in order.
        long: the other long jobs, in order.
        attributes: of every job.
        credit: what long jobs have earned.
    """

    front: deque[T]
    short: deque[T]
    long: deque[T]
    attributes: dict[T, JobAttributes]
    credit: _Credit

    def __bool__(self) -> bool:
        return bool(self.front or self.short or self.long)

    def pop(self, *, allow_long: bool = True) -> T:
        """Takes the job that starts next.

        Args:
            allow_long: whether a long job may start although short jobs wait.
        """
        if self.front:
            return self.front.popleft()
        if self.long:
            seconds = self.attributes[self.long[0]].seconds
            if not self.short:
                return self.long.popleft()
            if allow_long and self.credit.is_due(seconds):
                self.credit.spend(seconds)
                return self.long.popleft()
        item = self.short.popleft()
        if self.long:
            self.credit.earn(self.attributes[item].seconds)
        return item


class TwoClassQueue(Generic[T]):
    """The waiting jobs, each once, and which of them starts next."""

    def __init__(self) -> None:
        self._short: FairQueue[T] = FairQueue()
        self._long: FairQueue[T] = FairQueue()
        self._front: list[T] = []
        self._attributes: dict[T, JobAttributes] = {}
        self._credit = _Credit()

    def __len__(self) -> int:
        return len(self._attributes)

    def __contains__(self, item: T) -> bool:
        return item in self._attributes

    def __iter__(self) -> Iterator[T]:
        """Iterates in the order in which the jobs start, if none is added or removed."""
        order = self.start_order()
        while order:
            yield order.pop()

    def attributes(self, item: T) -> JobAttributes:
        """Returns what a job was put in with.

        Args:
            item: the job.
        """
        return self._attributes[item]

    def start_order(self) -> StartOrder[T]:
        """Returns a copy to look ahead with."""
        return StartOrder(
            deque(self._front),
            deque(self._short),
            deque(self._long),
            dict(self._attributes),
            replace(self._credit),
        )

    def put(self, item: T, attributes: JobAttributes) -> None:
        """Adds a job at its fair place.

        Args:
            item: the job, which must not be in the queue yet.
            attributes: what its place depends on.
        """
        self._attributes[item] = attributes
        self._class_of(attributes).put(
            item, attributes.round_key, attributes.rank_key, early=attributes.early
        )

    def put_first(self, item: T, attributes: JobAttributes) -> None:
        """Adds a job before all others.

        Args:
            item: the job, which must not be in the queue yet.
            attributes: as for `put`.
        """
        self._attributes[item] = attributes
        self._front.insert(0, item)

    def remove(self, item: T) -> bool:
        """Takes a job out that will not be served.

        Args:
            item: the job.

        Returns:
            Whether it was in the queue.
        """
        attributes = self._attributes.pop(item, None)
        if attributes is None:
            return False
        if item in self._front:
            self._front.remove(item)
        else:
            self._class_of(attributes).remove(item)
        return True

    def take(self, fits: Callable[[T], bool] | None = None, *, allow_long: bool = True) -> T | None:
        """Takes the job out that starts next.

        Args:
            fits: which jobs may be taken; all by default.
            allow_long: whether a long job may start although short jobs wait.

        Returns:
            The first job that fits, or None if none does.
        """
        for item in self._candidates(allow_long):
            if fits is None or fits(item):
                self._serve(item)
                return item
        return None

    def _candidates(self, allow_long: bool) -> Iterator[T]:
        """Iterates over the job that starts next, then over the others that may start now."""
        yield from tuple(self._front)
        first_long = next(iter(self._long), None)
        if first_long is not None and (
            not self._short or (allow_long and self._credit.is_due(self._attributes[first_long].seconds))
        ):
            yield from self._long
            yield from self._short
        else:
            yield from self._short
            if allow_long:
                yield from self._long

    def _serve(self, item: T) -> None:
        attributes = self._attributes.pop(item)
        if item in self._front:
            self._front.remove(item)
            return
        self._class_of(attributes).serve(item)
        if not self._long:
            self._credit.seconds = 0.0
        elif not attributes.long:
            self._credit.earn(attributes.seconds)
        if attributes.long and self._short:
            self._credit.spend(attributes.seconds)

    def _class_of(self, attributes: JobAttributes) -> FairQueue[T]:
        return self._long if attributes.long else self._short
