"""What the networks are put together from."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Folded:
    """A convolution's kernel and bias with the batch norm behind it folded in.

    In use a batch norm is frozen: `(y - mean) / sqrt(var + eps) + beta`, a scale and a shift per output
    channel, which a convolution can carry itself. Folded in float64, kept in float32.
    """

    def __init__(self, kernel: Tensor, bias: Tensor) -> None:
        self.kernel = kernel
        self.bias = bias

    @classmethod
    def from_batch_norm(
        cls, kernel: Tensor, *, mean: Tensor, var: Tensor, beta: Tensor, eps: float
    ) -> "Folded":
        """kernel: (out, in, kh, kw) without bias; mean, var, beta: (out,)."""
        scale = (var.double() + eps).rsqrt()
        return cls(
            (kernel.double() * scale[:, None, None, None]).float(),
            (beta.double() - mean.double() * scale).float(),
        )

    @classmethod
    def siblings(cls, *parts: "Folded") -> "Folded":
        """One convolution for several that read the same input: their outputs, one after another."""
        return cls(torch.cat([part.kernel for part in parts]), torch.cat([part.bias for part in parts]))

    @property
    def channels(self) -> int:
        """Output channels."""
        return self.kernel.shape[0]


class Linear(nn.Module):
    """A frozen convolution with bias and nothing behind it. `same` pads an odd kernel so that a stride
    of 1 keeps the size; otherwise there is no padding."""

    def __init__(self, folded: Folded, *, stride: int = 1, same: bool = True) -> None:
        super().__init__()
        height, width = folded.kernel.shape[2:]
        self.stride = stride
        self.padding = (height // 2, width // 2) if same else (0, 0)
        self.kernel = nn.Parameter(folded.kernel, requires_grad=False)
        self.bias = nn.Parameter(folded.bias, requires_grad=False)

    def forward(self, x: Tensor) -> Tensor:
        return F.conv2d(x, self.kernel, self.bias, self.stride, self.padding)


class Conv(Linear):
    """A frozen convolution and its ReLU."""

    def forward(self, x: Tensor) -> Tensor:
        # In place: the gradient of a convolution needs its input, never its output.
        return super().forward(x).relu_()


class MaxPool(nn.Module):
    """3×3 maximum at every second place, no padding."""

    def forward(self, x: Tensor) -> Tensor:
        return F.max_pool2d(x, 3, 2)


def average(x: Tensor) -> Tensor:
    """3×3 mean at every place; at the border, of the pixels that exist."""
    return F.avg_pool2d(x, 3, 1, 1, count_include_pad=False)
