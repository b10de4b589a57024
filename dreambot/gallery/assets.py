"""The gallery's own files: style sheet, script, icon, and the pictures of layers and presets."""

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

CONTENT_TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "gif": "image/gif",
    "mp4": "video/mp4",
    "webm": "video/webm",
}
"""The content type of each file that the gallery serves, by its extension."""
_HASH_LENGTH = 16


@dataclass(frozen=True)
class Asset:
    """A file of the package.

    Attributes:
        data: The file.
        tag: The beginning of its hash, which is part of its address.
    """

    data: bytes
    tag: str


def load_asset(name: str) -> Asset | None:
    """Reads a file once.

    Args:
        name: The file's name; that of a layer's picture is `layer-MODEL-LAYER.jpg`, that of a preset's
            `preset-NAME.jpg`.

    Returns:
        The file; None if there is none of that name.
    """
    # Names come from strangers: only those of files are cached.
    return _read(name) if name in _known_files() else None


@cache
def _read(name: str) -> Asset:
    data = _known_files()[name].read_bytes()
    return Asset(data, hashlib.sha256(data).hexdigest()[:_HASH_LENGTH])


@cache
def _known_files() -> dict[str, Traversable]:
    layers = files("dreambot.bot.pages") / "layer_images"
    own = files("dreambot.gallery")
    return {
        **{f"layer-{path.name}": path for path in layers.iterdir() if path.name.endswith(".jpg")},
        **{path.name: path for path in (own / "presets").iterdir() if path.name.endswith(".jpg")},
        **{path.name: path for path in (own / "static").iterdir() if path.is_file()},
    }
