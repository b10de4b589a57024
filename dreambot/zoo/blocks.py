"""The modules that networks are built from: convolutions with folded batch norms, pools, input and
classifier.

Stages that end in a ReLU also give their values before it. A ReLU clips what is below zero and passes
no gradient there: a channel that nothing in the image excites yet could never be dreamed. Before the
ReLU it can.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class FoldedConv:
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
    ) -> "FoldedConv":
        """kernel: (out, in, kh, kw) without bias; mean, var, beta: (out,)."""
        scale = (var.double() + eps).rsqrt()
        return cls(
            (kernel.double() * scale[:, None, None, None]).float(),
            (beta.double() - mean.double() * scale).float(),
        )

    @classmethod
    def siblings(cls, *parts: "FoldedConv") -> "FoldedConv":
        """One convolution for several that read the same input: their outputs, one after another."""
        return cls(torch.cat([part.kernel for part in parts]), torch.cat([part.bias for part in parts]))

    @property
    def channels(self) -> int:
        """Output channels."""
        return self.kernel.shape[0]


class PlainConv(nn.Module):
    """A frozen convolution with bias and nothing behind it. `same` pads an odd kernel so that a stride
    of 1 keeps the size; otherwise there is no padding."""

    def __init__(self, folded: FoldedConv, *, stride: int = 1, same: bool = True) -> None:
        super().__init__()
        height, width = folded.kernel.shape[2:]
        self.stride = stride
        self.padding = (height // 2, width // 2) if same else (0, 0)
        self.kernel = nn.Parameter(folded.kernel, requires_grad=False)
        self.bias = nn.Parameter(folded.bias, requires_grad=False)

    def forward(self, x: Tensor) -> Tensor:
        return F.conv2d(x, self.kernel, self.bias, self.stride, self.padding)


class ConvReLU(PlainConv):
    """A frozen convolution and its ReLU."""

    def forward(self, x: Tensor) -> Tensor:
        # In place: the gradient of a convolution needs its input, never its output.
        return super().forward(x).relu_()


class MaxPool(nn.Module):
    """3×3 maximum at every second place, no padding."""

    def forward(self, x: Tensor) -> Tensor:
        return F.max_pool2d(x, 3, 2)


def average_pool(x: Tensor) -> Tensor:
    """3×3 mean at every place; at the border, of the pixels that exist."""
    return F.avg_pool2d(x, 3, 1, 1, count_include_pad=False)


def fold_batch_norm(tensors: Mapping[str, Tensor], conv: str, norm: str, eps: float = 1e-5) -> FoldedConv:
    """The convolution `conv` (`layer1.0.conv1`, without bias) with the batch norm `norm` folded in.

    A torch batch norm also scales, `gamma · (y - mean) / sqrt(var + eps) + beta`; γ goes to the kernel.
    """
    gamma = tensors[f"{norm}.weight"].double()
    return FoldedConv.from_batch_norm(
        tensors[f"{conv}.weight"].double() * gamma[:, None, None, None],
        mean=tensors[f"{norm}.running_mean"].double() * gamma,
        var=tensors[f"{norm}.running_var"],
        beta=tensors[f"{norm}.bias"],
        eps=eps,
    )


PRE_RELU_SUFFIX = "_pre"
"""What a layer's name ends with when its values before the ReLU are meant."""


class ReLUStage(nn.Module, ABC):
    """A stage whose last act is a ReLU."""

    @abstractmethod
    def before_relu(self, x: Tensor) -> Tensor:
        """The stage's values for x before the ReLU, a tensor of its own."""

    def forward(self, x: Tensor) -> Tensor:
        """The stage's values for x."""
        # In place: what it overwrites, sums and convolutions, is not needed for their gradients.
        return self.before_relu(x).relu_()


def before_relu(stage: nn.Module, x: Tensor) -> Tensor:
    """What a stage that ends in a ReLU says of x before it; TypeError for another."""
    if isinstance(stage, ReLUStage):
        return stage.before_relu(x)
    if isinstance(stage, ConvReLU):
        return PlainConv.forward(stage, x)
    raise TypeError(f"{type(stage).__name__} does not end in a ReLU")


_MEAN = (0.485, 0.456, 0.406)
_STD = (0.229, 0.224, 0.225)


class ImageNetNormalise(nn.Module):
    """From RGB in [-1, 1], which all our networks take, to what one trained with ImageNet's mean and
    deviation per channel (of RGB in [0, 1]) knows: `x · scale + shift`, both (1, 3, 1, 1)."""

    def __init__(self) -> None:
        super().__init__()
        mean, deviation = (torch.tensor(values).view(1, 3, 1, 1) for values in (_MEAN, _STD))
        self.scale = nn.Parameter(0.5 / deviation, requires_grad=False)
        self.shift = nn.Parameter((0.5 - mean) / deviation, requires_grad=False)

    def forward(self, x: Tensor) -> Tensor:
        return torch.addcmul(self.shift, x, self.scale)


class Classifier(nn.Module):
    """The classifier: features averaged over the picture, then one number per class.

    (N, C, H, W) → (N, classes), the logits; no softmax behind them, which would let a class rise by
    pushing the others down.
    """

    def __init__(self, weight: Tensor, bias: Tensor) -> None:
        """weight: (classes, C); bias: (classes,)."""
        super().__init__()
        self.weight = nn.Parameter(weight, requires_grad=False)
        self.bias = nn.Parameter(bias, requires_grad=False)

    def forward(self, x: Tensor) -> Tensor:
        return nn.functional.linear(x.mean(dim=(2, 3)), self.weight, self.bias)
