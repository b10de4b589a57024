"""The parameters of hellscapes and video sources in a recipe, and the plan of a hellscape's frames.

The plan says for each dreamed frame which legs are dreamed, with how many steps, and how a loop is closed. It
is plain arithmetic, so that a video's cost is known before it is accepted.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from dreambot.recipe.errors import RecipeError
from dreambot.recipe.expression import MAX_LEGS, MAX_TERMS, LayerTerm

HELD_MEAN, HELD_LIGHT, HELD_COLOUR = (-0.02, -0.06, -0.1), 0.38, 0.16
"""Rather dark, a little warm, full contrast, strong but not garish."""

MAX_FRAMES = 1800
MAX_FPS = 60
MAX_LOOP = 60

_LEVELS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
"""The levels of a loudness curve, from silent to loudest, as URL-safe base64 writes six bits."""
_CALM_MOTION, _LOUD_MOTION, _MOTION_EXPONENT = 0.15, 2.6, 2.0
_CALM_DRIVE, _LOUD_DRIVE = 0.35, 1.6
"""How far the camera moves, and how strong a step is, in silence and where the sound is loudest, relative to
a hellscape without sound."""

HellscapeStart = Literal["smooth", "static", "picture"]
Leg = Annotated[tuple[LayerTerm, ...], Field(min_length=1, max_length=MAX_TERMS)]
LegFrames = Annotated[int, Field(ge=1, le=MAX_FRAMES)]
Fade = Annotated[int, Field(ge=0, le=MAX_FRAMES)]
Finite = Field(allow_inf_nan=False)
HeldChannel = Annotated[float, Field(ge=-0.6, le=0.6), Finite]


class HellscapeParams(BaseModel):
    """The feedback loop of a hellscape: the image is dreamed, moved a little, and dreamed again.

    The other parameters of the recipe are those of one frame; its `layers` are the first leg of the journey.
    After the last leg the first comes again.

    Attributes:
        frames: Frames shown.
        fps: Frames shown per second.
        between: In-between frames after each dreamed frame.
        start: Smooth noise, grey static, or the source.
        first_steps: Steps on frame 0, instead of the recipe's `steps`.
        melt: Over this many frames after the first, steps grow to their full length.
        zoom: The zoom of each dreamed frame.
        rotation: Its rotation in degrees.
        drift_x: Its movement as a share of the width.
        drift_y: Its movement as a share of the height.
        sharpen: The amount of sharpening after the movement.
        hold: The share of a frame's drift in colour and contrast that is corrected.
        held_mean: The mean colour that is held, red, green and blue in [-1, 1].
        held_light: The standard deviation of the luminance that is held.
        held_colour: The standard deviation of the difference from the luminance that is held.
        onward: The legs of the journey after the first.
        leg_frames: How many dreamed frames each leg lasts, or one number for all.
        fade: How many of its last frames blend into the next leg, or one number for all.
        loop: If above 0, this many dreamed frames at the end lead back to the first.
        loudness: The loudness of a sound at each dreamed frame, see `format_loudness`; it drives how far the
            camera moves and how strongly the frame is dreamed. Empty without a sound.
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
    held_mean: Annotated[
        tuple[HeldChannel, HeldChannel, HeldChannel], Field(exclude_if=lambda mean: mean == HELD_MEAN)
    ] = HELD_MEAN
    held_light: Annotated[float, Field(ge=0.05, le=0.6, exclude_if=lambda std: std == HELD_LIGHT), Finite] = (
        HELD_LIGHT
    )
    held_colour: Annotated[float, Field(ge=0, le=0.5, exclude_if=lambda std: std == HELD_COLOUR), Finite] = (
        HELD_COLOUR
    )
    onward: Annotated[tuple[Leg, ...], Field(max_length=MAX_LEGS - 1)] = ()
    leg_frames: Annotated[tuple[LegFrames, ...], Field(min_length=1, max_length=MAX_LEGS)] = (30,)
    fade: Annotated[tuple[Fade, ...], Field(min_length=1, max_length=MAX_LEGS)] = (0,)
    loop: Annotated[int, Field(ge=0, le=MAX_LOOP)] = 0
    loudness: Annotated[
        str, Field(max_length=MAX_FRAMES, pattern=r"^[A-Za-z0-9_-]*$", exclude_if=lambda curve: not curve)
    ] = ""

    @model_validator(mode="after")
    def _check_leg_numbers(self) -> "HellscapeParams":
        for numbers in (self.leg_frames, self.fade):
            if len(numbers) not in {1, 1 + len(self.onward)}:
                raise RecipeError("errors-problem-legs")
        if self.loop > self.dreamed:
            raise RecipeError("errors-problem-loop")
        if self.loudness and (self.loop or len(self.loudness) != self.dreamed):
            raise RecipeError("errors-problem-loudness")
        return self

    @property
    def dreamed(self) -> int:
        """The number of dreamed frames; the others are in-between frames."""
        # The in-between frames from a loop's last frame to its first come after the last.
        last = self.frames if self.loop else self.frames + self.between
        return -(-last // (self.between + 1))


def format_loudness(levels: Iterable[float]) -> str:
    """Writes a loudness curve as one character for each level.

    Args:
        levels: From 0 (silence) to 1 (the loudest beats).
    """
    last = len(_LEVELS) - 1
    return "".join(_LEVELS[round(min(1.0, max(0.0, level)) * last)] for level in levels)


class VideoParams(BaseModel):
    """A video source, dreamed frame by frame.

    Attributes:
        frames: How many frames are dreamed.
        carry: The share of the previous frame's dream that a frame begins with; 0 dreams each frame on
            its own.
        fps: Frames of a source with a higher rate are dropped. Recipes of earlier versions do not have it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    frames: Annotated[int, Field(ge=1, le=MAX_FRAMES)]
    carry: Annotated[float, Field(ge=0, le=1), Finite] = 0.85
    fps: Annotated[float, Field(gt=0, le=MAX_FPS), Finite] | None = None


WARM_UP_FRAMES = 10
"""Frames that a loop from noise dreams before its first, so that all its frames are equally developed."""


@dataclass(frozen=True)
class FramePlan:
    """One dreamed frame.

    Attributes:
        legs: (index of a leg, weight) of what is maximised. The weights add up to 1.
        steps: Steps in each octave.
        strength: The length of the steps, as a share of the recipe's step.
        shown: Whether the video shows the frame.
        kept: Whether the end of the video leads back to it.
        home: How far the frame is blended towards the one that the video leads back to, 0 to 1.
        left: How many more frames until that one is reached.
        motion: How far the camera moves before the frame, as a multiple of its usual movement.
        drive: The length of the steps once more, as the sound drives it.
    """

    legs: tuple[tuple[int, float], ...]
    steps: int
    strength: float = 1.0
    shown: bool = True
    kept: bool = False
    home: float = 0.0
    left: int = 0
    motion: float = 1.0
    drive: float = 1.0


def plan_frames(video: HellscapeParams, steps: int) -> Iterator[FramePlan]:
    """Yields the dreamed frames of a video in order.

    A loop from noise dreams more frames than it shows: first `WARM_UP_FRAMES`, then those that its end leads
    back to (`kept`), so that the first frame shown follows from the last. A loop from a picture ends where it
    began, with the picture.

    Args:
        video: The parameters of the video.
        steps: The recipe's number of steps for one frame.
    """
    count, loop = video.dreamed, video.loop
    noise = video.start != "picture"
    ahead = WARM_UP_FRAMES if loop and noise else 0
    turn = count if noise else count - loop + 1
    first = -ahead
    for index in range(first, count + (loop if noise else 0)):
        begins = index == first
        way = index - turn + 1 if loop and index >= turn else 0
        home, wanted = _loop_closing(way, loop, steps) if way else (0.0, steps)
        yield FramePlan(
            legs=_legs_at(video, index % count, count),
            steps=video.first_steps if begins else wanted,
            strength=1.0 if begins else _melt_strength(index - first, video.melt),
            shown=index >= loop or not noise,
            kept=noise and 0 <= index < loop,
            home=home,
            left=loop - way if way else 0,
            **(_driven_by(video.loudness[index]) if video.loudness and not begins else {}),
        )


def steps_per_legs(video: HellscapeParams, steps: int) -> Counter[frozenset[int]]:
    """Returns the steps in each octave for each set of legs that are dreamed together, over the whole video.

    Args:
        video: The parameters of the video.
        steps: The recipe's number of steps for one frame.
    """
    done: Counter[frozenset[int]] = Counter()
    for plan in plan_frames(video, steps):
        done[frozenset(leg for leg, _ in plan.legs)] += plan.steps
    return done


def _legs_at(video: HellscapeParams, at: int, count: int) -> tuple[tuple[int, float], ...]:
    """The legs that are dreamed `at` frames into a video of `count`."""
    legs = 1 + len(video.onward)
    lengths = video.leg_frames * legs if len(video.leg_frames) == 1 else video.leg_frames
    fades = video.fade * legs if len(video.fade) == 1 else video.fade
    ends = list(accumulate(lengths))
    lap = at % ends[-1]
    leg = next(number for number, end in enumerate(ends) if lap < end)
    into = lap - ends[leg] + min(fades[leg], lengths[leg]) + 1
    follows = at + ends[leg] - lap < count or video.loop
    if into <= 0 or legs == 1 or not follows:
        return ((leg, 1.0),)
    # A cosine, so that neither leg starts or ends abruptly.
    share = (1 - math.cos(math.pi * into / (fades[leg] + 1))) / 2
    return ((leg, 1 - share), ((leg + 1) % legs, share))


def _loop_closing(way: int, loop: int, steps: int) -> tuple[float, int]:
    """(how far to blend the image, steps) at frame `way` of the `loop` that lead home.

    All blends together follow a smoothstep. The number of steps falls meanwhile: each step would lead away.
    """
    reached, before = smoothstep(way / loop), smoothstep((way - 1) / loop)
    left = loop - way
    wanted = 0 if left == 0 else 1 if left <= 2 else max(2, round(steps * (1 - reached)))
    return (reached - before) / (1 - before), min(wanted, steps)


def _melt_strength(frame: int, melt: int) -> float:
    return smoothstep(frame / (melt + 1)) if frame <= melt else 1.0


def _driven_by(character: str) -> dict[str, float]:
    """The motion and drive of a frame at that loudness."""
    level = _LEVELS.index(character) / (len(_LEVELS) - 1)
    return {
        "motion": _CALM_MOTION + (_LOUD_MOTION - _CALM_MOTION) * level**_MOTION_EXPONENT,
        "drive": _CALM_DRIVE + (_LOUD_DRIVE - _CALM_DRIVE) * level,
    }


def smoothstep(x: float) -> float:
    """Returns the cubic that eases from 0 to 1.

    Args:
        x: 0 to 1.
    """
    return x * x * (3 - 2 * x)
