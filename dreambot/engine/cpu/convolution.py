"""A frozen convolution, run forward and backward by oneDNN kernels.

Forward it is `y = K ∗ x + b`, with the ReLU at no cost: the kernel clips what it is about to write. The
gradient with respect to the input has two forms. With a stride of 1 it is a convolution again, with the
kernel rotated by 180° and its input and output channels exchanged. With a larger stride it is a
transposed convolution.

oneDNN wants kernels in blocked layouts that depend on the size of the input. Reordering one takes about
as long as using it, so it is done once per size and cached for the last few sizes.
"""

from collections.abc import Callable
from functools import cache, lru_cache, partial

import torch
import torch.nn.functional as F
from torch import Tensor

MAX_CACHED_SIZES = 4
"""The octaves of a dream. Each size takes, both ways together, twice the memory of the network's weights."""

Pair = tuple[int, int]


class Convolution:
    """kernel: (out, in, kh, kw); bias: (out,). What goes in either way is channels_last, of their dtype."""

    def __init__(self, kernel: Tensor, bias: Tensor, *, stride: int = 1, padding: Pair = (0, 0)) -> None:
        self._stride, self._padding = (stride, stride), padding
        self._ahead = _PackedConvolution(kernel.detach(), bias.detach(), self._stride, padding)
        self._back: Callable[[Tensor, Pair], Tensor]
        if stride == 1:
            around = (kernel.shape[2] - 1 - padding[0], kernel.shape[3] - 1 - padding[1])
            turned = _PackedConvolution(kernel.detach(), None, (1, 1), around, turned=True)
            self._back = lambda gradient, size: turned(gradient)
        else:
            self._back = _PackedTransposedConvolution(kernel.detach(), self._stride, padding)

    def forward(self, x: Tensor, *, relu: bool) -> Tensor:
        """(N, in, H, W) → (N, out, …), clipped at nought if `relu`."""
        return self._ahead(x, "relu" if relu else "none")

    def backward(self, gradient: Tensor, size: Pair) -> Tensor:
        """The adjoint: from the gradient to the output to that to the input, whose (H, W) is `size`."""
        return self._back(gradient, size)


class _PackedConvolution:
    """A convolution whose kernel is rearranged for each size of input."""

    def __init__(
        self, kernel: Tensor, bias: Tensor | None, stride: Pair, padding: Pair, *, turned: bool = False
    ) -> None:
        self._bias, self._stride, self._padding = bias, stride, padding
        self._kernel_for = lru_cache(MAX_CACHED_SIZES)(partial(_pack_kernel, kernel, turned, stride, padding))

    def __call__(self, x: Tensor, behind: str = "none") -> Tensor:
        kernel = self._kernel_for(x.shape)
        y: Tensor = torch.ops.mkldnn._convolution_pointwise(
            x, kernel, self._bias, self._padding, self._stride, (1, 1), 1, behind, [], ""
        )
        return y


class _PackedTransposedConvolution:
    """The adjoint of a convolution with a stride."""

    def __init__(self, kernel: Tensor, stride: Pair, padding: Pair) -> None:
        self._stride, self._padding, self._reach = stride, padding, kernel.shape[2:]
        self._kernel_for = lru_cache(MAX_CACHED_SIZES)(
            partial(_pack_transposed_kernel, kernel, stride, padding)
        )

    def __call__(self, gradient: Tensor, size: Pair) -> Tensor:
        # The last rows and columns of an input may be out of the stride's reach: theirs is nought.
        left_over = tuple(
            (side + 2 * pad - reach) % step
            for side, pad, reach, step in zip(size, self._padding, self._reach, self._stride, strict=True)
        )
        kernel = self._kernel_for(gradient.shape, left_over)
        y: Tensor = torch.ops.mkldnn._convolution_transpose_pointwise(
            gradient, kernel, None, self._padding, left_over, self._stride, (1, 1), 1, "none", [], ""
        )
        return y


def _pack_kernel(kernel: Tensor, turned: bool, stride: Pair, padding: Pair, shape: torch.Size) -> Tensor:
    if turned:
        kernel = kernel.flip(2, 3).transpose(0, 1)
    kernel = kernel.contiguous(memory_format=torch.channels_last)
    packed: Tensor = torch.ops.mkldnn._reorder_convolution_weight(kernel, padding, stride, (1, 1), 1, shape)
    return packed


def _pack_transposed_kernel(
    kernel: Tensor, stride: Pair, padding: Pair, shape: torch.Size, left_over: Pair
) -> Tensor:
    kernel = kernel.contiguous(memory_format=torch.channels_last)
    packed: Tensor = torch.ops.mkldnn._reorder_convolution_transpose_weight(
        kernel, padding, left_over, stride, (1, 1), 1, shape
    )
    return packed


@cache
def is_available(device: torch.device, dtype: torch.dtype) -> bool:
    """Whether this torch has the kernels, and they do what they should: they are no part of its public
    interface, and not in every build."""
    known = device.type == "cpu" and dtype in (torch.float32, torch.bfloat16)
    if not known or not torch.backends.mkldnn.enabled:
        return False
    kernel = torch.arange(-90.0, 90.0).sin().view(5, 4, 3, 3).to(dtype)
    bias = torch.arange(-2.0, 3.0).to(dtype)
    x = torch.arange(200.0).cos().view(1, 4, 5, 10).to(dtype, memory_format=torch.channels_last)
    try:
        return all(_matches_reference(kernel, bias, x, stride) for stride in (1, 2))
    except (AttributeError, NotImplementedError, RuntimeError):
        return False


def _matches_reference(kernel: Tensor, bias: Tensor, x: Tensor, stride: int) -> bool:
    convolution = Convolution(kernel, bias, stride=stride, padding=(1, 0))
    y = F.conv2d(x.float(), kernel.float(), bias.float(), stride, (1, 0)).relu()
    left_over = (0, 0) if stride == 1 else ((x.shape[2] + 2 - 3) % 2, (x.shape[3] - 3) % 2)
    back = F.conv_transpose2d(y, kernel.float(), None, stride, (1, 0), left_over)
    ours = convolution.forward(x, relu=True)
    ours_back = convolution.backward(ours, (x.shape[2], x.shape[3]))
    return torch.allclose(ours.float(), y, 0.02, 0.05) and torch.allclose(ours_back.float(), back, 0.05, 0.5)
