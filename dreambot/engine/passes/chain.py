"""Convolutions and their ReLUs, one after another: the stem of InceptionV3, the whole of VGG16, and the
towers inside a block."""

from collections.abc import Iterable

from torch import Tensor

from dreambot.engine.passes.block import Pullback, masked
from dreambot.engine.passes.convolution import Convolution
from dreambot.zoo.blocks import Conv, Linear


def convolution_of(module: Linear) -> Convolution:
    """A module of the zoo, to be run by hand."""
    return Convolution(module.kernel, module.bias, stride=module.stride, padding=module.padding)


class Chain:
    """y = relu(K₂ ∗ relu(K₁ ∗ x + b₁) + b₂) and so on. Back: through the last kernel's adjoint, the mask of
    what it was given, and on."""

    def __init__(self, modules: Iterable[Conv]) -> None:
        self._convolutions = [convolution_of(module) for module in modules]

    def forward(self, x: Tensor) -> tuple[Tensor, Pullback]:
        """See `Block`."""
        inputs: list[Tensor] = []
        for convolution in self._convolutions:
            inputs.append(x)
            x = convolution.forward(x, relu=True)

        def back(gradient: Tensor) -> Tensor:
            for convolution in reversed(self._convolutions):
                given = inputs.pop()
                gradient = masked(convolution.backward(gradient, size_of(given)), given)
            return gradient

        return x, back


def size_of(x: Tensor) -> tuple[int, int]:
    """Height and width."""
    return x.shape[2], x.shape[3]
