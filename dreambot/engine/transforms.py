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
    """A roll, rotation and scaling of the image; what leaves the frame is replaced by reflection.

    Attributes:
        down: Roll downwards as a fraction of the height.
        right: Roll to the right as a fraction of the width.
        degrees: Rotation, anticlockwise.
        scale: Magnification; above 1 enlarges.
    """

    down: float
    right: float
    degrees: float = 0.0
    scale: float = 1.0

    def apply(self, maps: Tensor) -> Tensor:
        """Applies the transform.

        Args:
            maps: An image or activations of the whole image, `[batch, channels, h, w]` at any resolution.

        Returns:
            The transformed maps, of the same shape.
        """
        offset = self.offset(maps)
        rolled = torch.roll(maps, offset, dims=(2, 3)) if any(offset) else maps
        if self.degrees == 0 and self.scale == 1:
            return rolled
        return F.grid_sample(
            rolled, self._grid(maps), mode="bilinear", padding_mode="reflection", align_corners=False
        )

    def adjoint(self, gradient: Tensor) -> Tensor:
        """Maps the gradient of the transformed image to the gradient of the image: the adjoint of `apply`.

        Args:
            gradient: `[batch, 3, height, width]`.

        Returns:
            The gradient with respect to the image before the transform, of the same shape.
        """
        if self.degrees or self.scale != 1:
            with torch.enable_grad():
                zeros = torch.zeros_like(gradient, requires_grad=True)
                # Given a tensor instead of a scalar, autograd would first import sympy.
                (gradient,) = torch.autograd.grad((self.apply(zeros) * gradient).sum(), zeros)
            return gradient
        down, right = self.offset(gradient)
        return torch.roll(gradient, (-down, -right), dims=(2, 3))

    def offset(self, maps: Tensor) -> tuple[int, int]:
        """Returns the roll in rows and columns.

        Args:
            maps: Maps to be rolled, `[…, h, w]`.
        """
        height, width = maps.shape[-2:]
        return round(self.down * height), round(self.right * width)

    def _grid(self, maps: Tensor) -> Tensor:
        height, width = maps.shape[-2:]
        cos = math.cos(math.radians(self.degrees)) / self.scale
        sin = math.sin(math.radians(self.degrees)) / self.scale
        # Coordinates run from -1 to 1 on both axes; without the aspect ratio an oblong image would be
        # sheared.
        matrix = [[cos, sin * height / width, 0.0], [-sin * width / height, cos, 0.0]]
        size = [len(maps), 1, height, width]
        return F.affine_grid(maps.new_tensor(matrix).expand(len(maps), 2, 3), size, align_corners=False)


def random_transform(recipe: Recipe, width: int, height: int, rng: random.Random) -> Transform:
    """Draws a transform within the recipe's `jitter`, `rotation` and `scaling`.

    Args:
        recipe: Recipe with the limits.
        width: Width of the image in pixels.
        height: Height of the image in pixels.
        rng: Random number generator.
    """
    down = _random_offset(rng, recipe.jitter, height) / height
    right = _random_offset(rng, recipe.jitter, width) / width
    degrees = rng.uniform(-recipe.rotation, recipe.rotation) if recipe.rotation else 0.0
    scale = rng.uniform(1 - recipe.scaling, 1 + recipe.scaling) if recipe.scaling else 1.0
    return Transform(down, right, degrees, scale)


def _random_offset(rng: random.Random, jitter: int, side: int) -> int:
    # Small octaves are rolled by a quarter of their size at most.
    limit = min(jitter, side // 4)
    return rng.randint(-limit, limit)


_NOISE_STD = 0.03


@dataclass(frozen=True)
class Augmentation:
    """A random crop of an image with changed colours and noise.

    Attributes:
        share: Size of the crop as a fraction of the sides.
        right: Horizontal position of the crop's centre, -1 to 1.
        down: Vertical position of the crop's centre, -1 to 1.
        degrees: Rotation.
        contrast: Factor per colour channel.
        brightness: Offset per colour channel.
        noise_seed: Seed of the noise that is added.
    """

    share: float
    right: float
    down: float
    degrees: float
    contrast: tuple[float, ...]
    brightness: tuple[float, ...]
    noise_seed: int

    def apply(self, image: Tensor) -> Tensor:
        """Applies the augmentation; differentiable. What lies outside the image is filled by reflection.

        Args:
            image: `[1, 3, height, width]`.

        Returns:
            The augmented crop, resized to the shape of `image`.
        """
        height, width = image.shape[-2:]
        cos = self.share * math.cos(math.radians(self.degrees))
        sin = self.share * math.sin(math.radians(self.degrees))
        # Coordinates run from -1 to 1 on both axes; without the aspect ratio an oblong image would be
        # sheared.
        matrix = [[cos, sin * height / width, self.right], [-sin * width / height, cos, self.down]]
        grid = F.affine_grid(image.new_tensor([matrix]), list(image.shape), align_corners=False)
        crop = F.grid_sample(image, grid, mode="bilinear", padding_mode="reflection", align_corners=False)
        contrast, brightness = (image.new_tensor(x).view(3, 1, 1) for x in (self.contrast, self.brightness))
        # Drawn on the CPU, so that every device gets the same numbers.
        noise = torch.randn(image.shape, generator=torch.Generator().manual_seed(self.noise_seed))
        return crop * contrast + brightness + noise.mul_(_NOISE_STD).to(image.device)


def random_augmentation(recipe: Recipe, width: int, height: int, rng: random.Random) -> Augmentation:
    """Draws an augmentation, with colours and noise at random.

    The crop has at least 1 − `recipe.scaling` of the image's sides, extends up to `recipe.jitter` pixels
    beyond its edges, and is rotated by up to `recipe.rotation` degrees. The logarithm of each colour's
    contrast, and its brightness, change by up to `recipe.colour_jitter`.

    Args:
        recipe: Recipe with the limits.
        width: Width of the image in pixels.
        height: Height of the image in pixels.
        rng: Random number generator.
    """
    share = math.exp(rng.uniform(math.log(1 - recipe.scaling), 0.0))
    colour = recipe.colour_jitter
    right, down = (1 - share + min(0.5, 2 * recipe.jitter / side) for side in (width, height))
    return Augmentation(
        share,
        rng.uniform(-right, right),
        rng.uniform(-down, down),
        rng.uniform(-recipe.rotation, recipe.rotation),
        tuple(math.exp(rng.uniform(-colour, colour)) for _ in range(3)),
        tuple(rng.uniform(-colour, colour) for _ in range(3)),
        rng.getrandbits(32),
    )
