"""GoogLeNet, the first Inception (Szegedy and others, "Going Deeper with Convolutions", arXiv:1409.4842), the
network that dreamed first. As torchvision builds it: with batch norms, and a 3×3 where the paper has a 5×5.

Its blocks look at their input in four ways at once, 1×1, 3×3, a second 3×3, and through a pool, and lay the
answers side by side.

    layer          channels  for a 224×224 picture
    conv0                64  112×112, then a max pool
    conv1                64   56×56
    conv2               192   56×56, then a max pool
    mixed3a, 3b    256, 480   28×28, then a max pool
    mixed4a–4d          512   14×14   (4d: 528)
    mixed4e             832   14×14, then a max pool
    mixed5a             832    7×7
    mixed5b            1024    7×7
    classes            1000
"""

from collections.abc import Callable, Mapping

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from dreambot.zoo.blocks import Classifier, ConvReLU, FoldedConv, PlainConv, ReLUStage, fold_batch_norm

EPS = 1e-3

BLOCKS = ("3a", "3b", "pool3", "4a", "4b", "4c", "4d", "4e", "pool4", "5a", "5b")


class CeilMaxPool(nn.Module):
    """The maximum of each `side`×`side` square at every second place, the last ones partly outside."""

    def __init__(self, side: int) -> None:
        super().__init__()
        self.side = side

    def forward(self, x: Tensor) -> Tensor:
        return F.max_pool2d(x, self.side, 2, ceil_mode=True)


class InceptionBlock(ReLUStage):
    """The block: 1×1; 1×1 and 3×3; 1×1 and 3×3; 3×3 maximum and 1×1."""

    def __init__(self, weights: Callable[[str], FoldedConv]) -> None:
        super().__init__()
        # The three 1×1s that read the same input are one convolution, split afterwards.
        ways = [weights(way) for way in ("branch1", "branch2.0", "branch3.0")]
        self.widths = [way.channels for way in ways]
        self.entry = PlainConv(FoldedConv.siblings(*ways))
        self.near = PlainConv(weights("branch2.1"))
        self.far = PlainConv(weights("branch3.1"))
        self.pooled = PlainConv(weights("branch4.1"))

    def before_relu(self, x: Tensor) -> Tensor:
        straight, near, far = self.entry(x).split(self.widths, dim=1)
        pooled = F.max_pool2d(x, 3, 1, 1)
        return torch.cat([straight, self.near(near.relu()), self.far(far.relu()), self.pooled(pooled)], dim=1)


def stages(tensors: Mapping[str, Tensor]) -> dict[str, Callable[[], nn.Module]]:
    """How to build each stage, in order, from tensors under torchvision's names
    (`inception4c.branch2.1.conv.weight` …). The stages called `pool…` are no layers to dream in; `classes` is
    there when its tensors are. The two classifiers that helped training are not used."""

    def unit(name: str) -> FoldedConv:
        return fold_batch_norm(tensors, f"{name}.conv", f"{name}.bn", EPS)

    def block(name: str) -> Callable[[], nn.Module]:
        return lambda: InceptionBlock(lambda way: unit(f"inception{name}.{way}"))

    plans: dict[str, Callable[[], nn.Module]] = {
        "conv0": lambda: ConvReLU(unit("conv1"), stride=2),
        "pool0": lambda: CeilMaxPool(3),
        "conv1": lambda: ConvReLU(unit("conv2")),
        "conv2": lambda: ConvReLU(unit("conv3")),
        "pool2": lambda: CeilMaxPool(3),
    }
    for name in BLOCKS:
        if name == "pool3":
            plans[name] = lambda: CeilMaxPool(3)
        elif name == "pool4":
            plans[name] = lambda: CeilMaxPool(2)
        else:
            plans[f"mixed{name}"] = block(name)
    if "fc.weight" in tensors:
        plans["classes"] = lambda: Classifier(tensors["fc.weight"], tensors["fc.bias"])
    return plans
