"""ResNet50 (He, Zhang, Ren, Sun, "Deep Residual Learning for Image Recognition", arXiv:1512.03385), with its
classes. As torchvision builds it: a stage's first block strides in its 3×3.

Sixteen blocks, each of which adds something to what came in: a 1×1 that narrows, a 3×3, a 1×1 that widens,
their sum with the input, and a ReLU. Called as in the paper's tables and Caffe's file: `res4c` is the third
block of the fourth stage.

    layer          channels  for a 224×224 picture
    conv1                64  112×112, then a max pool
    res2a–2c            256   56×56
    res3a–3d            512   28×28
    res4a–4f           1024   14×14
    res5a–5c           2048    7×7
    classes            1000
"""

from collections.abc import Callable, Mapping

import torch.nn.functional as F
from torch import Tensor, nn

from dreambot.zoo.blocks import (
    Classifier,
    ConvReLU,
    FoldedConv,
    ImageNetNormalise,
    PlainConv,
    ReLUStage,
    fold_batch_norm,
)

BLOCKS = {2: "abc", 3: "abcd", 4: "abcdef", 5: "abc"}


class PaddedMaxPool(nn.Module):
    """3×3 maximum at every second place; one pixel beyond the border, which never wins."""

    def forward(self, x: Tensor) -> Tensor:
        return F.max_pool2d(x, 3, 2, 1)


class ResidualBlock(ReLUStage):
    """The block; a stage's first has a 1×1 on the way past, too."""

    def __init__(self, weights: Callable[[str, str], FoldedConv], *, stride: int, first: bool) -> None:
        """weights: from a convolution's name and its batch norm's."""
        super().__init__()
        self.inner = nn.Sequential(
            ConvReLU(weights("conv1", "bn1")),
            ConvReLU(weights("conv2", "bn2"), stride=stride),
            PlainConv(weights("conv3", "bn3")),
        )
        self.past = (
            PlainConv(weights("downsample.0", "downsample.1"), stride=stride) if first else nn.Identity()
        )

    def before_relu(self, x: Tensor) -> Tensor:
        total: Tensor = self.inner(x) + self.past(x)
        return total


def stages(tensors: Mapping[str, Tensor]) -> dict[str, Callable[[], nn.Module]]:
    """How to build each stage, in order, from tensors under torchvision's names (`layer3.2.conv1.weight` …).
    The stages called `input` and `pool…` are no layers to dream in; `classes` is there when its tensors are.
    """

    def block(stage: int, index: int) -> Callable[[], nn.Module]:
        def unit(conv: str, norm: str) -> FoldedConv:
            within = f"layer{stage - 1}.{index}"
            return fold_batch_norm(tensors, f"{within}.{conv}", f"{within}.{norm}")

        first = index == 0
        return lambda: ResidualBlock(unit, stride=2 if first and stage > 2 else 1, first=first)

    plans: dict[str, Callable[[], nn.Module]] = {
        "input": ImageNetNormalise,
        "conv1": lambda: ConvReLU(fold_batch_norm(tensors, "conv1", "bn1"), stride=2),
        "pool1": PaddedMaxPool,
    }
    for stage, letters in BLOCKS.items():
        for index, letter in enumerate(letters):
            plans[f"res{stage}{letter}"] = block(stage, index)
    if "fc.weight" in tensors:
        plans["classes"] = lambda: Classifier(tensors["fc.weight"], tensors["fc.bias"])
    return plans
