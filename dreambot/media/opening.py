"""Opening files nobody should trust: type by content, limits before any pixel is decoded."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from dreambot.media.colour_tags import picture_tags
from dreambot.media.picture import PictureError

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "AVIF")
MAX_PIXELS = 50_000_000
MAX_SIDE = 32_767
MAX_ASPECT = 100
MAX_FILE_BYTES = 256 * 2**20
COLOUR_TAGS = "dreambot colour tags"
"""The key in the `info` of an opened picture for its `ColourTags`, or None."""

READABLE = "I can read PNG, JPEG, WebP, GIF, BMP, TIFF and AVIF, and MP4, MOV and WebM films."


@contextmanager
def opened(path: Path, max_pixels: int = MAX_PIXELS) -> Iterator[Image.Image]:
    """The picture in a file, header read and limits checked, pixels not yet decoded.

    Raises PictureError when it is missing, no picture, too large, or too thin.
    """
    check_file(path)
    with understandable(path):
        image = Image.open(path, formats=FORMATS)
    with image:
        check_size(*image.size, max_pixels)
        with understandable(path):
            tags = picture_tags(path, image.format, "icc_profile" in image.info)
        image.info[COLOUR_TAGS] = tags
        yield image


@contextmanager
def understandable(path: Path) -> Iterator[None]:
    """Turns whatever Pillow raises on hostile bytes into a PictureError with one plain sentence."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except PictureError:
        raise
    except UnidentifiedImageError as error:
        raise PictureError(f"That file is not a picture I can read{_looks_like(path)}. {READABLE}") from error
    except (Image.DecompressionBombError, MemoryError) as error:
        raise PictureError("That picture is too large to unpack. Try a smaller copy of it.") from error
    except Exception as error:  # Pillow's parsers raise nearly anything on damaged input
        raise PictureError(
            "That picture is damaged: part of it is missing or makes no sense. Try saving it again."
        ) from error


def check_file(path: Path) -> None:
    """Raises PictureError unless path is an ordinary file of a bearable size."""
    if not path.is_file():
        raise PictureError(f"There is no file called {path.name!r}. Check the name and try again.")
    size = path.stat().st_size
    if size == 0:
        raise PictureError("That file is empty. Try uploading it again.")
    if size > MAX_FILE_BYTES:
        raise PictureError(f"That file is larger than {MAX_FILE_BYTES // 2**20} MiB. Try a smaller copy.")


def check_size(width: int, height: int, max_pixels: int) -> None:
    """Raises PictureError for sizes that are empty, enormous, or thinner than anyone could look at."""
    shape = f"{width}×{height}"
    if width < 1 or height < 1:
        raise PictureError(f"That picture says it is {shape} pixels, which is damaged. Try saving it again.")
    if width * height > max_pixels or max(width, height) > MAX_SIDE:
        raise PictureError(
            f"That picture is too large ({shape}). Send one of at most {max_pixels / 1e6:.0f} megapixels"
            f" and {MAX_SIDE} pixels a side."
        )
    if max(width, height) > MAX_ASPECT * min(width, height):
        raise PictureError(
            f"That picture is too thin ({shape}). Its long side may be {MAX_ASPECT} times its short one."
        )


def _looks_like(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(512)
    if start[4:8] == b"ftyp" and start[8:12] in (b"avif", b"avis"):
        what = "the beginning of an AVIF picture"
    elif start[4:8] == b"ftyp":
        what = "a HEIC picture" if start[8:12] in (b"heic", b"heix", b"mif1", b"hevc") else "a video"
    elif start.startswith(b"%PDF"):
        what = "a PDF"
    elif start.startswith((b"\x1aE\xdf\xa3", b"OggS")):
        what = "a video"
    elif start.startswith(b"PK"):
        what = "a ZIP archive"
    elif b"<svg" in start.lower():
        what = "an SVG drawing"
    elif start.lstrip().lower().startswith((b"<!doctype", b"<html")):
        what = "a web page"
    elif not set(start) & set(b"\0\x01\x02\x03\x04\x05\x06\x07\x0e\x0f"):
        what = "text"
    else:
        return ""
    return f" (it looks like {what})"
