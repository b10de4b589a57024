"""Stages that end in a ReLU, and can be asked for what they say before it.

A ReLU silences what is below zero and lets no gradient through there: a channel that nothing in the picture
excites yet could never be dreamed. Before the ReLU it can.
"""

from abc import ABC, abstractmethod

from torch import Tensor, nn

from dreambot.zoo.blocks import Conv, Linear

PRE = "_pre"
"""What a layer's name ends with when its values before the ReLU are meant."""


class Rectified(nn.Module, ABC):
    """A stage whose last act is a ReLU."""

    @abstractmethod
    def before_relu(self, x: Tensor) -> Tensor:
        """The stage's values for x before the ReLU, a tensor of its own."""

    def forward(self, x: Tensor) -> Tensor:
        """The stage's values for x."""
        # In place: what it overwrites, sums and convolutions, is not needed for their gradients.
        return self.before_relu(x).relu_()


def before_relu(stage: nn.Module, x: Tensor) -> Tensor:
    """What a stage that ends in a ReLU says of x before it; TypeError for another."""
    if isinstance(stage, Rectified):
        return stage.before_relu(x)
    if isinstance(stage, Conv):
        return Linear.forward(stage, x)
    raise TypeError(f"{type(stage).__name__} does not end in a ReLU")
