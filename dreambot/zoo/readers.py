"""Reads tensors from files of weights without executing anything in them.

A TorchScript archive is a zip file: `…/data.pkl` is a pickle of the module tree, `…/data/N` are the
bytes of the tensors, and `…/code/` is a program. `torch.jit.load` would compile that program; here the
pickle is read by an unpickler that allows four harmless names and makes plain records of everything
else, and the program is not read.

A pickle of nested dictionaries of arrays, as JAX programs save them, is read by an unpickler that
allows the three harmless names that an array is pickled with. A convolution's kernel in JAX order,
(height, width, in, out), is transposed to ours.

A checkpoint is a `state_dict` saved by torch or in safetensors format. safetensors holds numbers alone,
and torch is told to load weights only. Both kinds may be wrapped in dictionaries and prefixes that say
nothing of the network; these are removed.
"""

import hashlib
import pickle
import zipfile
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
from numpy._core.multiarray import _reconstruct

from dreambot.errors import DreambotError
from dreambot.zoo.catalogue import PackagedModel

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


class _TorchScriptUnpickler(pickle.Unpickler):
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


def _torchscript_tensors(record: object, prefix: str) -> Iterator[tuple[str, Array]]:
    for name, value in vars(record).items():
        if isinstance(value, np.ndarray):
            yield prefix + name, value
        elif isinstance(value, _Record):
            yield from _torchscript_tensors(value, f"{prefix}{name}.")


def read_torchscript(path: Path) -> dict[str, Array]:
    """The tensors in the TorchScript archive at `path`, by their dotted names, all float32.
    pickle.UnpicklingError, zipfile.BadZipFile, KeyError or ValueError if it is something else."""
    with zipfile.ZipFile(path) as archive:
        root = next((n[: -len("/data.pkl")] for n in archive.namelist() if n.endswith("/data.pkl")), "")
        return dict(_torchscript_tensors(_TorchScriptUnpickler(archive, root).load(), ""))


_NUMPY_NAMES: dict[tuple[str, str], Any] = {
    ("numpy.core.multiarray", "_reconstruct"): _reconstruct,
    ("numpy", "ndarray"): np.ndarray,
    ("numpy", "dtype"): np.dtype,
}


class _NumpyUnpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        try:
            return _NUMPY_NAMES[module, name]
        except KeyError:
            raise pickle.UnpicklingError(f"{module}.{name} has no place in a file of weights") from None


def _nested_arrays(record: object, prefix: str) -> Iterator[tuple[str, Array]]:
    if isinstance(record, dict):
        for name, value in record.items():
            yield from _nested_arrays(value, f"{prefix}.{name}" if prefix else str(name))
    elif isinstance(record, np.ndarray) and record.dtype == np.float32:
        yield prefix, np.ascontiguousarray(record.transpose(3, 2, 0, 1) if record.ndim == 4 else record)
    else:
        raise pickle.UnpicklingError(f"{prefix or 'the file'} is no array of float32")


def read_numpy_pickle(path: Path) -> dict[str, Array]:
    """The arrays in the pickle at `path`, by their dotted names; 4-dimensional ones as (out, in, height,
    width). pickle.UnpicklingError, EOFError or ValueError if it is something else."""
    with path.open("rb") as stream:
        return dict(_nested_arrays(_NumpyUnpickler(stream).load(), ""))


_WRAPPERS = ("state_dict", "model_state_dict", "model", "net", "weights")
_PREFIXES = ("module.", "model.", "net.", "backbone.", "_orig_mod.")


class UnreadableCheckpoint(DreambotError):
    """The file holds no weights that can be read without running it; the message says what it is."""


def read_checkpoint(path: Path) -> dict[str, Array]:
    """The floating-point tensors in the file at `path`, as float32, by their names in the network.

    Lists within lists, such as `{"epoch": …, "state_dict": …}`, and prefixes that every name has, such as
    `module.`, are taken off. NoCheckpoint.
    """
    with path.open("rb") as stream:
        start = stream.read(9)
    # A safetensors file begins with the length of its header, and the header with a brace.
    tensors = _read_safetensors(path) if start[8:] == b"{" else _read_torch(path)
    if not tensors:
        raise UnreadableCheckpoint("it holds no tensors")
    # Some wrap only a part of the network to run on several devices.
    tensors = {name.replace(".module.", "."): array for name, array in tensors.items()}
    for prefix in _PREFIXES:
        if all(name.startswith(prefix) for name in tensors):
            tensors = {name.removeprefix(prefix): array for name, array in tensors.items()}
    return tensors


def _read_safetensors(path: Path) -> dict[str, Array]:
    # numpy has no bfloat16; torch has.
    import safetensors.torch

    try:
        return _float_arrays(safetensors.torch.load_file(path))
    except safetensors.SafetensorError as error:
        raise UnreadableCheckpoint("it is damaged") from error


def _read_torch(path: Path) -> dict[str, Array]:
    # Takes seconds, and who only asks what there is does without.
    import torch

    try:
        found = torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise UnreadableCheckpoint(
            "it holds more than weights, which could be a program; save the state_dict alone"
        ) from error
    except (RuntimeError, EOFError, ValueError, KeyError) as error:
        raise UnreadableCheckpoint("it is neither a safetensors file nor one that torch saved") from error
    return _float_arrays(_unwrap(found))


def _unwrap(found: Any) -> Mapping[str, Any]:
    while isinstance(found, Mapping):
        inner = next((found[key] for key in _WRAPPERS if isinstance(found.get(key), Mapping)), None)
        if inner is None:
            return found
        found = inner
    raise UnreadableCheckpoint("it holds no state_dict")


def _float_arrays(tensors: Mapping[str, Any]) -> dict[str, Array]:
    import torch

    return {
        name: tensor.float().contiguous().numpy()
        for name, tensor in tensors.items()
        if isinstance(name, str) and isinstance(tensor, torch.Tensor) and tensor.is_floating_point()
    }


READERS: Mapping[str, Callable[[Path], dict[str, Array]]] = MappingProxyType(
    {"torchscript": read_torchscript, "numpy_pickle": read_numpy_pickle, "checkpoint": read_checkpoint}
)


def convert(model: PackagedModel, source: Path) -> dict[str, Array]:
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
