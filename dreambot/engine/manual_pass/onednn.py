"""A frozen convolution on a CPU, run forward and backward by oneDNN kernels.

Forward it is `y = K ∗ x + b`, with the ReLU at no cost: the kernel clips what it is about to write. The
gradient with respect to the input has two forms. With a stride of 1 it is a convolution again, with the
kernel rotated by 180° and its input and output channels exchanged. With a larger stride it is a
transposed convolution.

oneDNN wants kernels in blocked layouts that depend on the size of the input and on the number of threads.
Reordering one takes about as long as using it, so it is done once per size and number of threads and cached
for the last few.
"""

from collections.abc import Callable
from functools import cache, lru_cache

import torch
import torch.nn.functional as F
from torch import Tensor

MAX_CACHED_SIZES = 6
"""The octaves of a default dream of 640×480, so that the next dream of this size finds all of them. Each size
takes twice the memory of the network's weights, for both directions."""

Pair = tuple[int, int]


class OneDnnConvolution:
    """A frozen convolution. Inputs and gradients are channels_last and have the dtype of the kernel."""

    def __init__(self, kernel: Tensor, bias: Tensor, *, stride: int = 1, padding: Pair = (0, 0)) -> None:
        """Creates the convolution.

        Args:
            kernel: `[out, in, kernel height, kernel width]`.
            bias: `[out]`.
            stride: Stride on both axes.
            padding: Zero padding (vertical, horizontal).
        """
        self._stride, self._padding = (stride, stride), padding
        self._forward = _PackedConvolution(kernel.detach(), bias.detach(), self._stride, padding)
        self._backward: Callable[[Tensor, Pair], Tensor]
        if stride == 1:
            full_padding = (kernel.shape[2] - 1 - padding[0], kernel.shape[3] - 1 - padding[1])
            rotated = _PackedConvolution(kernel.detach(), None, (1, 1), full_padding, rotated=True)
            self._backward = lambda gradient, size: rotated(gradient)
        else:
            self._backward = _PackedTransposedConvolution(kernel.detach(), self._stride, padding)

    def forward(self, x: Tensor, *, relu: bool) -> Tensor:
        """See `Convolution`.

        Args:
            x: See `Convolution`.
            relu: See `Convolution`.
        """
        return self._forward(x, "relu" if relu else "none")

    def backward(self, gradient: Tensor, x: Tensor) -> Tensor:
        """See `Convolution`.

        Args:
            gradient: See `Convolution`.
            x: See `Convolution`.
        """
        return self._backward(gradient, (x.shape[2], x.shape[3]))


class _PackedConvolution:
    """A convolution whose kernel is reordered for each size of input."""

    def __init__(
        self, kernel: Tensor, bias: Tensor | None, stride: Pair, padding: Pair, *, rotated: bool = False
    ) -> None:
        self._bias, self._stride, self._padding = bias, stride, padding
        self._kernel_for = lru_cache(MAX_CACHED_SIZES)(
            lambda shape, _threads: _pack_kernel(kernel, rotated, stride, padding, shape)
        )

    def __call__(self, x: Tensor, activation: str = "none") -> Tensor:
        kernel = self._kernel_for(x.shape, torch.get_num_threads())
        y: Tensor = torch.ops.mkldnn._convolution_pointwise(
            x, kernel, self._bias, self._padding, self._stride, (1, 1), 1, activation, [], ""
        )
        return y


class _PackedTransposedConvolution:
    """The adjoint of a convolution with a stride."""

    def __init__(self, kernel: Tensor, stride: Pair, padding: Pair) -> None:
        self._stride, self._padding, self._kernel_size = stride, padding, kernel.shape[2:]
        self._kernel_for = lru_cache(MAX_CACHED_SIZES)(
            lambda shape, output_padding, _threads: _pack_transposed_kernel(
                kernel, stride, padding, shape, output_padding
            )
        )

    def __call__(self, gradient: Tensor, size: Pair) -> Tensor:
        # With a stride the last rows and columns of the input may not be read; their gradient is 0.
        output_padding = tuple(
            (side + 2 * pad - kernel_side) % stride
            for side, pad, kernel_side, stride in zip(
                size, self._padding, self._kernel_size, self._stride, strict=True
            )
        )
        kernel = self._kernel_for(gradient.shape, output_padding, torch.get_num_threads())
        y: Tensor = torch.ops.mkldnn._convolution_transpose_pointwise(
            gradient, kernel, None, self._padding, output_padding, self._stride, (1, 1), 1, "none", [], ""
        )
        return y


def _pack_kernel(kernel: Tensor, rotated: bool, stride: Pair, padding: Pair, shape: torch.Size) -> Tensor:
    if rotated:
        kernel = kernel.flip(2, 3).transpose(0, 1)
    kernel = kernel.contiguous(memory_format=torch.channels_last)
    packed: Tensor = torch.ops.mkldnn._reorder_convolution_weight(kernel, padding, stride, (1, 1), 1, shape)
    return packed


def _pack_transposed_kernel(
    kernel: Tensor, stride: Pair, padding: Pair, shape: torch.Size, output_padding: Pair
) -> Tensor:
    kernel = kernel.contiguous(memory_format=torch.channels_last)
    packed: Tensor = torch.ops.mkldnn._reorder_convolution_transpose_weight(
        kernel, padding, output_padding, stride, (1, 1), 1, shape
    )
    return packed


@cache
def is_available(device: torch.device, dtype: torch.dtype) -> bool:
    """Returns whether this build of torch has the kernels and they give correct results.

    They are not part of torch's public interface and not in every build.

    Args:
        device: Device of the network.
        dtype: Dtype of the network.
    """
    supported = device.type == "cpu" and dtype in (torch.float32, torch.bfloat16)
    if not supported or not torch.backends.mkldnn.enabled:
        return False
    kernel = torch.arange(-90.0, 90.0).sin().view(5, 4, 3, 3).to(dtype)
    bias = torch.arange(-2.0, 3.0).to(dtype)
    x = torch.arange(200.0).cos().view(1, 4, 5, 10).to(dtype, memory_format=torch.channels_last)
    try:
        return all(_matches_reference(kernel, bias, x, stride) for stride in (1, 2))
    except (AttributeError, NotImplementedError, RuntimeError):
        return False


def _matches_reference(kernel: Tensor, bias: Tensor, x: Tensor, stride: int) -> bool:
    convolution = OneDnnConvolution(kernel, bias, stride=stride, padding=(1, 0))
    y = F.conv2d(x.float(), kernel.float(), bias.float(), stride, (1, 0)).relu()
    output_padding = (0, 0) if stride == 1 else ((x.shape[2] + 2 - 3) % 2, (x.shape[3] - 3) % 2)
    gradient = F.conv_transpose2d(y, kernel.float(), None, stride, (1, 0), output_padding)
    our_y = convolution.forward(x, relu=True)
    our_gradient = convolution.backward(our_y, x)
    return torch.allclose(our_y.float(), y, 0.02, 0.05) and torch.allclose(
        our_gradient.float(), gradient, 0.05, 0.5
    )
