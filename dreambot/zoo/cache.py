"""The cache of converted weights: files are verified by hash and written atomically."""

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Protocol

import platformdirs
import safetensors
import safetensors.numpy

from dreambot.zoo.catalogue import PinnedFile
from dreambot.zoo.readers import Array, fingerprint


def default_folder() -> Path:
    """Where converted weights are kept when nobody says otherwise."""
    return platformdirs.user_cache_path("dreambot") / "weights"


def file_matches(path: Path, file: PinnedFile) -> bool:
    """Whether `path` is exactly the file known to the catalogue."""
    if not path.is_file() or path.stat().st_size != file.size:
        return False
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest() == file.sha256


class Fingerprinted(Protocol):
    """What knows which tensors it consists of."""

    @property
    def tensors_sha256(self) -> str:
        """Their fingerprint, see `dreambot.zoo.readers`."""


def read_tensors(path: Path, model: Fingerprinted) -> dict[str, Array] | None:
    """The model's tensors from a file in safetensors format; None if it is missing, broken or another's."""
    try:
        tensors: dict[str, Array] = safetensors.numpy.load_file(path)
    except (FileNotFoundError, safetensors.SafetensorError):
        return None
    return tensors if fingerprint(tensors) == model.tensors_sha256 else None


def write_tensors(path: Path, tensors: dict[str, Array]) -> None:
    """Puts the tensors at `path` in one step: nobody ever sees half of it."""
    with _atomic_write(path) as stream:
        stream.write(safetensors.numpy.save(tensors))


@contextlib.contextmanager
def _atomic_write(path: Path) -> Iterator[IO[bytes]]:
    """A new file that takes the place of `path` once it is on the disk; removed if that fails."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as stream:
        try:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
            os.chmod(stream.fileno(), 0o644)
            Path(stream.name).replace(path)
        except BaseException:
            Path(stream.name).unlink(missing_ok=True)
            raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
