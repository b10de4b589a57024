"""From a carrier's file to the tensors our networks are built from."""

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from dreambot.zoo import checkpoint, numpy_pickle, torchscript
from dreambot.zoo.sources import Model
from dreambot.zoo.torchscript import Array

READERS: Mapping[str, Callable[[Path], dict[str, Array]]] = MappingProxyType(
    {"torchscript": torchscript.read, "numpy_pickle": numpy_pickle.read, "checkpoint": checkpoint.read}
)


def convert(model: Model, source: Path) -> dict[str, Array]:
    """The tensors in `source`, the model's carrier file (its hash already checked), under our names."""
    found = READERS[model.reader](source)
    renamed = {name: model.rename(name) for name in found}
    return {ours: found[theirs] for theirs, ours in renamed.items() if ours is not None}


def fingerprint(tensors: Mapping[str, Array]) -> str:
    """sha256 of the tensors themselves: names, shapes and little-endian values, in the names' order.
    It does not depend on how a version of a file format lays them out."""
    digest = hashlib.sha256()
    for name in sorted(tensors):
        array = tensors[name]
        digest.update(f"{name} {array.dtype.str} {list(array.shape)}\n".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()
