"""Opens untrusted picture files: detects the format by content and checks limits before any pixel is
decoded."""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol, cast

import numpy as np
from PIL import Image, UnidentifiedImageError

from dreambot.media.colour import COLOUR_TAGS_KEY, avif_colour_tags
from dreambot.media.containers import PNG_SIGNATURE, webp_frame_delays
from dreambot.media.gif import SIGNATURES as GIF_SIGNATURES
from dreambot.media.gif import GifFile
from dreambot.media.jpeg import JpegFile
from dreambot.media.picture import PictureError
from dreambot.media.png import PngFile
from dreambot.media.raster import Raster, hide_missing_pixels
from dreambot.media.signatures import identify_unsupported, readable_formats

_PILLOW_FORMATS = ("WEBP", "BMP", "TIFF", "AVIF")
"""Formats that Pillow reads by itself."""
_ANIMATED_FORMATS = frozenset({"WEBP", "AVIF"})
MAX_PIXELS = 50_000_000
MAX_SIDE = 32_767
MAX_ASPECT = 100
MAX_FILE_BYTES = 256 * 2**20
MIN_COMPLETE_SHARE = 0.85
"""How much of a picture must be there for it to be dreamed. Nine tenths of a file are a little less of its
pixels: headers come first, and not every part of a picture takes up as many bytes."""


class PictureFile(Protocol):
    """An opened picture, its pixels not yet decoded.

    format: as Pillow names it. size: (width, height) in pixels, as stored. loops: how often an animation is
    shown, 0 for ever; for some formats known once a frame was decoded. pages: how many pictures it has that
    are not frames of an animation, 1 if none besides the first.
    """

    @property
    def format(self) -> str: ...
    @property
    def size(self) -> tuple[int, int]: ...
    @property
    def loops(self) -> int: ...
    @property
    def pages(self) -> int: ...

    def delays(self, most: int) -> list[float]:
        """For how many milliseconds each frame asks to be shown, at most most + 1 of them; empty for a
        still."""

    def first(self, enough: tuple[int, int] | None = None) -> Raster:
        """The picture, or the first frame of an animation. enough: (width, height) in pixels that it may be
        scaled down to where that saves time."""

    def frames(self) -> Iterator[tuple[Raster, float]]:
        """Each frame, to be used before the next one is asked for, and its delay in milliseconds."""


class PillowFile:
    """A `PictureFile` of a format that Pillow reads as browsers do."""

    def __init__(self, file: BinaryIO) -> None:
        """Reads the header.

        Args:
            file: stays open while this is used.

        Raises:
            UnidentifiedImageError: It is of no such format.
        """
        self._file = file
        image = self._image = Image.open(file, formats=_PILLOW_FORMATS)
        # Pillow looks for an orientation there, browsers do not
        image.info.pop("xmp", None)
        if image.format == "AVIF" and "icc_profile" not in image.info:
            image.info[COLOUR_TAGS_KEY] = avif_colour_tags(file)
        self.format, self.size = str(image.format), image.size
        self.pages = cast(int, getattr(image, "n_frames", 1)) if self.format == "TIFF" else 1

    @property
    def loops(self) -> int:
        """See `PictureFile`."""
        # An AVIF that does not say it is shown for ever, others once
        return int(self._image.info.get("loop", 0 if self.format == "AVIF" else 1))

    def exif(self) -> Image.Exif:
        """What the EXIF data of the file holds."""
        return self._image.getexif()

    def delays(self, most: int) -> list[float]:
        """See `PictureFile`."""
        if self.format == "WEBP":
            return webp_frame_delays(self._file, most)
        if self.format == "AVIF":
            # They are not told apart before they are decoded; nearly always they are equal
            self._image.load()
            frames = min(cast(int, getattr(self._image, "n_frames", 1)), most + 1)
            return [float(self._image.info.get("duration", 0))] * frames
        return []

    def first(self, enough: tuple[int, int] | None = None) -> Raster:
        """See `PictureFile`."""
        try:
            self._image.load()
        except OSError:
            if self.format != "BMP":
                raise
            return self._cut_off_bitmap()
        if self.format == "WEBP":
            # Browsers do not turn these
            self._image.info.pop("exif", None)
        return Raster(self._image)

    def _cut_off_bitmap(self) -> Raster:
        self._file.seek(0)
        data, most = self._file.read(), 4 * self.size[0] * self.size[1]
        # Pixels that are not there differ with what the file is filled up with
        images = [Image.open(io.BytesIO(data + most * fill), formats=("BMP",)) for fill in (b"\0", b"\xff")]
        for image in images:
            image.load()
        first, other = (np.asarray(image).reshape(image.height, image.width, -1) for image in images)
        return hide_missing_pixels(images[0].convert("RGB"), (first != other).any(axis=2), interlaced=False)

    def frames(self) -> Iterator[tuple[Raster, float]]:
        """See `PictureFile`."""
        for index in range(
            cast(int, getattr(self._image, "n_frames", 1)) if self.format in _ANIMATED_FORMATS else 1
        ):
            self._image.seek(index)
            raster = self.first()
            yield raster, float(self._image.info.get("duration", 0))


@contextmanager
def open_picture(path: Path, max_pixels: int = MAX_PIXELS) -> Iterator[PictureFile]:
    """The picture in a file, its limits checked, its pixels not yet decoded.

    Args:
        path: the file.
        max_pixels: above which it is refused.

    Raises:
        PictureError: It is missing, no picture, too large, or too thin.
    """
    check_file(path)
    with path.open("rb") as file:
        with translate_decoder_errors(path):
            sort = identify_unsupported(path)
            if sort and sort[0] == "raw":
                raise unreadable_file_error(path)
            picture = read_picture_file(file)
        check_size(*picture.size, max_pixels)
        yield picture


def read_picture_file(file: BinaryIO) -> PictureFile:
    """The picture in an open file, whatever its size. Raises what decoders raise on damaged input."""
    start = file.read(8)
    file.seek(0)
    if start == PNG_SIGNATURE:
        return PngFile(file.read())
    if start.startswith(GIF_SIGNATURES):
        return GifFile(file.read())
    if start.startswith(b"\xff\xd8\xff"):
        return JpegFile(file.read())
    return PillowFile(file)


def require_complete(raster: Raster) -> Raster:
    """The picture, unless too much of it is missing. Raises PictureError."""
    if raster.missing > 1 - MIN_COMPLETE_SHARE:
        raise PictureError("errors-cut-off")
    return raster


@contextmanager
def translate_decoder_errors(path: Path) -> Iterator[None]:
    """Turns whatever Pillow raises on hostile bytes into a PictureError with one plain sentence."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except PictureError:
        raise
    except UnidentifiedImageError as error:
        raise unreadable_file_error(path) from error
    except (Image.DecompressionBombError, MemoryError) as error:
        raise PictureError("errors-picture-unpack") from error
    except Exception as error:  # Pillow's parsers raise nearly anything on damaged input
        raise PictureError("errors-picture-damaged") from error


def check_file(path: Path) -> None:
    """Raises PictureError unless path is an ordinary file of a bearable size."""
    if not path.is_file():
        raise PictureError("errors-no-file", name=path.name)
    size = path.stat().st_size
    if size == 0:
        raise PictureError("errors-empty-file")
    if size > MAX_FILE_BYTES:
        raise PictureError("errors-file-too-large", most=MAX_FILE_BYTES // 2**20)


def check_size(width: int, height: int, max_pixels: int) -> None:
    """Raises PictureError for sizes that are empty, enormous, or thinner than anyone could look at."""
    shape = f"{width}×{height}"
    if width < 1 or height < 1:
        raise PictureError("errors-picture-says", size=shape)
    if width * height > max_pixels or max(width, height) > MAX_SIDE:
        raise PictureError("errors-too-big", size=shape, most=round(max_pixels / 1e6), side=MAX_SIDE)
    if max(width, height) > MAX_ASPECT * min(width, height):
        raise PictureError("errors-picture-thin", size=shape, most=MAX_ASPECT)


def unreadable_file_error(path: Path) -> PictureError:
    """What to say of a file that none of the decoders knows."""
    kind, name = identify_unsupported(path) or ("", "")
    match kind:
        case "audio":
            code = "errors-no-picture-audio"
        case "raw":
            code = "errors-no-picture-raw"
        case "format":
            code = "errors-no-picture-format"
        case "text":
            code = "errors-no-picture-text"
        case "page":
            code = "errors-no-picture-page"
        case _:
            if _has_picture_header(path):
                return PictureError("errors-picture-damaged")
            code = "errors-no-picture-file"
    params = {"format": name} if name else {}
    return PictureError(code, **params, formats=readable_formats())


def _has_picture_header(path: Path) -> bool:
    with path.open("rb") as file:
        start = file.read(12)
    riff = start.startswith(b"RIFF") and start[8:12] == b"WEBP"
    return riff or start[4:12] in (b"ftypavif", b"ftypavis") or start.startswith((b"BM", b"II*\0", b"MM\0*"))
