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

from dreambot.engine.manual_pass import convolution
from dreambot.engine.manual_pass.inception import ExpandedPass, MixedPass, Reduction17Pass, Reduction35Pass
from dreambot.engine.manual_pass.layers import (
    Block,
    ConvChain,
    FaceBlockPass,
    MaxPooling,
    Pullback,
    Stem,
    relu_backward,
)
from dreambot.engine.objectives import ClosedFormObjective, ObjectiveFunction
from dreambot.zoo.architectures.faces import FaceBlock
from dreambot.zoo.architectures.inception_v3 import Expanded, Mixed, Reduction17, Reduction35
from dreambot.zoo.architectures.vgg16 import MaxPool2x2
from dreambot.zoo.blocks import ConvReLU, MaxPool, ShiftScale
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
        FaceBlock: FaceBlockPass,
    }
)


class ManualPass:
    """The forward and backward pass of a network's blocks, without autograd."""

    def __init__(self, blocks: Mapping[str, Block]) -> None:
        """Creates the pass.

        Args:
            blocks: The blocks in order, by the names of their stages.
        """
        self._blocks = blocks

    def supports(self, layers: Collection[str]) -> bool:
        """Returns whether all layers are outputs of blocks.

        Args:
            layers: Names of layers.
        """
        return self._blocks.keys() >= set(layers)

    def gradient(self, images: Tensor, objective: ObjectiveFunction) -> tuple[Tensor, Tensor]:
        """Computes the gradient of an objective with respect to images.

        It reads nothing from the device, so a CUDA graph can capture it.

        Args:
            images: `[batch, 3, height, width]` in [-1, 1].
            objective: Objective whose layers the pass supports.

        Returns:
            The gradient, float32 with the shape of `images`, and the values of the objective, `[batch]`.
        """
        with torch.no_grad():
            features, pullbacks = self._forward(images, set(objective.layers))
        starts, values = _activation_gradients(features, objective)
        # Memory is scarce with large images: references are dropped here and after each pullback.
        del features
        with torch.no_grad():
            gradient: Tensor | None = None
            while pullbacks:
                name, pullback = pullbacks.pop()
                start = starts.pop(name, None)
                if gradient is None:
                    gradient = start
                elif start is not None:
                    gradient += start
                if gradient is not None:
                    gradient = pullback(gradient)
                del pullback
        return torch.zeros_like(images) if gradient is None else gradient, values

    def _forward(self, x: Tensor, layers: set[str]) -> tuple[dict[str, Tensor], list[tuple[str, Pullback]]]:
        features: dict[str, Tensor] = {}
        pullbacks: list[tuple[str, Pullback]] = []
        for name, block in self._blocks.items():
            x, pullback = block.forward(x)
            pullbacks.append((name, pullback))
            if name in layers:
                features[name] = x
                if len(features) == len(layers):
                    break
        return features, pullbacks


def _activation_gradients(
    features: Mapping[str, Tensor], objective: ObjectiveFunction
) -> tuple[dict[str, Tensor], Tensor]:
    """Returns the objective's gradient with respect to each layer, before the layer's ReLU, and its values.

    An objective can be any function, so autograd is used where it has no closed form.
    """
    if isinstance(objective, ClosedFormObjective):
        with torch.no_grad():
            closed_form = objective.closed_form(features)
        if closed_form:
            values, starts = closed_form
            return starts, values
    with torch.enable_grad():
        leaves = {name: activation.detach().requires_grad_() for name, activation in features.items()}
        values = objective(leaves)
        gradients = torch.autograd.grad(values.sum(), list(leaves.values()), materialize_grads=True)
    starts = {
        name: relu_backward(gradient.contiguous(memory_format=torch.channels_last), features[name])
        for name, gradient in zip(leaves, gradients, strict=True)
    }
    return starts, values.detach()


class _CachedPass:
    """A pass with the versions of the weights it was built from, since it holds copies in other layouts."""

    def __init__(self, network: StagedNetwork) -> None:
        self._parameters = list(network.parameters())
        self._versions = self._current_versions()
        self.manual_pass = _build_pass(network)

    def is_valid(self) -> bool:
        """Returns whether the weights are unchanged."""
        return self._versions == self._current_versions()

    def _current_versions(self) -> list[tuple[int, int]]:
        return [(parameter.data_ptr(), parameter._version) for parameter in self._parameters]


_cached_passes: "WeakKeyDictionary[StagedNetwork, _CachedPass]" = WeakKeyDictionary()


def manual_pass_for(network: Network, layers: Collection[str]) -> ManualPass | None:
    """Returns the hand-written pass of a network, built at the first call.

    Args:
        network: Network whose activations are maximised.
        layers: Layers of the objective.

    Returns:
        The pass, or None if there is none: for other devices and precisions, for blocks without a
            hand-written pass, for networks that do not use it, and for those of other types (for example a
            bent one).
    """
    if type(network) is not StagedNetwork or network.plain or not network.manual_pass:
        return None
    cached = _cached_passes.get(network)
    if cached is None or not cached.is_valid():
        cached = _cached_passes[network] = _CachedPass(network)
    return cached.manual_pass if cached.manual_pass and cached.manual_pass.supports(layers) else None


def _build_pass(network: StagedNetwork) -> ManualPass | None:
    stages = list(network.stages.items())
    blocks: dict[str, Block] = {}
    name, first = stages.pop(0)
    normalise = first if isinstance(first, ShiftScale) else None
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
