"""InceptionV3's common block: four ways side by side that read the same input.

Forward, the three 1×1s that have a ReLU behind them are one convolution, and the 1×1 of the averaging way
stands alone, for its ReLU comes after the average.

Back, each way is walked to the output of its 1×1. There the four gradients are laid side by side again, and
one convolution takes all of them to the input: a matrix product adds up over its channels, so that the sum
over the ways is done inside it, where autograd would write four gradients of the input's size and add them.
"""

import torch
from torch import Tensor

from dreambot.engine.passes.block import Pullback, masked
from dreambot.engine.passes.chain import Chain, size_of
from dreambot.engine.passes.convolution import Convolution
from dreambot.engine.passes.pooling import average_adjoint
from dreambot.zoo.blocks import Conv, average
from dreambot.zoo.inception_v3 import Mixed


class MixedPass:
    """See above; the ways are those of `zoo.inception_v3.Mixed`."""

    def __init__(self, block: Mixed) -> None:
        kernel, bias = block.entry.kernel, block.entry.bias
        self._widths = block.widths
        clipped = sum(block.widths[:3])
        self._entry = Convolution(kernel, bias)
        self._entry_clipped = Convolution(kernel[:clipped], bias[:clipped])
        self._entry_averaged = Convolution(kernel[clipped:], bias[clipped:])
        self._tower = Chain(conv for conv in block.tower if isinstance(conv, Conv))
        self._tower_1 = Chain(conv for conv in block.tower_1 if isinstance(conv, Conv))

    def forward(self, x: Tensor) -> tuple[Tensor, Pullback]:
        """See `Block`."""
        clipped = self._entry_clipped.forward(x, relu=True)
        conv, tower, tower_1 = clipped.split_with_sizes(self._widths[:3], dim=1)
        tower, back_tower = self._tower.forward(tower)
        tower_1, back_tower_1 = self._tower_1.forward(tower_1)
        tower_2 = average(self._entry_averaged.forward(x, relu=False)).relu_()
        widths = [way.shape[1] for way in (conv, tower, tower_1, tower_2)]

        def back(gradient: Tensor) -> Tensor:
            conv, tower, tower_1, tower_2 = gradient.split_with_sizes(widths, dim=1)
            ways = [conv, back_tower(tower), back_tower_1(tower_1), average_adjoint(tower_2)]
            return masked(self._entry.backward(torch.cat(ways, dim=1), size_of(x)), x)

        return torch.cat([conv, tower, tower_1, tower_2], dim=1), back
