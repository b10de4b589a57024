"""A network as a sequence of named stages, and how it is built from tensors."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Protocol

import torch
from torch import Tensor, nn

from dreambot.errors import DreambotError, UserError
from dreambot.recipe import LAYERS, LayerTerm
from dreambot.zoo.architectures import (
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
"""How a stage is run: from its name, itself and its input to its output."""


def run_stage(_name: str, stage: nn.Module, x: Tensor) -> Tensor:
    """A stage as it is."""
    value: Tensor = stage(x)
    return value


class Network(Protocol):
    """What an engine needs of a network: named layers in order, and their values for a picture."""

    @property
    def name(self) -> str:
        """The model's name in the catalogue."""

    @property
    def layers(self) -> tuple[str, ...]:
        """The layers it can answer for, shallowest first."""

    @property
    def device(self) -> torch.device:
        """Where it computes."""

    def forward_to(self, x: Tensor, layers: Collection[str], run: RunStage = run_stage) -> dict[str, Tensor]:
        """The values of `layers` for x, (N, 3, H, W) RGB in [-1, 1]; nothing behind the deepest is run.

        A layer's values are (N, C, h, w), those of `classes` (N, C). A name that ends in `_pre` means the
        values before the layer's ReLU. Differentiable with respect to x. UnknownLayer for a name it does not
        have. With `run`, stages are run in another way, from which the network itself stays as it is."""


class StagedNetwork(nn.Module):
    """A network that is one stage after another, some of which are layers. Frozen, channels_last."""

    def __init__(self, name: str, stages: Mapping[str, nn.Module], layers: tuple[str, ...]) -> None:
        super().__init__()
        self.name = name
        self.layers = layers
        self.stages = nn.ModuleDict(stages)
        self.requires_grad_(requires_grad=False).eval()

    @property
    def device(self) -> torch.device:
        """Where its weights are."""
        return next(self.parameters()).device

    def forward_to(self, x: Tensor, layers: Collection[str], run: RunStage = run_stage) -> dict[str, Tensor]:
        """See `Network`. x may be of any floating dtype; the values have the network's."""
        require_layers(layers, self.layers, self.name)
        wanted = set(layers)
        values: dict[str, Tensor] = {}
        x = x.to(dtype=next(self.parameters()).dtype, memory_format=torch.channels_last)
        for name, stage in self.stages.items():
            if f"{name}{PRE_RELU_SUFFIX}" in wanted:
                values[f"{name}{PRE_RELU_SUFFIX}"] = before_relu(stage, x)
            if len(values) == len(wanted):
                break
            x = run(name, stage, x)
            if name in wanted:
                values[name] = x
        return values


def require_classes(network: StagedNetwork, terms: Iterable[LayerTerm]) -> None:
    """UserError if these weights lack a class that the terms name; the catalogue knows only what is usual."""
    head = dict(network.stages.items()).get("classes")
    count = len(head.weight) if isinstance(head, Classifier) else 0
    for term in terms:
        if term.layer != "classes":
            continue
        if count == 0:
            raise UserError("errors-no-classes", name=network.name)
        if any(channel >= count for channel in term.channels):
            raise UserError("errors-class-range", name=network.name, count=count, most=count - 1)


def require_layers(asked: Collection[str], there: Collection[str], model: str) -> None:
    """UnknownLayer if not everything `asked` for is `there`."""
    if missing := sorted(set(asked) - set(there)):
        raise UnknownLayer(f"{model} has {', '.join(there)}, but not {', '.join(missing)}")


StageBuilders = dict[str, Callable[[], nn.Module]]
"""How to build each stage, in order."""

ARCHITECTURES: Mapping[str, Callable[[Mapping[str, Tensor]], StageBuilders]] = MappingProxyType(
    {
        "inception_v3": inception_v3.stages,
        "vgg16": vgg16.stages,
        "mobilenet_v2": mobilenet_v2.stages,
        "googlenet": googlenet.stages,
        "resnet50": resnet50.stages,
        "inception_v3_torchvision": inception_v3_torchvision.stages,
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
    """The architecture `name` made of the given tensors, up to and including layer `cut` (None: all of it).
    Its layers are the recipe catalogue's, those of them that the tensors make up."""
    plans = ARCHITECTURES[name](tensors)
    layers = tuple(layer.name for layer in LAYERS[name] if layer.name.removesuffix(PRE_RELU_SUFFIX) in plans)
    if cut is not None:
        require_layers([cut], layers, name)
        kept = list(plans)[: list(plans).index(cut.removesuffix(PRE_RELU_SUFFIX)) + 1]
        plans = {stage: plans[stage] for stage in kept}
        layers = tuple(layer for layer in layers if layer.removesuffix(PRE_RELU_SUFFIX) in plans)
    network = StagedNetwork(name, {stage: plan() for stage, plan in plans.items()}, layers)
    network.to(device=device, dtype=dtype)
    network.to(memory_format=torch.channels_last)
    return network


def used_tensors(name: str, tensors: Mapping[str, Tensor], cut: str | None = None) -> set[str]:
    """The names of those tensors that the architecture `name` up to layer `cut` is made of. UnknownLayer."""
    watched = RecordingMapping(tensors)
    build(name, watched, device="meta", cut=cut)
    return watched.asked


class RecordingMapping(Mapping[str, Tensor]):
    """Tensors that remember which of them were asked for."""

    def __init__(self, tensors: Mapping[str, Tensor]) -> None:
        self._tensors = tensors
        self.asked: set[str] = set()

    def __getitem__(self, name: str) -> Tensor:
        value = self._tensors[name]
        self.asked.add(name)
        return value

    def __contains__(self, name: object) -> bool:
        return name in self._tensors

    def __iter__(self) -> Iterator[str]:
        return iter(self._tensors)

    def __len__(self) -> int:
        return len(self._tensors)
