"""VGG16 (Simonyan and Zisserman, "Very Deep Convolutional Networks for Large-Scale Image Recognition",
arXiv:1409.1556), up to its last convolution.

The plainest of networks: five groups of 3×3 convolutions, each followed by a ReLU, and between the groups a
pool that halves the picture. `conv4_3` is the third of the fourth group.

    layer          channels  for a 224×224 picture
    conv1_1–1_2          64  224×224
    conv2_1–2_2         128  112×112
    conv3_1–3_3         256   56×56
    conv4_1–4_3         512   28×28
    conv5_1–5_3         512   14×14
"""

from collections.abc import Callable, Mapping

import torch.nn.functional as F
from torch import Tensor, nn

from dreambot.zoo.blocks import ConvReLU, FoldedConv, ImageNetNormalise

GROUPS = (2, 2, 3, 3, 3)
"""How many convolutions each group has."""


class MaxPool2x2(nn.Module):
    """The maximum of each 2×2 square; an odd last row or column is left out."""

    def forward(self, x: Tensor) -> Tensor:
        return F.max_pool2d(x, 2)


def stages(tensors: Mapping[str, Tensor]) -> dict[str, Callable[[], nn.Module]]:
    """How to build each stage, in order, from tensors under torchvision's names (`features.0.weight` …).
    The stages called `input` and `pool…` are no layers to dream in."""

    def conv(place: int) -> Callable[[], ConvReLU]:
        name = f"features.{place}"
        return lambda: ConvReLU(FoldedConv(tensors[f"{name}.weight"], tensors[f"{name}.bias"]))

    plans: dict[str, Callable[[], nn.Module]] = {"input": ImageNetNormalise}
    for name, place in torchvision_indices().items():
        plans[name] = MaxPool2x2 if place is None else conv(place)
    return plans


def torchvision_indices() -> dict[str, int | None]:
    """Each stage's place in torchvision's `features`, where every ReLU and pool is counted too; None for
    a pool."""
    found: dict[str, int | None] = {}
    place = 0
    for group, count in enumerate(GROUPS, start=1):
        for index in range(1, count + 1):
            found[f"conv{group}_{index}"] = place
            place += 2
        found[f"pool{group}"] = None
        place += 1
    # Nothing comes behind the last pool.
    del found[f"pool{len(GROUPS)}"]
    return found
