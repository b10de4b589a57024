"""An operator's own checkpoint: read without running anything of it, held against its architecture, kept."""

import hashlib
import re
from pathlib import Path

import numpy as np

from dreambot.errors import UserError
from dreambot.zoo import cache as files
from dreambot.zoo import catalogue, checkpoint, registry
from dreambot.zoo.convert import fingerprint
from dreambot.zoo.registry import Registered
from dreambot.zoo.torchscript import Array


class CheckpointError(UserError):
    """A checkpoint cannot become a model; the message says why."""


def add(name: str, architecture: str, path: Path, *, cache: Path | None = None) -> Registered:
    """Makes the checkpoint at `path` a model called `name`, replacing an earlier one of that name.

    architecture: one that torchvision builds, see `fitting.ARCHITECTURES`. CheckpointError.
    """
    if not re.fullmatch(registry.NAME, name):
        raise CheckpointError(
            "A network's name begins with a small letter and has up to 32 small letters, digits, - and _; "
            f"{name[:40]!r} is none."
        )
    if name in catalogue.MODELS or name in catalogue.DOWNLOADS:
        raise CheckpointError(f"{name} is the name of a model that comes with dreambot; choose another one.")
    if not path.is_file():
        raise CheckpointError(f"There is no file {path}.")
    try:
        return adopt(name, architecture, path, cache or files.default_folder())[0]
    except OSError as error:
        raise CheckpointError(
            f"{error.filename or path} cannot be read or written ({error.strerror or error})."
        ) from error


def remove(name: str, *, cache: Path | None = None) -> None:
    """Forgets a model that was added, or fetched from torchvision, and its tensors. CheckpointError."""
    try:
        registry.drop(cache or files.default_folder(), name)
    except KeyError:
        raise CheckpointError(f"No network called {name!r} was added here.") from None


def adopt(name: str, architecture: str, path: Path, cache: Path) -> tuple[Registered, dict[str, Array]]:
    """The checkpoint at `path` converted, kept and registered under `name`. CheckpointError, OSError."""
    # Builds torchvision's networks to compare with.
    from dreambot.zoo import fitting

    with path.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    try:
        tensors = fitting.fitted(checkpoint.read(path), architecture)
    except checkpoint.NoCheckpoint as error:
        raise CheckpointError(f"{path.name} cannot be used: {error}.") from error
    except fitting.Misfit as error:
        raise CheckpointError(f"{path.name} {error}.") from error
    if broken := next((key for key, array in tensors.items() if not np.isfinite(array).all()), None):
        raise CheckpointError(f"{path.name} cannot be used: {broken} holds numbers that are not finite.")
    entry = Registered(
        architecture=architecture,
        sha256=sha256,
        tensors_sha256=fingerprint(tensors),
        classes=fitting.classes(tensors),
    )
    cache.mkdir(parents=True, exist_ok=True)
    files.write(cache / entry.converted, tensors)
    registry.put(cache, name, entry)
    return entry, tensors
