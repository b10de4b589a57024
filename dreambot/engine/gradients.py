"""The gradient of a score to the picture: by a hand-written pass where there is one, else by autograd."""

import torch
import torch.nn.functional as F
from torch import Tensor

from dreambot.engine.passes.walk import pass_of
from dreambot.engine.score import Score
from dreambot.zoo.network import Network

# InceptionV3's deepest blocks need 75 pixels to have anything to look at.
_LEAST_SIDE = 80


def gradient_of(network: Network, picture: Tensor, score: Score) -> tuple[Tensor, float]:
    """(the gradient of the score to the picture, the score).

    picture: (1, 3, H, W) in [-1, 1]; the gradient has its shape, is float32 and holds no NaN.
    """
    if min(picture.shape[-2:]) >= _LEAST_SIDE and (by_hand := pass_of(network, score.layers)):
        gradient, value = by_hand.gradient(picture.detach(), score)
        return torch.nan_to_num_(gradient, 0.0, 0.0, 0.0), value
    picture = picture.detach().requires_grad_()
    features = network.forward_to(padded(picture), score.layers)
    reached = score(features).sum()
    (gradient,) = torch.autograd.grad(reached, picture)
    return torch.nan_to_num(gradient, 0.0, 0.0, 0.0), float(reached.detach())


def padded(picture: Tensor) -> Tensor:
    """(1, 3, H, W), its last row and column repeated until a network has enough to look at."""
    height, width = picture.shape[-2:]
    right, below = max(0, _LEAST_SIDE - width), max(0, _LEAST_SIDE - height)
    return F.pad(picture, (0, right, 0, below), mode="replicate") if right or below else picture
