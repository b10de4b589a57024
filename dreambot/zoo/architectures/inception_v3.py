"""InceptionV3 as Google published it in December 2015, without its classifier.

Szegedy et al., "Rethinking the Inception Architecture for Computer Vision", arXiv:1512.00567.

A stem of five convolutions makes the image eight times smaller and 192 channels deep. Then come
eleven blocks, `mixed0 … mixed10`. Each processes its input in several branches with small and large
receptive fields and concatenates the results; the branches are called `conv`, `tower`, `tower_1`, `tower_2`
in the published file, always in this order of channels. Large kernels are split: 5×5 into two 3×3, 7×7 into
1×7 and 7×1.

    layer       channels  for a 299×299 image
    conv0             32  149×149
    conv1             32  147×147
    conv2             64  147×147, then a max pool
    conv3             80   73×73
    conv4            192   71×71, then a max pool
    mixed0           256   35×35
    mixed1–2         288   35×35
    mixed3           768   17×17
    mixed4–7         768   17×17   192 each of conv, tower, tower_1, tower_2
    mixed8          1280    8×8
    mixed9–10       2048    8×8

Two rearrangements, both exact, make it faster. The 1×1 convolutions at the start of a block's branches all
read the same input, so they are one convolution here, split afterwards. And where the published graph
averages first and then mixes channels with a 1×1, we mix first: both are linear, and there are fewer
channels to average.
"""

from collections.abc import Callable, Mapping

import torch
from torch import Tensor, nn

from dreambot.zoo.blocks import ConvReLU, FoldedConv, MaxPool, PlainConv, average_pool

EPS = 1e-3

Weights = Callable[[str], FoldedConv]
"""Returns a convolution by its name in a block."""


class Mixed(nn.Module):
    """The common block.

    conv is a 1×1; tower and tower_1 are a 1×1 and further convolutions; tower_2 is an average pool and a 1×1.
    """

    def __init__(self, weights: Weights, *, tower: int, tower_1: int) -> None:
        """Creates the block.

        Args:
            weights: Returns a convolution by its name in the block.
            tower: Number of convolutions after the 1×1 of tower.
            tower_1: The same of tower_1.
        """
        super().__init__()
        entries = [weights(f"{branch}conv") for branch in ("", "tower.", "tower_1.", "tower_2.")]
        self.widths = [entry.channels for entry in entries]
        self.entry = PlainConv(FoldedConv.concat(*entries))
        self.tower = nn.Sequential(*(ConvReLU(weights(f"tower.conv_{i}")) for i in range(1, tower + 1)))
        self.tower_1 = nn.Sequential(*(ConvReLU(weights(f"tower_1.conv_{i}")) for i in range(1, tower_1 + 1)))

    def forward(self, x: Tensor) -> Tensor:
        """Runs the block.

        Args:
            x: `[batch, channels, height, width]`.
        """
        conv, tower, tower_1, tower_2 = self.entry(x).split(self.widths, dim=1)
        return torch.cat(
            [
                conv.relu(),
                self.tower(tower.relu()),
                self.tower_1(tower_1.relu()),
                average_pool(tower_2).relu(),
            ],
            dim=1,
        )


class Reduction35(nn.Module):
    """mixed3, from 35×35 to 17×17: every branch ends with a stride of 2, the last is a max pool."""

    def __init__(self, weights: Weights) -> None:
        """Creates the block.

        Args:
            weights: Returns a convolution by its name in the block.
        """
        super().__init__()
        self.conv = ConvReLU(weights("conv"), stride=2, same=False)
        self.tower = nn.Sequential(
            ConvReLU(weights("tower.conv")),
            ConvReLU(weights("tower.conv_1")),
            ConvReLU(weights("tower.conv_2"), stride=2, same=False),
        )
        self.pool = MaxPool()

    def forward(self, x: Tensor) -> Tensor:
        """Runs the block.

        Args:
            x: `[batch, channels, height, width]`.
        """
        return torch.cat([self.conv(x), self.tower(x), self.pool(x)], dim=1)


class Reduction17(nn.Module):
    """mixed8, from 17×17 to 8×8: two towers that begin with a 1×1, and a max pool."""

    def __init__(self, weights: Weights) -> None:
        """Creates the block.

        Args:
            weights: Returns a convolution by its name in the block.
        """
        super().__init__()
        entries = [weights("tower.conv"), weights("tower_1.conv")]
        self.widths = [entry.channels for entry in entries]
        self.entry = ConvReLU(FoldedConv.concat(*entries))
        self.tower = ConvReLU(weights("tower.conv_1"), stride=2, same=False)
        self.tower_1 = nn.Sequential(
            ConvReLU(weights("tower_1.conv_1")),
            ConvReLU(weights("tower_1.conv_2")),
            ConvReLU(weights("tower_1.conv_3"), stride=2, same=False),
        )
        self.pool = MaxPool()

    def forward(self, x: Tensor) -> Tensor:
        """Runs the block.

        Args:
            x: `[batch, channels, height, width]`.
        """
        tower, tower_1 = self.entry(x).split(self.widths, dim=1)
        return torch.cat([self.tower(tower), self.tower_1(tower_1), self.pool(x)], dim=1)


class Expanded(nn.Module):
    """mixed9 and mixed10: both towers end in a 1×3 and a 3×1 side by side.

    The published mixed10 has a max pool where all other blocks average, and a max pool cannot be exchanged
    with the 1×1.
    """

    def __init__(self, weights: Weights, *, max_pool: bool) -> None:
        """Creates the block.

        Args:
            weights: Returns a convolution by its name in the block.
            max_pool: Whether the last branch has a max pool instead of an average pool.
        """
        super().__init__()
        entries = [weights(name) for name in ("conv", "tower_conv", "tower_1_conv")]
        self.widths = [entry.channels for entry in entries]
        self.entry = ConvReLU(FoldedConv.concat(*entries))
        self.tower = nn.ModuleList([ConvReLU(weights(f"tower_mixed_conv{i}")) for i in ("", "_1")])
        self.tower_1_conv_1 = ConvReLU(weights("tower_1_conv_1"))
        self.tower_1 = nn.ModuleList([ConvReLU(weights(f"tower_1_mixed_conv{i}")) for i in ("", "_1")])
        self.tower_2 = PlainConv(weights("tower_2_conv"))
        self.max_pool = max_pool

    def forward(self, x: Tensor) -> Tensor:
        """Runs the block.

        Args:
            x: `[batch, channels, height, width]`.
        """
        conv, tower, tower_1 = self.entry(x).split(self.widths, dim=1)
        tower_1 = self.tower_1_conv_1(tower_1)
        if self.max_pool:
            tower_2 = self.tower_2(nn.functional.max_pool2d(x, 3, 1, 1))
        else:
            tower_2 = average_pool(self.tower_2(x))
        return torch.cat(
            [
                conv,
                *(conv(tower) for conv in self.tower),
                *(conv(tower_1) for conv in self.tower_1),
                tower_2.relu(),
            ],
            dim=1,
        )


def stages(tensors: Mapping[str, Tensor]) -> dict[str, Callable[[], nn.Module]]:
    """Returns the functions that build each stage, in order.

    The two stages called `pool…` are not layers to dream in.

    Args:
        tensors: Tensors of the converted weights (`conv0.weight`, `mixed4.tower.conv_1.beta` …).
    """

    def block(prefix: str) -> Weights:
        def folded(name: str) -> FoldedConv:
            parts = {part: tensors[f"{prefix}{name}.{part}"] for part in ("mean", "var", "beta")}
            return FoldedConv.from_batch_norm(tensors[f"{prefix}{name}.weight"], eps=EPS, **parts)

        return folded

    stem = block("")
    return {
        "conv0": lambda: ConvReLU(stem("conv0"), stride=2, same=False),
        "conv1": lambda: ConvReLU(stem("conv1"), same=False),
        "conv2": lambda: ConvReLU(stem("conv2")),
        "pool0": MaxPool,
        "conv3": lambda: ConvReLU(stem("conv3")),
        "conv4": lambda: ConvReLU(stem("conv4"), same=False),
        "pool1": MaxPool,
        "mixed0": lambda: Mixed(block("mixed0."), tower=1, tower_1=2),
        "mixed1": lambda: Mixed(block("mixed1."), tower=1, tower_1=2),
        "mixed2": lambda: Mixed(block("mixed2."), tower=1, tower_1=2),
        "mixed3": lambda: Reduction35(block("mixed3.")),
        "mixed4": lambda: Mixed(block("mixed4."), tower=2, tower_1=4),
        "mixed5": lambda: Mixed(block("mixed5."), tower=2, tower_1=4),
        "mixed6": lambda: Mixed(block("mixed6."), tower=2, tower_1=4),
        "mixed7": lambda: Mixed(block("mixed7."), tower=2, tower_1=4),
        "mixed8": lambda: Reduction17(block("mixed8.")),
        "mixed9": lambda: Expanded(block("mixed9."), max_pool=False),
        "mixed10": lambda: Expanded(block("mixed10."), max_pool=True),
    }
