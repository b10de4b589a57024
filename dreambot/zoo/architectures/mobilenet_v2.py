"""MobileNetV2 with its classes.

Sandler, Howard, Zhu, Zhmoginov, Chen, "MobileNetV2: Inverted Residuals and Linear Bottlenecks",
arXiv:1801.04381.

A small network for small machines: seventeen blocks that expand their few channels sixfold with a 1×1, apply
a depthwise 3×3, and project to few channels again. The projections are linear, and where a block changes
neither size nor channels its input is added to its output. The activation is ReLU6.

    layer        channels  for a 224×224 image
    conv0              32  112×112
    block1             16  112×112
    block2–3           24   56×56
    block4–6           32   28×28
    block7–10          64   14×14
    block11–13         96   14×14
    block14–16        160    7×7
    block17           320    7×7
    conv18           1280    7×7
    classes          1000
"""

from collections.abc import Callable, Mapping

import torch.nn.functional as F
from torch import Tensor, nn

from dreambot.zoo.blocks import Classifier, FoldedConv, ImageNetNormalise, PlainConv, fold_batch_norm

STRIDES = (1, 2, 1, 2, 1, 1, 2, 1, 1, 1, 1, 1, 1, 2, 1, 1, 1)
"""Stride of each of the seventeen blocks."""


class ConvReLU6(nn.Module):
    """A frozen convolution and its ReLU6."""

    def __init__(self, folded: FoldedConv, *, stride: int = 1, depthwise: bool = False) -> None:
        """Creates the convolution.

        Args:
            folded: Kernel and bias.
            stride: Stride on both axes.
            depthwise: Whether each channel is convolved separately.
        """
        super().__init__()
        self.stride = stride
        self.padding = folded.kernel.shape[2] // 2
        self.groups = folded.channels if depthwise else 1
        self.kernel = nn.Parameter(folded.kernel, requires_grad=False)
        self.bias = nn.Parameter(folded.bias, requires_grad=False)

    def forward(self, x: Tensor) -> Tensor:
        """Runs the convolution and the ReLU6.

        Args:
            x: `[batch, channels, height, width]`.
        """
        y = F.conv2d(x, self.kernel, self.bias, self.stride, self.padding, 1, self.groups)
        return F.relu6(y, inplace=True)


class Projection(PlainConv):
    """A frozen linear convolution that knows the statistics its outputs had over the training data.

    A batch norm shifts each channel to its beta and scales it to its gamma, so those are the mean and the
    standard deviation that a channel has on the data its running statistics were taken from. They remain when
    the batch norm is folded into the kernel.

    Attributes:
        mean: Mean of each output channel, `[1, channels]`.
        std: Standard deviation of each output channel, `[1, channels]`; positive.
    """

    mean: Tensor
    std: Tensor

    def __init__(self, folded: FoldedConv, *, mean: Tensor, std: Tensor) -> None:
        """Creates the convolution.

        Args:
            folded: Kernel and bias.
            mean: Beta of the batch norm, `[channels]`.
            std: Absolute value of its gamma, `[channels]`. Channels that the training switched off, with a
                gamma near 0, get a tenth of the median, so that differences can be divided by it.
        """
        super().__init__(folded)
        self.register_buffer("mean", mean[None], persistent=False)
        self.register_buffer("std", std.clamp(min=0.1 * std.median())[None], persistent=False)


class InvertedResidual(nn.Module):
    """Expansion, depthwise convolution and projection, with a residual connection where shapes allow it."""

    def __init__(
        self, expand: FoldedConv | None, depthwise: FoldedConv, project: Projection, *, stride: int
    ) -> None:
        """Creates the block.

        Args:
            expand: The expanding 1×1; None in the first block.
            depthwise: The depthwise 3×3.
            project: The projecting 1×1.
            stride: Stride of the depthwise convolution.
        """
        super().__init__()
        self.expand = ConvReLU6(expand) if expand else nn.Identity()
        self.depthwise = ConvReLU6(depthwise, stride=stride, depthwise=True)
        self.project = project
        self.residual = expand is not None and stride == 1 and expand.kernel.shape[1] == len(project.kernel)

    def forward(self, x: Tensor) -> Tensor:
        """Runs the block.

        Args:
            x: `[batch, channels, height, width]`.
        """
        y: Tensor = self.project(self.depthwise(self.expand(x)))
        return x + y if self.residual else y


def stages(tensors: Mapping[str, Tensor]) -> dict[str, Callable[[], nn.Module]]:
    """Returns the functions that build each stage, in order.

    The stage called `input` is not a layer to dream in.

    Args:
        tensors: State dict with torchvision's names (`features.1.conv.0.0.weight` …). Without a classifier
            there is no stage `classes`.
    """

    def folded(conv: str, norm: str) -> FoldedConv:
        return fold_batch_norm(tensors, f"features.{conv}", f"features.{norm}")

    def projection(conv: str, norm: str) -> Projection:
        beta, gamma = tensors[f"features.{norm}.bias"], tensors[f"features.{norm}.weight"]
        return Projection(folded(conv, norm), mean=beta, std=gamma.abs())

    def block(number: int) -> Callable[[], InvertedResidual]:
        def build() -> InvertedResidual:
            prefix = f"{number}.conv."
            depthwise = 0 if number == 1 else 1
            return InvertedResidual(
                folded(f"{prefix}0.0", f"{prefix}0.1") if depthwise else None,
                folded(f"{prefix}{depthwise}.0", f"{prefix}{depthwise}.1"),
                projection(f"{prefix}{depthwise + 1}", f"{prefix}{depthwise + 2}"),
                stride=STRIDES[number - 1],
            )

        return build

    last = len(STRIDES) + 1
    builders: dict[str, Callable[[], nn.Module]] = {
        "input": ImageNetNormalise,
        "conv0": lambda: ConvReLU6(folded("0.0", "0.1"), stride=2),
        **{f"block{number}": block(number) for number in range(1, last)},
        f"conv{last}": lambda: ConvReLU6(folded(f"{last}.0", f"{last}.1")),
    }
    if "classifier.1.weight" in tensors:
        builders["classes"] = lambda: Classifier(tensors["classifier.1.weight"], tensors["classifier.1.bias"])
    return builders
