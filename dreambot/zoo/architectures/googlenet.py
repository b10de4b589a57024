"""GoogLeNet, the first Inception network, and the first network that dreamed.

Szegedy and others, "Going Deeper with Convolutions", arXiv:1409.4842. As torchvision builds it: with batch
norms, and a 3×3 where the paper has a 5×5.

Each block processes its input in four branches, 1×1, 3×3, a second 3×3, and a pool, and concatenates the
results.

    layer          channels  for a 224×224 image
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
    """A max pool with a stride of 2 whose last windows may lie partly outside the image."""

    def __init__(self, side: int) -> None:
        """Creates the pool.

        Args:
            side: Side of the window.
        """
        super().__init__()
        self.side = side

    def forward(self, x: Tensor) -> Tensor:
        """Runs the pool.

        Args:
            x: `[batch, channels, height, width]`.
        """
        return F.max_pool2d(x, self.side, 2, ceil_mode=True)


class InceptionBlock(ReLUStage):
    """A block with four branches: 1×1; 1×1 and 3×3; 1×1 and 3×3; 3×3 max pool and 1×1."""

    def __init__(self, weights: Callable[[str], FoldedConv]) -> None:
        """Creates the block.

        Args:
            weights: Returns a convolution by torchvision's name for it in the block (`branch2.0`).
        """
        super().__init__()
        # The three 1×1s that read the same input are one convolution, split afterwards.
        entries = [weights(name) for name in ("branch1", "branch2.0", "branch3.0")]
        self.widths = [entry.channels for entry in entries]
        self.entry = PlainConv(FoldedConv.concat(*entries))
        self.branch2 = PlainConv(weights("branch2.1"))
        self.branch3 = PlainConv(weights("branch3.1"))
        self.branch4 = PlainConv(weights("branch4.1"))

    def before_relu(self, x: Tensor) -> Tensor:
        """See `ReLUStage`.

        Args:
            x: `[batch, channels, height, width]`.
        """
        branch1, branch2, branch3 = self.entry(x).split(self.widths, dim=1)
        branch4 = self.branch4(F.max_pool2d(x, 3, 1, 1))
        branch2, branch3 = self.branch2(branch2.relu()), self.branch3(branch3.relu())
        return torch.cat([branch1, branch2, branch3, branch4], dim=1)


def stages(tensors: Mapping[str, Tensor]) -> dict[str, Callable[[], nn.Module]]:
    """Returns the functions that build each stage, in order.

    Stages called `pool…` are not layers to dream in. The two auxiliary classifiers of the training are not
    used.

    Args:
        tensors: State dict with torchvision's names (`inception4c.branch2.1.conv.weight` …). Without a
            classifier there is no stage `classes`.
    """

    def conv(name: str) -> FoldedConv:
        return fold_batch_norm(tensors, f"{name}.conv", f"{name}.bn", EPS)

    def block(name: str) -> Callable[[], nn.Module]:
        return lambda: InceptionBlock(lambda branch: conv(f"inception{name}.{branch}"))

    builders: dict[str, Callable[[], nn.Module]] = {
        "conv0": lambda: ConvReLU(conv("conv1"), stride=2),
        "pool0": lambda: CeilMaxPool(3),
        "conv1": lambda: ConvReLU(conv("conv2")),
        "conv2": lambda: ConvReLU(conv("conv3")),
        "pool2": lambda: CeilMaxPool(3),
    }
    for name in BLOCKS:
        if name == "pool3":
            builders[name] = lambda: CeilMaxPool(3)
        elif name == "pool4":
            builders[name] = lambda: CeilMaxPool(2)
        else:
            builders[f"mixed{name}"] = block(name)
    if "fc.weight" in tensors:
        builders["classes"] = lambda: Classifier(tensors["fc.weight"], tensors["fc.bias"])
    return builders
