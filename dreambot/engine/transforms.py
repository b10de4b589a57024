"""Random transforms of the image before each gradient.

`Transform` rolls, rotates and scales, so that the network's grid leaves no trace. Rolling is the jitter of
google/deepdream. Rotation and scaling come from feature visualisation (Olah, Mordvintsev, Schubert, "Feature
Visualization", Distill 2017): what exists at one angle and size only is not dreamed.

`Augmentation` is what each step of a summon sees: a part of the image, rotated, with other contrast,
brightness and noise. A network's idea of a class is easily met by faint patterns that mean nothing to
people. What has to be recognised in any part of the image, at any size and in any colours, can only be
the thing itself.
"""

import math
import random
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from dreambot.recipe import Recipe


@dataclass(frozen=True)
class Transform:
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

    def adjoint(self, gradient: Tensor) -> Tensor:
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


def random_transform(recipe: Recipe, width: int, height: int, rng: random.Random) -> Transform:
    """A movement within the recipe's `jitter`, `rotation` and `scaling`, for a picture of that size."""
    down = _random_offset(rng, recipe.jitter, height) / height
    right = _random_offset(rng, recipe.jitter, width) / width
    degrees = rng.uniform(-recipe.rotation, recipe.rotation) if recipe.rotation else 0.0
    scale = rng.uniform(1 - recipe.scaling, 1 + recipe.scaling) if recipe.scaling else 1.0
    return Transform(down, right, degrees, scale)


def _random_offset(rng: random.Random, jitter: int, side: int) -> int:
    # Small octaves are not rolled by more than a quarter of themselves.
    reach = min(jitter, side // 4)
    return rng.randint(-reach, reach)


_COLOUR_JITTER = 0.4
"""How far the logarithm of each colour's contrast, and its brightness, are changed, at most."""

_NOISE_STD = 0.03
"""The deviation of the grain."""


@dataclass(frozen=True)
class Augmentation:
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
        return seen * contrast + brightness + grain.mul_(_NOISE_STD).to(picture.device)


def random_augmentation(recipe: Recipe, width: int, height: int, rng: random.Random) -> Augmentation:
    """A part of at least 1 − `recipe.scaling` of the sides of a picture of that size, reaching up to
    `recipe.jitter` pixels over its edges, turned by up to `recipe.rotation` degrees; colours and grain at
    random."""
    share = math.exp(rng.uniform(math.log(1 - recipe.scaling), 0.0))
    right, down = (1 - share + min(0.5, 2 * recipe.jitter / side) for side in (width, height))
    return Augmentation(
        share,
        rng.uniform(-right, right),
        rng.uniform(-down, down),
        rng.uniform(-recipe.rotation, recipe.rotation),
        tuple(math.exp(rng.uniform(-_COLOUR_JITTER, _COLOUR_JITTER)) for _ in range(3)),
        tuple(rng.uniform(-_COLOUR_JITTER, _COLOUR_JITTER) for _ in range(3)),
        rng.getrandbits(32),
    )
