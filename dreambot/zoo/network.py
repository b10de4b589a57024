"""A network as a sequence of named stages, and how it is built from tensors."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Protocol

import torch
from torch import Tensor, nn

from dreambot.errors import DreambotError, UserError
from dreambot.recipe import LAYERS, LayerTerm
from dreambot.zoo.architectures import (
    faces,
    googlenet,
    inception_v3,
    inception_v3_torchvision,
    mobilenet_v2,
    resnet50,
    vgg16,
)
from dreambot.zoo.blocks import PRE_RELU_SUFFIX, Classifier, before_relu


class UnknownLayer(DreambotError):
    """The network has no such layer, or was cut before it."""


RunStage = Callable[[str, nn.Module, Tensor], Tensor]
"""Runs a stage, given its name, the stage and its input."""


def run_stage(_name: str, stage: nn.Module, x: Tensor) -> Tensor:
    """Runs a stage unchanged.

    Args:
        _name: Name of the stage.
        stage: The stage.
        x: Its input.
    """
    value: Tensor = stage(x)
    return value


class Network(Protocol):
    """A network with named layers, as the engine uses it."""

    @property
    def name(self) -> str:
        """Name of the architecture."""

    @property
    def layers(self) -> tuple[str, ...]:
        """Names of the layers, shallowest first."""

    @property
    def device(self) -> torch.device:
        """Device of the weights."""

    def forward_to(self, x: Tensor, layers: Collection[str], run: RunStage = run_stage) -> dict[str, Tensor]:
        """Computes activations; differentiable with respect to x. Runs nothing after the deepest layer.

        Args:
            x: `[batch, 3, height, width]`, RGB in [-1, 1].
            layers: Names of the layers. A name that ends in `_pre` means the values before the layer's ReLU.
            run: Runs each stage; a bent network passes its own function.

        Returns:
            The activation of each layer, `[batch, channels, h, w]`; that of `classes` is `[batch, classes]`.

        Raises:
            UnknownLayer: The network has no such layer.
        """


class StagedNetwork(nn.Module):
    """A sequence of stages, some of which are layers. Its weights are frozen and channels_last.

    Attributes:
        plain: Whether its gradients come from autograd in eager steps, without the hand-written backward pass
            and without captured graphs; set where these failed the self-check.
        manual_pass: Whether its gradients come from the hand-written backward pass where there is one.
            Without it, captured graphs on CUDA use autograd.
    """

    def __init__(self, name: str, stages: Mapping[str, nn.Module], layers: tuple[str, ...]) -> None:
        """Creates a network.

        Args:
            name: Name of the architecture.
            stages: The stages by name, in order.
            layers: Names of the layers, shallowest first.
        """
        super().__init__()
        self.name = name
        self.layers = layers
        self.plain = False
        self.manual_pass = True
        self.stages = nn.ModuleDict(stages)
        self.requires_grad_(requires_grad=False).eval()

    @property
    def device(self) -> torch.device:
        """Device of the weights."""
        return next(self.parameters()).device

    def forward_to(self, x: Tensor, layers: Collection[str], run: RunStage = run_stage) -> dict[str, Tensor]:
        """See `Network`.

        Args:
            x: See `Network`; of any floating dtype. The activations have the network's dtype.
            layers: See `Network`.
            run: See `Network`.
        """
        require_layers(layers, self.layers, self.name)
        requested = set(layers)
        activations: dict[str, Tensor] = {}
        x = x.to(dtype=next(self.parameters()).dtype, memory_format=torch.channels_last)
        for name, stage in self.stages.items():
            if f"{name}{PRE_RELU_SUFFIX}" in requested:
                activations[f"{name}{PRE_RELU_SUFFIX}"] = before_relu(stage, x)
            if len(activations) == len(requested):
                break
            x = run(name, stage, x)
            if name in requested:
                activations[name] = x
        return activations


class NetworkGroup:
    """Several networks that are dreamed together.

    The layers of the first have their plain names, those of the others the name of their network before
    them: `faces:s64_1`.
    """

    def __init__(self, first: Network, others: Iterable[Network]) -> None:
        """Creates a group of networks on one device.

        Args:
            first: The network of the recipe's model.
            others: Those of its other models.
        """
        self.networks: Mapping[str, Network] = {"": first, **{f"{other.name}:": other for other in others}}
        self.name = first.name

    @property
    def layers(self) -> tuple[str, ...]:
        """Names of the layers, network by network, shallowest first."""
        return tuple(
            f"{prefix}{layer}" for prefix, network in self.networks.items() for layer in network.layers
        )

    @property
    def device(self) -> torch.device:
        """Device of the weights."""
        return self.networks[""].device

    def forward_to(self, x: Tensor, layers: Collection[str], run: RunStage = run_stage) -> dict[str, Tensor]:
        """See `Network`.

        Args:
            x: See `Network`.
            layers: See `Network`.
            run: See `Network`; called with plain names of stages.
        """
        activations: dict[str, Tensor] = {}
        for prefix, names in names_by_prefix(layers).items():
            if prefix not in self.networks:
                raise UnknownLayer(f"there is no network {prefix.removesuffix(':')}")
            found = self.networks[prefix].forward_to(x, names, run)
            activations |= {f"{prefix}{name}": activation for name, activation in found.items()}
        return activations


def names_by_prefix(layers: Iterable[str]) -> dict[str, list[str]]:
    """Groups the names of layers by the network before them.

    Args:
        layers: Names such as `mixed5` and `faces:s64_1`.

    Returns:
        Plain names by prefix, such as `""` and `faces:`, in the order in which they come first.
    """
    found: dict[str, list[str]] = {}
    for layer in layers:
        prefix, colon, name = layer.rpartition(":")
        found.setdefault(prefix + colon, []).append(name)
    return found


def require_classes(network: StagedNetwork, terms: Iterable[LayerTerm], prefix: str = "") -> None:
    """Checks that the weights have the classes that terms name; the layer catalogue knows only ImageNet's.

    Args:
        network: Loaded network.
        terms: Terms of layer expressions.
        prefix: What the names of this network's layers begin with in them, such as `faces:`.

    Raises:
        UserError: The weights have no classifier or no such class.
    """
    classifier = dict(network.stages.items()).get("classes")
    count = len(classifier.weight) if isinstance(classifier, Classifier) else 0
    for term in terms:
        if term.layer != f"{prefix}classes":
            continue
        if count == 0:
            raise UserError("errors-no-classes", name=network.name)
        if any(channel >= count for channel in term.channels):
            raise UserError("errors-class-range", name=network.name, count=count, most=count - 1)


def require_layers(requested: Collection[str], available: Collection[str], model: str) -> None:
    """Checks that layers exist.

    Args:
        requested: Names of the layers that are needed.
        available: Names of the layers that the network has.
        model: Name of the network for the message.

    Raises:
        UnknownLayer: A requested layer does not exist.
    """
    if missing := sorted(set(requested) - set(available)):
        raise UnknownLayer(f"{model} has {', '.join(available)}, but not {', '.join(missing)}")


StageBuilders = dict[str, Callable[[], nn.Module]]
"""Functions that build each stage, in order."""

ARCHITECTURES: Mapping[str, Callable[[Mapping[str, Tensor]], StageBuilders]] = MappingProxyType(
    {
        "inception_v3": inception_v3.stages,
        "vgg16": vgg16.stages,
        "mobilenet_v2": mobilenet_v2.stages,
        "googlenet": googlenet.stages,
        "resnet50": resnet50.stages,
        "inception_v3_torchvision": inception_v3_torchvision.stages,
        "faces": faces.stages,
        "writing": vgg16.batch_norm_stages,
    }
)


def build(
    name: str,
    tensors: Mapping[str, Tensor],
    *,
    device: torch.device | str = "cpu",
    dtype: torch.dtype = torch.float32,
    cut: str | None = None,
) -> StagedNetwork:
    """Builds a network.

    Args:
        name: Name of the architecture.
        tensors: Its tensors by name.
        device: Device of the network.
        dtype: Dtype of the network.
        cut: The deepest layer to build; None builds all.

    Returns:
        The network; its layers are those of the layer catalogue that the tensors suffice for.

    Raises:
        UnknownLayer: The network has no layer `cut`.
    """
    builders = ARCHITECTURES[name](tensors)
    layers = tuple(
        layer.name for layer in LAYERS[name] if layer.name.removesuffix(PRE_RELU_SUFFIX) in builders
    )
    if cut is not None:
        require_layers([cut], layers, name)
        kept = list(builders)[: list(builders).index(cut.removesuffix(PRE_RELU_SUFFIX)) + 1]
        builders = {stage: builders[stage] for stage in kept}
        layers = tuple(layer for layer in layers if layer.removesuffix(PRE_RELU_SUFFIX) in builders)
    network = StagedNetwork(name, {stage: builder() for stage, builder in builders.items()}, layers)
    network.to(device=device, dtype=dtype)
    network.to(memory_format=torch.channels_last)
    return network


def used_tensors(name: str, tensors: Mapping[str, Tensor], cut: str | None = None) -> set[str]:
    """Returns the names of the tensors that an architecture needs.

    Args:
        name: Name of the architecture.
        tensors: Tensors by name, more than needed.
        cut: The deepest layer; None for all.

    Raises:
        UnknownLayer: The network has no layer `cut`.
    """
    recorder = RecordingMapping(tensors)
    build(name, recorder, device="meta", cut=cut)
    return recorder.accessed


class RecordingMapping(Mapping[str, Tensor]):
    """A mapping of tensors that records which of them are accessed."""

    def __init__(self, tensors: Mapping[str, Tensor]) -> None:
        """Wraps a mapping.

        Args:
            tensors: Tensors by name.
        """
        self._tensors = tensors
        self.accessed: set[str] = set()

    def __getitem__(self, name: str) -> Tensor:
        value = self._tensors[name]
        self.accessed.add(name)
        return value

    def __contains__(self, name: object) -> bool:
        return name in self._tensors

    def __iter__(self) -> Iterator[str]:
        return iter(self._tensors)

    def __len__(self) -> int:
        return len(self._tensors)
