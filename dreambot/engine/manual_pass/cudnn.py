"""A frozen convolution on a GPU, run forward and backward by cuDNN kernels.

Forward, `cudnn_convolution_relu` adds the bias and clips in the kernel of the convolution; the plain
operators need two more kernels. PyTorch has used cuDNN's graph interface for it since before 2.11: for
float32, float16 and bfloat16, with float32 inside, in the layout of its input. It is no public interface, so
it is compared with the plain operators at its first use. PyTorch's source (aten/src/ATen/native/cudnn) and
issues set three limits:

- It never asks for a deterministic kernel. Where `torch.backends.cudnn.deterministic` is set, as for dreams
  in fp32, the plain operators run.
- It passes its output, which is not initialised, as the summand z with the factor 0. So the comparison
  leaves NaN in the memory that the output gets.
- With a 7×7 kernel in channels_last it was 17 times as slow as the plain operators (pytorch issue 68506),
  the first layer of many networks. So the first layer, which reads three channels, uses those.

Backward, `convolution_backward` runs cuDNN's data-gradient kernel for any stride, as autograd does. With a
stride of 1 a convolution with the rotated kernel computes the same, but takes a second copy of the weights,
and no measurement says that it is faster. Both use tensor cores for channels_last in bf16, read nothing from
the device and take their workspace from torch's allocator, so a graph can capture them.
"""

import logging
from functools import cache

import torch
import torch.nn.functional as F
from torch import Tensor

from dreambot.engine.cuda.memory import is_out_of_memory

log = logging.getLogger(__name__)

_IMAGE_CHANNELS = 3


class CudnnConvolution:
    """A frozen convolution. Inputs and gradients are channels_last and have the dtype of the kernel."""

    def __init__(
        self, kernel: Tensor, bias: Tensor, *, stride: int = 1, padding: tuple[int, int] = (0, 0)
    ) -> None:
        """Creates the convolution.

        Args:
            kernel: `[out, in, kernel height, kernel width]`.
            bias: `[out]`.
            stride: Stride on both axes.
            padding: Zero padding (vertical, horizontal).
        """
        self._kernel, self._bias = kernel.detach(), bias.detach()
        self._stride, self._padding = (stride, stride), padding
        self._fuses_relu = kernel.shape[1] > _IMAGE_CHANNELS and fuses_relu(kernel.device, kernel.dtype)

    def forward(self, x: Tensor, *, relu: bool) -> Tensor:
        """See `Convolution`.

        Args:
            x: See `Convolution`.
            relu: See `Convolution`.
        """
        # A branch reads a part of the channels; cuDNN needs all channels of a pixel side by side.
        x = x.contiguous(memory_format=torch.channels_last)
        if relu and self._fuses_relu and not torch.backends.cudnn.deterministic:
            return torch.cudnn_convolution_relu(
                x, self._kernel, self._bias, self._stride, self._padding, (1, 1), 1
            )
        y = F.conv2d(x, self._kernel, self._bias, self._stride, self._padding)
        return y.relu_() if relu else y

    def backward(self, gradient: Tensor, x: Tensor) -> Tensor:
        """See `Convolution`.

        Args:
            gradient: See `Convolution`.
            x: See `Convolution`.
        """
        gradient = gradient.contiguous(memory_format=torch.channels_last)
        input_gradient: Tensor
        input_gradient, _, _ = torch.ops.aten.convolution_backward(
            gradient,
            x,
            self._kernel,
            None,
            self._stride,
            self._padding,
            (1, 1),
            False,
            (0, 0),
            1,
            (True, False, False),
        )
        return input_gradient


def is_available(dtype: torch.dtype) -> bool:
    """Returns whether the pass supports a dtype on GPUs.

    Gradients in float16 need a scale, which the pass does not have.

    Args:
        dtype: Dtype of the network.
    """
    return dtype in (torch.float32, torch.bfloat16)


@cache
def fuses_relu(device: torch.device, dtype: torch.dtype) -> bool:
    """Returns whether convolution, bias and ReLU in one kernel give correct results.

    Args:
        device: The GPU.
        dtype: Dtype of the network.

    Raises:
        RuntimeError: The memory does not suffice.
    """
    try:
        works = all(_matches_plain(device, dtype, side, stride) for side, stride in ((1, 1), (3, 1), (3, 2)))
    except (AttributeError, NotImplementedError, RuntimeError) as error:
        if is_out_of_memory(error):
            raise
        log.info("%s has no kernel for convolution and ReLU in %s: %s", device, dtype, error)
        return False
    if not works:
        log.warning("The kernel for convolution and ReLU in %s gives wrong results on %s.", dtype, device)
    return works


def _matches_plain(device: torch.device, dtype: torch.dtype, side: int, stride: int) -> bool:
    inputs, outputs, padding = 32, 48, side // 2
    kernel = torch.arange(float(outputs * inputs * side**2), device=device).sin().div_(4 * side)
    kernel = kernel.view(outputs, inputs, side, side).to(dtype, memory_format=torch.channels_last)
    bias = torch.arange(float(outputs), device=device).cos().to(dtype)
    x = torch.arange(2.0 * inputs * 20 * 24, device=device).cos().view(2, inputs, 20, 24)
    x = x.to(dtype, memory_format=torch.channels_last)
    expected = F.conv2d(x, kernel, bias, stride, padding).relu_()
    # torch's allocator gives the memory that was freed last to the next tensor of the same size.
    poison = torch.full_like(expected, torch.nan)
    del poison
    y = torch.cudnn_convolution_relu(x, kernel, bias, (stride, stride), (padding, padding), (1, 1), 1)
    return torch.allclose(y.float(), expected.float(), 0.02, 0.05)
