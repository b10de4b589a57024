"""dlib's face recognition network: a small residual network that was trained on faces alone.

King, "High Quality Face Recognition with Deep Metric Learning", 2017; residual blocks after He, Zhang, Ren
and Sun, arXiv:1512.03385. The graph follows dlib's example `dnn_face_recognition_ex.cpp`: 29 convolutions,
each with an affine layer, which is folded into it.

A block is two 3×3 convolutions; its input is added before the last ReLU. The first block of the stages 64,
128 and 256 halves the image, and so does the block after the last stage, which no layer is named after. There
the input is averaged over 2×2 pixels, and both summands are padded with zeros to the larger one: at the
right, at the bottom and in the channels.

    layer         channels  for a 224×224 image
    s32_1–s32_3         32  54×54, after a 7×7 convolution and a max pool
    s64_1–s64_4         64  27×27
    s128_1–s128_3      128  13×13
    s256_1–s256_3      256   6×6

`descriptor` turns a face of 150×150 pixels into 128 numbers; it is used to check the network against dlib.
"""

from collections.abc import Callable, Mapping

import torch.nn.functional as F
from torch import Tensor, nn

from dreambot.zoo.blocks import Classifier, ConvReLU, FoldedConv, MaxPool, PlainConv, ReLUStage, ShiftScale

BLOCKS = {32: 3, 64: 4, 128: 3, 256: 3}
"""Channels of a stage → its number of blocks."""
MEAN = (122.782, 117.001, 104.298)
"""Of dlib's input, RGB from 0 to 255."""


class FaceBlock(ReLUStage):
    """Two 3×3 convolutions and the sum with the input."""

    def __init__(self, first: FoldedConv, second: FoldedConv, *, halves: bool) -> None:
        """Creates the block.

        Args:
            first: The first convolution.
            second: The second convolution.
            halves: Whether the block halves the image.
        """
        super().__init__()
        self.halves = halves
        self.first = ConvReLU(first, stride=2 if halves else 1, same=not halves)
        self.second = PlainConv(second)

    def before_relu(self, x: Tensor) -> Tensor:
        """See `ReLUStage`.

        Args:
            x: `[batch, channels, height, width]`.
        """
        y: Tensor = self.second(self.first(x))
        return add_halved(y, x) if self.halves else y + x


def add_halved(y: Tensor, x: Tensor) -> Tensor:
    """Adds an image at half its size, both padded with zeros to the larger height, width and channels.

    Args:
        y: `[batch, channels, height, width]`.
        x: `[batch, at most as many channels, about twice the height, about twice the width]`.
    """
    half = F.avg_pool2d(x, 2)
    height, width = (max(y.shape[axis], half.shape[axis]) for axis in (2, 3))
    total = F.pad(y, (0, width - y.shape[3], 0, height - y.shape[2]))
    if total is y:
        total = y.clone()
    total[:, : half.shape[1], : half.shape[2], : half.shape[3]] += half
    return total


def folded_conv(tensors: Mapping[str, Tensor], index: int) -> FoldedConv:
    """Returns a convolution with the affine layer behind it.

    Args:
        tensors: As `readers.read_dlib` names them.
        index: Number of the convolution.
    """
    name = f"conv{index}"
    gamma = tensors[f"{name}.gamma"].double()
    kernel = tensors[f"{name}.weight"].double() * gamma[:, None, None, None]
    bias = tensors[f"{name}.bias"].double() * gamma + tensors[f"{name}.beta"].double()
    return FoldedConv(kernel.float(), bias.float())


def stages(tensors: Mapping[str, Tensor]) -> dict[str, Callable[[], nn.Module]]:
    """Returns the functions that build each stage, in order.

    Stages called `input`, `conv`, `pool`, `last` and `descriptor` are not layers to dream in.

    Args:
        tensors: As `readers.read_dlib` names them: `conv0.weight`, `conv0.bias`, `conv0.gamma`,
            `conv0.beta`, …, `descriptor.weight`.
    """

    def folded(index: int) -> FoldedConv:
        return folded_conv(tensors, index)

    def block(index: int, *, halves: bool) -> Callable[[], FaceBlock]:
        return lambda: FaceBlock(folded(index), folded(index + 1), halves=halves)

    builders: dict[str, Callable[[], nn.Module]] = {
        # Ours is RGB in [-1, 1]; dlib computes (v - mean) / 256.
        "input": lambda: ShiftScale([127.5 / 256] * 3, [(127.5 - mean) / 256 for mean in MEAN]),
        "conv": lambda: ConvReLU(folded(0), stride=2, same=False),
        "pool": MaxPool,
    }
    index = 1
    for channels, count in BLOCKS.items():
        for number in range(1, count + 1):
            builders[f"s{channels}_{number}"] = block(index, halves=number == 1 and channels > 32)
            index += 2
    builders["last"] = block(index, halves=True)
    builders["descriptor"] = lambda: Classifier(
        tensors["descriptor.weight"], tensors["descriptor.weight"].new_zeros(128)
    )
    return builders
