"""Bends that solder channels together. All take and give (N, C, H, W)."""

import torch.nn.functional as F
from torch import Tensor

from dreambot.engine.bend.dice import Dice


def matrix(f: Tensor, amount: float, dice: Dice) -> Tensor:
    """Every channel is wired to every other with random strength: adds `amount` times as loud a mixture."""
    channels = f.shape[1]
    wires = dice.normal((channels, channels, 1, 1), f) / channels**0.5
    return f + amount * F.conv2d(f, wires)


def crosstalk(f: Tensor, amount: float, _dice: Dice) -> Tensor:
    """Every channel gives way, by that share, to what its two neighbours say."""
    return f + amount * ((f.roll(1, dims=1) + f.roll(-1, dims=1)) / 2 - f)
