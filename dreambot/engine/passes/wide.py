"""InceptionV3's last blocks, whose towers end in a 1×3 and a 3×1 side by side.

What both read gets the sum of both gradients. The last way averages behind its 1×1 in one block, and takes
the maximum before it in the other.
"""

from collections.abc import Iterable

import torch
from torch import Tensor

from dreambot.engine.passes.block import Pullback, masked
from dreambot.engine.passes.chain import Chain, convolution_of, size_of
from dreambot.engine.passes.pooling import Maximum, average_adjoint
from dreambot.zoo.blocks import Conv, average
from dreambot.zoo.inception_v3 import Wide


class Fork:
    """Several convolutions that read the same: their outputs side by side, their gradients summed."""

    def __init__(self, modules: Iterable[Conv]) -> None:
        self._convolutions = [convolution_of(module) for module in modules]

    def forward(self, x: Tensor) -> tuple[Tensor, Pullback]:
        """See `Block`."""
        values = [convolution.forward(x, relu=True) for convolution in self._convolutions]
        widths = [value.shape[1] for value in values]

        def back(gradient: Tensor) -> Tensor:
            parts = [
                convolution.backward(part, size_of(x))
                for convolution, part in zip(
                    self._convolutions, gradient.split_with_sizes(widths, dim=1), strict=True
                )
            ]
            return masked(torch.stack(parts).sum(dim=0), x)

        return torch.cat(values, dim=1), back


class WidePass:
    """See above; the ways are those of `zoo.inception_v3.Wide`."""

    def __init__(self, block: Wide) -> None:
        self._widths = block.widths
        self._entry = convolution_of(block.entry)
        self._tower = Fork(conv for conv in block.tower if isinstance(conv, Conv))
        self._tower_1_conv_1 = Chain([block.tower_1_conv_1])
        self._tower_1 = Fork(conv for conv in block.tower_1 if isinstance(conv, Conv))
        self._tower_2 = convolution_of(block.tower_2)
        self._pool = Maximum(3, 1, 1) if block.maximum else None

    def forward(self, x: Tensor) -> tuple[Tensor, Pullback]:
        """See `Block`."""
        conv, tower, tower_1 = self._entry.forward(x, relu=True).split_with_sizes(self._widths, dim=1)
        tower, back_tower = self._tower.forward(tower)
        tower_1, back_conv_1 = self._tower_1_conv_1.forward(tower_1)
        tower_1, back_tower_1 = self._tower_1.forward(tower_1)
        tower_2, back_tower_2 = self._last_way(x)
        widths = [way.shape[1] for way in (conv, tower, tower_1, tower_2)]

        def back(gradient: Tensor) -> Tensor:
            conv, tower, tower_1, tower_2 = gradient.split_with_sizes(widths, dim=1)
            entries = [conv, back_tower(tower), back_conv_1(back_tower_1(tower_1))]
            total = self._entry.backward(torch.cat(entries, dim=1), size_of(x))
            total += back_tower_2(tower_2)
            return masked(total, x)

        return torch.cat([conv, tower, tower_1, tower_2], dim=1), back

    def _last_way(self, x: Tensor) -> tuple[Tensor, Pullback]:
        if self._pool is None:
            value = average(self._tower_2.forward(x, relu=False)).relu_()
            return value, lambda gradient: self._tower_2.backward(average_adjoint(gradient), size_of(x))
        largest, back_pool = self._pool.forward(x)
        value = self._tower_2.forward(largest, relu=True)
        return value, lambda gradient: back_pool(self._tower_2.backward(gradient, size_of(largest)))
