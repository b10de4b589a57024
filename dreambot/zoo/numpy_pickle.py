"""Reads the arrays of a pickle of nested dictionaries, as JAX programs save them, without running anything.

The unpickler knows the three harmless names that an array is pickled with, and refuses all others. A
convolution's kernel lies as JAX has it, (height, width, in, out), and is turned to ours.
"""

import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy._core.multiarray import _reconstruct

from dreambot.zoo.torchscript import Array

_KNOWN: dict[tuple[str, str], Any] = {
    ("numpy.core.multiarray", "_reconstruct"): _reconstruct,
    ("numpy", "ndarray"): np.ndarray,
    ("numpy", "dtype"): np.dtype,
}


class _Reader(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        try:
            return _KNOWN[module, name]
        except KeyError:
            raise pickle.UnpicklingError(f"{module}.{name} has no place in a file of weights") from None


def _arrays(record: object, prefix: str) -> Iterator[tuple[str, Array]]:
    if isinstance(record, dict):
        for name, value in record.items():
            yield from _arrays(value, f"{prefix}.{name}" if prefix else str(name))
    elif isinstance(record, np.ndarray) and record.dtype == np.float32:
        yield prefix, np.ascontiguousarray(record.transpose(3, 2, 0, 1) if record.ndim == 4 else record)
    else:
        raise pickle.UnpicklingError(f"{prefix or 'the file'} is no array of float32")


def read(path: Path) -> dict[str, Array]:
    """The arrays in the pickle at `path`, by their dotted names; 4-dimensional ones as (out, in, height,
    width). pickle.UnpicklingError, EOFError or ValueError if it is something else."""
    with path.open("rb") as stream:
        return dict(_arrays(_Reader(stream).load(), ""))
