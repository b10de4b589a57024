"""What a file is, before anybody promises to dream on it."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from PIL import Image

from dreambot.media.chunks import gif_frames, png_frames
from dreambot.media.decode import orientation, pixels
from dreambot.media.masking import LONG_SIDE, masking
from dreambot.media.opening import MAX_PIXELS, opened, understandable
from dreambot.media.picture import PictureError

__all__ = ["MAX_FRAMES", "PictureError", "Probe", "probe"]

MAX_FRAMES = 2000
# Enough for an exact long side of 512 at any bearable aspect, and few enough to stay quick
PROBE_PIXELS = 4 * LONG_SIDE * LONG_SIDE


@dataclass(frozen=True)
class Probe:
    """A picture file that was really decoded once.

    format: PNG, JPEG, WEBP, GIF, BMP, TIFF or AVIF. width, height: as displayed (EXIF orientation applied).
    frames: 1 for a still. has_alpha: some pixel is not opaque. size: bytes. sha256: hex, of the file.
    masking: 33 rising quantiles of the change each spot hides, see dreambot.media.masking.
    """

    format: str
    width: int
    height: int
    frames: int
    has_alpha: bool
    size: int
    sha256: str
    masking: tuple[float, ...]


def probe(path: Path, *, hard_limit: int = MAX_PIXELS) -> Probe:
    """Reads, hashes and decodes a file once. hard_limit: pixels above which it is refused undecoded.

    Raises PictureError when it is no picture, damaged, or beyond the limits.
    """
    with opened(path, hard_limit) as image:
        kind = "JPEG" if image.format == "MPO" else str(image.format)
        with understandable(path):
            frames = _frames(path, image)
        if frames > MAX_FRAMES:
            raise PictureError(f"That animation has more than {MAX_FRAMES} frames. Send a shorter one.")
        width, height = image.size
        with understandable(path):
            picture = pixels(image, PROBE_PIXELS)
            if kind == "TIFF":
                turned = (picture.width > picture.height) != (width > height)
            else:
                turned = orientation(image) >= 5
    if turned:
        width, height = height, width
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        size = file.tell()
    return Probe(kind, width, height, frames, picture.alpha is not None, size, digest, masking(picture.rgb))


def _frames(path: Path, image: Image.Image) -> int:
    if image.format in ("PNG", "GIF"):
        with path.open("rb") as file:
            return (png_frames if image.format == "PNG" else gif_frames)(file, MAX_FRAMES)
    if image.format == "MPO":
        return 1  # a phone's photo with its depth map or second eye: not an animation
    return cast(int, getattr(image, "n_frames", 1))
