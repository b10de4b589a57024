"""A dream from beginning to end: octave by octave, step by step.

The method is google/deepdream's (Mordvintsev, Olah, Tyka, "Inceptionism", 2015): climb the gradient of a
layer's excitement at a small size first, carry what was added over to the next size, climb on.
"""

import random
from collections.abc import Callable, Generator
from dataclasses import dataclass, field

import torch
from torch import Tensor

from dreambot.engine.aim import climb_for
from dreambot.engine.ascent import Climb
from dreambot.engine.bend import bent
from dreambot.engine.finish.finished import finished
from dreambot.engine.pictures import resize, to_rgb, to_tensor
from dreambot.errors import DreambotError
from dreambot.media.inputs import Inputs
from dreambot.media.picture import Pixels
from dreambot.recipe import Recipe
from dreambot.zoo.network import Network


class Stopped(DreambotError):
    """The stop predicate said so."""


@dataclass(frozen=True)
class Step:
    """One step done. Octaves and steps count from 1; `fraction` is the share of the work done, to 1."""

    octave: int
    octaves: int
    step: int
    steps: int
    objective: float
    fraction: float
    _picture: Tensor = field(repr=False, compare=False)

    def preview(self, side: int = 320) -> Pixels:
        """The picture as it stands, (h, w, 3) uint8, its long side at most `side` pixels."""
        height, width = self._picture.shape[-2:]
        scale = min(1.0, side / max(height, width))
        return to_rgb(resize(self._picture, max(1, round(width * scale)), max(1, round(height * scale))))


def never() -> bool:
    """The stop predicate of a dream that nobody stops."""
    return False


def dream(
    network: Network, inputs: Inputs, recipe: Recipe, stop: Callable[[], bool] = never
) -> Generator[Step, None, Pixels]:
    """Dreams on a picture; yields after every step and returns the dream.

    The result is (recipe.height, recipe.width, 3) uint8. `stop` is asked between steps; when it says True,
    `Stopped` is raised. The same network, picture and recipe give the same pixels on the same device and
    thread count.
    """
    if inputs.source is None:
        raise ValueError("there is no picture to dream on")
    source = resize(to_tensor(inputs.source, network.device), recipe.width, recipe.height).clamp_(-1, 1)
    climb = climb_for(bent(network, recipe.bends, recipe.seed), recipe, source, inputs)
    # Python's generator gives the same numbers on every device, torch's does not.
    picture = yield from octaves(climb, source, random.Random(recipe.seed), stop)
    return to_rgb(finished(picture, source, recipe, climb.mask))


def octaves(
    climb: Climb,
    source: Tensor,
    rng: random.Random,
    stop: Callable[[], bool],
    close_to: Tensor | None = None,
) -> Generator[Step, None, Tensor]:
    """The source, (1, 3, H, W) in [-1, 1], dreamed octave by octave; the same shape.

    Of octaves above the picture's size, what they added is brought back down to it. close_to: what recipes
    with closeness keep close to, where that is not the source.
    """
    recipe, sizes = climb.recipe, climb.recipe.sizes
    work_in_all = sum(width * height for width, height in sizes) * recipe.steps
    done = 0
    picture = detail = torch.zeros_like(source[..., :1, :1])
    for octave, (width, height) in enumerate(sizes, start=1):
        base = resize(source, width, height)
        picture = (base + resize(detail, width, height)).clamp_(-1, 1)
        here = climb.over(base if close_to is None else resize(close_to, width, height))
        for step in range(1, recipe.steps + 1):
            if stop():
                raise Stopped("the dream was stopped")
            picture, reached = here.step(picture, recipe.step_at(step - 1), rng)
            done += width * height
            yield Step(octave, len(sizes), step, recipe.steps, reached, done / work_in_all, picture)
        detail = picture - base
    if picture.shape == source.shape:
        return picture
    height, width = source.shape[-2:]
    return (source + resize(detail, width, height)).clamp_(-1, 1)
