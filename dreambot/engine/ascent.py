"""One step of gradient ascent."""

import random
from dataclasses import dataclass

import torch
from torch import Tensor

from dreambot.engine.gradient import treat
from dreambot.engine.gradients import gradient_of
from dreambot.engine.score import Score
from dreambot.recipe import Recipe
from dreambot.zoo.network import Network


@dataclass(frozen=True)
class Climb:
    """What stays the same from step to step: a network, the score to climb, the numbers of the recipe."""

    network: Network
    score: Score
    recipe: Recipe

    def step(self, picture: Tensor, length: float, rng: random.Random) -> tuple[Tensor, float]:
        """The picture, (1, 3, H, W) in [-1, 1], after one step of that length, and the score before it.

        The picture is rolled by a random offset first (jitter), so that the network's grid leaves no trace.
        """
        recipe = self.recipe
        offset = tuple(_offset(rng, recipe.jitter, side) for side in picture.shape[-2:])
        rolled = torch.roll(picture, offset, dims=(2, 3))
        gradient, reached = gradient_of(self.network, rolled, self.score)
        gradient = torch.roll(gradient, (-offset[0], -offset[1]), dims=(2, 3))
        step = treat(gradient, recipe.gradient, recipe.bands, recipe.chroma)
        return torch.add(picture, step, alpha=length).clamp_(-1, 1), reached


def _offset(rng: random.Random, jitter: int, side: int) -> int:
    # Small octaves are not rolled by more than a quarter of themselves.
    reach = min(jitter, side // 4)
    return rng.randint(-reach, reach)
