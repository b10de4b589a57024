"""Small random movements before each gradient, so that the network's grid leaves no trace.

Rolling is google/deepdream's jitter. Turning and scaling came with feature visualisation (Olah, Mordvintsev,
Schubert, "Feature Visualization", Distill 2017): what is only there at one angle and size is not dreamed.
"""

import math
import random
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from dreambot.recipe import Recipe


@dataclass(frozen=True)
class Movement:
    """down, right: what the picture is rolled by, as shares of its height and width. degrees: turned
    anticlockwise. scale: above 1 magnifies. What moves out of sight is mirrored in."""

    down: float
    right: float
    degrees: float = 0.0
    scale: float = 1.0

    def moved(self, maps: Tensor) -> Tensor:
        """Maps of the whole picture, (N, C, h, w) at any resolution, as they are after the movement."""
        offset = self.offset(maps)
        rolled = torch.roll(maps, offset, dims=(2, 3)) if any(offset) else maps
        if self.degrees == 0 and self.scale == 1:
            return rolled
        return F.grid_sample(
            rolled, self._grid(maps), mode="bilinear", padding_mode="reflection", align_corners=False
        )

    def moved_back(self, gradient: Tensor) -> Tensor:
        """The gradient to the picture, from the gradient to the moved one: the adjoint of `moved`."""
        if self.degrees or self.scale != 1:
            with torch.enable_grad():
                still = torch.zeros_like(gradient, requires_grad=True)
                # Asked for the gradient of a tensor instead of a number, torch would first import sympy.
                (gradient,) = torch.autograd.grad((self.moved(still) * gradient).sum(), still)
            return gradient
        down, right = self.offset(gradient)
        return torch.roll(gradient, (-down, -right), dims=(2, 3))

    def offset(self, maps: Tensor) -> tuple[int, int]:
        """How many of the maps' rows and columns they are rolled by."""
        height, width = maps.shape[-2:]
        return round(self.down * height), round(self.right * width)

    def _grid(self, maps: Tensor) -> Tensor:
        height, width = maps.shape[-2:]
        cos = math.cos(math.radians(self.degrees)) / self.scale
        sin = math.sin(math.radians(self.degrees)) / self.scale
        # Coordinates go from -1 to 1 along either side, so an oblong picture would be sheared.
        turn = [[cos, sin * height / width, 0.0], [-sin * width / height, cos, 0.0]]
        size = [len(maps), 1, height, width]
        return F.affine_grid(maps.new_tensor(turn).expand(len(maps), 2, 3), size, align_corners=False)


def random_movement(recipe: Recipe, width: int, height: int, rng: random.Random) -> Movement:
    """A movement within the recipe's `jitter`, `rotation` and `scaling`, for a picture of that size."""
    down = _offset(rng, recipe.jitter, height) / height
    right = _offset(rng, recipe.jitter, width) / width
    degrees = rng.uniform(-recipe.rotation, recipe.rotation) if recipe.rotation else 0.0
    scale = rng.uniform(1 - recipe.scaling, 1 + recipe.scaling) if recipe.scaling else 1.0
    return Movement(down, right, degrees, scale)


def _offset(rng: random.Random, jitter: int, side: int) -> int:
    # Small octaves are not rolled by more than a quarter of themselves.
    reach = min(jitter, side // 4)
    return rng.randint(-reach, reach)
