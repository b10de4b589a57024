"""The building blocks of a hand-written pass: ReLU, pools, chains of convolutions, the first layer.

A **max pool** passes its gradient to the position that the maximum came from, recorded in the forward
pass. The mask of the ReLU before it is free: where the output of the pool is 0, all its inputs were,
and the reader of the output has masked the gradient already.

An **average pool** over 3×3 positions, of those that exist at the border, is a sum divided by their
number. A sum is its own adjoint, and so is the division. So its backward divides first and sums then:
the border, which has fewer positions, is scaled up, and everything is averaged once more.

The **first convolution** reads three channels, an awkward number: kernels work on sixteen or more at
once, and the adjoint of a stride of 2 to three channels is the slowest convolution of all, for little
work. So its gradient is computed for four times as many channels at half the size, the four pixels of
each 2×2 square of the image, as a plain convolution with the four sub-kernels that reach them, and
pixel-shuffled afterwards.
"""

from collections.abc import Callable, Iterable
from typing import Protocol

import torch
import torch.nn.functional as F
from torch import Tensor

from dreambot.engine.cpu.convolution import Convolution
from dreambot.zoo.blocks import ConvReLU, ImageNetNormalise, PlainConv

Pullback = Callable[[Tensor], Tensor]
"""From a gradient to a block's output, before its ReLU, to the gradient to the block's input, before the
ReLU behind which that lies. It may overwrite what it is given, and is called once."""


class Block(Protocol):
    """A stage of a network, to be run without autograd."""

    def forward(self, x: Tensor) -> tuple[Tensor, Pullback]:
        """x: (N, C, H, W), channels_last, nowhere negative. The value, likewise, and how to come back."""


def relu_backward(gradient: Tensor, value: Tensor) -> Tensor:
    """The gradient before a ReLU from the one behind it, in place: nought where the ReLU gave nought."""
    return torch.ops.aten.threshold_backward.grad_input(gradient, value, 0, grad_input=gradient)  # type: ignore[no-any-return]


_INT32_INDICES_ABOVE = 1 << 22


class MaxPooling:
    """The largest of size × size places, without padding unless one is given."""

    def __init__(self, size: int, stride: int, padding: int = 0) -> None:
        self._size, self._stride, self._padding = ([n, n] for n in (size, stride, padding))

    def forward(self, x: Tensor) -> tuple[Tensor, Pullback]:
        """See `Block`."""
        y, places = F.max_pool2d_with_indices(x, self._size, self._stride, self._padding)
        shape = x.shape
        if places.numel() > _INT32_INDICES_ABOVE:
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


def average_backward(gradient: Tensor) -> Tensor:
    """The adjoint of the zoo's `average`; overwrites what it is given."""
    for axis in (2, 3):
        last = gradient.shape[axis] - 1
        if last == 0:
            gradient.mul_(3)
        else:
            for edge in (0, last):
                gradient.select(axis, edge).mul_(1.5)
    return F.avg_pool2d(gradient, 3, 1, 1)


def make_convolution(module: PlainConv) -> Convolution:
    """A module of the zoo, to be run by hand."""
    return Convolution(module.kernel, module.bias, stride=module.stride, padding=module.padding)


class ConvChain:
    """y = relu(K₂ ∗ relu(K₁ ∗ x + b₁) + b₂) and so on. Back: through the last kernel's adjoint, the mask of
    what it was given, and on."""

    def __init__(self, modules: Iterable[ConvReLU]) -> None:
        self._convolutions = [make_convolution(module) for module in modules]

    def forward(self, x: Tensor) -> tuple[Tensor, Pullback]:
        """See `Block`."""
        inputs: list[Tensor] = []
        for convolution in self._convolutions:
            inputs.append(x)
            x = convolution.forward(x, relu=True)

        def back(gradient: Tensor) -> Tensor:
            for convolution in reversed(self._convolutions):
                given = inputs.pop()
                gradient = relu_backward(convolution.backward(gradient, spatial_size(given)), given)
            return gradient

        return x, back


def spatial_size(x: Tensor) -> tuple[int, int]:
    """Height and width."""
    return x.shape[2], x.shape[3]


class Stem:
    """A convolution from the picture, with a stride of 1, or of 2 and no padding, behind the normalisation
    that some networks begin with. There is no mask: nothing clips the picture. The picture may be of any
    dtype and layout; its gradient is float32."""

    def __init__(self, module: ConvReLU, normalise: ImageNetNormalise | None = None) -> None:
        self._convolution = make_convolution(module)
        self._normalise = normalise
        self._dtype = module.kernel.dtype
        squares = module.stride == 2 and module.padding == (0, 0)
        self._squares = _pixel_unshuffled(module.kernel) if squares else None

    def forward(self, x: Tensor) -> tuple[Tensor, Pullback]:
        """See `Block`."""
        size = spatial_size(x)
        x = x.to(self._dtype, memory_format=torch.channels_last)
        if self._normalise is not None:
            x = self._normalise(x)

        def back(gradient: Tensor) -> Tensor:
            if self._squares is None:
                gradient = self._convolution.backward(gradient, size)
            else:
                half = ((size[0] + 1) // 2, (size[1] + 1) // 2)
                gradient = F.pixel_shuffle(self._squares.backward(gradient, half), 2)
                gradient = gradient[..., : size[0], : size[1]]
            if self._normalise is not None:
                gradient = gradient * self._normalise.scale
            return gradient.to(torch.float32, memory_format=torch.contiguous_format)

        return self._convolution.forward(x, relu=True), back


def _pixel_unshuffled(kernel: Tensor) -> Convolution:
    """The convolution that does the same to a picture whose 2×2 squares are its channels."""
    even = F.pad(kernel, (0, kernel.shape[3] % 2, 0, kernel.shape[2] % 2))
    return Convolution(F.pixel_unshuffle(even, 2), kernel.new_zeros(len(kernel)))
