"""The model names that can be used on this machine, and which weights each name stands for.

Besides the catalogue's, these are the weights on this machine that no package holds: checkpoints that
the operator added, and weights that torchvision publishes. One small JSON file beside the weights
describes each. A checkpoint is read without executing anything in it and checked against its
architecture before it is registered. Imports no torch.
"""

import hashlib
import os
import re
from pathlib import Path
from typing import Annotated

import numpy as np
from filelock import FileLock
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from dreambot.errors import UserError
from dreambot.recipe.layers import TrainedModel
from dreambot.recipe.recipe import SHA256_PATTERN
from dreambot.zoo import cache as files
from dreambot.zoo import catalogue, readers
from dreambot.zoo.catalogue import UnknownModel, WeightsError
from dreambot.zoo.readers import Array, fingerprint

REGISTRY_FILE = "registered.json"
NAME_PATTERN = r"^[a-z][a-z0-9_-]{0,31}$"

Sha256 = Annotated[str, Field(pattern=SHA256_PATTERN)]


class RegisteredModel(BaseModel):
    """One network: which architecture it is of, the sha256 of the file it came as, the fingerprint of its
    tensors, and how many classes it tells apart (0: it has no classifier)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    architecture: Annotated[str, Field(pattern=NAME_PATTERN)]
    sha256: Sha256
    tensors_sha256: Sha256
    classes: Annotated[int, Field(ge=0)]

    @property
    def converted(self) -> str:
        """The name of the file that holds its tensors, in safetensors format."""
        return f"{self.architecture}-{self.sha256[:16]}.safetensors"


class _RegistryFile(BaseModel):
    model_config = ConfigDict(extra="forbid")

    models: dict[Annotated[str, Field(pattern=NAME_PATTERN)], RegisteredModel] = {}


def read_registry(folder: Path) -> dict[str, RegisteredModel]:
    """What is registered in a folder of weights, by name. WeightsError if the register cannot be read."""
    path = folder / REGISTRY_FILE
    try:
        return _RegistryFile.model_validate_json(path.read_bytes()).models
    except FileNotFoundError:
        return {}
    except (ValidationError, OSError) as error:
        raise WeightsError("setup-checkpoint-list", path=path) from error


def register(folder: Path, name: str, entry: RegisteredModel) -> None:
    """Registers a network under a name, in the place of another one of that name."""
    with _lock(folder):
        models = {**read_registry(folder), name: entry}
        _write(folder, models)


def unregister(folder: Path, name: str) -> None:
    """Forgets a name, and removes its tensors unless another name has the same. KeyError."""
    with _lock(folder):
        models = read_registry(folder)
        dropped = models.pop(name)
        _write(folder, models)
        if dropped.converted not in {entry.converted for entry in models.values()}:
            (folder / dropped.converted).unlink(missing_ok=True)


def _lock(folder: Path) -> FileLock:
    folder.mkdir(parents=True, exist_ok=True)
    return FileLock(folder / "registered.lock")


def _write(folder: Path, models: dict[str, RegisteredModel]) -> None:
    part = folder / f".{REGISTRY_FILE}.part"
    with part.open("w", encoding="utf-8") as stream:
        stream.write(_RegistryFile(models=models).model_dump_json(indent=1) + "\n")
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(folder / REGISTRY_FILE)


def model_names(*, cache: Path | None = None) -> tuple[str, ...]:
    """The models there are: of packages, of torchvision, and the operator's own checkpoints."""
    return tuple(dict.fromkeys([*catalogue.MODELS, *catalogue.DOWNLOADS, *_read_registered(cache)]))


def find_model(name: str, *, cache: Path | None = None) -> TrainedModel:
    """The architecture and weights that a model's name stands for. UnknownModel lists the names there are;
    WeightsError if it is one that torchvision publishes and that was not fetched yet."""
    if name in catalogue.MODELS:
        return TrainedModel(name, catalogue.MODELS[name].carrier.file.sha256)
    entry = _read_registered(cache).get(name)
    if entry is not None:
        return TrainedModel(entry.architecture, entry.sha256)
    if name in catalogue.DOWNLOADS:
        raise WeightsError("setup-weights-missing", network=name)
    raise UnknownModel("errors-no-model", name=name[:40], names=list(model_names(cache=cache)))


def model_name_of(model: TrainedModel, *, cache: Path | None = None) -> str | None:
    """The name that stands for an architecture with these weights; None if they are not known here."""
    if model.architecture in catalogue.MODELS and find_model(model.architecture) == model:
        return model.architecture
    for name, entry in _read_registered(cache).items():
        if (entry.architecture, entry.sha256) == (model.architecture, model.weights):
            return name
    return None


def class_count(name: str, *, cache: Path | None = None) -> int:
    """How many classes a registered model tells apart: 0 without a classifier. Those of packages and
    torchvision's are ImageNet's 1000."""
    entry = _read_registered(cache).get(name)
    return entry.classes if entry is not None else 1000


def _read_registered(cache: Path | None) -> dict[str, RegisteredModel]:
    return read_registry(cache or files.default_folder())


class CheckpointError(UserError):
    """A checkpoint cannot become a model; the message says why."""


def add_checkpoint(name: str, architecture: str, path: Path, *, cache: Path | None = None) -> RegisteredModel:
    """Makes the checkpoint at `path` a model called `name`, replacing an earlier one of that name.

    architecture: one that torchvision builds, see `fitting.ARCHITECTURES`. CheckpointError.
    """
    if not re.fullmatch(NAME_PATTERN, name):
        raise CheckpointError("cli-network-name", name=name[:40])
    if name in catalogue.MODELS or name in catalogue.DOWNLOADS:
        raise CheckpointError("cli-network-name-taken", name=name)
    if not path.is_file():
        raise CheckpointError("cli-no-file", path=path)
    try:
        return import_checkpoint(name, architecture, path, cache or files.default_folder())[0]
    except OSError as error:
        raise CheckpointError(
            "cli-file-error", path=error.filename or path, reason=error.strerror or error
        ) from error


def remove_model(name: str, *, cache: Path | None = None) -> None:
    """Forgets a model that was added, or fetched from torchvision, and its tensors. CheckpointError."""
    try:
        unregister(cache or files.default_folder(), name)
    except KeyError:
        raise CheckpointError("cli-network-not-added", name=name) from None


def import_checkpoint(
    name: str, architecture: str, path: Path, cache: Path
) -> tuple[RegisteredModel, dict[str, Array]]:
    """The checkpoint at `path` converted, kept and registered under `name`. CheckpointError, OSError."""
    # Builds torchvision's networks to compare with.
    from dreambot.zoo import compatibility

    with path.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    try:
        tensors = compatibility.select_tensors(readers.read_checkpoint(path), architecture)
    except readers.UnreadableCheckpoint as error:
        raise CheckpointError("cli-checkpoint-unreadable", file=path.name, reason=error) from error
    except compatibility.IncompatibleCheckpoint as error:
        raise CheckpointError("cli-checkpoint-incompatible", file=path.name, reason=error) from error
    if broken := next((key for key, array in tensors.items() if not np.isfinite(array).all()), None):
        raise CheckpointError("cli-checkpoint-not-finite", file=path.name, tensor=broken)
    entry = RegisteredModel(
        architecture=architecture,
        sha256=sha256,
        tensors_sha256=fingerprint(tensors),
        classes=compatibility.count_classes(tensors),
    )
    cache.mkdir(parents=True, exist_ok=True)
    files.write_tensors(cache / entry.converted, tensors)
    register(cache, name, entry)
    return entry, tensors
