"""A network's hand-written pass: from the picture to the score and back."""

from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType
from typing import Any
from weakref import WeakKeyDictionary

import torch
from torch import Tensor, nn

from dreambot.engine.passes import convolution
from dreambot.engine.passes.block import Block, Pullback, masked
from dreambot.engine.passes.chain import Chain
from dreambot.engine.passes.mixed import MixedPass
from dreambot.engine.passes.pooling import Maximum
from dreambot.engine.passes.shrink import Shrink17Pass, Shrink35Pass
from dreambot.engine.passes.stem import Stem
from dreambot.engine.passes.wide import WidePass
from dreambot.engine.score import Score
from dreambot.zoo.blocks import Conv, MaxPool
from dreambot.zoo.heads import Normalise
from dreambot.zoo.inception_v3 import Mixed, Shrink17, Shrink35, Wide
from dreambot.zoo.network import Network, StagedNetwork
from dreambot.zoo.vgg16 import HalvingPool

_BLOCKS: Mapping[type[nn.Module], Callable[[Any], Block]] = MappingProxyType(
    {
        Conv: lambda stage: Chain([stage]),
        MaxPool: lambda stage: Maximum(3, 2),
        HalvingPool: lambda stage: Maximum(2, 2),
        Mixed: MixedPass,
        Shrink35: Shrink35Pass,
        Shrink17: Shrink17Pass,
        Wide: WidePass,
    }
)


class Pass:
    """A network's blocks, in order, under the names of their stages."""

    def __init__(self, blocks: Mapping[str, Block]) -> None:
        self._blocks = blocks

    def reaches(self, layers: Collection[str]) -> bool:
        """Whether all these layers are values of its blocks."""
        return self._blocks.keys() >= set(layers)

    def gradient(self, picture: Tensor, score: Score) -> tuple[Tensor, float]:
        """(the gradient of the score to the picture, the score). picture: (1, 3, H, W); the gradient has its
        shape and is float32."""
        with torch.no_grad():
            features, pullbacks = self._forward(picture, set(score.layers))
        starts, reached = _starts(features, score)
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


def _starts(features: Mapping[str, Tensor], score: Score) -> tuple[dict[str, Tensor], float]:
    """Where the way back begins: the score's gradient to each layer it looks at, before the layer's ReLU.

    This part is autograd's: a score may be anything, and there is little between it and the activations.
    """
    with torch.enable_grad():
        leaves = {name: value.detach().requires_grad_() for name, value in features.items()}
        reached = score(leaves).sum()
        gradients = torch.autograd.grad(reached, list(leaves.values()), materialize_grads=True)
    starts = {
        name: masked(gradient.contiguous(memory_format=torch.channels_last), features[name])
        for name, gradient in zip(leaves, gradients, strict=True)
    }
    return starts, float(reached.detach())


class _Written:
    """A pass, and the state of the weights that it was made of: it keeps them rearranged."""

    def __init__(self, network: StagedNetwork) -> None:
        self._parameters = list(network.parameters())
        self._state = self._now()
        self.passed = _write(network)

    def holds(self) -> bool:
        """Whether the weights are still the same."""
        return self._state == self._now()

    def _now(self) -> list[tuple[int, int]]:
        return [(parameter.data_ptr(), parameter._version) for parameter in self._parameters]


_written: "WeakKeyDictionary[StagedNetwork, _Written]" = WeakKeyDictionary()


def pass_of(network: Network, layers: Collection[str]) -> Pass | None:
    """The network's hand-written pass to these layers. None where there is none: for other devices and
    precisions, for blocks that have none, for networks of another kind (a bent one, say)."""
    if type(network) is not StagedNetwork:
        return None
    written = _written.get(network)
    if written is None or not written.holds():
        written = _written[network] = _Written(network)
    return written.passed if written.passed and written.passed.reaches(layers) else None


def _write(network: StagedNetwork) -> Pass | None:
    stages = list(network.stages.items())
    blocks: dict[str, Block] = {}
    name, first = stages.pop(0)
    normalise = first if isinstance(first, Normalise) else None
    if normalise is not None:
        name, first = stages.pop(0)
    if type(first) is not Conv or not convolution.available(first.kernel.device, first.kernel.dtype):
        return None
    blocks[name] = Stem(first, normalise)
    for name, stage in stages:
        if type(stage) not in _BLOCKS:
            break
        blocks[name] = _BLOCKS[type(stage)](stage)
    return Pass(blocks)
