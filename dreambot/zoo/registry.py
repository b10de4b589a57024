"""The weights on this machine that no package carries, by name: an operator's own checkpoints, and what
torchvision published. One small JSON file beside them says what each is."""

import os
from pathlib import Path
from typing import Annotated

from filelock import FileLock
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from dreambot.recipe.guide import SHA256
from dreambot.zoo.errors import WeightsError

FILE = "registered.json"
NAME = r"^[a-z][a-z0-9_-]{0,31}$"

Sha256 = Annotated[str, Field(pattern=SHA256)]


class Registered(BaseModel):
    """One network: which architecture it is of, the sha256 of the file it came as, the fingerprint of its
    tensors, and how many classes it tells apart (0: it has no classifier)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    architecture: Annotated[str, Field(pattern=NAME)]
    sha256: Sha256
    tensors_sha256: Sha256
    classes: Annotated[int, Field(ge=0)]

    @property
    def converted(self) -> str:
        """The name of the file that holds its tensors, in safetensors format."""
        return f"{self.architecture}-{self.sha256[:16]}.safetensors"


class _Register(BaseModel):
    model_config = ConfigDict(extra="forbid")

    models: dict[Annotated[str, Field(pattern=NAME)], Registered] = {}


def read(folder: Path) -> dict[str, Registered]:
    """What is registered in a folder of weights, by name. WeightsError if the register cannot be read."""
    path = folder / FILE
    try:
        return _Register.model_validate_json(path.read_bytes()).models
    except FileNotFoundError:
        return {}
    except (ValidationError, OSError) as error:
        raise WeightsError(
            f"{path}, which lists the checkpoints added here, cannot be read; remove it and add them again."
        ) from error


def put(folder: Path, name: str, entry: Registered) -> None:
    """Registers a network under a name, in the place of another one of that name."""
    with _lock(folder):
        models = {**read(folder), name: entry}
        _write(folder, models)


def drop(folder: Path, name: str) -> None:
    """Forgets a name, and removes its tensors unless another name has the same. KeyError."""
    with _lock(folder):
        models = read(folder)
        dropped = models.pop(name)
        _write(folder, models)
        if dropped.converted not in {entry.converted for entry in models.values()}:
            (folder / dropped.converted).unlink(missing_ok=True)


def _lock(folder: Path) -> FileLock:
    folder.mkdir(parents=True, exist_ok=True)
    return FileLock(folder / "registered.lock")


def _write(folder: Path, models: dict[str, Registered]) -> None:
    part = folder / f".{FILE}.part"
    with part.open("w", encoding="utf-8") as stream:
        stream.write(_Register(models=models).model_dump_json(indent=1) + "\n")
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(folder / FILE)
