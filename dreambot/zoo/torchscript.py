"""Reads the tensors of a TorchScript archive without running anything it holds.

Such an archive is a zip file: `…/data.pkl` is a pickle of the module tree, `…/data/N` are the tensors'
bytes, and `…/code/` is a program. `torch.jit.load` would compile that program; here the pickle is read
by an unpickler that knows four harmless names and makes plain records of everything else, and the
program is not looked at.
"""

import pickle
import zipfile
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]


class _Record:
    """Stands in for every class of the archive's own: keeps its attributes, does nothing."""


class _FloatStorage:
    """Names the type of the bytes: little-endian float32."""


def _rebuild_tensor(
    storage: Array, offset: int, shape: tuple[int, ...], stride: tuple[int, ...], *_rest: object
) -> Array:
    """A tensor as its archive describes it. Strides other than a plain row-major layout's are refused."""
    size = int(np.prod(shape, dtype=np.int64))
    plain = tuple(int(np.prod(shape[i + 1 :], dtype=np.int64)) for i in range(len(shape)))
    if stride != plain or not 0 <= offset <= storage.size - size:
        raise pickle.UnpicklingError(f"a tensor of shape {shape} does not lie plainly in its storage")
    return storage[offset : offset + size].reshape(shape)


class _Reader(pickle.Unpickler):
    def __init__(self, archive: zipfile.ZipFile, root: str) -> None:
        super().__init__(archive.open(f"{root}/data.pkl"))
        self._archive = archive
        self._root = root

    def find_class(self, module: str, name: str) -> Any:
        if module == "__torch__" or module.startswith("__torch__."):
            return _Record
        match module, name:
            case "torch._utils", "_rebuild_tensor_v2":
                return _rebuild_tensor
            case "torch", "FloatStorage":
                return _FloatStorage
            case "torch.jit._pickle", "build_intlist":
                return list
            case "collections", "OrderedDict":
                return OrderedDict
        raise pickle.UnpicklingError(f"{module}.{name} has no place in a file of weights")

    def persistent_load(self, pid: Any) -> Array:
        _, kind, key, _, count = pid
        if kind is not _FloatStorage:
            raise pickle.UnpicklingError(f"a storage of {kind!r} instead of float32")
        data = self._archive.read(f"{self._root}/data/{key}")
        # A bytearray, for torch does not like tensors that cannot be written.
        return np.frombuffer(bytearray(data), dtype="<f4", count=count)


def _tensors(record: object, prefix: str) -> Iterator[tuple[str, Array]]:
    for name, value in vars(record).items():
        if isinstance(value, np.ndarray):
            yield prefix + name, value
        elif isinstance(value, _Record):
            yield from _tensors(value, f"{prefix}{name}.")


def read(path: Path) -> dict[str, Array]:
    """The tensors in the TorchScript archive at `path`, by their dotted names, all float32.
    pickle.UnpicklingError, zipfile.BadZipFile, KeyError or ValueError if it is something else."""
    with zipfile.ZipFile(path) as archive:
        root = next((n[: -len("/data.pkl")] for n in archive.namelist() if n.endswith("/data.pkl")), "")
        return dict(_tensors(_Reader(archive, root).load(), ""))
