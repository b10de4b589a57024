"""A dream from beginning to end: octave by octave, step by step.

The method is google/deepdream's (Mordvintsev, Olah, Tyka, "Inceptionism", 2015): climb the gradient of a
layer's excitement at a small size first, carry what was added over to the next size, climb on.
"""

import random
from collections.abc import Callable, Generator
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from dreambot.engine.ascent import ascend
from dreambot.engine.light import carve
from dreambot.engine.pictures import resize, to_rgb, to_tensor
from dreambot.errors import DreambotError
from dreambot.recipe import Recipe
from dreambot.recipe.cost import octave_sizes
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

    def preview(self, side: int = 320) -> NDArray[np.uint8]:
        """The picture as it stands, (h, w, 3) uint8, its long side at most `side` pixels."""
        height, width = self._picture.shape[-2:]
        scale = min(1.0, side / max(height, width))
        return to_rgb(resize(self._picture, max(1, round(width * scale)), max(1, round(height * scale))))


def never() -> bool:
    """The stop predicate of a dream that nobody stops."""
    return False


def dream(
    network: Network, rgb: NDArray[np.uint8], recipe: Recipe, stop: Callable[[], bool] = never
) -> Generator[Step, None, NDArray[np.uint8]]:
    """Dreams on a picture; yields after every step and returns the dream.

    rgb: (H, W, 3) uint8 of any size; it is first brought to the recipe's. The result is
    (recipe.height, recipe.width, 3) uint8. `stop` is asked between steps; when it says True, `Stopped` is
    raised. The same network, picture and recipe give the same pixels on the same device and thread count.
    """
    source = resize(to_tensor(rgb, network.device), recipe.width, recipe.height).clamp_(-1, 1)
    # Python's generator gives the same numbers on every device, torch's does not.
    rng = random.Random(recipe.seed)
    sizes = list(octave_sizes(recipe.width, recipe.height, recipe.octaves, recipe.octave_scale))
    work_in_all = sum(width * height for width, height in sizes) * recipe.steps
    done = 0
    picture = detail = torch.zeros_like(source[..., :1, :1])
    for octave, (width, height) in enumerate(sizes, start=1):
        base = resize(source, width, height)
        picture = (base + resize(detail, width, height)).clamp_(-1, 1)
        for step in range(1, recipe.steps + 1):
            if stop():
                raise Stopped("the dream was stopped")
            picture, reached = ascend(network, picture, recipe, recipe.step_at(step - 1), rng)
            done += width * height
            yield Step(octave, len(sizes), step, recipe.steps, reached, done / work_in_all, picture)
        detail = picture - base
    return to_rgb(carve(picture, source, recipe.light) if recipe.light else picture)
