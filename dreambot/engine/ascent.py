"""One step of gradient ascent."""

import math
import random
from copy import copy
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from dreambot.engine.cuda.fast import fast_step
from dreambot.engine.finish.mask import at_size
from dreambot.engine.gradients import gradient_of
from dreambot.engine.movement import random_movement
from dreambot.engine.score import Score, moved
from dreambot.engine.tiles import fits, tiled_gradient_of
from dreambot.engine.treatment import treat
from dreambot.recipe import Recipe
from dreambot.zoo.network import Network

_DAMPED = 0.25


@dataclass(frozen=True)
class Climb:
    """What stays the same from step to step: a network, the score to climb, the numbers of the recipe.

    base: what the picture is before anything is dreamed, at its present size, for recipes that keep close
    to it. mask: (1, 1, H, W) from 0 to 1, how much is dreamed where; at any size.
    """

    network: Network
    score: Score
    recipe: Recipe
    base: Tensor | None = None
    mask: Tensor | None = None

    def over(self, base: Tensor) -> "Climb":
        """The same climb, on a picture that is `base` before anything is dreamed."""
        height, width = base.shape[-2:]
        return replace(
            self, base=base, mask=self.mask if self.mask is None else at_size(self.mask, width, height)
        )

    def step(self, picture: Tensor, length: float, rng: random.Random) -> tuple[Tensor, float]:
        """The picture, (1, 3, H, W) in [-1, 1], after one step of that length, and the score before it.

        Where the score is no finite number, of a network bent too far, the gradient is not worth much,
        and the step is damped; a gradient that is none at all leaves the picture as it is.
        """
        recipe = self.recipe
        movement = random_movement(recipe, picture.shape[-1], picture.shape[-2], rng)
        if self.mask is None and (
            stepped := fast_step(self.network, self.score, recipe, picture, length, movement)
        ):
            return stepped
        gradient, reached = self._gradient(movement.moved(picture), moved(self.score, movement), rng)
        gradient = movement.moved_back(gradient)
        if recipe.keep_colour:
            gradient = gradient.mean(dim=1, keepdim=True).expand_as(gradient)
        step = treat(gradient, recipe.gradient, recipe.bands, recipe.chroma)
        if self.mask is not None:
            step = step * self.mask
        picture = torch.add(picture, step, alpha=length if math.isfinite(reached) else _DAMPED * length)
        if recipe.closeness and self.base is not None:
            picture = torch.lerp(picture, self.base, recipe.closeness)
        return picture.clamp_(-1, 1), reached

    def _gradient(self, picture: Tensor, score: Score, rng: random.Random) -> tuple[Tensor, float]:
        side = self.recipe.tile
        if side is None or fits(picture, side):
            return gradient_of(self.network, picture, score)
        # A copy, so that a dream in tiles moves as the same dream in one piece does.
        return tiled_gradient_of(self.network, picture, score, side, copy(rng))
