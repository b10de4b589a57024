"""Decodes the first picture of a file, upright and in sRGB; `probe` describes the file."""

import hashlib
import math
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from PIL import Image

from dreambot.media.frames import frame_durations
from dreambot.media.picture import Picture, PictureError
from dreambot.media.picture_file import (
    MAX_PIXELS,
    ORIENTATION_TRANSPOSES,
    PictureFile,
    check_file,
    exif_orientation,
    open_picture,
    require_complete,
    translate_decoder_errors,
)
from dreambot.media.raster import Raster
from dreambot.media.srgb import fill_transparent, to_rgb
from dreambot.media.video_decode import decode_video_frames, detect_video_format, read_video_info
from dreambot.media.visual_masking import LONG_SIDE, masking_quantiles

MIN_VISIBLE_ALPHA = 8
"""Alpha, up to 255, below which nothing can be seen on any background."""
_MAX_INVISIBLE_FRAMES = 100


def decode(
    path: Path,
    *,
    max_pixels: int | None = None,
    size: tuple[int, int] | None = None,
    hard_limit: int = MAX_PIXELS,
) -> Picture:
    """Decodes the picture in a file, scaled down (aspect kept) to at most max_pixels, or to exactly `size`.

    Of an animation or a video it is the first frame that is not transparent.

    Args:
        path: The file.
        max_pixels: Limit on the pixels of the result; None for no limit.
        size: (width, height) of the result, larger or smaller than the picture as displayed.
        hard_limit: Files with more pixels are refused before they are decoded.

    Raises:
        PictureError: The file cannot be used.
    """
    check_file(path)
    decoded_pixels = 4 * size[0] * size[1] if size else max_pixels
    if decoded_pixels is None:
        decoded_pixels = hard_limit
    kind = detect_video_format(path)
    if kind:
        picture = decode_first_video_frame(path, kind, decoded_pixels, hard_limit)
    else:
        with open_picture(path, hard_limit) as file, translate_decoder_errors(path):
            picture, _ = decode_picture_file(file, decoded_pixels)
    require_visible(picture)
    return picture if size is None else resize(picture, size)


def decode_first_video_frame(path: Path, kind: str, max_pixels: int, hard_limit: int) -> Picture:
    """Decodes a video's first frame.

    Args:
        path: The file.
        kind: MP4, MOV or WEBM.
        max_pixels: The frame is scaled down to at most this many.
        hard_limit: Videos with more pixels are refused before they are decoded.

    Raises:
        PictureError: The file cannot be used.
    """
    with path.open("rb") as file:
        get_frame, _ = next(decode_video_frames(file, kind, hard_limit))
        picture = Picture(get_frame(None))
    return resize(picture, fit_size((picture.width, picture.height), max_pixels))


def resize(picture: Picture, size: tuple[int, int]) -> Picture:
    """Returns the picture at exactly this size, with its transparency.

    Args:
        picture: The picture.
        size: (width, height).
    """
    if (picture.width, picture.height) == size:
        return picture
    opacity = None if picture.alpha is None else Image.fromarray(picture.alpha)
    rgb, alpha = _resize_image(Image.fromarray(picture.rgb), opacity, size)
    if alpha is None:
        return Picture(np.array(rgb), missing=picture.missing)
    new_opacity = np.array(alpha)
    return Picture(fill_transparent(np.asarray(rgb), new_opacity), new_opacity, picture.missing)


def decode_picture_file(file: PictureFile, max_pixels: int) -> tuple[Picture, tuple[int, int]]:
    """Decodes an opened picture, or the first frame of an animation.

    Args:
        file: A file that was just opened.
        max_pixels: The picture is scaled down to at most this many, at least 1.

    Returns:
        The picture, upright, and the (width, height) that it has when it is not scaled down.

    Raises:
        PictureError: More than 15 % of it is missing.
        Exception: Any exception that decoders raise on damaged input.
    """
    if max_pixels < 1:
        raise ValueError(f"max_pixels must be at least 1, not {max_pixels}")
    # Decoding a JPEG at 1/2, 1/4 or 1/8 is nearly free; twice the size is enough for LANCZOS.
    width, height = fit_size(file.size, max_pixels)
    raster = require_complete(file.first((2 * width, 2 * height)))
    if raster.image.mode == "RGBA" and not _is_visible(raster.image) and file.delays(1):
        raster = _first_visible_frame(file) or raster
    value = exif_orientation(raster.image)
    turn = ORIENTATION_TRANSPOSES.get(value)
    rgb, alpha = to_rgb(raster.image)
    # Loading has rotated a TIFF already, and may have scaled a JPEG down.
    full = rgb.size if file.format == "TIFF" else file.size
    full = full[::-1] if value >= 5 else full
    size = fit_size(rgb.size, max_pixels)
    if size != rgb.size:
        rgb, alpha = _resize_image(rgb, alpha, size)
    if turn is not None:
        rgb = rgb.transpose(turn)
        alpha = alpha.transpose(turn) if alpha else None
    if alpha is None:
        return Picture(np.array(rgb), missing=raster.missing), full
    opacity = np.array(alpha)
    return Picture(fill_transparent(np.asarray(rgb), opacity), opacity, raster.missing), full


def _first_visible_frame(file: PictureFile) -> Raster | None:
    """Returns the first frame of an animation that is not transparent."""
    frames = (raster for raster, _ in islice(file.frames(), _MAX_INVISIBLE_FRAMES))
    return next((raster for raster in frames if _is_visible(raster.image)), None)


def _is_visible(image: Image.Image) -> bool:
    return bool(np.asarray(image.getchannel("A")).max() >= MIN_VISIBLE_ALPHA)


def require_visible(picture: Picture) -> None:
    """Checks that something of a picture can be seen.

    Args:
        picture: The picture.

    Raises:
        PictureError: All of it is transparent.
    """
    if picture.alpha is not None and picture.alpha.max() < MIN_VISIBLE_ALPHA:
        raise PictureError("errors-invisible")


def fit_size(size: tuple[int, int], max_pixels: int) -> tuple[int, int]:
    """Returns the largest (width, height) of the same aspect with at most max_pixels; never larger than size.

    Args:
        size: (width, height).
        max_pixels: Limit on the pixels.
    """
    width, height = size
    if width * height <= max_pixels:
        return size
    scale = math.sqrt(max_pixels / (width * height))
    short = max(1, math.floor(min(size) * scale))
    long = max(1, min(math.floor(max(size) * scale), max_pixels // short))
    return (long, short) if width >= height else (short, long)


def _resize_image(
    rgb: Image.Image, alpha: Image.Image | None, size: tuple[int, int]
) -> tuple[Image.Image, Image.Image | None]:
    if alpha is None:
        return rgb.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0), None
    # Premultiplied, or the colours under transparent pixels would bleed into the visible edge.
    rgba = rgb.convert("RGBA")
    rgba.putalpha(alpha)
    small = rgba.convert("RGBa").resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0).convert("RGBA")
    return small.convert("RGB"), small.getchannel("A")


MAX_FRAMES = 2000
# Enough for an exact long side of 512 at any allowed aspect, and few enough to be fast.
PROBE_PIXELS = 4 * LONG_SIDE * LONG_SIDE


def file_sha256(path: Path) -> str:
    """Returns the sha256 of a file in hex, which identifies it in a recipe.

    Args:
        path: The file.

    Raises:
        OSError: It cannot be read.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@dataclass(frozen=True)
class Probe:
    """Facts about a picture or video file, from decoding it once.

    Attributes:
        format: PNG, JPEG, WEBP, GIF, BMP, TIFF, AVIF, MP4, MOV or WEBM.
        width: In pixels, as displayed (upright).
        height: In pixels, as displayed (upright).
        frames: 1 for a still; of a video at most 2000 are counted.
        seconds: How long those are displayed, 0 for a still.
        has_alpha: Whether some pixel is not opaque.
        size: In bytes.
        sha256: Of the file, in hex.
        masking: 33 rising quantiles of the change that each spot of the first frame hides, see
            dreambot.media.visual_masking.
    """

    format: str
    width: int
    height: int
    frames: int
    seconds: float
    has_alpha: bool
    size: int
    sha256: str
    masking: tuple[float, ...]

    @property
    def moves(self) -> bool:
        """Whether it is an animation or a video of more than one frame."""
        return self.frames > 1 and self.seconds > 0

    @property
    def fps(self) -> float:
        """Average frames per second; 0 for a still."""
        return self.frames / self.seconds if self.moves else 0.0


def probe(path: Path, *, hard_limit: int = MAX_PIXELS) -> Probe:
    """Reads, hashes and decodes a file once.

    Args:
        path: The file.
        hard_limit: Files with more pixels are refused before they are decoded.

    Raises:
        PictureError: It is not a picture, damaged, or beyond the limits.
    """
    check_file(path)
    kind = detect_video_format(path)
    contents = _probe_video(path, kind, hard_limit) if kind else _probe_picture(path, hard_limit)
    require_visible(contents.first)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        size = file.tell()
    rgb, has_alpha = contents.first.rgb, contents.first.alpha is not None
    return Probe(
        format=contents.format,
        width=contents.width,
        height=contents.height,
        frames=contents.frames,
        seconds=contents.seconds,
        has_alpha=has_alpha,
        size=size,
        sha256=digest,
        masking=masking_quantiles(rgb),
    )


@dataclass(frozen=True)
class _Contents:
    """The facts about a file's content; `first` is its first frame with at most PROBE_PIXELS."""

    format: str
    width: int
    height: int
    frames: int
    seconds: float
    first: Picture


def _probe_video(path: Path, kind: str, hard_limit: int) -> _Contents:
    with path.open("rb") as file:
        info = read_video_info(file, kind, hard_limit, MAX_FRAMES)
    first = decode_first_video_frame(path, kind, PROBE_PIXELS, hard_limit)
    return _Contents(kind, info.width, info.height, info.frames, info.seconds, first)


def _probe_picture(path: Path, hard_limit: int) -> _Contents:
    with open_picture(path, hard_limit) as file:
        with translate_decoder_errors(path):
            times = frame_durations(file, MAX_FRAMES)
        frames = max(file.pages, len(times))
        if frames > MAX_FRAMES:
            raise PictureError("errors-animation-long", most=MAX_FRAMES)
        with translate_decoder_errors(path):
            picture, (width, height) = decode_picture_file(file, PROBE_PIXELS)
    seconds = sum(times) / 1000 if len(times) > 1 else 0.0
    return _Contents(file.format, width, height, frames, seconds, picture)
