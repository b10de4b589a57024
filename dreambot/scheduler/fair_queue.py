"""A fair order of waiting jobs: everyone's first job before anyone's second, and servers in turn.

Start-time fair queueing (Goyal, Vin and Cheng, 1996) where every job has the same weight, on two levels. A
person's jobs go one to a round; a person who arrives while others wait joins the round that is being served,
however long ago they were last here. Within a round a server's jobs go one to a rank, in the same way. This
module uses no clock, no device and no asyncio.
"""

from bisect import bisect_left, insort
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T", bound=Hashable)

StartTag = tuple[int, int]
"""(round, rank)."""

ROUND_NEWCOMERS = 1
"""A round takes in newcomers until it has served this many more than waited when it began. Without an end to
that, second jobs would never start where new people never cease to come."""


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
    """The tickets of one person, or of one server's round: the older a ticket, the earlier its turn."""

    def __init__(self) -> None:
        self.tickets: list[_Entry[T]] = []
        self.turns: list[int] = []

    def join(self, ticket: _Entry[T], earliest: int) -> list[tuple[_Entry[T], int]]:
        """Adds a ticket; returns the tickets whose turns are new, with these."""
        self.turns.append(max(earliest, self.turns[-1] + 1 if self.turns else earliest))
        at = bisect_left(self.tickets, ticket.age, key=lambda other: other.age)
        self.tickets.insert(at, ticket)
        return list(zip(self.tickets[at:], self.turns[at:], strict=True))

    def leave(self, ticket: _Entry[T], *, served: bool) -> list[tuple[_Entry[T], int]]:
        """Takes a ticket out: its turn is used if it was served, otherwise those behind move up."""
        at = bisect_left(self.tickets, ticket.age, key=lambda other: other.age)
        del self.tickets[at]
        if served:
            del self.turns[at]
            return []
        del self.turns[-1]
        return list(zip(self.tickets[at:], self.turns[at:], strict=True))


class FairQueue(Generic[T]):
    """Waiting jobs, each once, in the order of their turns. Joining and leaving take about O(log n)."""

    def __init__(self) -> None:
        self._tickets: dict[T, _Entry[T]] = {}
        self._order: list[_Entry[T]] = []
        self._people: dict[Hashable, _Flow[T]] = {}
        self._buckets: dict[tuple[int, Hashable], _Flow[T]] = {}
        self._served_round: dict[Hashable, int] = {}
        self._next_rank: dict[Hashable, int] = {}
        self._round = self._rank = self._joined = 0
        self._left = ROUND_NEWCOMERS
        self._begins = True

    def __len__(self) -> int:
        return len(self._order)

    def __contains__(self, item: T) -> bool:
        return item in self._tickets

    def __iter__(self) -> Iterator[T]:
        """In the order of their turns."""
        return (ticket.item for ticket in self._order)

    def turns(self) -> Iterator[tuple[T, StartTag]]:
        """The same with their turns."""
        return ((ticket.item, (ticket.round, ticket.rank)) for ticket in self._order)

    def turn(self, item: T) -> StartTag:
        """When it is served."""
        ticket = self._tickets[item]
        return ticket.round, ticket.rank

    @property
    def left(self) -> int:
        """How many more are served before newcomers are given the next round."""
        return max(0, self._left)

    @property
    def current(self) -> StartTag:
        """(round, rank) that somebody new would be given at the best."""
        return (self._round, self._rank) if self._left > 0 else (self._round + 1, 0)

    def put(self, item: T, person: Hashable, server: Hashable, *, early: bool = False) -> None:
        """Adds a job. early: it goes before all the same person's jobs that are not, and likewise in its
        round."""
        self._joined += 1
        ticket = _Entry(item, person, server, (not early, self._joined))
        self._tickets[item] = ticket
        line = self._people.setdefault(person, _Flow())
        earliest = max(self.current[0], self._served_round.get(person, -1) + 1)
        changes = line.join(ticket, earliest)
        for other, _ in changes[1:]:
            self._leave_round(other, served=False)
        for other, turn in changes:
            self._join_round(other, turn)

    def remove(self, item: T) -> bool:
        """Takes a job out that is not to be served; the person's others move up. Whether it was there."""
        ticket = self._tickets.pop(item, None)
        if ticket is None:
            return False
        changes = self._leave_line(ticket, served=False)
        self._leave_round(ticket, served=False)
        for other, _ in changes:
            self._leave_round(other, served=False)
        for other, turn in changes:
            self._join_round(other, turn)
        return True

    def serve(self, item: T) -> None:
        """Takes a job out whose turn it is, or which is served out of turn; time goes on with the first."""
        ticket = self._tickets.pop(item)
        if self._order[0] is ticket:
            self._go_on(ticket)
        if self._begins:
            self._left = len(self._people) + ROUND_NEWCOMERS
            self._begins = False
        self._left -= 1
        self._leave_line(ticket, served=True)
        self._leave_round(ticket, served=True)
        self._served_round[ticket.person] = max(ticket.round, self._served_round.get(ticket.person, -1))
        if ticket.round == self._round:
            self._next_rank[ticket.server] = max(ticket.rank + 1, self._next_rank.get(ticket.server, 0))

    def _go_on(self, ticket: _Entry[T]) -> None:
        if ticket.round > self._round:
            self._begins = True
            self._next_rank.clear()
            # Those who were served in rounds before have nothing more to be remembered for.
            self._served_round = {who: at for who, at in self._served_round.items() if at >= ticket.round}
        self._round, self._rank = ticket.round, ticket.rank

    def _leave_line(self, ticket: _Entry[T], *, served: bool) -> list[tuple[_Entry[T], int]]:
        line = self._people[ticket.person]
        changes = line.leave(ticket, served=served)
        if not line.tickets:
            del self._people[ticket.person]
        if not self._people:
            self._left, self._begins = ROUND_NEWCOMERS, True
        return changes

    def _join_round(self, ticket: _Entry[T], turn: int) -> None:
        ticket.round = turn
        now = turn == self._round
        earliest = max(self._rank, self._next_rank.get(ticket.server, 0)) if now else 0
        bucket = self._buckets.setdefault((turn, ticket.server), _Flow())
        changes = bucket.join(ticket, earliest)
        for other, _ in changes[1:]:
            self._take_out(other)
        for other, rank in changes:
            other.rank = rank
            insort(self._order, other, key=_sort_key)

    def _leave_round(self, ticket: _Entry[T], *, served: bool) -> None:
        self._take_out(ticket)
        where = ticket.round, ticket.server
        for other, rank in self._buckets[where].leave(ticket, served=served):
            self._take_out(other)
            other.rank = rank
            insort(self._order, other, key=_sort_key)
        if not self._buckets[where].tickets:
            del self._buckets[where]

    def _take_out(self, ticket: _Entry[T]) -> None:
        del self._order[bisect_left(self._order, ticket.key, key=_sort_key)]


def _sort_key(ticket: _Entry[T]) -> tuple[int, int, tuple[bool, int]]:
    return ticket.key
