"""The registry of model names on this machine, and the weights that each name stands for.

Models are those of the catalogue, checkpoints that the operator added, and weights that torchvision
publishes. The latter two are listed in a JSON file next to the weights. A checkpoint is read without
executing anything in it and checked against its architecture before it is registered. Imports no torch.
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
from dreambot.recipe.guide import SHA256_PATTERN
from dreambot.recipe.layers import TrainedModel
from dreambot.zoo import cache as files
from dreambot.zoo import catalogue, readers
from dreambot.zoo.catalogue import UnknownModel, WeightsError
from dreambot.zoo.readers import Array, fingerprint

REGISTRY_FILE = "registered.json"
NAME_PATTERN = r"^[a-z][a-z0-9_-]{0,31}$"

Sha256 = Annotated[str, Field(pattern=SHA256_PATTERN)]


class RegisteredModel(BaseModel):
    """A registered network.

    Attributes:
        architecture: Name of its architecture.
        sha256: Hash of the original file.
        tensors_sha256: `dreambot.zoo.readers.fingerprint` of its tensors.
        classes: Number of its classes, 0 without a classifier.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    architecture: Annotated[str, Field(pattern=NAME_PATTERN)]
    sha256: Sha256
    tensors_sha256: Sha256
    classes: Annotated[int, Field(ge=0)]

    @property
    def converted(self) -> str:
        """Name of the file with its tensors, in safetensors format."""
        return f"{self.architecture}-{self.sha256[:16]}.safetensors"


class _RegistryFile(BaseModel):
    model_config = ConfigDict(extra="forbid")

    models: dict[Annotated[str, Field(pattern=NAME_PATTERN)], RegisteredModel] = {}


def read_registry(folder: Path) -> dict[str, RegisteredModel]:
    """Reads the registered models of a folder.

    Args:
        folder: Folder of converted weights.

    Returns:
        The models by name.

    Raises:
        WeightsError: The registry file cannot be read.
    """
    path = folder / REGISTRY_FILE
    try:
        return _RegistryFile.model_validate_json(path.read_bytes()).models
    except FileNotFoundError:
        return {}
    except (ValidationError, OSError) as error:
        raise WeightsError("setup-checkpoint-list", path=path) from error


def register(folder: Path, name: str, entry: RegisteredModel) -> None:
    """Registers a model, replacing another one of the same name.

    Args:
        folder: Folder of converted weights.
        name: Name of the model.
        entry: The model.
    """
    with _lock(folder):
        models = {**read_registry(folder), name: entry}
        _write(folder, models)


def unregister(folder: Path, name: str) -> None:
    """Removes a model, and its tensors unless another name has the same.

    Args:
        folder: Folder of converted weights.
        name: Name of the model.

    Raises:
        KeyError: There is no such name.
    """
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
    """Returns the names of all models: of packages, of torchvision, and the operator's checkpoints.

    Args:
        cache: Folder of converted weights; the default folder if None.
    """
    return tuple(dict.fromkeys([*catalogue.MODELS, *catalogue.DOWNLOADS, *_read_registered(cache)]))


def find_model(name: str, *, cache: Path | None = None) -> TrainedModel:
    """Returns the architecture and weights that a name stands for.

    Args:
        name: Name of a model.
        cache: Folder of converted weights; the default folder if None.

    Raises:
        UnknownModel: There is no such model; the message lists the names.
        WeightsError: torchvision publishes the model, but it was not fetched yet.
    """
    if name in catalogue.MODELS:
        packaged = catalogue.MODELS[name]
        installed = files.find_converted(packaged.converted, cache=cache) is not None
        return TrainedModel(name, packaged.carrier.file.sha256, installed=installed)
    entry = _read_registered(cache).get(name)
    if entry is not None:
        return TrainedModel(entry.architecture, entry.sha256)
    if name in catalogue.DOWNLOADS:
        raise WeightsError("setup-weights-missing", network=name)
    raise UnknownModel("errors-no-model", name=name[:40], names=list(model_names(cache=cache)))


def model_name_of(model: TrainedModel, *, cache: Path | None = None) -> str | None:
    """Returns the name of a model, or None if its weights are not known on this machine.

    Args:
        model: Architecture and weights.
        cache: Folder of converted weights; the default folder if None.
    """
    if model.architecture in catalogue.MODELS and find_model(model.architecture) == model:
        return model.architecture
    for name, entry in _read_registered(cache).items():
        if (entry.architecture, entry.sha256) == (model.architecture, model.weights):
            return name
    return None


def class_count(name: str, *, cache: Path | None = None) -> int:
    """Returns the number of classes of a model.

    Args:
        name: Name of the model.
        cache: Folder of converted weights; the default folder if None.

    Returns:
        0 for a registered model without a classifier; 1000 (ImageNet) for models that are not registered.
    """
    entry = _read_registered(cache).get(name)
    return entry.classes if entry is not None else 1000


def _read_registered(cache: Path | None) -> dict[str, RegisteredModel]:
    return read_registry(cache or files.default_folder())


class CheckpointError(UserError):
    """A checkpoint cannot be added as a model; the message gives the reason."""


def add_checkpoint(name: str, architecture: str, path: Path, *, cache: Path | None = None) -> RegisteredModel:
    """Adds a checkpoint as a model, replacing an earlier one of the same name.

    Args:
        name: Name of the new model.
        architecture: One of `dreambot.zoo.compatibility.TORCHVISION_NAMES`.
        path: File of the checkpoint.
        cache: Folder of converted weights; the default folder if None.

    Raises:
        CheckpointError: The name is not allowed, or the checkpoint cannot be used.
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
    """Removes a model that was added or fetched from torchvision, and its tensors.

    Args:
        name: Name of the model.
        cache: Folder of converted weights; the default folder if None.

    Raises:
        CheckpointError: There is no such model.
    """
    try:
        unregister(cache or files.default_folder(), name)
    except KeyError:
        raise CheckpointError("cli-network-not-added", name=name) from None


def import_checkpoint(
    name: str, architecture: str, path: Path, cache: Path
) -> tuple[RegisteredModel, dict[str, Array]]:
    """Converts a checkpoint, stores its tensors and registers it.

    Args:
        name: Name of the model.
        architecture: One of `dreambot.zoo.compatibility.TORCHVISION_NAMES`.
        path: File of the checkpoint.
        cache: Folder of converted weights.

    Returns:
        The registered model and its tensors.

    Raises:
        CheckpointError: The checkpoint cannot be used.
        OSError: A file cannot be read or written.
    """
    # Imports torchvision.
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
