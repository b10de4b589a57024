"""How much work comes, lately."""

import math

from dreambot.executor.queue.fairness import Turn
from dreambot.executor.queue.forecast import Newcomers

LATELY = 1800.0
"""Seconds over which what came is forgotten. Rushes are shorter than waits, so that what comes next is told
better by the last half hour than by the last minute."""
_QUIET = 300.0
"""So many seconds nobody is taken to have come before the first did."""


class Arrivals:
    """The work of those who came and were served before others that waited."""

    def __init__(self, now: float) -> None:
        self._began, self._noted = now - _QUIET, now
        self._fresh = self._joining = 0.0

    def note(self, now: float, turn: Turn, current: Turn, seconds: float) -> None:
        """A short job of so many seconds came. turn: what it was given; current: the one being served."""
        self._fade(now)
        if turn == current:
            self._fresh += seconds
        elif turn[0] == current[0]:
            self._joining += seconds

    def rates(self, now: float) -> Newcomers:
        """Seconds of work in a second."""
        self._fade(now)
        weight = LATELY * (1 - math.exp(-(now - self._began) / LATELY))
        return Newcomers(self._fresh / weight, self._joining / weight)

    def _fade(self, now: float) -> None:
        left = math.exp(-max(0.0, now - self._noted) / LATELY)
        self._fresh *= left
        self._joining *= left
        self._noted = now
