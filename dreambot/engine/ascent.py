"""One step of gradient ascent."""

import random

import torch
import torch.nn.functional as F
from torch import Tensor

from dreambot.engine.gradient import treat
from dreambot.engine.objective import objective
from dreambot.recipe import Recipe
from dreambot.zoo.network import Network

# InceptionV3's deepest blocks need 75 pixels to have anything to look at.
_LEAST_SIDE = 80


def ascend(
    network: Network, picture: Tensor, recipe: Recipe, length: float, rng: random.Random
) -> tuple[Tensor, float]:
    """The picture, (1, 3, H, W) in [-1, 1], after one step of that length, and the objective before it.

    The picture is rolled by a random offset first (jitter), so that the network's grid leaves no trace.
    """
    offset = (_offset(rng, recipe.jitter, picture.shape[2]), _offset(rng, recipe.jitter, picture.shape[3]))
    rolled = torch.roll(picture, offset, dims=(2, 3))
    gradient, reached = objective_gradient(network, rolled, recipe)
    gradient = torch.roll(gradient, (-offset[0], -offset[1]), dims=(2, 3))
    step = treat(gradient, recipe.gradient, recipe.bands, recipe.chroma)
    return torch.add(picture, step, alpha=length).clamp_(-1, 1), reached


def objective_gradient(network: Network, picture: Tensor, recipe: Recipe) -> tuple[Tensor, float]:
    """The gradient of the recipe's objective to the picture, same shape, float32; and the objective."""
    picture = picture.detach().requires_grad_()
    features = network.forward_to(_padded(picture), {term.layer for term in recipe.layers})
    reached = objective(features, recipe.layers, recipe.objective).sum()
    (gradient,) = torch.autograd.grad(reached, picture)
    return torch.nan_to_num(gradient, 0.0, 0.0, 0.0), float(reached.detach())


def _offset(rng: random.Random, jitter: int, side: int) -> int:
    # Small octaves are not rolled by more than a quarter of themselves.
    reach = min(jitter, side // 4)
    return rng.randint(-reach, reach)


def _padded(picture: Tensor) -> Tensor:
    height, width = picture.shape[-2:]
    right, below = max(0, _LEAST_SIDE - width), max(0, _LEAST_SIDE - height)
    return F.pad(picture, (0, right, 0, below), mode="replicate") if right or below else picture
