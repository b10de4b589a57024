"""VGG16 up to its last convolution, and the same with batch norms.

Simonyan and Zisserman, "Very Deep Convolutional Networks for Large-Scale Image Recognition", arXiv:1409.1556.

The simplest of the networks: five groups of 3×3 convolutions, each followed by a ReLU, and between the groups
a pool that halves the image. `conv4_3` is the third convolution of the fourth group.

    layer          channels  for a 224×224 image
    conv1_1–1_2          64  224×224
    conv2_1–2_2         128  112×112
    conv3_1–3_3         256   56×56
    conv4_1–4_3         512   28×28
    conv5_1–5_3         512   14×14
"""

from collections.abc import Callable, Mapping

import torch.nn.functional as F
from torch import Tensor, nn

from dreambot.zoo.blocks import ConvReLU, FoldedConv, ImageNetNormalise, fold_batch_norm

GROUPS = (2, 2, 3, 3, 3)
"""Number of convolutions of each group."""


class MaxPool2x2(nn.Module):
    """A 2×2 max pool with a stride of 2; an odd last row or column is dropped."""

    def forward(self, x: Tensor) -> Tensor:
        """Runs the pool.

        Args:
            x: `[batch, channels, height, width]`.
        """
        return F.max_pool2d(x, 2)


def stages(tensors: Mapping[str, Tensor]) -> dict[str, Callable[[], nn.Module]]:
    """Returns the functions that build each stage, in order.

    Stages called `input` and `pool…` are not layers to dream in.

    Args:
        tensors: State dict with torchvision's names (`features.0.weight` …).
    """
    return _stages(
        lambda index: FoldedConv(tensors[f"features.{index}.weight"], tensors[f"features.{index}.bias"]),
        layers_per_convolution=2,
    )


def batch_norm_stages(tensors: Mapping[str, Tensor]) -> dict[str, Callable[[], nn.Module]]:
    """Returns the functions that build each stage of VGG16 with batch norms, up to `conv5_2`, in order.

    Args:
        tensors: State dict with torchvision's names (`features.0.weight` …).
    """
    builders = _stages(
        lambda index: fold_batch_norm(tensors, f"features.{index}", f"features.{index + 1}"),
        layers_per_convolution=3,
    )
    return {name: builder for name, builder in builders.items() if name != "conv5_3"}


def _stages(
    folded: Callable[[int], FoldedConv], *, layers_per_convolution: int
) -> dict[str, Callable[[], nn.Module]]:
    builders: dict[str, Callable[[], nn.Module]] = {"input": ImageNetNormalise}
    for name, index in torchvision_indices(layers_per_convolution).items():
        builders[name] = MaxPool2x2 if index is None else _convolution(folded, index)
    return builders


def _convolution(folded: Callable[[int], FoldedConv], index: int) -> Callable[[], ConvReLU]:
    return lambda: ConvReLU(folded(index))


def torchvision_indices(layers_per_convolution: int = 2) -> dict[str, int | None]:
    """Returns the index of each stage in torchvision's `features`; None for a pool.

    Args:
        layers_per_convolution: 2 for a convolution and its ReLU, 3 with a batch norm between them.
    """
    indices: dict[str, int | None] = {}
    index = 0
    for group, count in enumerate(GROUPS, start=1):
        for number in range(1, count + 1):
            indices[f"conv{group}_{number}"] = index
            index += layers_per_convolution
        indices[f"pool{group}"] = None
        index += 1
    # No stage follows the last pool.
    del indices[f"pool{len(GROUPS)}"]
    return indices
