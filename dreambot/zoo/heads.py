"""The two ends of a classifier: what is done to the picture first, and the classes last."""

import torch
from torch import Tensor, nn

_MEAN = (0.485, 0.456, 0.406)
_DEVIATION = (0.229, 0.224, 0.225)


class Normalise(nn.Module):
    """From RGB in [-1, 1], which all our networks take, to what one trained with ImageNet's mean and
    deviation per channel (of RGB in [0, 1]) knows: `x · scale + shift`, both (1, 3, 1, 1)."""

    def __init__(self) -> None:
        super().__init__()
        mean, deviation = (torch.tensor(values).view(1, 3, 1, 1) for values in (_MEAN, _DEVIATION))
        self.scale = nn.Parameter(0.5 / deviation, requires_grad=False)
        self.shift = nn.Parameter((0.5 - mean) / deviation, requires_grad=False)

    def forward(self, x: Tensor) -> Tensor:
        return torch.addcmul(self.shift, x, self.scale)


class Classes(nn.Module):
    """The classifier: features averaged over the picture, then one number per class.

    (N, C, H, W) → (N, classes), the logits; no softmax behind them, which would let a class rise by
    pushing the others down.
    """

    def __init__(self, weight: Tensor, bias: Tensor) -> None:
        """weight: (classes, C); bias: (classes,)."""
        super().__init__()
        self.weight = nn.Parameter(weight, requires_grad=False)
        self.bias = nn.Parameter(bias, requires_grad=False)

    def forward(self, x: Tensor) -> Tensor:
        return nn.functional.linear(x.mean(dim=(2, 3)), self.weight, self.bias)
