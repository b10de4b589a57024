"""InceptionV3 (arXiv:1512.00567) as torchvision builds it, with its classes.

Blocks and layer names are those of `inception_v3`, but it is another network: its weights were trained later,
its average pools include the zeros beyond the border, and its last block averages where that of 2015 has a
max pool. Checkpoints that people trained with torchvision are of this kind.
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
"""Returns a convolution by its name in a block."""


class AveragingBlock(ReLUStage):
    """The common part of the blocks with an average pool: their 1×1s are one convolution.

    The average comes after its 1×1 instead of before it. The bias is added after the average, because at the
    border the average includes zeros.
    """

    def __init__(self, *entries: FoldedConv) -> None:
        """Creates the entry of a block.

        Args:
            *entries: The 1×1s that read the block's input, that of the average pool last.
        """
        super().__init__()
        *others, averaged = entries
        self.widths = [entry.channels for entry in entries]
        without_bias = FoldedConv(averaged.kernel, torch.zeros_like(averaged.bias))
        self.entry = PlainConv(FoldedConv.concat(*others, without_bias))
        self.average_bias = nn.Parameter(averaged.bias[:, None, None].clone(), requires_grad=False)

    def split(self, x: Tensor) -> list[Tensor]:
        """Runs the 1×1 of each branch, without its ReLU.

        Args:
            x: `[batch, channels, height, width]`.
        """
        *others, averaged = self.entry(x).split(self.widths, dim=1)
        return [*others, F.avg_pool2d(averaged, 3, 1, 1) + self.average_bias]


class Mixed(AveragingBlock):
    """The common block: 1×1; two branches of a 1×1 and further convolutions; average pool and 1×1."""

    def __init__(self, weights: Weights, *, tower: str, tower_1: str, convolutions: tuple[int, int]) -> None:
        """Creates the block.

        Args:
            weights: Returns a convolution by its name in the block.
            tower: Name of the second branch.
            tower_1: Name of the third branch.
            convolutions: Number of convolutions of these branches, including the 1×1.
        """
        names = ("branch1x1", f"{tower}_1", f"{tower_1}_1", "branch_pool")
        super().__init__(*(weights(name) for name in names))
        self.tower, self.tower_1 = (
            nn.Sequential(
                *(ConvReLU(weights(f"{branch}_{i}")) for i in range(2, count)),
                PlainConv(weights(f"{branch}_{count}")),
            )
            for branch, count in zip((tower, tower_1), convolutions, strict=True)
        )

    def before_relu(self, x: Tensor) -> Tensor:
        """See `ReLUStage`.

        Args:
            x: `[batch, channels, height, width]`.
        """
        conv, tower, tower_1, tower_2 = self.split(x)
        return torch.cat([conv, self.tower(tower.relu()), self.tower_1(tower_1.relu()), tower_2], dim=1)


class Expanded(AveragingBlock):
    """mixed9 and mixed10: two branches end in a 1×3 and a 3×1 side by side."""

    def __init__(self, weights: Weights) -> None:
        """Creates the block.

        Args:
            weights: Returns a convolution by its name in the block.
        """
        names = ("branch1x1", "branch3x3_1", "branch3x3dbl_1", "branch_pool")
        super().__init__(*(weights(name) for name in names))
        self.tower = nn.ModuleList([PlainConv(weights(f"branch3x3_2{part}")) for part in "ab"])
        self.tower_1_conv_1 = ConvReLU(weights("branch3x3dbl_2"))
        self.tower_1 = nn.ModuleList([PlainConv(weights(f"branch3x3dbl_3{part}")) for part in "ab"])

    def before_relu(self, x: Tensor) -> Tensor:
        """See `ReLUStage`.

        Args:
            x: `[batch, channels, height, width]`.
        """
        conv, tower, tower_1, tower_2 = self.split(x)
        tower, tower_1 = tower.relu(), self.tower_1_conv_1(tower_1.relu())
        parts = [*(part(tower) for part in self.tower), *(part(tower_1) for part in self.tower_1)]
        return torch.cat([conv, *parts, tower_2], dim=1)


# Names in `inception_v3` → torchvision's names
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
    """Returns the functions that build each stage, in order.

    Stages called `pool…` are not layers to dream in. The auxiliary classifier of the training is not used.

    Args:
        tensors: State dict with torchvision's names (`Mixed_6c.branch7x7_2.conv.weight` …). Without a
            classifier there is no stage `classes`.
    """

    def conv(name: str) -> FoldedConv:
        return fold_batch_norm(tensors, f"{name}.conv", f"{name}.bn", EPS)

    def weights(block: str) -> Weights:
        return lambda name: conv(f"Mixed_{block}.{name}")

    def mixed_5x5(block: str) -> Callable[[], nn.Module]:
        return lambda: Mixed(weights(block), tower="branch5x5", tower_1="branch3x3dbl", convolutions=(2, 3))

    def mixed_7x7(block: str) -> Callable[[], nn.Module]:
        return lambda: Mixed(weights(block), tower="branch7x7", tower_1="branch7x7dbl", convolutions=(3, 5))

    builders: dict[str, Callable[[], nn.Module]] = {
        "conv0": lambda: ConvReLU(conv("Conv2d_1a_3x3"), stride=2, same=False),
        "conv1": lambda: ConvReLU(conv("Conv2d_2a_3x3"), same=False),
        "conv2": lambda: ConvReLU(conv("Conv2d_2b_3x3")),
        "pool0": MaxPool,
        "conv3": lambda: ConvReLU(conv("Conv2d_3b_1x1")),
        "conv4": lambda: ConvReLU(conv("Conv2d_4a_3x3"), same=False),
        "pool1": MaxPool,
        **{f"mixed{i}": mixed_5x5(block) for i, block in enumerate(("5b", "5c", "5d"))},
        "mixed3": lambda: Reduction35(lambda name: conv(f"Mixed_6a.{REDUCTION35_NAMES[name]}")),
        **{f"mixed{i}": mixed_7x7(block) for i, block in enumerate(("6b", "6c", "6d", "6e"), start=4)},
        "mixed8": lambda: Reduction17(lambda name: conv(f"Mixed_7a.{REDUCTION17_NAMES[name]}")),
        "mixed9": lambda: Expanded(weights("7b")),
        "mixed10": lambda: Expanded(weights("7c")),
    }
    if "fc.weight" in tensors:
        builders["classes"] = lambda: Classifier(tensors["fc.weight"], tensors["fc.bias"])
    return builders
