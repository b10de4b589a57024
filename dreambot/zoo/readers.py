"""Reads tensors from files of weights without executing anything in them.

A TorchScript archive is a zip file: `…/data.pkl` is a pickle of the module tree, `…/data/N` are the
bytes of the tensors, and `…/code/` is a program. `torch.jit.load` would compile that program; here the
pickle is read by an unpickler that allows four harmless names and replaces all other classes by plain
records, and the program is not read.

A pickle of nested dictionaries of arrays, as JAX programs save them, is read by an unpickler that
allows the three harmless names of a pickled array. A convolution's kernel in JAX order,
`[height, width, in, out]`, is transposed to ours.

dlib's serialised networks are a sequence of layers, each with its name, its numbers and its tensors.

A checkpoint is a `state_dict` saved by torch or in safetensors format. safetensors files hold only tensors,
and torch loads with `weights_only`. The state dict may be nested in dictionaries, and its names may have
prefixes that do not belong to the network; both are removed.
"""

import hashlib
import math
import pickle
import re
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
    """Replaces every class of the archive: keeps its attributes and has no behaviour."""


class _FloatStorage:
    """Marks the type of a storage: little-endian float32."""


def _rebuild_tensor(
    storage: Array, offset: int, shape: tuple[int, ...], stride: tuple[int, ...], *_rest: object
) -> Array:
    """Rebuilds a tensor of the archive; only row-major layouts are accepted."""
    size = int(np.prod(shape, dtype=np.int64))
    row_major = tuple(int(np.prod(shape[i + 1 :], dtype=np.int64)) for i in range(len(shape)))
    if stride != row_major or not 0 <= offset <= storage.size - size:
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
        # A bytearray, because torch warns about read-only arrays.
        return np.frombuffer(bytearray(data), dtype="<f4", count=count)


def _torchscript_tensors(record: object, prefix: str) -> Iterator[tuple[str, Array]]:
    for name, value in vars(record).items():
        if isinstance(value, np.ndarray):
            yield prefix + name, value
        elif isinstance(value, _Record):
            yield from _torchscript_tensors(value, f"{prefix}{name}.")


def read_torchscript(path: Path) -> dict[str, Array]:
    """Reads the tensors of a TorchScript archive.

    Args:
        path: The archive.

    Returns:
        The tensors by their dotted names, all float32.

    Raises:
        pickle.UnpicklingError: The archive holds something else than tensors.
        zipfile.BadZipFile: The file is not an archive.
        KeyError: The archive is incomplete.
        ValueError: A tensor does not fit its bytes.
    """
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
    """Reads a pickle of nested dictionaries of arrays.

    Args:
        path: The pickle.

    Returns:
        The arrays by their dotted names; 4-dimensional ones as `[out, in, height, width]`.

    Raises:
        pickle.UnpicklingError: The file holds something else than float32 arrays.
        EOFError: The file is cut off.
        ValueError: The file is damaged.
    """
    with path.open("rb") as stream:
        return dict(_nested_arrays(_NumpyUnpickler(stream).load(), ""))


_DLIB_LAYER = re.compile(rb"con_4|bn_con2|affine_|fc_2")


def read_dlib(path: Path) -> dict[str, Array]:
    """Reads the tensors of a convolutional network that dlib serialised.

    An integer is a byte, whose low four bits are the number of bytes that follow and whose highest bit is the
    sign, and these bytes, little-endian. A tensor is a version, four dimensions and its values. A convolution
    has one tensor (its weights, then its biases) and then the number of filters, height and width of the
    kernel, both strides and both paddings; an affine layer has one (its factors, then its summands); a fully
    connected layer has the number of outputs and inputs before its tensor. A batch norm has one as well, and
    behind two shapes its means and deviations in training, and the running means and variances; it is
    returned as the affine layer that it is when it is not trained.

    Args:
        path: The file, whose hash was verified.

    Returns:
        `conv0.weight` as `[out, in, height, width]`, `conv0.bias`, `conv0.gamma`, `conv0.beta`, …, in the
        order of the layers, and `descriptor.weight`, `[out, in]`.

    Raises:
        ValueError: The file is damaged.
    """
    content = path.read_bytes()
    tensors: dict[str, Array] = {}
    count = 0
    for match in _DLIB_LAYER.finditer(content):
        reader = _DlibReader(content, match.end())
        if match[0] == b"fc_2":
            outputs, inputs = reader.integer(), reader.integer()
            tensors["descriptor.weight"] = np.ascontiguousarray(reader.tensor().reshape(inputs, outputs).T)
        elif match[0] == b"con_4":
            values = reader.tensor()
            filters, height, width = (reader.integer() for _ in range(3))
            kernel, bias = np.split(values, [values.size - filters])
            tensors[f"conv{count}.weight"] = kernel.reshape(filters, -1, height, width)
            tensors[f"conv{count}.bias"] = bias
            count += 1
        else:
            # It follows the convolution that it belongs to.
            gamma, beta = np.split(reader.tensor(), 2)
            if match[0] == b"bn_con2":
                gamma, beta = _folded_batch_norm(gamma, beta, reader)
            tensors[f"conv{count - 1}.gamma"], tensors[f"conv{count - 1}.beta"] = gamma, beta
    return tensors


_SHAPE_INTEGERS = 5
_BATCH_NORM_EPS = 1e-4
"""dlib's default."""


def _folded_batch_norm(gamma: Array, beta: Array, reader: "_DlibReader") -> tuple[Array, Array]:
    for _ in range(2 * _SHAPE_INTEGERS):
        reader.integer()
    _means, _deviations, running_means, running_variances = (reader.tensor() for _ in range(4))
    factor = gamma / np.sqrt(running_variances + np.float32(_BATCH_NORM_EPS))
    return factor, beta - factor * running_means


class _DlibReader:
    def __init__(self, content: bytes, position: int) -> None:
        self._content = content
        self._position = position

    def integer(self) -> int:
        head = self._content[self._position] if self._position < len(self._content) else 0
        end = self._position + 1 + (head & 0x0F)
        if end > len(self._content):
            raise ValueError("the file is damaged")
        value = int.from_bytes(self._content[self._position + 1 : end], "little")
        self._position = end
        return -value if head & 0x80 else value

    def tensor(self) -> Array:
        _version, *shape = (self.integer() for _ in range(5))
        if self._position + 4 * math.prod(shape) > len(self._content):
            raise ValueError("the file is damaged")
        values = np.frombuffer(self._content, "<f4", math.prod(shape), self._position)
        self._position += values.nbytes
        # A copy, because torch warns about read-only arrays.
        return values.astype(np.float32)


_WRAPPERS = ("state_dict", "model_state_dict", "model", "net", "weights")
_PREFIXES = ("module.", "model.", "net.", "backbone.", "_orig_mod.")


class UnreadableCheckpoint(DreambotError):
    """The file has no weights that can be read without executing it; the message says what is wrong."""


def read_checkpoint(path: Path) -> dict[str, Array]:
    """Reads the floating-point tensors of a checkpoint.

    Outer dictionaries such as `{"epoch": …, "state_dict": …}` and prefixes that all names share, such as
    `module.`, are removed.

    Args:
        path: File saved by torch or in safetensors format.

    Returns:
        The tensors as float32, by their names in the network.

    Raises:
        UnreadableCheckpoint: The file is not a checkpoint.
    """
    with path.open("rb") as stream:
        start = stream.read(9)
    # A safetensors file begins with the 8-byte length of its header, and the header with a brace.
    tensors = _read_safetensors(path) if start[8:] == b"{" else _read_torch(path)
    if not tensors:
        raise UnreadableCheckpoint("it holds no tensors")
    # DataParallel may wrap only a part of the network.
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
    # The import takes seconds and is not needed to list models.
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
    {
        "torchscript": read_torchscript,
        "numpy_pickle": read_numpy_pickle,
        "checkpoint": read_checkpoint,
        "dlib": read_dlib,
    }
)


def convert(model: PackagedModel, source: Path) -> dict[str, Array]:
    """Reads a model's tensors and renames them to our names.

    Args:
        model: Model with the reader and the names.
        source: The file in its package, with its hash verified.
    """
    tensors = READERS[model.reader](source)
    renamed = {name: model.rename(name) for name in tensors}
    return {ours: tensors[theirs] for theirs, ours in renamed.items() if ours is not None}


def fingerprint(tensors: Mapping[str, Array]) -> str:
    """Computes the sha256 of names, shapes and little-endian values, in the order of the names.

    It does not depend on the file format.

    Args:
        tensors: Tensors by name.
    """
    digest = hashlib.sha256()
    for name in sorted(tensors):
        array = tensors[name]
        digest.update(f"{name} {array.dtype.str} {list(array.shape)}\n".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()
