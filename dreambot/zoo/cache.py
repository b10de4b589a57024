"""The cache of converted weights: files are verified by hash and written atomically."""

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Protocol

import platformdirs
import safetensors
import safetensors.numpy

from dreambot.zoo.catalogue import PinnedFile
from dreambot.zoo.readers import Array, fingerprint

DownloadProgress = Callable[[int, int], None]
"""Called with the bytes downloaded and the total bytes."""


def default_folder() -> Path:
    """Returns the default folder of converted weights."""
    return platformdirs.user_cache_path("dreambot") / "weights"


def weights_dir_from_environment() -> Path | None:
    """Returns the operator's folder of weights, if one is set."""
    folder = os.environ.get("DREAMBOT_WEIGHTS_DIR")
    return Path(folder).expanduser() if folder else None


def find_converted(name: str, *, cache: Path | None = None, weights_dir: Path | None = None) -> Path | None:
    """Returns the file of a packaged model's converted weights if it exists; it is not verified.

    Args:
        name: Name of the file.
        cache: Folder of converted weights; the default folder if None.
        weights_dir: The operator's folder, which comes first; that of the environment if None.
    """
    folders = (weights_dir or weights_dir_from_environment(), cache or default_folder())
    return next((folder / name for folder in folders if folder and (folder / name).is_file()), None)


def file_matches(path: Path, file: PinnedFile) -> bool:
    """Returns whether a file has the pinned size and sha256.

    Args:
        path: File to check; it may be missing.
        file: The pinned file.
    """
    if not path.is_file() or path.stat().st_size != file.size:
        return False
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest() == file.sha256


class Fingerprinted(Protocol):
    """A model whose tensors have a known fingerprint."""

    @property
    def tensors_sha256(self) -> str:
        """The fingerprint; see `dreambot.zoo.readers.fingerprint`."""


def read_tensors(path: Path, model: Fingerprinted) -> dict[str, Array] | None:
    """Reads a model's tensors and verifies them.

    Args:
        path: File in safetensors format.
        model: Model with the expected fingerprint.

    Returns:
        The tensors by name, or None if the file is missing, damaged or belongs to another model.
    """
    try:
        tensors: dict[str, Array] = safetensors.numpy.load_file(path)
    except (FileNotFoundError, safetensors.SafetensorError):
        return None
    return tensors if fingerprint(tensors) == model.tensors_sha256 else None


def write_tensors(path: Path, tensors: dict[str, Array]) -> None:
    """Writes a file in safetensors format atomically, so that no reader sees a partial file.

    Args:
        path: File to create or replace.
        tensors: Tensors by name.
    """
    with _atomic_write(path) as stream:
        stream.write(safetensors.numpy.save(tensors))


@contextlib.contextmanager
def _atomic_write(path: Path) -> Iterator[IO[bytes]]:
    """Opens a new file that replaces `path` once it is on the disk, and is removed on failure."""
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
