"""Frames of a film, handed out as they are made."""

from collections.abc import Generator
from dataclasses import dataclass, replace

from torch import Tensor

from dreambot.engine.dream import Step
from dreambot.media.picture import Pixels


@dataclass(frozen=True, eq=False)
class Frame:
    """A finished frame, (H, W, 3) sRGB. `index` counts from 0."""

    index: int
    frames: int
    rgb: Pixels


def as_part(steps: Generator[Step, None, Tensor], begin: float, end: float) -> Generator[Step, None, Tensor]:
    """The same steps and result, their fractions from `begin` to `end` of a larger whole."""
    while True:
        try:
            step = next(steps)
        except StopIteration as done:
            picture: Tensor = done.value
            return picture
        yield replace(step, fraction=begin + step.fraction * (end - begin))
