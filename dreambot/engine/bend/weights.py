"""The bend of the weights themselves."""

import copy

from torch import nn

from dreambot.engine.bend.dice import Dice


def shaken(stage: nn.Module, amount: float, dice: Dice) -> nn.Module:
    """A copy of a stage whose kernels are noisy; the noise of each output channel's weights is `amount` times
    their spread. Biases are left as they are."""
    noisy = copy.deepcopy(stage)
    for kernel in noisy.parameters():
        if kernel.ndim > 1:
            values = kernel.detach().float()
            spread = values.flatten(1).std(dim=1, correction=0).view(-1, *[1] * (kernel.ndim - 1))
            kernel.copy_(values + amount * spread * dice.normal(tuple(kernel.shape), values))
    return noisy
