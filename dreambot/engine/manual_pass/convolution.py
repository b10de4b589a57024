"""A frozen convolution, run forward and backward without autograd: by oneDNN on a CPU, by cuDNN on a GPU."""

from typing import Protocol

import torch
from torch import Tensor

from dreambot.engine.manual_pass import cudnn, onednn
from dreambot.engine.manual_pass.cudnn import CudnnConvolution
from dreambot.engine.manual_pass.onednn import OneDnnConvolution


class Convolution(Protocol):
    """A frozen convolution. Inputs and gradients are channels_last and have the dtype of the kernel."""

    def forward(self, x: Tensor, *, relu: bool) -> Tensor:
        """Runs the convolution.

        Args:
            x: `[batch, in, height, width]`.
            relu: Whether a ReLU follows.

        Returns:
            `[batch, out, …]`.
        """

    def backward(self, gradient: Tensor, x: Tensor) -> Tensor:
        """Runs the adjoint of the convolution.

        Args:
            gradient: Gradient with respect to the output, `[batch, out, …]`.
            x: The input, of which only shape and layout are read.

        Returns:
            The gradient with respect to the input, `[batch, in, height, width]`.
        """


def convolution_for(
    kernel: Tensor, bias: Tensor, *, stride: int = 1, padding: tuple[int, int] = (0, 0)
) -> Convolution:
    """Creates a convolution for the device of its kernel.

    Args:
        kernel: `[out, in, kernel height, kernel width]`.
        bias: `[out]`.
        stride: Stride on both axes.
        padding: Zero padding (vertical, horizontal).
    """
    kind = CudnnConvolution if kernel.device.type == "cuda" else OneDnnConvolution
    return kind(kernel, bias, stride=stride, padding=padding)


def is_available(device: torch.device, dtype: torch.dtype) -> bool:
    """Returns whether there are convolutions for a device and a dtype.

    Args:
        device: Device of the network.
        dtype: Dtype of the network.
    """
    if device.type == "cuda":
        return cudnn.is_available(dtype)
    return onednn.is_available(device, dtype)
