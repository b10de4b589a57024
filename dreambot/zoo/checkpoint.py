"""Reads what people save of a network: a `state_dict`, by torch or in safetensors format.

Nothing in such a file is run: safetensors holds numbers alone, and torch's reader is told to take weights
only. Both kinds come wrapped in ways that say nothing of the network, which are taken off.
"""

import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dreambot.errors import DreambotError
from dreambot.zoo.torchscript import Array

_WRAPPERS = ("state_dict", "model_state_dict", "model", "net", "weights")
_PREFIXES = ("module.", "model.", "net.", "backbone.", "_orig_mod.")


class NoCheckpoint(DreambotError):
    """The file holds no weights that can be read without running it; the message says what it is."""


def read(path: Path) -> dict[str, Array]:
    """The floating-point tensors in the file at `path`, as float32, by their names in the network.

    Lists within lists, such as `{"epoch": …, "state_dict": …}`, and prefixes that every name has, such as
    `module.`, are taken off. NoCheckpoint.
    """
    with path.open("rb") as stream:
        start = stream.read(9)
    # A safetensors file begins with the length of its header, and the header with a brace.
    tensors = _safetensors(path) if start[8:] == b"{" else _torch(path)
    if not tensors:
        raise NoCheckpoint("it holds no tensors")
    # Some wrap only a part of the network to run on several devices.
    tensors = {name.replace(".module.", "."): array for name, array in tensors.items()}
    for prefix in _PREFIXES:
        if all(name.startswith(prefix) for name in tensors):
            tensors = {name.removeprefix(prefix): array for name, array in tensors.items()}
    return tensors


def _safetensors(path: Path) -> dict[str, Array]:
    # numpy has no bfloat16; torch has.
    import safetensors.torch

    try:
        return _arrays(safetensors.torch.load_file(path))
    except safetensors.SafetensorError as error:
        raise NoCheckpoint("it is damaged") from error


def _torch(path: Path) -> dict[str, Array]:
    # Takes seconds, and who only asks what there is does without.
    import torch

    try:
        found = torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise NoCheckpoint(
            "it holds more than weights, which could be a program; save the state_dict alone"
        ) from error
    except (RuntimeError, EOFError, ValueError, KeyError) as error:
        raise NoCheckpoint("it is neither a safetensors file nor one that torch saved") from error
    return _arrays(_unwrapped(found))


def _unwrapped(found: Any) -> Mapping[str, Any]:
    while isinstance(found, Mapping):
        inner = next((found[key] for key in _WRAPPERS if isinstance(found.get(key), Mapping)), None)
        if inner is None:
            return found
        found = inner
    raise NoCheckpoint("it holds no state_dict")


def _arrays(tensors: Mapping[str, Any]) -> dict[str, Array]:
    import torch

    return {
        name: tensor.float().contiguous().numpy()
        for name, tensor in tensors.items()
        if isinstance(name, str) and isinstance(tensor, torch.Tensor) and tensor.is_floating_point()
    }
