"""Adam (Kingma, Ba, "Adam: A Method for Stochastic Optimization", ICLR 2015), climbing.

torch's own brings its compiler along, which takes seconds to import and is not used.
"""

import torch
from torch import Tensor

_SLOWNESS = 0.9
_MEMORY = 0.999
_TINY = 1e-20


class Adam:
    """Steps that go the same way in each number grow to the length asked for, others cancel out. How large
    the gradients are does not matter."""

    def __init__(self, like: Tensor) -> None:
        """like: a tensor such as those that will be climbed."""
        self._mean, self._square = torch.zeros_like(like), torch.zeros_like(like)
        self._steps = 0

    def step(self, gradient: Tensor, length: float) -> Tensor:
        """What to add: a move along the gradients so far, of at most about `length` in each number."""
        self._steps += 1
        self._mean.lerp_(gradient, 1 - _SLOWNESS)
        self._square.lerp_(gradient.square(), 1 - _MEMORY)
        mean = self._mean / (1 - _SLOWNESS**self._steps)
        square = self._square / (1 - _MEMORY**self._steps)
        return mean / (square.sqrt() + _TINY) * length
