"""InceptionV3 (arXiv:1512.00567) as torchvision builds it, with its classes.

The same blocks and layer names as `inception_v3`, which see, but another network all the same: its weights
were trained later, it averages the zeros beyond the border in, and its last block averages where that of 2015
takes a maximum. Checkpoints that people trained with torchvision are of this kind.
"""

from collections.abc import Callable, Mapping

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from dreambot.zoo.architectures.inception_v3 import Reduction17, Reduction35
from dreambot.zoo.blocks import (
    Classifier,
    ConvReLU,
    FoldedConv,
    MaxPool,
    PlainConv,
    ReLUStage,
    fold_batch_norm,
)

EPS = 1e-3

Weights = Callable[[str], FoldedConv]


class AveragingBlock(ReLUStage):
    """What the blocks share that average: their 1×1s are one convolution, and the average comes behind its
    1×1 instead of before it, without the bias, which knows no border."""

    def __init__(self, *ways: FoldedConv) -> None:
        """ways: the 1×1s that read the block's input, the averaged one last."""
        super().__init__()
        *straight, averaged = ways
        self.widths = [way.channels for way in ways]
        silent = FoldedConv(averaged.kernel, torch.zeros_like(averaged.bias))
        self.entry = PlainConv(FoldedConv.siblings(*straight, silent))
        self.average_bias = nn.Parameter(averaged.bias[:, None, None].clone(), requires_grad=False)

    def split(self, x: Tensor) -> list[Tensor]:
        """Each way's 1×1, before its ReLU."""
        *straight, averaged = self.entry(x).split(self.widths, dim=1)
        return [*straight, F.avg_pool2d(averaged, 3, 1, 1) + self.average_bias]


class Mixed(AveragingBlock):
    """The common block: 1×1; 1×1 and `near`; 1×1 and `far`; average and 1×1."""

    def __init__(self, weights: Weights, *, near: str, far: str, convolutions: tuple[int, int]) -> None:
        """near, far: the names of two ways. convolutions: how many each has, its 1×1 counted."""
        super().__init__(*(weights(way) for way in ("branch1x1", f"{near}_1", f"{far}_1", "branch_pool")))
        self.near, self.far = (
            nn.Sequential(
                *(ConvReLU(weights(f"{way}_{i}")) for i in range(2, count)),
                PlainConv(weights(f"{way}_{count}")),
            )
            for way, count in zip((near, far), convolutions, strict=True)
        )

    def before_relu(self, x: Tensor) -> Tensor:
        straight, near, far, averaged = self.split(x)
        return torch.cat([straight, self.near(near.relu()), self.far(far.relu()), averaged], dim=1)


class Expanded(AveragingBlock):
    """mixed9 and mixed10: two ways end in a 1×3 and a 3×1 side by side."""

    def __init__(self, weights: Weights) -> None:
        ways = ("branch1x1", "branch3x3_1", "branch3x3dbl_1", "branch_pool")
        super().__init__(*(weights(way) for way in ways))
        self.near = nn.ModuleList([PlainConv(weights(f"branch3x3_2{side}")) for side in "ab"])
        self.between = ConvReLU(weights("branch3x3dbl_2"))
        self.far = nn.ModuleList([PlainConv(weights(f"branch3x3dbl_3{side}")) for side in "ab"])

    def before_relu(self, x: Tensor) -> Tensor:
        straight, near, far, averaged = self.split(x)
        near, far = near.relu(), self.between(far.relu())
        sides = [*(side(near) for side in self.near), *(side(far) for side in self.far)]
        return torch.cat([straight, *sides, averaged], dim=1)


REDUCTION35_NAMES = {
    "conv": "branch3x3",
    "tower.conv": "branch3x3dbl_1",
    "tower.conv_1": "branch3x3dbl_2",
    "tower.conv_2": "branch3x3dbl_3",
}
REDUCTION17_NAMES = {
    "tower.conv": "branch3x3_1",
    "tower.conv_1": "branch3x3_2",
    "tower_1.conv": "branch7x7x3_1",
    "tower_1.conv_1": "branch7x7x3_2",
    "tower_1.conv_2": "branch7x7x3_3",
    "tower_1.conv_3": "branch7x7x3_4",
}


def stages(tensors: Mapping[str, Tensor]) -> dict[str, Callable[[], nn.Module]]:
    """How to build each stage, in order, from tensors under torchvision's names
    (`Mixed_6c.branch7x7_2.conv.weight` …). The stages called `pool…` are no layers to dream in; `classes` is
    there when its tensors are. The classifier that helped training is not used."""

    def unit(name: str) -> FoldedConv:
        return fold_batch_norm(tensors, f"{name}.conv", f"{name}.bn", EPS)

    def within(block: str) -> Weights:
        return lambda way: unit(f"Mixed_{block}.{way}")

    def small(block: str) -> Callable[[], nn.Module]:
        return lambda: Mixed(within(block), near="branch5x5", far="branch3x3dbl", convolutions=(2, 3))

    def large(block: str) -> Callable[[], nn.Module]:
        return lambda: Mixed(within(block), near="branch7x7", far="branch7x7dbl", convolutions=(3, 5))

    plans: dict[str, Callable[[], nn.Module]] = {
        "conv0": lambda: ConvReLU(unit("Conv2d_1a_3x3"), stride=2, same=False),
        "conv1": lambda: ConvReLU(unit("Conv2d_2a_3x3"), same=False),
        "conv2": lambda: ConvReLU(unit("Conv2d_2b_3x3")),
        "pool0": MaxPool,
        "conv3": lambda: ConvReLU(unit("Conv2d_3b_1x1")),
        "conv4": lambda: ConvReLU(unit("Conv2d_4a_3x3"), same=False),
        "pool1": MaxPool,
        **{f"mixed{i}": small(block) for i, block in enumerate(("5b", "5c", "5d"))},
        "mixed3": lambda: Reduction35(lambda name: unit(f"Mixed_6a.{REDUCTION35_NAMES[name]}")),
        **{f"mixed{i}": large(block) for i, block in enumerate(("6b", "6c", "6d", "6e"), start=4)},
        "mixed8": lambda: Reduction17(lambda name: unit(f"Mixed_7a.{REDUCTION17_NAMES[name]}")),
        "mixed9": lambda: Expanded(within("7b")),
        "mixed10": lambda: Expanded(within("7c")),
    }
    if "fc.weight" in tensors:
        plans["classes"] = lambda: Classifier(tensors["fc.weight"], tensors["fc.bias"])
    return plans
