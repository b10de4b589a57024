"""Weights that torchvision publishes, for those who reach its server."""

import hashlib
from pathlib import Path
from urllib.error import URLError

from filelock import FileLock

from dreambot.zoo import own
from dreambot.zoo.carried import Progress
from dreambot.zoo.errors import WeightsError
from dreambot.zoo.registry import Registered
from dreambot.zoo.sources import Download
from dreambot.zoo.torchscript import Array


def bring(
    download: Download, cache: Path, weights_dir: Path | None, progress: Progress | None
) -> tuple[Registered, dict[str, Array]]:
    """Fetches, converts and registers the weights; a file of that name in `weights_dir` is used instead.
    The file's sha256 must begin as published. WeightsError, OSError.

    progress: told when all is there; on the way, torch shows a bar of its own on stderr.
    """
    if weights_dir is not None and (path := weights_dir / download.file).is_file():
        with path.open("rb") as stream:
            if not hashlib.file_digest(stream, "sha256").hexdigest().startswith(download.sha256_start):
                raise WeightsError(
                    f"{path} is not the file it should be: its sha256 begins otherwise than with "
                    f"{download.sha256_start}; remove it or copy it again."
                )
        return own.adopt(download.name, download.name, path, cache)
    cache.mkdir(parents=True, exist_ok=True)
    path = cache / download.file
    with FileLock(cache / f"{download.name}.lock"):
        try:
            _fetch(download, path, shown=progress is not None)
            return own.adopt(download.name, download.name, path, cache)
        finally:
            path.unlink(missing_ok=True)


def _fetch(download: Download, target: Path, *, shown: bool) -> None:
    # Seconds to import, and needed once in a machine's life.
    import torch.hub
    from torchvision.models import get_weight

    address = get_weight(download.weights).url
    try:
        torch.hub.download_url_to_file(address, str(target), download.sha256_start, progress=shown)
    except (URLError, TimeoutError, ConnectionError, RuntimeError) as error:
        reason = error.reason if isinstance(error, URLError) else error
        raise WeightsError(
            f"The weights of {download.name} could not be fetched from torchvision's server ({reason}); "
            f"where there is no internet, put {download.file} into a folder and set DREAMBOT_WEIGHTS_DIR to "
            "it, or dream with inception_v3, vgg16 or mobilenet_v2, which your package index has."
        ) from error
