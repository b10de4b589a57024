"""A queue of short and long jobs: short jobs overtake long ones, which are guaranteed a share of device
time."""

from collections import deque
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from dreambot.scheduler.fair_queue import ROUND_NEWCOMERS, FairQueue, StartTag

T = TypeVar("T", bound=Hashable)

LONG_SECONDS = 60.0
"""A job expected to take longer than this is a long one."""

LONG_SHARE = 0.25
"""Of the devices' time, what long jobs get while short ones wait. Short jobs that pass a long one earn it
time; when it has earned as much as it will take, it is due."""

MAX_CREDIT_S = 120.0
"""Seconds that even the longest job need not earn more than: so none waits for ever, whatever is expected."""

NO_OWNER = "nobody"


@dataclass(frozen=True, slots=True)
class JobAttributes:
    """On what terms a job waits. person: None is nobody, who is somebody else in each server. server: None is
    none; people are fair to one another there, too. seconds: how long it is expected to take. early: it was
    promised before those that are not."""

    person: Hashable = None
    server: Hashable = None
    seconds: float = 0.0
    long: bool = False
    early: bool = False

    @property
    def who(self) -> Hashable:
        """Whose turns it takes."""
        return self.person if self.person is not None else (NO_OWNER, self.server)

    @property
    def where(self) -> Hashable:
        """Whose rank it takes: the server's, or the person's own."""
        return self.server if self.server is not None else ("alone", self.who)


@dataclass
class Lookahead(Generic[T]):
    """What would start next, and next, if nobody came or went: to look ahead with. short, long: with their
    turns, see `FairOrder`. current: the turn that somebody new is given. left: how many more are served
    before that is one of the next round."""

    front: deque[T]
    short: deque[tuple[T, StartTag]]
    long: deque[tuple[T, StartTag]]
    current: StartTag
    left: float
    earned: float
    terms: dict[T, JobAttributes]
    typical: float = 1.0

    def __post_init__(self) -> None:
        seconds = [self.terms[item].seconds for item, _ in self.short]
        self.typical = max(1e-3, sum(seconds) / len(seconds)) if seconds else 1.0

    def __bool__(self) -> bool:
        """Whether there is a next."""
        return bool(self.front or self.short or self.long)

    @property
    def turn(self) -> StartTag | None:
        """The turn of the short job that is next; None where none waits."""
        return self.short[0][1] if self.short else None

    def next(self, *, allow_long: bool = True) -> T | None:
        """The job that starts next; None where there is no more. allow_long: whether a long one may start
        though short ones wait."""
        if self.front:
            return self.front.popleft()
        if self.long:
            need = credit_needed(self.terms[self.long[0][0]].seconds)
            if not self.short:
                return self.long.popleft()[0]
            if allow_long and self.earned >= need:
                self.earned -= need
                return self.long.popleft()[0]
        if not self.short:
            return None
        item, turn = self.short.popleft()
        self._go_on(turn)
        self._passed(self.terms[item].seconds)
        return item

    def newcomers(self, seconds: float) -> None:
        """Short jobs of so many seconds that are not among those here started."""
        self._passed(seconds)
        self.left -= seconds / self.typical

    def _go_on(self, turn: StartTag) -> None:
        """As `FairOrder` does."""
        if turn[0] > self.current[0]:
            self.left = ROUND_NEWCOMERS + 1 + sum(other[0] == turn[0] for _, other in self.short)
        self.left -= 1
        self.current = max(self.current, turn if self.left > 0 else (turn[0] + 1, 0))

    def _passed(self, seconds: float) -> None:
        self.earned += credit_for(seconds) if self.long else 0.0


class TwoClassQueue(Generic[T]):
    """The jobs that wait, each once, and which of them is next."""

    def __init__(self) -> None:
        self._short: FairQueue[T] = FairQueue()
        self._long: FairQueue[T] = FairQueue()
        self._front: list[T] = []
        self._terms: dict[T, JobAttributes] = {}
        self._earned = 0.0

    def __len__(self) -> int:
        return len(self._terms)

    def __contains__(self, item: T) -> bool:
        return item in self._terms

    def __iter__(self) -> Iterator[T]:
        """In the order they will start."""
        course = self.course()
        while (item := course.next()) is not None:
            yield item

    def terms(self, item: T) -> JobAttributes:
        """On what terms it waits."""
        return self._terms[item]

    def turn(self, item: T) -> tuple[StartTag, StartTag] | None:
        """When a short job is served, and the turn that is being served; None for others."""
        return (self._short.turn(item), self._short.current) if item in self._short else None

    def course(self) -> Lookahead[T]:
        """What would start next, and next; a copy."""
        return Lookahead(
            deque(self._front),
            deque(self._short.turns()),
            deque(self._long.turns()),
            self._short.current,
            self._short.left,
            self._earned,
            dict(self._terms),
        )

    def put(self, item: T, terms: JobAttributes) -> None:
        """Adds a job at its fair place."""
        self._terms[item] = terms
        self._line(terms).put(item, terms.who, terms.where, early=terms.early)

    def put_first(self, item: T, terms: JobAttributes) -> None:
        """Adds a job before all others."""
        self._terms[item] = terms
        self._front.insert(0, item)

    def remove(self, item: T) -> bool:
        """Takes a job out that is not to be served. Whether it was there."""
        terms = self._terms.pop(item, None)
        if terms is None:
            return False
        if item in self._front:
            self._front.remove(item)
        else:
            self._line(terms).remove(item)
        return True

    def take(self, fits: Callable[[T], bool] | None = None, *, allow_long: bool = True) -> T | None:
        """Takes out the job that is next among those that fit; None if none does. allow_long: see
        `Course`."""
        for item in self._candidates(allow_long):
            if fits is None or fits(item):
                self._serve(item)
                return item
        return None

    def _candidates(self, allow_long: bool) -> Iterator[T]:
        """The one that is next, then the others as far as they may start now."""
        yield from tuple(self._front)
        due = next(iter(self._long), None)
        if due is not None and (
            not self._short or (allow_long and self._earned >= credit_needed(self._terms[due].seconds))
        ):
            yield from self._long
            yield from self._short
        else:
            yield from self._short
            if allow_long:
                yield from self._long

    def _serve(self, item: T) -> None:
        terms = self._terms.pop(item)
        if item in self._front:
            self._front.remove(item)
            return
        self._line(terms).serve(item)
        if not self._long:
            self._earned = 0.0
        elif not terms.long:
            self._earned += credit_for(terms.seconds)
        if terms.long and self._short:
            self._earned = max(0.0, self._earned - credit_needed(terms.seconds))

    def _line(self, terms: JobAttributes) -> FairQueue[T]:
        return self._long if terms.long else self._short


def credit_for(seconds: float) -> float:
    """Seconds that a long job earns when a short one of so many passes it."""
    return seconds * LONG_SHARE / (1 - LONG_SHARE)


def credit_needed(seconds: float) -> float:
    """Seconds that a long job of so many must have earned to be due."""
    return min(seconds, MAX_CREDIT_S)
