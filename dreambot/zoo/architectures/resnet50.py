"""ResNet50 with its classes.

He, Zhang, Ren, Sun, "Deep Residual Learning for Image Recognition", arXiv:1512.03385. As torchvision builds
it: the first block of a stage strides in its 3×3.

Sixteen bottleneck blocks: a 1×1 that reduces the channels, a 3×3, a 1×1 that expands them, the sum with the
input, and a ReLU. Layers are named as in the paper's tables and Caffe's file: `res4c` is the third block of
the fourth stage.

    layer          channels  for a 224×224 image
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

# Letters of the blocks of each stage
BLOCKS = {2: "abc", 3: "abcd", 4: "abcdef", 5: "abc"}


class PaddedMaxPool(nn.Module):
    """A 3×3 max pool with a stride of 2 and a padding of 1."""

    def forward(self, x: Tensor) -> Tensor:
        """Runs the pool.

        Args:
            x: `[batch, channels, height, width]`.
        """
        return F.max_pool2d(x, 3, 2, 1)


class ResidualBlock(ReLUStage):
    """A bottleneck block; the first of a stage has a 1×1 in its shortcut."""

    def __init__(self, weights: Callable[[str, str], FoldedConv], *, stride: int, first: bool) -> None:
        """Creates the block.

        Args:
            weights: Returns a convolution by its name and that of its batch norm.
            stride: Stride of the 3×3.
            first: Whether it is the first block of a stage.
        """
        super().__init__()
        self.bottleneck = nn.Sequential(
            ConvReLU(weights("conv1", "bn1")),
            ConvReLU(weights("conv2", "bn2"), stride=stride),
            PlainConv(weights("conv3", "bn3")),
        )
        self.shortcut = (
            PlainConv(weights("downsample.0", "downsample.1"), stride=stride) if first else nn.Identity()
        )

    def before_relu(self, x: Tensor) -> Tensor:
        """See `ReLUStage`.

        Args:
            x: `[batch, channels, height, width]`.
        """
        total: Tensor = self.bottleneck(x) + self.shortcut(x)
        return total


def stages(tensors: Mapping[str, Tensor]) -> dict[str, Callable[[], nn.Module]]:
    """Returns the functions that build each stage, in order.

    Stages called `input` and `pool…` are not layers to dream in.

    Args:
        tensors: State dict with torchvision's names (`layer3.2.conv1.weight` …). Without a classifier there
            is no stage `classes`.
    """

    def block(stage: int, index: int) -> Callable[[], nn.Module]:
        def folded(conv: str, norm: str) -> FoldedConv:
            prefix = f"layer{stage - 1}.{index}"
            return fold_batch_norm(tensors, f"{prefix}.{conv}", f"{prefix}.{norm}")

        first = index == 0
        return lambda: ResidualBlock(folded, stride=2 if first and stage > 2 else 1, first=first)

    builders: dict[str, Callable[[], nn.Module]] = {
        "input": ImageNetNormalise,
        "conv1": lambda: ConvReLU(fold_batch_norm(tensors, "conv1", "bn1"), stride=2),
        "pool1": PaddedMaxPool,
    }
    for stage, letters in BLOCKS.items():
        for index, letter in enumerate(letters):
            builders[f"res{stage}{letter}"] = block(stage, index)
    if "fc.weight" in tensors:
        builders["classes"] = lambda: Classifier(tensors["fc.weight"], tensors["fc.bias"])
    return builders
