"""The blocks that make the picture smaller: every way ends with a stride of 2, one is a maximum.

The ways part at the input itself, so their gradients meet there and are added. The mask comes last, once.
"""

import torch
from torch import Tensor

from dreambot.engine.passes.block import Pullback, masked
from dreambot.engine.passes.chain import Chain, convolution_of, size_of
from dreambot.engine.passes.pooling import Maximum
from dreambot.zoo.blocks import Conv
from dreambot.zoo.inception_v3 import Shrink17, Shrink35


class Shrink35Pass:
    """mixed3: a convolution, a tower that opens with a 1×1, and a max pool."""

    def __init__(self, block: Shrink35) -> None:
        self._conv = convolution_of(block.conv)
        first, *rest = (conv for conv in block.tower if isinstance(conv, Conv))
        self._entry = convolution_of(first)
        self._tower = Chain(rest)
        self._pool = Maximum(3, 2)

    def forward(self, x: Tensor) -> tuple[Tensor, Pullback]:
        """See `Block`."""
        conv = self._conv.forward(x, relu=True)
        tower, back_tower = self._tower.forward(self._entry.forward(x, relu=True))
        pool, back_pool = self._pool.forward(x)
        widths = [way.shape[1] for way in (conv, tower, pool)]

        def back(gradient: Tensor) -> Tensor:
            conv, tower, pool = gradient.split_with_sizes(widths, dim=1)
            total = back_pool(pool)
            total += self._conv.backward(conv, size_of(x))
            total += self._entry.backward(back_tower(tower), size_of(x))
            return masked(total, x)

        return torch.cat([conv, tower, pool], dim=1), back


class Shrink17Pass:
    """mixed8: two towers whose 1×1s are one convolution, and a max pool."""

    def __init__(self, block: Shrink17) -> None:
        self._widths = block.widths
        self._entry = convolution_of(block.entry)
        self._tower = Chain([block.tower])
        self._tower_1 = Chain(conv for conv in block.tower_1 if isinstance(conv, Conv))
        self._pool = Maximum(3, 2)

    def forward(self, x: Tensor) -> tuple[Tensor, Pullback]:
        """See `Block`."""
        tower, tower_1 = self._entry.forward(x, relu=True).split_with_sizes(self._widths, dim=1)
        tower, back_tower = self._tower.forward(tower)
        tower_1, back_tower_1 = self._tower_1.forward(tower_1)
        pool, back_pool = self._pool.forward(x)
        widths = [way.shape[1] for way in (tower, tower_1, pool)]

        def back(gradient: Tensor) -> Tensor:
            tower, tower_1, pool = gradient.split_with_sizes(widths, dim=1)
            total = back_pool(pool)
            entries = torch.cat([back_tower(tower), back_tower_1(tower_1)], dim=1)
            total += self._entry.backward(entries, size_of(x))
            return masked(total, x)

        return torch.cat([tower, tower_1, pool], dim=1), back
