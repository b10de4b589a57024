"""The modules that networks are built from: convolutions with folded batch norms, pools, classifier.

Stages that end in a ReLU also give their values before it. A ReLU clips what is below zero and passes
no gradient there: a channel that nothing in the image excites yet could never be dreamed. Before the
ReLU it can.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class FoldedConv:
    """The kernel and bias of a convolution with its batch norm folded in.

    At inference a batch norm is `(y - mean) / sqrt(var + eps) + beta`, a scale and a shift per output
    channel, which the convolution can do itself. Folding is done in float64, the result is float32.
    """

    def __init__(self, kernel: Tensor, bias: Tensor) -> None:
        """Creates the parameters.

        Args:
            kernel: `[out, in, kernel height, kernel width]` float32.
            bias: `[out]` float32.
        """
        self.kernel = kernel
        self.bias = bias

    @classmethod
    def from_batch_norm(
        cls, kernel: Tensor, *, mean: Tensor, var: Tensor, beta: Tensor, eps: float
    ) -> "FoldedConv":
        """Folds a batch norm into a convolution without bias.

        Args:
            kernel: `[out, in, kernel height, kernel width]`.
            mean: Running mean of the batch norm, `[out]`.
            var: Running variance, `[out]`.
            beta: Shift, `[out]`.
            eps: Epsilon that is added to the variance.
        """
        scale = (var.double() + eps).rsqrt()
        return cls(
            (kernel.double() * scale[:, None, None, None]).float(),
            (beta.double() - mean.double() * scale).float(),
        )

    @classmethod
    def concat(cls, *parts: "FoldedConv") -> "FoldedConv":
        """Merges convolutions that read the same input into one, whose outputs are concatenated.

        Args:
            *parts: Convolutions with the same input channels and kernel size.
        """
        return cls(torch.cat([part.kernel for part in parts]), torch.cat([part.bias for part in parts]))

    @property
    def channels(self) -> int:
        """Number of output channels."""
        return self.kernel.shape[0]


def fold_batch_norm(tensors: Mapping[str, Tensor], conv: str, norm: str, eps: float = 1e-5) -> FoldedConv:
    """Folds a batch norm of a torch state dict into its convolution.

    A torch batch norm also scales, `gamma · (y - mean) / sqrt(var + eps) + beta`; gamma is multiplied into
    the kernel.

    Args:
        tensors: State dict.
        conv: Name of the convolution, for example `layer1.0.conv1`, with or without a bias.
        norm: Name of the batch norm.
        eps: Epsilon of the batch norm.
    """
    gamma = tensors[f"{norm}.weight"].double()
    mean = tensors[f"{norm}.running_mean"].double()
    if f"{conv}.bias" in tensors:
        # The norm subtracts its mean from what the bias was added to.
        mean = mean - tensors[f"{conv}.bias"].double()
    return FoldedConv.from_batch_norm(
        tensors[f"{conv}.weight"].double() * gamma[:, None, None, None],
        mean=mean * gamma,
        var=tensors[f"{norm}.running_var"],
        beta=tensors[f"{norm}.bias"],
        eps=eps,
    )


class PlainConv(nn.Module):
    """A frozen convolution with bias, without an activation."""

    def __init__(self, folded: FoldedConv, *, stride: int = 1, same: bool = True) -> None:
        """Creates the convolution.

        Args:
            folded: Kernel and bias.
            stride: Stride on both axes.
            same: Whether to pad an odd kernel so that a stride of 1 keeps the size; otherwise no padding.
        """
        super().__init__()
        height, width = folded.kernel.shape[2:]
        self.stride = stride
        self.padding = (height // 2, width // 2) if same else (0, 0)
        self.kernel = nn.Parameter(folded.kernel, requires_grad=False)
        self.bias = nn.Parameter(folded.bias, requires_grad=False)

    def forward(self, x: Tensor) -> Tensor:
        """Runs the convolution.

        Args:
            x: `[batch, in, height, width]`.
        """
        return F.conv2d(x, self.kernel, self.bias, self.stride, self.padding)


class ConvReLU(PlainConv):
    """A frozen convolution and its ReLU."""

    def forward(self, x: Tensor) -> Tensor:
        """Runs the convolution and the ReLU.

        Args:
            x: `[batch, in, height, width]`.
        """
        # In place: the gradient of a convolution needs its input, never its output.
        return super().forward(x).relu_()


class MaxPool(nn.Module):
    """A 3×3 max pool with a stride of 2 and no padding."""

    def forward(self, x: Tensor) -> Tensor:
        """Runs the pool.

        Args:
            x: `[batch, channels, height, width]`.
        """
        return F.max_pool2d(x, 3, 2)


def average_pool(x: Tensor) -> Tensor:
    """Averages over 3×3 pixels with a stride of 1; at the border, over the pixels that exist.

    Args:
        x: `[batch, channels, height, width]`.

    Returns:
        The averages, of the same shape.
    """
    return F.avg_pool2d(x, 3, 1, 1, count_include_pad=False)


PRE_RELU_SUFFIX = "_pre"
"""Suffix of a layer's name that means its values before the ReLU."""


class ReLUStage(nn.Module, ABC):
    """A stage that ends in a ReLU."""

    @abstractmethod
    def before_relu(self, x: Tensor) -> Tensor:
        """Returns the output before the ReLU, in a tensor that the caller may overwrite.

        Args:
            x: `[batch, channels, height, width]`.
        """

    def forward(self, x: Tensor) -> Tensor:
        """Runs the stage.

        Args:
            x: `[batch, channels, height, width]`.
        """
        # In place: the gradients of sums and convolutions do not need their outputs.
        return self.before_relu(x).relu_()


def before_relu(stage: nn.Module, x: Tensor) -> Tensor:
    """Returns the output of a stage before its final ReLU.

    Args:
        stage: Stage that ends in a ReLU.
        x: `[batch, channels, height, width]`.

    Raises:
        TypeError: The stage does not end in a ReLU.
    """
    if isinstance(stage, ReLUStage):
        return stage.before_relu(x)
    if isinstance(stage, ConvReLU):
        return PlainConv.forward(stage, x)
    raise TypeError(f"{type(stage).__name__} does not end in a ReLU")


_IMAGENET_MEAN = (0.485, 0.456, 0.406)
_IMAGENET_STD = (0.229, 0.224, 0.225)


class ShiftScale(nn.Module):
    """Normalises an image per channel: `x · scale + shift`, both `[1, 3, 1, 1]`."""

    def __init__(self, scale: Sequence[float], shift: Sequence[float]) -> None:
        """Creates the module.

        Args:
            scale: Factor of each channel.
            shift: Summand of each channel.
        """
        super().__init__()
        self.scale = nn.Parameter(torch.tensor(scale).view(1, 3, 1, 1), requires_grad=False)
        self.shift = nn.Parameter(torch.tensor(shift).view(1, 3, 1, 1), requires_grad=False)

    def forward(self, x: Tensor) -> Tensor:
        """Normalises an image.

        Args:
            x: `[batch, 3, height, width]` in [-1, 1].
        """
        return torch.addcmul(self.shift, x, self.scale)


class ImageNetNormalise(ShiftScale):
    """Normalises with ImageNet's mean and standard deviation, which are those of RGB in [0, 1]."""

    def __init__(self) -> None:
        super().__init__(
            [0.5 / std for std in _IMAGENET_STD],
            [(0.5 - mean) / std for mean, std in zip(_IMAGENET_MEAN, _IMAGENET_STD, strict=True)],
        )


class Classifier(nn.Module):
    """Global average pooling and one linear layer: `[batch, channels, height, width]` → `[batch, classes]`.

    The outputs are logits. With a softmax a class could rise by suppressing the others.
    """

    def __init__(self, weight: Tensor, bias: Tensor) -> None:
        """Creates the classifier.

        Args:
            weight: `[classes, channels]`.
            bias: `[classes]`.
        """
        super().__init__()
        self.weight = nn.Parameter(weight, requires_grad=False)
        self.bias = nn.Parameter(bias, requires_grad=False)

    def forward(self, x: Tensor) -> Tensor:
        """Returns the logits, `[batch, classes]`.

        Args:
            x: `[batch, channels, height, width]`.
        """
        return nn.functional.linear(x.mean(dim=(2, 3)), self.weight, self.bias)
