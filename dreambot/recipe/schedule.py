"""What happens at each dreamed frame of a hellscape: which legs are climbed, how many steps, the way home.

Plain arithmetic, so that a film's cost is known before it is accepted.
"""

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from dreambot.recipe.film import Hellscape

WARM_UP = 10
"""Frames that a loop from noise dreams ahead, so that no frame of it is younger than the others."""


@dataclass(frozen=True)
class FramePlan:
    """One dreamed frame.

    legs: (number of the leg, its weight) of what is climbed; weights add up to 1. steps: in each octave.
    strength: how long they are, as a share of the recipe's step. shown: whether the film shows the frame.
    kept: whether it is one of those that the film leads back to. home: how far the frame is drawn towards the
    one that the film leads back to, 0 to 1. left: how many more frames until it is reached.
    """

    legs: tuple[tuple[int, float], ...]
    steps: int
    strength: float = 1.0
    shown: bool = True
    kept: bool = False
    home: float = 0.0
    left: int = 0


def schedule(film: Hellscape, steps: int) -> Iterator[FramePlan]:
    """The dreamed frames of a film in order; `steps` is the recipe's number for one frame.

    A loop from noise dreams more frames than it shows: `WARM_UP` of them and then those that its end is led
    back to (`kept`), so that the first one shown follows from the last. A loop from a picture ends where
    it began, on the picture.
    """
    count, loop = film.dreamed, film.loop
    noise = film.start != "picture"
    ahead = WARM_UP if loop and noise else 0
    turn = count if noise else count - loop + 1
    first = -ahead
    for index in range(first, count + (loop if noise else 0)):
        begins = index == first
        way = index - turn + 1 if loop and index >= turn else 0
        home, wanted = _homeward(way, loop, steps) if way else (0.0, steps)
        yield FramePlan(
            legs=_legs(film, index % count, count),
            steps=film.first_steps if begins else wanted,
            strength=1.0 if begins else _grown(index - first, film.melt),
            shown=index >= loop or not noise,
            kept=noise and 0 <= index < loop,
            home=home,
            left=loop - way if way else 0,
        )


def work(film: Hellscape, steps: int) -> Counter[frozenset[int]]:
    """How many steps are taken in each octave while these legs are climbed, in the whole film."""
    done: Counter[frozenset[int]] = Counter()
    for plan in schedule(film, steps):
        done[frozenset(leg for leg, _ in plan.legs)] += plan.steps
    return done


def _legs(film: Hellscape, at: int, count: int) -> tuple[tuple[int, float], ...]:
    """The legs that are climbed `at` frames into a film of `count`."""
    legs = 1 + len(film.onward)
    lengths = film.leg_frames * legs if len(film.leg_frames) == 1 else film.leg_frames
    fades = film.fade * legs if len(film.fade) == 1 else film.fade
    ends = list(accumulate(lengths))
    lap = at % ends[-1]
    leg = next(number for number, end in enumerate(ends) if lap < end)
    into = lap - ends[leg] + min(fades[leg], lengths[leg]) + 1
    follows = at + ends[leg] - lap < count or film.loop
    if into <= 0 or legs == 1 or not follows:
        return ((leg, 1.0),)
    # A cosine: neither leg comes or goes with a jerk.
    share = (1 - math.cos(math.pi * into / (fades[leg] + 1))) / 2
    return ((leg, 1 - share), ((leg + 1) % legs, share))


def _homeward(way: int, loop: int, steps: int) -> tuple[float, int]:
    """(how far to draw the picture, steps) at frame `way` of the `loop` that lead home.

    All draws together follow a smoothstep. What is dreamed grows less meanwhile: each step would lead away.
    """
    reached, before = _smoothstep(way / loop), _smoothstep((way - 1) / loop)
    left = loop - way
    wanted = 0 if left == 0 else 1 if left <= 2 else max(2, round(steps * (1 - reached)))
    return (reached - before) / (1 - before), min(wanted, steps)


def _grown(frame: int, melt: int) -> float:
    return _smoothstep(frame / (melt + 1)) if frame <= melt else 1.0


def _smoothstep(x: float) -> float:
    return x * x * (3 - 2 * x)
