"""Small networks with random weights that contain every block with a hand-written pass."""

from collections.abc import Mapping

import torch
from torch import nn

from dreambot.zoo.architectures.faces import FaceBlock
from dreambot.zoo.architectures.inception_v3 import Expanded, Mixed, Reduction17, Reduction35, Weights
from dreambot.zoo.architectures.vgg16 import MaxPool2x2
from dreambot.zoo.blocks import ConvReLU, FoldedConv, ImageNetNormalise, MaxPool, ShiftScale
from dreambot.zoo.network import StagedNetwork

Kernels = Mapping[str, tuple[int, int, int, int]]


def folded(*shape: int) -> FoldedConv:
    fan_in = shape[1] * shape[2] * shape[3]
    return FoldedConv(torch.randn(*shape) * (2 / fan_in) ** 0.5, torch.randn(shape[0]) * 0.1)


def random_weights(kernels: Kernels) -> Weights:
    return lambda name: folded(*kernels[name])


def small_inception() -> StagedNetwork:
    """Every kind of stage of InceptionV3, in its order, with few channels."""
    torch.manual_seed(0)
    mixed = {
        "conv": (5, 12, 1, 1),
        "tower.conv": (4, 12, 1, 1),
        "tower.conv_1": (6, 4, 5, 5),
        "tower_1.conv": (7, 12, 1, 1),
        "tower_1.conv_1": (8, 7, 1, 7),
        "tower_1.conv_2": (6, 8, 7, 1),
        "tower_2.conv": (3, 12, 1, 1),
    }
    reduction_35 = {
        "conv": (6, 20, 3, 3),
        "tower.conv": (4, 20, 1, 1),
        "tower.conv_1": (5, 4, 3, 3),
        "tower.conv_2": (6, 5, 3, 3),
    }
    reduction_17 = {
        "tower.conv": (5, 32, 1, 1),
        "tower.conv_1": (7, 5, 3, 3),
        "tower_1.conv": (4, 32, 1, 1),
        "tower_1.conv_1": (5, 4, 1, 7),
        "tower_1.conv_2": (6, 5, 7, 1),
        "tower_1.conv_3": (9, 6, 3, 3),
    }
    stages: dict[str, nn.Module] = {
        "conv0": ConvReLU(folded(8, 3, 3, 3), stride=2, same=False),
        "conv1": ConvReLU(folded(10, 8, 3, 3), same=False),
        "pool0": MaxPool(),
        "conv2": ConvReLU(folded(12, 10, 3, 3)),
        "mixed0": Mixed(random_weights(mixed), tower=1, tower_1=2),
        "mixed3": Reduction35(random_weights(reduction_35)),
        "mixed8": Reduction17(random_weights(reduction_17)),
        "mixed9": Expanded(random_weights(_expanded(48)), max_pool=False),
        "mixed10": Expanded(random_weights(_expanded(23)), max_pool=True),
    }
    return _network("inception_v3", stages)


def _expanded(channels: int) -> Kernels:
    return {
        "conv": (3, channels, 1, 1),
        "tower_conv": (4, channels, 1, 1),
        "tower_mixed_conv": (3, 4, 1, 3),
        "tower_mixed_conv_1": (4, 4, 3, 1),
        "tower_1_conv": (5, channels, 1, 1),
        "tower_1_conv_1": (6, 5, 3, 3),
        "tower_1_mixed_conv": (3, 6, 1, 3),
        "tower_1_mixed_conv_1": (4, 6, 3, 1),
        "tower_2_conv": (6, channels, 1, 1),
    }


def small_vgg() -> StagedNetwork:
    """Normalisation, convolutions with a stride of 1, and 2×2 pools."""
    torch.manual_seed(1)
    stages: dict[str, nn.Module] = {
        "input": ImageNetNormalise(),
        "conv1_1": ConvReLU(folded(6, 3, 3, 3)),
        "conv1_2": ConvReLU(folded(8, 6, 3, 3)),
        "pool1": MaxPool2x2(),
        "conv2_1": ConvReLU(folded(10, 8, 3, 3)),
        "conv2_2": ConvReLU(folded(12, 10, 3, 3)),
    }
    return _network("vgg16", stages)


def small_faces() -> StagedNetwork:
    """A normalisation, a 7×7 with a stride of 2, and residual blocks, some of which halve the image."""
    torch.manual_seed(2)
    blocks = {"s32_1": (6, 6), "s64_1": (6, 9), "s64_2": (9, 9), "s128_1": (9, 14)}
    stages: dict[str, nn.Module] = {
        "input": ShiftScale([0.5, 0.4, 0.6], [0.1, -0.1, 0.0]),
        "conv": ConvReLU(folded(6, 3, 7, 7), stride=2, same=False),
        "pool": MaxPool(),
    }
    for name, (before, after) in blocks.items():
        halves = before != after
        stages[name] = FaceBlock(folded(after, before, 3, 3), folded(after, after, 3, 3), halves=halves)
    return _network("faces", stages)


def _network(name: str, stages: dict[str, nn.Module]) -> StagedNetwork:
    layers = tuple(stage for stage in stages if stage.startswith(("conv", "mixed", "s")))
    return StagedNetwork(name, stages, layers).to(memory_format=torch.channels_last)
