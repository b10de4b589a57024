"""The gradient with respect to the image without autograd: a hand-written pass over the network.

Autograd is general and pays for it: it keeps more than needed, computes the mask of every ReLU
separately from the convolution that could have done it, and cannot merge the gradients of four branches
into one convolution. A dream needs one thing only, the gradient of an objective with respect to the
image, of a network that never changes. So each kind of block has a `forward` that returns its value and
a *pullback* (a vector-Jacobian product): a function from the gradient of the block's output to the
gradient of its input, which holds what it needs of the forward pass. Pullbacks are called in reverse
order and released one by one.

One convention makes the blocks fit together. Every value between two blocks has passed a ReLU (or a
maximum of such values), and **the gradient passed from block to block is the one before that ReLU**:
the block that reads a value masks the gradient of it. So a convolution needs its input for the mask and
never its output, and the ReLU before a max pool is masked where the output of the pool is read, at a
quarter of the positions.
"""

from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType
from typing import Any
from weakref import WeakKeyDictionary

import torch
from torch import Tensor, nn

from dreambot.engine.cpu import convolution
from dreambot.engine.cpu.inception import ExpandedPass, MixedPass, Reduction17Pass, Reduction35Pass
from dreambot.engine.cpu.layers import Block, ConvChain, MaxPooling, Pullback, Stem, relu_backward
from dreambot.engine.objectives import ObjectiveFunction
from dreambot.zoo.architectures.inception_v3 import Expanded, Mixed, Reduction17, Reduction35
from dreambot.zoo.architectures.vgg16 import MaxPool2x2
from dreambot.zoo.blocks import ConvReLU, ImageNetNormalise, MaxPool
from dreambot.zoo.network import Network, StagedNetwork

_BLOCK_TYPES: Mapping[type[nn.Module], Callable[[Any], Block]] = MappingProxyType(
    {
        ConvReLU: lambda stage: ConvChain([stage]),
        MaxPool: lambda stage: MaxPooling(3, 2),
        MaxPool2x2: lambda stage: MaxPooling(2, 2),
        Mixed: MixedPass,
        Reduction35: Reduction35Pass,
        Reduction17: Reduction17Pass,
        Expanded: ExpandedPass,
    }
)


class ManualPass:
    """A network's blocks, in order, under the names of their stages."""

    def __init__(self, blocks: Mapping[str, Block]) -> None:
        self._blocks = blocks

    def reaches(self, layers: Collection[str]) -> bool:
        """Whether all these layers are values of its blocks."""
        return self._blocks.keys() >= set(layers)

    def gradient(self, picture: Tensor, score: ObjectiveFunction) -> tuple[Tensor, float]:
        """(the gradient of the score to the picture, the score). picture: (1, 3, H, W); the gradient has its
        shape and is float32."""
        with torch.no_grad():
            features, pullbacks = self._forward(picture, set(score.layers))
        starts, reached = _activation_gradients(features, score)
        # Let go of what is only held for its own sake, here and at each step back: memory is what large
        # pictures lack.
        del features
        with torch.no_grad():
            gradient: Tensor | None = None
            while pullbacks:
                name, back = pullbacks.pop()
                start = starts.pop(name, None)
                if gradient is None:
                    gradient = start
                elif start is not None:
                    gradient += start
                if gradient is not None:
                    gradient = back(gradient)
                del back
        return torch.zeros_like(picture) if gradient is None else gradient, reached

    def _forward(self, x: Tensor, wanted: set[str]) -> tuple[dict[str, Tensor], list[tuple[str, Pullback]]]:
        features: dict[str, Tensor] = {}
        pullbacks: list[tuple[str, Pullback]] = []
        for name, block in self._blocks.items():
            x, back = block.forward(x)
            pullbacks.append((name, back))
            if name in wanted:
                features[name] = x
                if len(features) == len(wanted):
                    break
        return features, pullbacks


def _activation_gradients(
    features: Mapping[str, Tensor], score: ObjectiveFunction
) -> tuple[dict[str, Tensor], float]:
    """Where the way back begins: the score's gradient to each layer it looks at, before the layer's ReLU.

    This part is autograd's: a score may be anything, and there is little between it and the activations.
    """
    with torch.enable_grad():
        leaves = {name: value.detach().requires_grad_() for name, value in features.items()}
        reached = score(leaves).sum()
        gradients = torch.autograd.grad(reached, list(leaves.values()), materialize_grads=True)
    starts = {
        name: relu_backward(gradient.contiguous(memory_format=torch.channels_last), features[name])
        for name, gradient in zip(leaves, gradients, strict=True)
    }
    return starts, float(reached.detach())


class _CachedPass:
    """A pass, and the state of the weights that it was made of: it keeps them rearranged."""

    def __init__(self, network: StagedNetwork) -> None:
        self._parameters = list(network.parameters())
        self._state = self._now()
        self.passed = _build_pass(network)

    def holds(self) -> bool:
        """Whether the weights are still the same."""
        return self._state == self._now()

    def _now(self) -> list[tuple[int, int]]:
        return [(parameter.data_ptr(), parameter._version) for parameter in self._parameters]


_cached_passes: "WeakKeyDictionary[StagedNetwork, _CachedPass]" = WeakKeyDictionary()


def manual_pass_for(network: Network, layers: Collection[str]) -> ManualPass | None:
    """The network's hand-written pass to these layers. None where there is none: for other devices and
    precisions, for blocks that have none, for networks of another kind (a bent one, say)."""
    if type(network) is not StagedNetwork:
        return None
    written = _cached_passes.get(network)
    if written is None or not written.holds():
        written = _cached_passes[network] = _CachedPass(network)
    return written.passed if written.passed and written.passed.reaches(layers) else None


def _build_pass(network: StagedNetwork) -> ManualPass | None:
    stages = list(network.stages.items())
    blocks: dict[str, Block] = {}
    name, first = stages.pop(0)
    normalise = first if isinstance(first, ImageNetNormalise) else None
    if normalise is not None:
        name, first = stages.pop(0)
    if type(first) is not ConvReLU or not convolution.is_available(first.kernel.device, first.kernel.dtype):
        return None
    blocks[name] = Stem(first, normalise)
    for name, stage in stages:
        if type(stage) not in _BLOCK_TYPES:
            break
        blocks[name] = _BLOCK_TYPES[type(stage)](stage)
    return ManualPass(blocks)
