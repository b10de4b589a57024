"""Opens untrusted picture files: detects the format by content and checks limits before decoding."""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol, cast

import numpy as np
from PIL import ExifTags, Image, UnidentifiedImageError

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
"""Share of a picture that must be present. Nine tenths of a file are slightly less of its pixels: headers
come first, and not every part of a picture takes up as many bytes."""


class PictureFile(Protocol):
    """An opened picture, its pixels not yet decoded."""

    @property
    def format(self) -> str:
        """Pillow's name of the format."""

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) in pixels, as stored."""

    @property
    def loops(self) -> int:
        """How often an animation is played, 0 for ever; for some formats known once a frame was decoded."""

    @property
    def pages(self) -> int:
        """Number of its pictures that are not frames of an animation, 1 if there is only the first."""

    def delays(self, limit: int) -> list[float]:
        """Returns the stored delay of each frame, in milliseconds; empty for a still.

        Args:
            limit: At most limit + 1 delays are returned.
        """

    def first(self, min_size: tuple[int, int] | None = None) -> Raster:
        """Decodes the picture, or the first frame of an animation.

        Args:
            min_size: (width, height) in pixels. To save time the picture may be decoded smaller, but no
                smaller than this.
        """

    def frames(self) -> Iterator[tuple[Raster, float]]:
        """Yields each frame, to be used before the next one is requested, and its delay in milliseconds."""


class PillowFile:
    """A `PictureFile` of a format that Pillow reads as browsers do."""

    def __init__(self, file: BinaryIO) -> None:
        """Reads the header.

        Args:
            file: The open file, which must stay open.

        Raises:
            UnidentifiedImageError: It is of another format.
        """
        self._file = file
        image = self._image = Image.open(file, formats=_PILLOW_FORMATS)
        # Pillow takes an orientation from it, browsers do not.
        image.info.pop("xmp", None)
        if image.format == "AVIF" and "icc_profile" not in image.info:
            image.info[COLOUR_TAGS_KEY] = avif_colour_tags(file)
        self.format, self.size = str(image.format), image.size
        self.pages = cast(int, getattr(image, "n_frames", 1)) if self.format == "TIFF" else 1

    @property
    def loops(self) -> int:
        """See `PictureFile`."""
        # An AVIF without a loop count is played for ever, others once.
        return int(self._image.info.get("loop", 0 if self.format == "AVIF" else 1))

    def exif(self) -> Image.Exif:
        """Returns the content of the file's EXIF data."""
        return self._image.getexif()

    def delays(self, limit: int) -> list[float]:
        """See `PictureFile`.

        Args:
            limit: See `PictureFile`.
        """
        if self.format == "WEBP":
            return webp_frame_delays(self._file, limit)
        if self.format == "AVIF":
            # Delays are not known before decoding; nearly always they are equal.
            self._image.load()
            frames = min(cast(int, getattr(self._image, "n_frames", 1)), limit + 1)
            return [float(self._image.info.get("duration", 0))] * frames
        return []

    def first(self, min_size: tuple[int, int] | None = None) -> Raster:
        """See `PictureFile`.

        Args:
            min_size: Ignored.
        """
        try:
            self._image.load()
        except OSError:
            if self.format != "BMP":
                raise
            return self._truncated_bitmap()
        if self.format == "WEBP":
            # Browsers ignore its orientation.
            self._image.info.pop("exif", None)
        return Raster(self._image)

    def _truncated_bitmap(self) -> Raster:
        self._file.seek(0)
        data, padding = self._file.read(), 4 * self.size[0] * self.size[1]
        # Missing pixels differ with what the file is padded with.
        images = [
            Image.open(io.BytesIO(data + padding * fill), formats=("BMP",)) for fill in (b"\0", b"\xff")
        ]
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
    """Opens the picture in a file, checks its limits, and does not decode its pixels yet.

    Args:
        path: The file.
        max_pixels: Larger pictures are refused.

    Raises:
        PictureError: It is missing, not a picture, too large, or too thin.
    """
    check_file(path)
    with path.open("rb") as file:
        with translate_decoder_errors(path):
            unsupported = identify_unsupported(path)
            if unsupported and unsupported[0] == "raw":
                raise unreadable_file_error(path)
            picture = read_picture_file(file)
        check_size(*picture.size, max_pixels)
        yield picture


def read_picture_file(file: BinaryIO) -> PictureFile:
    """Reads the header of the picture in an open file, without checking its size.

    Args:
        file: The open file.

    Raises:
        Exception: Any exception that decoders raise on damaged input.
    """
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
    """Checks that not too much of a picture is missing.

    Args:
        raster: The picture, which is returned.

    Raises:
        PictureError: Too much of it is missing.
    """
    if raster.missing > 1 - MIN_COMPLETE_SHARE:
        raise PictureError("errors-cut-off")
    return raster


@contextmanager
def translate_decoder_errors(path: Path) -> Iterator[None]:
    """Turns any exception of Pillow's on hostile bytes into a PictureError with one plain sentence.

    Args:
        path: The file that is decoded inside the context.
    """
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
    """Checks that a path is an ordinary, non-empty file below the size limit.

    Args:
        path: The path.

    Raises:
        PictureError: It is not.
    """
    if not path.is_file():
        raise PictureError("errors-no-file", name=path.name)
    size = path.stat().st_size
    if size == 0:
        raise PictureError("errors-empty-file")
    if size > MAX_FILE_BYTES:
        raise PictureError("errors-file-too-large", most=MAX_FILE_BYTES // 2**20)


def check_size(width: int, height: int, max_pixels: int) -> None:
    """Checks the size of a picture.

    Args:
        width: In pixels.
        height: In pixels.
        max_pixels: Limit on their product.

    Raises:
        PictureError: It is empty, too large, or too thin.
    """
    shape = f"{width}×{height}"
    if width < 1 or height < 1:
        raise PictureError("errors-picture-says", size=shape)
    if width * height > max_pixels or max(width, height) > MAX_SIDE:
        raise PictureError("errors-too-big", size=shape, most=round(max_pixels / 1e6), side=MAX_SIDE)
    if max(width, height) > MAX_ASPECT * min(width, height):
        raise PictureError("errors-picture-thin", size=shape, most=MAX_ASPECT)


def unreadable_file_error(path: Path) -> PictureError:
    """Returns the error for a file that none of the decoders can read.

    Args:
        path: The file.
    """
    kind, name = identify_unsupported(path) or ("file", "")
    if kind == "file" and _has_picture_header(path):
        return PictureError("errors-picture-damaged")
    params = {"format": name} if name else {}
    return PictureError(f"errors-no-picture-{kind}", **params, formats=readable_formats())


def _has_picture_header(path: Path) -> bool:
    with path.open("rb") as file:
        start = file.read(12)
    riff = start.startswith(b"RIFF") and start[8:12] == b"WEBP"
    return riff or start[4:12] in (b"ftypavif", b"ftypavis") or start.startswith((b"BM", b"II*\0", b"MM\0*"))


ORIENTATION_TRANSPOSES = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def exif_orientation(image: Image.Image) -> int:
    """Returns the EXIF orientation, 1 to 8; 1 if it is absent or invalid.

    Args:
        image: A loaded image: loading rotates a TIFF already.
    """
    try:
        value = image.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:  # EXIF is untrusted too, and never a reason to refuse the picture
        return 1
    return value if value in ORIENTATION_TRANSPOSES else 1
