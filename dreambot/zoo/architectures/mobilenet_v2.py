"""MobileNetV2 (Sandler, Howard, Zhu, Zhmoginov, Chen, "MobileNetV2: Inverted Residuals and Linear
Bottlenecks", arXiv:1801.04381), with its classes.

A small network for small machines: seventeen blocks that widen their few channels sixfold with a 1×1, look
around with one 3×3 per channel, and narrow them again. The narrow ends are linear, and where a block changes
neither size nor width its input is added to its output. ReLUs stop at 6.

    layer        channels  for a 224×224 picture
    conv0              32  112×112
    block1             16  112×112
    block2–3           24   56×56
    block4–6           32   28×28
    block7–10          64   14×14
    block11–13         96   14×14
    block14–16        160    7×7
    block17           320    7×7
    conv18           1280    7×7
    classes          1000
"""

from collections.abc import Callable, Mapping

import torch.nn.functional as F
from torch import Tensor, nn

from dreambot.zoo.blocks import Classifier, FoldedConv, ImageNetNormalise, PlainConv, fold_batch_norm

STRIDES = (1, 2, 1, 2, 1, 1, 2, 1, 1, 1, 1, 1, 1, 2, 1, 1, 1)
"""How far each of the seventeen blocks steps."""


class ConvReLU6(nn.Module):
    """A frozen convolution and its ReLU, which stops at 6. With `alone`, each channel by itself."""

    def __init__(self, parts: FoldedConv, *, stride: int = 1, alone: bool = False) -> None:
        super().__init__()
        self.stride = stride
        self.padding = parts.kernel.shape[2] // 2
        self.groups = parts.channels if alone else 1
        self.kernel = nn.Parameter(parts.kernel, requires_grad=False)
        self.bias = nn.Parameter(parts.bias, requires_grad=False)

    def forward(self, x: Tensor) -> Tensor:
        y = F.conv2d(x, self.kernel, self.bias, self.stride, self.padding, 1, self.groups)
        return F.relu6(y, inplace=True)


class InvertedResidual(nn.Module):
    """Widen (left out in the first block), look around, narrow; and the input on top where it fits."""

    def __init__(
        self, widen: FoldedConv | None, around: FoldedConv, narrow: FoldedConv, *, stride: int
    ) -> None:
        super().__init__()
        self.widen = ConvReLU6(widen) if widen else nn.Identity()
        self.around = ConvReLU6(around, stride=stride, alone=True)
        self.narrow = PlainConv(narrow)
        self.adds = widen is not None and stride == 1 and widen.kernel.shape[1] == narrow.channels

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.narrow(self.around(self.widen(x)))
        return x + y if self.adds else y


def stages(tensors: Mapping[str, Tensor]) -> dict[str, Callable[[], nn.Module]]:
    """How to build each stage, in order, from tensors under torchvision's names
    (`features.1.conv.0.0.weight` …). The stage called `input` is no layer to dream in; `classes` is there
    when its tensors are."""

    def unit(place: str, norm: str) -> FoldedConv:
        return fold_batch_norm(tensors, f"features.{place}", f"features.{norm}")

    def block(number: int) -> Callable[[], InvertedResidual]:
        def build() -> InvertedResidual:
            within = f"{number}.conv."
            around = 0 if number == 1 else 1
            return InvertedResidual(
                unit(f"{within}0.0", f"{within}0.1") if around else None,
                unit(f"{within}{around}.0", f"{within}{around}.1"),
                unit(f"{within}{around + 1}", f"{within}{around + 2}"),
                stride=STRIDES[number - 1],
            )

        return build

    last = len(STRIDES) + 1
    plans: dict[str, Callable[[], nn.Module]] = {
        "input": ImageNetNormalise,
        "conv0": lambda: ConvReLU6(unit("0.0", "0.1"), stride=2),
        **{f"block{number}": block(number) for number in range(1, last)},
        f"conv{last}": lambda: ConvReLU6(unit(f"{last}.0", f"{last}.1")),
    }
    if "classifier.1.weight" in tensors:
        plans["classes"] = lambda: Classifier(tensors["classifier.1.weight"], tensors["classifier.1.bias"])
    return plans
