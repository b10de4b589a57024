"""What a block of a hand-written pass is."""

from collections.abc import Callable
from typing import Protocol

import torch
from torch import Tensor

Pullback = Callable[[Tensor], Tensor]
"""From a gradient to a block's output, before its ReLU, to the gradient to the block's input, before the
ReLU behind which that lies. It may overwrite what it is given, and is called once."""


class Block(Protocol):
    """A stage of a network, to be run without autograd."""

    def forward(self, x: Tensor) -> tuple[Tensor, Pullback]:
        """x: (N, C, H, W), channels_last, nowhere negative. The value, likewise, and how to come back."""


def masked(gradient: Tensor, value: Tensor) -> Tensor:
    """The gradient before a ReLU from the one behind it, in place: nought where the ReLU gave nought."""
    return torch.ops.aten.threshold_backward.grad_input(gradient, value, 0, grad_input=gradient)  # type: ignore[no-any-return]
