"""Checks whether a checkpoint's tensors fit an architecture, and explains in plain words where not."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

import torch
import torchvision

from dreambot.errors import DreambotError
from dreambot.zoo import network
from dreambot.zoo.readers import Array

TORCHVISION_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "vgg16": "vgg16",
        "mobilenet_v2": "mobilenet_v2",
        "googlenet": "googlenet",
        "resnet50": "resnet50",
        "inception_v3_torchvision": "inception_v3",
    }
)
"""Our architectures whose checkpoints torchvision's users make → torchvision's names."""

CLASSIFIER_PREFIXES = ("fc.", "classifier.1.")
"""Where the tensors of a classifier's last step lie. How many classes it tells apart may differ."""

Shape = tuple[int, ...]


class IncompatibleCheckpoint(DreambotError):
    """A checkpoint is not of the architecture; the message goes on after the file's name."""


def select_tensors(tensors: Mapping[str, Array], architecture: str) -> dict[str, Array]:
    """Those tensors that our network is made of. Misfit says in one sentence what is missing or of another
    shape, and which architecture fits better."""
    if architecture not in TORCHVISION_NAMES:
        raise IncompatibleCheckpoint(
            f"cannot be of the architecture {architecture[:40]!r}: checkpoints are taken for "
            f"{', '.join(TORCHVISION_NAMES)}"
        )
    missing, other = _differences(tensors, architecture)
    if missing or other:
        raise IncompatibleCheckpoint(
            _describe_differences(architecture, missing, other) + _suggest_architecture(tensors, architecture)
        )
    return {name: tensors[name] for name in _expected_shapes(architecture) if name in tensors}


def count_classes(tensors: Mapping[str, Array]) -> int:
    """How many classes the classifier among the tensors tells apart; 0 if there is none."""
    weights = (tensors[f"{place}weight"] for place in CLASSIFIER_PREFIXES if f"{place}weight" in tensors)
    return next((len(weight) for weight in weights), 0)


@cache
def _expected_shapes(architecture: str) -> Mapping[str, Shape]:
    """The shapes of the tensors that our network is made of."""
    # Google's two come with random numbers for their classifiers unless told not to, which takes minutes.
    options: dict[str, Any] = {"init_weights": False} if architecture.startswith(("goo", "inc")) else {}
    with torch.device("meta"):
        module = torchvision.models.get_model(TORCHVISION_NAMES[architecture], weights=None, **options)
    state = module.state_dict()
    asked = network.used_tensors(architecture, state)
    return {name: tuple(tensor.shape) for name, tensor in state.items() if name in asked}


def _differences(tensors: Mapping[str, Array], architecture: str) -> tuple[list[str], list[str]]:
    """(names missing, names of tensors that have another shape)."""
    missing, other = [], []
    count = count_classes(tensors)
    for name, shape in _expected_shapes(architecture).items():
        head = name.startswith(CLASSIFIER_PREFIXES)
        if name not in tensors:
            if count or not head:
                missing.append(name)
        elif tensors[name].shape != ((count, *shape[1:]) if head else shape):
            other.append(name)
    return missing, other


def _describe_differences(architecture: str, missing: list[str], other: list[str]) -> str:
    count = len(_expected_shapes(architecture))
    parts = []
    if missing:
        parts.append(f"it lacks {len(missing)} of {count} tensors ({_first_names(missing)})")
    if other:
        parts.append(f"{len(other)} have another shape ({_first_names(other)})")
    return f"is not a {architecture}: {' and '.join(parts)}"


def _first_names(names: list[str]) -> str:
    return ", ".join(names[:2]) + (" …" if len(names) > 2 else "")


def _suggest_architecture(tensors: Mapping[str, Array], architecture: str) -> str:
    for candidate in TORCHVISION_NAMES:
        if candidate != architecture and not any(_differences(tensors, candidate)):
            return f"; it fits {candidate}, so say --arch {candidate}"
    return "; it fits none of " + ", ".join(TORCHVISION_NAMES)
