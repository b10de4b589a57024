"""Checks whether a checkpoint's tensors fit an architecture, and explains the differences."""

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
"""Our architectures that torchvision has too → torchvision's names."""

CLASSIFIER_PREFIXES = ("fc.", "classifier.1.")
"""Prefixes of the tensors of the last layer of a classifier. Its number of classes may differ."""

Shape = tuple[int, ...]


class IncompatibleCheckpoint(DreambotError):
    """A checkpoint does not fit the architecture; the message continues a sentence after the file's name."""


def select_tensors(tensors: Mapping[str, Array], architecture: str) -> dict[str, Array]:
    """Selects the tensors that our network needs.

    Args:
        tensors: Tensors of the checkpoint by name.
        architecture: One of `TORCHVISION_NAMES`.

    Raises:
        IncompatibleCheckpoint: Tensors are missing or have another shape. The message names them, and the
            architecture that fits.
    """
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
    """Returns the number of classes of a checkpoint; 0 without a classifier.

    Args:
        tensors: Tensors of the checkpoint by name.
    """
    weights = (tensors[f"{prefix}weight"] for prefix in CLASSIFIER_PREFIXES if f"{prefix}weight" in tensors)
    return next((len(weight) for weight in weights), 0)


@cache
def _expected_shapes(architecture: str) -> Mapping[str, Shape]:
    """Returns the shapes of the tensors that our network needs."""
    # Google's two architectures initialise their weights by default, which takes minutes.
    options: dict[str, Any] = {"init_weights": False} if architecture.startswith(("goo", "inc")) else {}
    with torch.device("meta"):
        module = torchvision.models.get_model(TORCHVISION_NAMES[architecture], weights=None, **options)
    state = module.state_dict()
    used = network.used_tensors(architecture, state)
    return {name: tuple(tensor.shape) for name, tensor in state.items() if name in used}


def _differences(tensors: Mapping[str, Array], architecture: str) -> tuple[list[str], list[str]]:
    """Returns the names of missing tensors and of tensors with another shape."""
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
