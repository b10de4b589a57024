"""Hand-written passes of the blocks of InceptionV3: mixed, reduction and expanded blocks.

**Mixed** blocks have four branches that read the same input. Forward, the three 1×1 convolutions with a
ReLU behind them are one convolution; the 1×1 of the averaging branch is separate, because its ReLU
comes after the average. Backward, each branch is propagated to the output of its 1×1. There the four
gradients are concatenated, and one convolution takes all of them to the input: a matrix product sums
over its channels, so the sum over the branches happens inside it, where autograd would write four
gradients of the size of the input and add them.

**Reduction** blocks make the image smaller: every branch ends with a stride of 2, one is a max pool.
The branches split at the input itself, so their gradients are added there; the mask is applied last,
once.

**Expanded** blocks, the last two, have branches that end in a 1×3 and a 3×1 side by side; what both
read gets the sum of both gradients. The last branch averages after its 1×1 in one block, and takes the
maximum before it in the other.
"""

from collections.abc import Iterable

import torch
from torch import Tensor

from dreambot.engine.manual_pass.convolution import convolution_for
from dreambot.engine.manual_pass.layers import (
    ConvChain,
    MaxPooling,
    Pullback,
    average_backward,
    concatenate,
    make_convolution,
    relu_backward,
)
from dreambot.zoo.architectures.inception_v3 import Expanded, Mixed, Reduction17, Reduction35
from dreambot.zoo.blocks import ConvReLU, average_pool


class MixedPass:
    """A mixed block; the branches are those of `dreambot.zoo.architectures.inception_v3.Mixed`."""

    def __init__(self, block: Mixed) -> None:
        """Creates the pass.

        Args:
            block: Block with the weights.
        """
        kernel, bias = block.entry.kernel, block.entry.bias
        self._widths = block.widths
        with_relu = sum(block.widths[:3])
        self._entry = convolution_for(kernel, bias)
        self._entry_with_relu = convolution_for(kernel[:with_relu], bias[:with_relu])
        self._entry_averaged = convolution_for(kernel[with_relu:], bias[with_relu:])
        self._tower = ConvChain(conv for conv in block.tower if isinstance(conv, ConvReLU))
        self._tower_1 = ConvChain(conv for conv in block.tower_1 if isinstance(conv, ConvReLU))

    def forward(self, x: Tensor) -> tuple[Tensor, Pullback]:
        """Runs the block; see `Block`.

        Args:
            x: `[batch, channels, height, width]`.
        """
        branches = self._entry_with_relu.forward(x, relu=True)
        conv, tower, tower_1 = branches.split_with_sizes(self._widths[:3], dim=1)
        tower, tower_pullback = self._tower.forward(tower)
        tower_1, tower_1_pullback = self._tower_1.forward(tower_1)
        tower_2 = average_pool(self._entry_averaged.forward(x, relu=False)).relu_()
        widths = [branch.shape[1] for branch in (conv, tower, tower_1, tower_2)]

        def pullback(gradient: Tensor) -> Tensor:
            conv, tower, tower_1, tower_2 = gradient.split_with_sizes(widths, dim=1)
            entries = [conv, tower_pullback(tower), tower_1_pullback(tower_1), average_backward(tower_2)]
            return relu_backward(self._entry.backward(concatenate(entries), x), x)

        return concatenate([conv, tower, tower_1, tower_2]), pullback


class Reduction35Pass:
    """mixed3: a convolution, a tower that begins with a 1×1, and a max pool."""

    def __init__(self, block: Reduction35) -> None:
        """Creates the pass.

        Args:
            block: Block with the weights.
        """
        self._conv = make_convolution(block.conv)
        first, *rest = (conv for conv in block.tower if isinstance(conv, ConvReLU))
        self._entry = make_convolution(first)
        self._tower = ConvChain(rest)
        self._pool = MaxPooling(3, 2)

    def forward(self, x: Tensor) -> tuple[Tensor, Pullback]:
        """Runs the block; see `Block`.

        Args:
            x: `[batch, channels, height, width]`.
        """
        conv = self._conv.forward(x, relu=True)
        tower, tower_pullback = self._tower.forward(self._entry.forward(x, relu=True))
        pool, pool_pullback = self._pool.forward(x)
        widths = [branch.shape[1] for branch in (conv, tower, pool)]

        def pullback(gradient: Tensor) -> Tensor:
            conv, tower, pool = gradient.split_with_sizes(widths, dim=1)
            total = pool_pullback(pool)
            total += self._conv.backward(conv, x)
            total += self._entry.backward(tower_pullback(tower), x)
            return relu_backward(total, x)

        return concatenate([conv, tower, pool]), pullback


class Reduction17Pass:
    """mixed8: two towers whose 1×1s are one convolution, and a max pool."""

    def __init__(self, block: Reduction17) -> None:
        """Creates the pass.

        Args:
            block: Block with the weights.
        """
        self._widths = block.widths
        self._entry = make_convolution(block.entry)
        self._tower = ConvChain([block.tower])
        self._tower_1 = ConvChain(conv for conv in block.tower_1 if isinstance(conv, ConvReLU))
        self._pool = MaxPooling(3, 2)

    def forward(self, x: Tensor) -> tuple[Tensor, Pullback]:
        """Runs the block; see `Block`.

        Args:
            x: `[batch, channels, height, width]`.
        """
        tower, tower_1 = self._entry.forward(x, relu=True).split_with_sizes(self._widths, dim=1)
        tower, tower_pullback = self._tower.forward(tower)
        tower_1, tower_1_pullback = self._tower_1.forward(tower_1)
        pool, pool_pullback = self._pool.forward(x)
        widths = [branch.shape[1] for branch in (tower, tower_1, pool)]

        def pullback(gradient: Tensor) -> Tensor:
            tower, tower_1, pool = gradient.split_with_sizes(widths, dim=1)
            total = pool_pullback(pool)
            entries = concatenate([tower_pullback(tower), tower_1_pullback(tower_1)])
            total += self._entry.backward(entries, x)
            return relu_backward(total, x)

        return concatenate([tower, tower_1, pool]), pullback


class ParallelConvs:
    """Several convolutions with the same input: outputs are concatenated, gradients summed."""

    def __init__(self, modules: Iterable[ConvReLU]) -> None:
        """Creates the block.

        Args:
            modules: The convolutions, in the order of their outputs.
        """
        self._convolutions = [make_convolution(module) for module in modules]

    def forward(self, x: Tensor) -> tuple[Tensor, Pullback]:
        """Runs the block; see `Block`.

        Args:
            x: `[batch, channels, height, width]`.
        """
        values = [convolution.forward(x, relu=True) for convolution in self._convolutions]
        widths = [value.shape[1] for value in values]

        def pullback(gradient: Tensor) -> Tensor:
            parts = [
                convolution.backward(part, x)
                for convolution, part in zip(
                    self._convolutions, gradient.split_with_sizes(widths, dim=1), strict=True
                )
            ]
            return relu_backward(torch.stack(parts).sum(dim=0), x)

        return concatenate(values), pullback


class ExpandedPass:
    """An expanded block; the branches are those of `dreambot.zoo.architectures.inception_v3.Expanded`."""

    def __init__(self, block: Expanded) -> None:
        """Creates the pass.

        Args:
            block: Block with the weights.
        """
        self._widths = block.widths
        self._entry = make_convolution(block.entry)
        self._tower = ParallelConvs(conv for conv in block.tower if isinstance(conv, ConvReLU))
        self._tower_1_conv_1 = ConvChain([block.tower_1_conv_1])
        self._tower_1 = ParallelConvs(conv for conv in block.tower_1 if isinstance(conv, ConvReLU))
        self._tower_2 = make_convolution(block.tower_2)
        self._pool = MaxPooling(3, 1, 1) if block.max_pool else None

    def forward(self, x: Tensor) -> tuple[Tensor, Pullback]:
        """Runs the block; see `Block`.

        Args:
            x: `[batch, channels, height, width]`.
        """
        conv, tower, tower_1 = self._entry.forward(x, relu=True).split_with_sizes(self._widths, dim=1)
        tower, tower_pullback = self._tower.forward(tower)
        tower_1, tower_1_conv_1_pullback = self._tower_1_conv_1.forward(tower_1)
        tower_1, tower_1_pullback = self._tower_1.forward(tower_1)
        tower_2, tower_2_pullback = self._last_branch(x)
        widths = [branch.shape[1] for branch in (conv, tower, tower_1, tower_2)]

        def pullback(gradient: Tensor) -> Tensor:
            conv, tower, tower_1, tower_2 = gradient.split_with_sizes(widths, dim=1)
            entries = [conv, tower_pullback(tower), tower_1_conv_1_pullback(tower_1_pullback(tower_1))]
            total = self._entry.backward(concatenate(entries), x)
            total += tower_2_pullback(tower_2)
            return relu_backward(total, x)

        return concatenate([conv, tower, tower_1, tower_2]), pullback

    def _last_branch(self, x: Tensor) -> tuple[Tensor, Pullback]:
        if self._pool is None:
            value = average_pool(self._tower_2.forward(x, relu=False)).relu_()
            return value, lambda gradient: self._tower_2.backward(average_backward(gradient), x)
        pooled, pool_pullback = self._pool.forward(x)
        value = self._tower_2.forward(pooled, relu=True)
        return value, lambda gradient: pool_pullback(self._tower_2.backward(gradient, pooled))
