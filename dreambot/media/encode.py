"""Encodes a picture within a size limit: PNG if it fits, otherwise the best WebP or JPEG that does."""

import io
import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from PIL import Image

from dreambot.media.metadata import recipe_exif, recipe_png_info
from dreambot.media.picture import Picture, Pixels

QUALITIES = (95, 90, 82, 72, 60, 45)
WEBP_MAX_SIDE = 16_383
JPEG_MAX_SIDE = 65_500
EXTENSIONS = {"PNG": "png", "WEBP": "webp", "JPEG": "jpg"}
PREVIEW_MAX_SIDE = 512
PREVIEW_QUALITY = 75


@dataclass(frozen=True)
class EncodedFile:
    """A picture or video file in memory.

    Attributes:
        data: The file.
        format: PNG, WEBP, JPEG, GIF or MP4.
        extension: Without a dot.
        width: In pixels.
        height: In pixels.
    """

    data: bytes
    format: str
    extension: str
    width: int
    height: int


def encode(
    picture: Picture, *, limit: int | None = None, recipe_json: str | None = None, format: str | None = None
) -> EncodedFile:
    """Encodes a picture within a size limit.

    The file is a PNG, pixel for pixel, if it fits. Otherwise it is WebP or JPEG (JPEG only without alpha) at
    the highest quality that fits, the closer of the two to the original; then the same at smaller
    sizes. This never fails: if not even one pixel fits, one pixel is returned.

    Args:
        picture: The picture.
        limit: Bytes that the file may have; None for any size.
        recipe_json: Recipe to store in the file: always in a PNG; in WebP and JPEG as long as the picture
            keeps its size.
        format: "PNG", "WEBP" or "JPEG" for only that one. JPEG puts transparent pictures on white.
    """
    if format is not None and format not in EXTENSIONS:
        raise ValueError(f"format must be one of {', '.join(EXTENSIONS)}, not {format!r}")
    image = _to_image(picture)
    if format in (None, "PNG"):
        png = _encode_png(image, recipe_json)
        if limit is None or len(png.data) <= limit:
            return png
    formats = [format] if format else ["WEBP"] if image.mode == "RGBA" else ["WEBP", "JPEG"]
    return _encode_smaller(image, formats, limit, recipe_json)


def encode_preview(rgb: Pixels) -> bytes:
    """Encodes a small JPEG, its long side at most 512.

    Args:
        rgb: (height, width, 3) uint8 sRGB.
    """
    image = Image.fromarray(rgb)
    image.thumbnail((PREVIEW_MAX_SIDE, PREVIEW_MAX_SIDE), Image.Resampling.BILINEAR)
    return _save(image, "JPEG", quality=PREVIEW_QUALITY)


def _encode_smaller(
    image: Image.Image, formats: list[str], limit: int | None, recipe_json: str | None
) -> EncodedFile:
    """Returns the first of ever smaller copies that fits, else a single pixel."""
    for smaller in _downscaled_copies(image):
        stored_recipe = recipe_json if smaller.size == image.size else None
        if "PNG" in formats:
            candidate: EncodedFile | None = _encode_png(smaller, stored_recipe)
        else:
            candidate = _encode_best_quality(smaller, formats, limit, stored_recipe)
        if candidate is not None and (
            limit is None or len(candidate.data) <= limit or max(smaller.size) == 1
        ):
            return candidate
    raise AssertionError("the last size is one pixel")


def _downscaled_copies(image: Image.Image) -> Iterator[Image.Image]:
    """The picture, then ever smaller copies down to one pixel; each has half the pixels of the last."""
    yield image
    scale = 1.0
    while True:
        scale *= math.sqrt(0.5)
        size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
        yield image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
        if size == (1, 1):
            return


def _encode_best_quality(
    image: Image.Image, formats: list[str], limit: int | None, recipe_json: str | None
) -> EncodedFile | None:
    """Encodes at the highest quality at which any of the formats fits.

    Of several that fit, the closest to the original is returned. None if nothing fits, except that a single
    pixel is always returned.
    """
    low, high = 0, len(QUALITIES) - 1
    best: list[EncodedFile] = []
    while low <= high:  # files shrink with quality, so a binary search finds it
        middle = (low + high) // 2
        candidates = [
            _encode_lossy(image, name, QUALITIES[middle], recipe_json)
            for name in formats
            if _can_hold(name, image)
        ]
        fitting = [file for file in candidates if limit is None or len(file.data) <= limit]
        if fitting:
            best, high = fitting, middle - 1
        else:
            low = middle + 1
            if max(image.size) == 1:
                best = [min(candidates, key=lambda file: len(file.data))]
    if len(best) < 2:
        return best[0] if best else None
    return min(best, key=lambda file: _mean_squared_error(image, file))


def _can_hold(name: str, image: Image.Image) -> bool:
    return max(image.size) <= (WEBP_MAX_SIDE if name == "WEBP" else JPEG_MAX_SIDE)


def _mean_squared_error(image: Image.Image, file: EncodedFile) -> float:
    with Image.open(io.BytesIO(file.data)) as decoded:
        difference = np.asarray(decoded.convert("RGB"), np.int16) - np.asarray(image, np.int16)
    return float(np.square(difference, dtype=np.float32).mean())


def _encode_lossy(image: Image.Image, name: str, quality: int, recipe_json: str | None) -> EncodedFile:
    if name == "JPEG":
        flat = _flatten_on_white(image)
        # Full colour resolution at high quality: dreams consist of small coloured detail.
        subsampling = 0 if quality >= 90 else 2
        data = _save(flat, "JPEG", quality=quality, subsampling=subsampling, exif=recipe_exif(recipe_json))
    else:
        data = _save(image, "WEBP", quality=quality, method=4, exif=recipe_exif(recipe_json))
    return EncodedFile(data, name, EXTENSIONS[name], *image.size)


def _encode_png(image: Image.Image, recipe_json: str | None) -> EncodedFile:
    return EncodedFile(_save(image, "PNG", pnginfo=recipe_png_info(recipe_json)), "PNG", "png", *image.size)


def _flatten_on_white(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return image
    white = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(white, image).convert("RGB")


def _save(image: Image.Image, name: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, name, **options)
    return file.getvalue()


def _to_image(picture: Picture) -> Image.Image:
    if picture.alpha is None:
        return Image.fromarray(picture.rgb)
    return Image.fromarray(np.dstack([picture.rgb, picture.alpha]))
