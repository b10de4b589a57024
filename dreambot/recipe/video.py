"""The video part of a recipe (hellscape or moving source), and the plan of a hellscape's frames.

The plan says for each dreamed frame which legs are dreamed, with how many steps, and how a loop is closed. It
is plain arithmetic, so that a video's cost is known before it is accepted.
"""

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from dreambot.recipe.errors import RecipeError
from dreambot.recipe.expression import MAX_LEGS, MAX_TERMS, LayerTerm

MAX_FRAMES = 1800
MAX_FPS = 60
MAX_LOOP = 60

HellscapeStart = Literal["smooth", "static", "picture"]
Leg = Annotated[tuple[LayerTerm, ...], Field(min_length=1, max_length=MAX_TERMS)]
LegFrames = Annotated[int, Field(ge=1, le=MAX_FRAMES)]
Fade = Annotated[int, Field(ge=0, le=MAX_FRAMES)]
Finite = Field(allow_inf_nan=False)


class HellscapeParams(BaseModel):
    """The picture fed back: dreamed, moved a little, dreamed again. The recipe's own numbers are one frame's;
    its `layers` are the first leg of the journey, `onward` the others. After the last leg the first comes
    again.

    `start`: smooth noise, grey static, or the source. `first_steps` are taken on frame 0 instead of `steps`,
    and over the `melt` frames that follow the steps grow to their full length. `frames` are shown at `fps`;
    between two that are dreamed, `between` are in-between pictures. Each dreamed frame is zoomed by `zoom`,
    turned by `rotation` degrees and shifted by `drift_x`, `drift_y` (shares of its width and height), then
    sharpened by `sharpen`. Legs last `leg_frames` dreamed frames, one number for all of them or one for each;
    the last `fade` of them (again one or each) blend into the next leg. `hold` is the share of its drift in
    colour and contrast that a frame is put right by. With `loop`, that many dreamed frames at the end lead
    back to the first.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    frames: Annotated[int, Field(ge=1, le=MAX_FRAMES)]
    fps: Annotated[float, Field(ge=1, le=MAX_FPS), Finite] = 12.0
    between: Annotated[int, Field(ge=0, le=4)] = 0
    start: HellscapeStart = "smooth"
    first_steps: Annotated[int, Field(ge=0, le=200)] = 20
    melt: Annotated[int, Field(ge=0, le=MAX_FRAMES)] = 0
    zoom: Annotated[float, Field(ge=0.8, le=1.25), Finite] = 1.03
    rotation: Annotated[float, Field(ge=-45, le=45), Finite] = 0.6
    drift_x: Annotated[float, Field(ge=-0.1, le=0.1), Finite] = 0.0
    drift_y: Annotated[float, Field(ge=-0.1, le=0.1), Finite] = 0.0
    sharpen: Annotated[float, Field(ge=0, le=1), Finite] = 0.08
    hold: Annotated[float, Field(ge=0, le=1), Finite] = 0.3
    onward: Annotated[tuple[Leg, ...], Field(max_length=MAX_LEGS - 1)] = ()
    leg_frames: Annotated[tuple[LegFrames, ...], Field(min_length=1, max_length=MAX_LEGS)] = (30,)
    fade: Annotated[tuple[Fade, ...], Field(min_length=1, max_length=MAX_LEGS)] = (0,)
    loop: Annotated[int, Field(ge=0, le=MAX_LOOP)] = 0

    @model_validator(mode="after")
    def _check_leg_numbers(self) -> "HellscapeParams":
        for numbers in (self.leg_frames, self.fade):
            if len(numbers) not in {1, 1 + len(self.onward)}:
                raise RecipeError("errors-problem-legs")
        if self.loop > self.dreamed:
            raise RecipeError("errors-problem-loop")
        return self

    @property
    def dreamed(self) -> int:
        """How many of the frames shown are dreamed; the others are in between."""
        # What is in between a loop's last frame and its first comes after the last.
        last = self.frames if self.loop else self.frames + self.between
        return -(-last // (self.between + 1))


class VideoParams(BaseModel):
    """A moving source, dreamed frame by frame. `carry` is the share of the last frame's dream that a frame
    begins with (0: every frame for itself). `frames` is how many of the source's are dreamed, where of those
    that come faster than `fps` some are left out; recipes of earlier versions do not say it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    frames: Annotated[int, Field(ge=1, le=MAX_FRAMES)]
    carry: Annotated[float, Field(ge=0, le=1), Finite] = 0.85
    fps: Annotated[float, Field(gt=0, le=MAX_FPS), Finite] | None = None


WARM_UP_FRAMES = 10
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


def plan_frames(film: HellscapeParams, steps: int) -> Iterator[FramePlan]:
    """The dreamed frames of a film in order; `steps` is the recipe's number for one frame.

    A loop from noise dreams more frames than it shows: `WARM_UP` of them and then those that its end is led
    back to (`kept`), so that the first one shown follows from the last. A loop from a picture ends where
    it began, on the picture.
    """
    count, loop = film.dreamed, film.loop
    noise = film.start != "picture"
    ahead = WARM_UP_FRAMES if loop and noise else 0
    turn = count if noise else count - loop + 1
    first = -ahead
    for index in range(first, count + (loop if noise else 0)):
        begins = index == first
        way = index - turn + 1 if loop and index >= turn else 0
        home, wanted = _loop_closing(way, loop, steps) if way else (0.0, steps)
        yield FramePlan(
            legs=_legs_at(film, index % count, count),
            steps=film.first_steps if begins else wanted,
            strength=1.0 if begins else _melt_strength(index - first, film.melt),
            shown=index >= loop or not noise,
            kept=noise and 0 <= index < loop,
            home=home,
            left=loop - way if way else 0,
        )


def steps_per_legs(film: HellscapeParams, steps: int) -> Counter[frozenset[int]]:
    """How many steps are taken in each octave while these legs are climbed, in the whole film."""
    done: Counter[frozenset[int]] = Counter()
    for plan in plan_frames(film, steps):
        done[frozenset(leg for leg, _ in plan.legs)] += plan.steps
    return done


def _legs_at(film: HellscapeParams, at: int, count: int) -> tuple[tuple[int, float], ...]:
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


def _loop_closing(way: int, loop: int, steps: int) -> tuple[float, int]:
    """(how far to draw the picture, steps) at frame `way` of the `loop` that lead home.

    All draws together follow a smoothstep. What is dreamed grows less meanwhile: each step would lead away.
    """
    reached, before = _smoothstep(way / loop), _smoothstep((way - 1) / loop)
    left = loop - way
    wanted = 0 if left == 0 else 1 if left <= 2 else max(2, round(steps * (1 - reached)))
    return (reached - before) / (1 - before), min(wanted, steps)


def _melt_strength(frame: int, melt: int) -> float:
    return _smoothstep(frame / (melt + 1)) if frame <= melt else 1.0


def _smoothstep(x: float) -> float:
    return x * x * (3 - 2 * x)
