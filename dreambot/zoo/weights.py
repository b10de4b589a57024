"""Brings a model's weights to this machine and reads them, whoever they come from.

Whatever is downloaded is checked by sha256 before it is opened. The tensors stay in a cache in safetensors
format, all else is removed.
"""

import os
from collections.abc import Callable
from pathlib import Path

from dreambot.recipe.trained import Trained
from dreambot.zoo import cache as files
from dreambot.zoo import carried, catalogue, downloads, known, registry
from dreambot.zoo.errors import WeightsError
from dreambot.zoo.torchscript import Array

__all__ = ["WeightsError", "locate", "pull", "tensors", "tensors_of", "weights_sha256"]

Progress = Callable[[int, int], None]


def weights_sha256(name: str, *, cache: Path | None = None) -> str:
    """What identifies the weights in a recipe: the sha256 of the file their authors or carrier give out.
    UnknownModel, WeightsError."""
    return known.trained(name, cache=cache).weights


def locate(name: str, *, cache: Path | None = None, weights_dir: Path | None = None) -> Path | None:
    """Where the converted weights lie already; None if `pull` would have to bring them. Not checked."""
    cache = cache or files.default_folder()
    weights_dir = weights_dir or _own_folder()
    if name in catalogue.MODELS:
        converted = catalogue.MODELS[name].converted
        folders = [weights_dir, cache] if weights_dir else [cache]
    elif entry := registry.read(cache).get(name):
        converted, folders = entry.converted, [cache]
    else:
        _require(name, cache)
        return None
    return next((folder / converted for folder in folders if (folder / converted).is_file()), None)


def pull(
    name: str,
    *,
    cache: Path | None = None,
    weights_dir: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Path:
    """The converted weights' file, checked; downloaded first if need be. Blocks.

    cache: where it is kept (default: the user's cache folder).
    weights_dir: a folder where somebody may have put the archive, the file inside it, the converted file, or
    the file that torchvision publishes (default: DREAMBOT_WEIGHTS_DIR from the environment); what lies there
    is used first.
    progress: called with the bytes downloaded and the bytes there will be.
    UnknownModel; WeightsError if the weights cannot be had or kept.
    """
    return _ready(name, cache, weights_dir, progress)[0]


def tensors(name: str, *, cache: Path | None = None, weights_dir: Path | None = None) -> dict[str, Array]:
    """The weights themselves, by name; like `pull`."""
    return _ready(name, cache, weights_dir, None)[1]


def tensors_of(
    model: Trained, *, cache: Path | None = None, weights_dir: Path | None = None
) -> dict[str, Array]:
    """The weights that a recipe names; like `tensors`. WeightsError if nobody here has them."""
    name = known.name_of(model, cache=cache)
    if name is None:
        raise WeightsError(
            f"This dream needs other weights of {model.architecture} than are here (sha256 "
            f"{model.weights[:12]}…); whoever has that checkpoint can add it with `dreambot models add`.",
            model.architecture,
        )
    try:
        return tensors(name, cache=cache, weights_dir=weights_dir)
    except WeightsError as error:
        error.network = error.network or name
        raise


def _own_folder() -> Path | None:
    folder = os.environ.get("DREAMBOT_WEIGHTS_DIR")
    return Path(folder).expanduser() if folder else None


def _require(name: str, cache: Path) -> None:
    """UnknownModel unless people may say `name`."""
    if name not in catalogue.DOWNLOADS:
        known.trained(name, cache=cache)


def _ready(
    name: str, cache: Path | None, weights_dir: Path | None, progress: Progress | None
) -> tuple[Path, dict[str, Array]]:
    weights_dir = weights_dir or _own_folder()
    cache = cache or files.default_folder()
    _require(name, cache)
    try:
        if name in catalogue.MODELS:
            return carried.ready(catalogue.MODELS[name], cache, weights_dir, progress)
        entry = registry.read(cache).get(name)
        found = files.read(cache / entry.converted, entry) if entry else None
        if name in catalogue.DOWNLOADS and found is None:
            entry, found = downloads.bring(catalogue.DOWNLOADS[name], cache, weights_dir, progress)
        if entry is None or found is None:
            raise WeightsError(
                f"The tensors of {name} in {cache} are gone or damaged; add its checkpoint again with "
                f"`dreambot models add {name}`."
            )
        return cache / entry.converted, found
    except OSError as error:
        raise WeightsError(
            f"The weights of {name} cannot be read or kept in {error.filename or cache} "
            f"({error.strerror or error}); make room and leave to write there, or set DREAMBOT_WEIGHTS_DIR "
            f"to a folder that holds {_wanted(name)}."
        ) from error


def _wanted(name: str) -> str:
    if name in catalogue.DOWNLOADS:
        return catalogue.DOWNLOADS[name].file
    return catalogue.MODELS[name].converted if name in catalogue.MODELS else "them"
