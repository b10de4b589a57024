"""What each step of a summoning sees: a part of the picture, askew, in another light.

A network's idea of a class is easily met by faint patterns that mean nothing to us. What has to be seen in
any part of the picture, at any size, whatever its colours, can only be the thing itself.
"""

import math
import random
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from dreambot.recipe import Recipe

_LIGHT = 0.4
"""How far the logarithm of each colour's contrast, and its brightness, are changed, at most."""

_GRAIN = 0.03
"""The deviation of the grain."""


@dataclass(frozen=True)
class View:
    """A part of a picture. share: of its sides. right, down: where its middle lies, from -1 to 1. degrees:
    turned. contrast, brightness: per colour, (3,). grain: the seed of the grain on it."""

    share: float
    right: float
    down: float
    degrees: float
    contrast: tuple[float, ...]
    brightness: tuple[float, ...]
    grain: int

    def of(self, picture: Tensor) -> Tensor:
        """(1, 3, H, W) → the same shape; differentiable. What lies outside is mirrored in."""
        height, width = picture.shape[-2:]
        cos = self.share * math.cos(math.radians(self.degrees))
        sin = self.share * math.sin(math.radians(self.degrees))
        # Coordinates go from -1 to 1 along either side, so an oblong picture would be sheared.
        place = [[cos, sin * height / width, self.right], [-sin * width / height, cos, self.down]]
        grid = F.affine_grid(picture.new_tensor([place]), list(picture.shape), align_corners=False)
        seen = F.grid_sample(picture, grid, mode="bilinear", padding_mode="reflection", align_corners=False)
        contrast, brightness = (picture.new_tensor(x).view(3, 1, 1) for x in (self.contrast, self.brightness))
        # Drawn on the CPU, so that every device gets the same numbers.
        grain = torch.randn(picture.shape, generator=torch.Generator().manual_seed(self.grain))
        return seen * contrast + brightness + grain.mul_(_GRAIN).to(picture.device)


def random_view(recipe: Recipe, width: int, height: int, rng: random.Random) -> View:
    """A part of at least 1 − `recipe.scaling` of the sides of a picture of that size, reaching up to
    `recipe.jitter` pixels over its edges, turned by up to `recipe.rotation` degrees; colours and grain at
    random."""
    share = math.exp(rng.uniform(math.log(1 - recipe.scaling), 0.0))
    right, down = (1 - share + min(0.5, 2 * recipe.jitter / side) for side in (width, height))
    return View(
        share,
        rng.uniform(-right, right),
        rng.uniform(-down, down),
        rng.uniform(-recipe.rotation, recipe.rotation),
        tuple(math.exp(rng.uniform(-_LIGHT, _LIGHT)) for _ in range(3)),
        tuple(rng.uniform(-_LIGHT, _LIGHT) for _ in range(3)),
        rng.getrandbits(32),
    )
