"""The building blocks of a hand-written pass: ReLU, pools, chains of convolutions, the first layer.

A **max pool** passes its gradient to the position that the maximum came from, recorded in the forward
pass. The mask of the ReLU before it is free: where the output of the pool is 0, all its inputs were,
and the reader of the output has masked the gradient already.

An **average pool** over 3×3 positions, of those that exist at the border, is a sum divided by their
number. A sum is its own adjoint, and so is the division. So its backward divides first and sums then:
the border, which has fewer positions, is scaled up, and everything is averaged again.

The **first convolution** reads three channels, an awkward number: kernels work on sixteen or more at
once, and the adjoint of a stride of 2 to three channels is the slowest convolution of all, for little
work. So on a CPU its gradient is computed for four times as many channels at half the size, the four pixels
of each 2×2 square of the image, as a plain convolution with the four sub-kernels that reach them, and
pixel-shuffled afterwards.

On a GPU a small kernel takes longer to launch than to run, so there the blocks prefer the operators that
launch fewest.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

import torch
import torch.nn.functional as F
from torch import Tensor

from dreambot.engine.manual_pass.convolution import Convolution, convolution_for
from dreambot.zoo.architectures.faces import FaceBlock, add_halved
from dreambot.zoo.blocks import ConvReLU, PlainConv, ShiftScale

Pullback = Callable[[Tensor], Tensor]
"""Maps the gradient of a block's output, before its ReLU, to the gradient of the block's input, before the
ReLU that produced it. It may overwrite its argument and is called once."""


class Block(Protocol):
    """A stage of a network with a hand-written pass."""

    def forward(self, x: Tensor) -> tuple[Tensor, Pullback]:
        """Runs the block.

        Args:
            x: `[batch, channels, height, width]`, channels_last, nowhere negative.

        Returns:
            The output, with the same properties, and its pullback.
        """


def relu_backward(gradient: Tensor, value: Tensor) -> Tensor:
    """Masks a gradient in place: 0 where the output of the ReLU is 0.

    Args:
        gradient: Gradient with respect to the output of the ReLU.
        value: Output of the ReLU, of the same shape.

    Returns:
        The gradient with respect to the input of the ReLU.
    """
    return torch.ops.aten.threshold_backward.grad_input(gradient, value, 0, grad_input=gradient)  # type: ignore[no-any-return]


_INT32_INDICES_ABOVE = 1 << 22


class MaxPooling:
    """A max pool."""

    def __init__(self, size: int, stride: int, padding: int = 0) -> None:
        """Creates the pool.

        Args:
            size: Side of the window.
            stride: Stride on both axes.
            padding: Padding on both axes.
        """
        self._size, self._stride, self._padding = ([n, n] for n in (size, stride, padding))

    def forward(self, x: Tensor) -> tuple[Tensor, Pullback]:
        """Runs the block; see `Block`.

        Args:
            x: `[batch, channels, height, width]`.
        """
        y, indices = F.max_pool2d_with_indices(x, self._size, self._stride, self._padding)
        shape = x.shape
        if x.device.type == "cpu" and indices.numel() > _INT32_INDICES_ABOVE:
            # As int64 they take four times the memory of the values; an index never exceeds 2³¹. On a GPU the
            # two conversions are two kernels more.
            indices = indices.to(torch.int32)

        def pullback(gradient: Tensor) -> Tensor:
            input_gradient: Tensor = torch.ops.aten.max_pool2d_with_indices_backward(
                gradient,
                _placeholder(gradient, shape),
                self._size,
                self._stride,
                self._padding,
                [1, 1],
                False,
                indices.long(),
            )
            return input_gradient

        return y, pullback


def _placeholder(gradient: Tensor, shape: Sequence[int]) -> Tensor:
    """Returns a tensor for operators that take their input, but read only its shape and layout."""
    return torch.empty(shape, dtype=gradient.dtype, device=gradient.device, memory_format=torch.channels_last)


def average_backward(gradient: Tensor) -> Tensor:
    """Runs the adjoint of `dreambot.zoo.blocks.average_pool`.

    Args:
        gradient: Gradient with respect to the output, `[batch, channels, height, width]`; it is overwritten.

    Returns:
        The gradient with respect to the input, of the same shape.
    """
    if gradient.device.type != "cpu":
        gradient = gradient.contiguous(memory_format=torch.channels_last)
        # One kernel instead of five. The operator takes the input, but reads only its shape and layout.
        input_gradient: Tensor = torch.ops.aten.avg_pool2d_backward(
            gradient, gradient, [3, 3], [1, 1], [1, 1], False, False, None
        )
        return input_gradient
    for axis in (2, 3):
        last = gradient.shape[axis] - 1
        if last == 0:
            gradient.mul_(3)
        else:
            for edge in (0, last):
                gradient.select(axis, edge).mul_(1.5)
    return F.avg_pool2d(gradient, 3, 1, 1)


def concatenate(parts: Sequence[Tensor]) -> Tensor:
    """Concatenates the channels of tensors.

    On a GPU torch joins slices of tensors in channels_last one by one, each with a kernel of its own. As
    tensors whose last axis is the channels it joins all of them with one.

    Args:
        parts: `[batch, …, height, width]`, channels_last or slices of such tensors.
    """
    if parts[0].device.type == "cpu":
        return torch.cat(list(parts), dim=1)
    return torch.cat([part.permute(0, 2, 3, 1) for part in parts], dim=3).permute(0, 3, 1, 2)


def make_convolution(module: PlainConv) -> Convolution:
    """Creates the convolution of a module.

    Args:
        module: Module with kernel and bias.
    """
    return convolution_for(module.kernel, module.bias, stride=module.stride, padding=module.padding)


class ConvChain:
    """A chain of convolutions with ReLUs: y = relu(K₂ ∗ relu(K₁ ∗ x + b₁) + b₂) and so on.

    The pullback alternates the adjoint of a kernel and the mask of its input, from the last to the first.
    """

    def __init__(self, modules: Iterable[ConvReLU]) -> None:
        """Creates the chain.

        Args:
            modules: The convolutions in order.
        """
        self._convolutions = [make_convolution(module) for module in modules]

    def forward(self, x: Tensor) -> tuple[Tensor, Pullback]:
        """Runs the block; see `Block`.

        Args:
            x: `[batch, channels, height, width]`.
        """
        inputs: list[Tensor] = []
        for convolution in self._convolutions:
            inputs.append(x)
            x = convolution.forward(x, relu=True)

        def pullback(gradient: Tensor) -> Tensor:
            for convolution in reversed(self._convolutions):
                value = inputs.pop()
                gradient = relu_backward(convolution.backward(gradient, value), value)
            return gradient

        return x, pullback


class FaceBlockPass:
    """A residual block of the faces network: two convolutions and a shortcut.

    The gradient of the sum is that of both summands. Where the block halves the image, what was padded with
    zeros is cut off again, and the adjoint of the 2×2 average gives each of its pixels a quarter.
    """

    def __init__(self, block: FaceBlock) -> None:
        """Creates the pass.

        Args:
            block: Block with the weights.
        """
        self._first, self._second = make_convolution(block.first), make_convolution(block.second)
        self._halves = block.halves

    def forward(self, x: Tensor) -> tuple[Tensor, Pullback]:
        """Runs the block; see `Block`.

        Args:
            x: `[batch, channels, height, width]`.
        """
        hidden = self._first.forward(x, relu=True)
        y = self._second.forward(hidden, relu=False)
        inner = spatial_size(y)
        if self._halves:
            y = add_halved(y, x)
        else:
            y += x

        def pullback(gradient: Tensor) -> Tensor:
            into = gradient[..., : inner[0], : inner[1]].contiguous(memory_format=torch.channels_last)
            into = relu_backward(self._second.backward(into, hidden), hidden)
            total = self._first.backward(into, x)
            if self._halves:
                height, width = (side // 2 for side in spatial_size(x))
                share = gradient[:, : x.shape[1], :height, :width] / 4
                spread = share.repeat_interleave(2, 2).repeat_interleave(2, 3)
                total[..., : 2 * height, : 2 * width] += spread
            else:
                total += gradient
            return relu_backward(total, x)

        return y.relu_(), pullback


def spatial_size(x: Tensor) -> tuple[int, int]:
    """Returns height and width.

    Args:
        x: `[batch, channels, height, width]`.
    """
    return x.shape[2], x.shape[3]


class Stem:
    """The first convolution, after the normalisation that some networks begin with.

    Its stride is 1, or 2 without padding. The gradient is not masked, because no ReLU precedes it. The image
    may have any dtype and layout; its gradient is float32.
    """

    def __init__(self, module: ConvReLU, normalise: ShiftScale | None = None) -> None:
        """Creates the stem.

        Args:
            module: The first convolution.
            normalise: Normalisation before it.
        """
        self._convolution = make_convolution(module)
        self._normalise = normalise
        self._dtype = module.kernel.dtype
        can_unshuffle = module.stride == 2 and module.padding == (0, 0)
        # On a GPU it would be three kernels instead of one.
        can_unshuffle &= module.kernel.device.type == "cpu"
        self._unshuffled = _pixel_unshuffled(module.kernel) if can_unshuffle else None

    def forward(self, x: Tensor) -> tuple[Tensor, Pullback]:
        """Runs the block; see `Block`.

        Args:
            x: `[batch, channels, height, width]`.
        """
        x = x.to(self._dtype, memory_format=torch.channels_last)
        if self._normalise is not None:
            x = self._normalise(x)

        batch, channels, height, width = x.shape

        def pullback(gradient: Tensor) -> Tensor:
            if self._unshuffled is None:
                like = _placeholder(gradient, (batch, channels, height, width))
                gradient = self._convolution.backward(gradient, like)
            else:
                like = _placeholder(gradient, (batch, 4 * channels, (height + 1) // 2, (width + 1) // 2))
                gradient = F.pixel_shuffle(self._unshuffled.backward(gradient, like), 2)
                gradient = gradient[..., :height, :width]
            if self._normalise is not None:
                gradient = gradient * self._normalise.scale
            return gradient.to(torch.float32, memory_format=torch.contiguous_format)

        return self._convolution.forward(x, relu=True), pullback


def _pixel_unshuffled(kernel: Tensor) -> Convolution:
    """Returns the convolution that does the same to an image whose 2×2 squares are its channels."""
    even = F.pad(kernel, (0, kernel.shape[3] % 2, 0, kernel.shape[2] % 2))
    return convolution_for(F.pixel_unshuffle(even, 2), kernel.new_zeros(len(kernel)))
