"""Pools.

A **maximum** passes its gradient to the place it came from, which is noted on the way forward. The mask of
the ReLU before it costs nothing here: where the pool's output is nought, so were all its inputs, and whoever
read the output has masked the gradient to it already.

A **mean** over 3×3 places, of those that exist at the border, is a sum divided by their number. A sum's
adjoint is the same sum; the division is its own. So the adjoint is to divide first and sum then: the border,
where there were fewer to share, is made louder, and all of it is averaged once more.
"""

import torch
import torch.nn.functional as F
from torch import Tensor

from dreambot.engine.passes.block import Pullback

_MANY = 1 << 22


class Maximum:
    """The largest of size × size places, without padding unless one is given."""

    def __init__(self, size: int, stride: int, padding: int = 0) -> None:
        self._size, self._stride, self._padding = ([n, n] for n in (size, stride, padding))

    def forward(self, x: Tensor) -> tuple[Tensor, Pullback]:
        """See `Block`."""
        y, places = F.max_pool2d_with_indices(x, self._size, self._stride, self._padding)
        shape = x.shape
        if places.numel() > _MANY:
            # They take four times the room of the values; there are never more than 2³¹ of them.
            places = places.to(torch.int32)

        def back(gradient: Tensor) -> Tensor:
            # The adjoint asks for the input, but looks at nothing but its shape.
            like = torch.empty(shape, dtype=gradient.dtype, memory_format=torch.channels_last)
            there: Tensor = torch.ops.aten.max_pool2d_with_indices_backward(
                gradient, like, self._size, self._stride, self._padding, [1, 1], False, places.long()
            )
            return there

        return y, back


def average_adjoint(gradient: Tensor) -> Tensor:
    """The adjoint of the zoo's `average`; overwrites what it is given."""
    for axis in (2, 3):
        last = gradient.shape[axis] - 1
        if last == 0:
            gradient.mul_(3)
        else:
            for edge in (0, last):
                gradient.select(axis, edge).mul_(1.5)
    return F.avg_pool2d(gradient, 3, 1, 1)
