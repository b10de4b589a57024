"""How long jobs of a kind take on a kind of device, learnt from those that were done."""

import math
from dataclasses import dataclass
from typing import Any, Self

from dreambot.executor.queue.works import Work

_NEWEST = 0.1
"""What a job weighs at least against those before, so that a device which grows slower is noticed."""
_PRIOR = 0.1
"""What a guess from other kinds of jobs weighs against one job of this kind."""
_USUAL_SPREAD = 0.3
_ODD = 3.0
"""A job that is off by more than this many usual deviations counts as if it were off by so much."""


@dataclass
class Mean:
    """A weighted mean of logarithms which odd ones hardly move, and where on the scale of sizes they were."""

    value: float = 0.0
    at: float = 0.0
    spread: float = _USUAL_SPREAD
    count: int = 0

    def note(self, value: float, at: float) -> None:
        """One more."""
        self.count += 1
        weight = max(1 / self.count, _NEWEST)
        off = value - self.value if self.count > 1 else 0.0
        if self.count == 1:
            self.value, self.at = value, at
        self.value += weight * max(-_ODD * self.spread, min(_ODD * self.spread, off))
        self.at += weight * (at - self.at)
        self.spread += _NEWEST * (max(abs(off), 0.02) - self.spread)


Sizes = dict[int, Mean]


class Rates:
    """Seconds per FLOP: for each kind of job on each device, for coarser kinds, and by size within each."""

    def __init__(self) -> None:
        self._tables: dict[tuple[str, ...], Sizes] = {}

    def note(self, work: Work, device: str, seconds: float) -> None:
        """Learns from a job. device: what it is called, the same for devices alike."""
        rate = math.log(max(seconds, 1e-4) / max(work.flops, 1.0))
        for key in _keys(work, device):
            self._tables.setdefault(key, {}).setdefault(work.size_class, Mean()).note(rate, work.log_pixels)

    def seconds(self, work: Work, device: str, guess: float) -> float:
        """How long a job will take there. guess: FLOP/s, for when nothing is known.

        From the coarsest kind to the finest, each kind's own jobs count more the more there were."""
        rate = -math.log(guess)
        for key in reversed(_keys(work, device)):
            sizes = self._tables.get(key)
            if sizes:
                own, count = _at(sizes, work.log_pixels)
                rate += count / (count + _PRIOR) * (own - rate)
        return math.exp(rate) * max(work.flops, 1.0)

    def knows(self, work: Work, device: str) -> bool:
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
                int(size): Mean(float(value), float(at), max(0.02, float(spread)), int(count))
                for size, value, at, spread, count in sizes
            }
        return rates


def _keys(work: Work, device: str) -> tuple[tuple[str, ...], ...]:
    """From the finest to the coarsest kind."""
    return (
        (device, work.motion, work.model, work.precision, work.way, work.layer),
        (device, work.motion, work.model, work.precision, work.way),
        (device, work.motion, work.precision),
        (device, work.motion),
        (device,),
    )


def _at(sizes: Sizes, log_pixels: float) -> tuple[float, float]:
    """The mean at that size, in between those of the next smaller and next larger, and how many jobs it is
    from."""
    below: Mean | None = None
    above: Mean | None = None
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
