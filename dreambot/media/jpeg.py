"""Reads JPEG files, including truncated ones.

Segments that neither pixels, colours nor orientation depend on are removed before Pillow reads the
file, so that errors in them are ignored.
"""

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from dreambot.media.raster import Mask, Raster, hide_missing_pixels

_END_MARKER = b"\xff\xd9"
_MAX_PADDING = 2**20
# Entropy-coded bits that no encoder writes; the picture changes where they are decoded.
_FILLER_BITS = b"\xaa\x55\x3c" * 4096
_STANDALONE = frozenset({0x01, 0xD8, *range(0xD0, 0xD8)})
_START_OF_SCAN, _END_OF_IMAGE = 0xDA, 0xD9
_FRAME_MARKERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_COMMENT, _APPLICATION = 0xFE, range(0xE0, 0xF0)
# Prefix and minimum length of the application segments that are used.
_KEPT_SEGMENTS = {
    0xE0: (b"JFIF\0", 14),
    0xE1: (b"Exif\0\0", 6),
    0xE2: (b"ICC_PROFILE\0", 14),
    0xEE: (b"Adobe", 12),
}
# Chroma is upscaled smoothly, so an error reaches this many pixels further.
_CHROMA_BLEED = 2


@dataclass(frozen=True)
class _Segment:
    """A segment of a JPEG.

    Attributes:
        marker: The second byte of its marker.
        start: Position of the marker.
        content: Position of its content; of a scan, of the scan's header.
        end: Position of the next segment.
    """

    marker: int
    start: int
    content: slice
    end: int


class _PaddedFile(io.BytesIO):
    """A JPEG followed by end markers, so that a decoder finishes what it has."""

    padding = 0

    def read(self, size: int | None = -1, /) -> bytes:
        """Returns what is left of the file, then end markers.

        Args:
            size: Limit in bytes; None or -1 for all.
        """
        data = super().read(size)
        if data or not size or self.padding >= _MAX_PADDING:
            return data
        padding = _END_MARKER * max(1, min(size, 4096) // 2)
        self.padding += max(len(padding), _MAX_PADDING // 1024)
        return padding


class JpegFile:
    """A JPEG in memory.

    Attributes:
        size: (width, height) as stored.
    """

    format = "JPEG"
    loops = 1
    pages = 1

    def __init__(self, data: bytes) -> None:
        """Reads everything but the pixels.

        Args:
            data: The whole file.

        Raises:
            ValueError: It has no picture.
        """
        self._data = _strip_segments(data)
        self._file, self._image = _open(self._data)
        self.size = self._image.size

    def exif(self) -> Image.Exif:
        """Returns the content of the EXIF segment."""
        return self._image.getexif()

    def delays(self, limit: int) -> list[float]:
        """Returns an empty list: a JPEG is a still.

        Args:
            limit: Ignored.
        """
        return []

    def first(self, min_size: tuple[int, int] | None = None) -> Raster:
        """Decodes the picture.

        Args:
            min_size: (width, height) in pixels. To save time the picture may be decoded at a half, a quarter
                or an eighth of its size that is no smaller than this.
        """
        if min_size:
            self._image.draft(None, min_size)
        self._image.load()
        if not self._file.padding:
            return Raster(self._image)
        return _decode_truncated(self._data)

    def frames(self) -> Iterator[tuple[Raster, float]]:
        """Yields the picture, once."""
        yield self.first(), 0.0


def _open(data: bytes) -> tuple[_PaddedFile, Image.Image]:
    file = _PaddedFile(data)
    try:
        return file, Image.open(file, formats=("JPEG",))
    except UnidentifiedImageError as error:
        raise ValueError("a JPEG without a picture") from error


def _iter_segments(data: bytes) -> Iterator[_Segment]:
    """Yields the segments of a JPEG up to its end.

    The data that follows a scan belongs to it. The last segment may extend beyond the end of the file.
    """
    position = 2
    while True:
        start = data.find(b"\xff", position)
        if start < 0:
            return
        mark = start + 1
        while data[mark : mark + 1] == b"\xff":
            mark += 1
        if mark >= len(data):
            return
        marker = data[mark]
        if marker == 0 or marker in _STANDALONE:
            position = mark + 1
            continue
        if marker == _END_OF_IMAGE:
            yield _Segment(marker, start, slice(mark + 1, mark + 1), mark + 1)
            return
        length = max(2, int.from_bytes(data[mark + 1 : mark + 3], "big"))
        content = slice(mark + 3, mark + 1 + length)
        end = content.stop
        if marker == _START_OF_SCAN:
            end = _scan_end(data, end)
        yield _Segment(marker, start, content, end)
        position = end


def _scan_end(data: bytes, position: int) -> int:
    """Returns the position where the entropy-coded data that begins at `position` ends."""
    while (position := data.find(b"\xff", position)) >= 0:
        marker = data[position + 1 : position + 2]
        if not marker:
            break
        if marker[0] not in (0, 0xFF, *range(0xD0, 0xD8)):
            return position
        position += 1 if marker[0] == 0xFF else 2
    return len(data)


def _strip_segments(data: bytes) -> bytes:
    """Removes comments and application segments that are not used here, and all after the end marker."""
    kept = [data[:2]]
    exif = False
    for segment in _iter_segments(data):
        marker = segment.marker
        if marker == _COMMENT or (marker in _APPLICATION and not _is_useful(data, segment, exif)):
            continue
        exif |= marker == 0xE1
        kept.append(data[segment.start : segment.end])
    return b"".join(kept)


def _is_useful(data: bytes, segment: _Segment, seen_exif: bool) -> bool:
    if segment.marker not in _KEPT_SEGMENTS or (segment.marker == 0xE1 and seen_exif):
        return False
    prefix, min_length = _KEPT_SEGMENTS[segment.marker]
    content = data[segment.content]
    return len(content) >= min_length and content.startswith(prefix)


@dataclass
class _ScanProgress:
    """How complete the scans of a JPEG are.

    Attributes:
        missing_bits: For each component, how many bits each of its 64 coefficients still lacks; None before
            its first scan.
        sampling: The largest sampling factors, horizontal and vertical.
        scans: Where the data of each scan begins.
        end: Where the usable part of the file ends.
    """

    missing_bits: dict[int, list[int | None]] = field(default_factory=dict)
    sampling: tuple[int, int] = (1, 1)
    scans: list[int] = field(default_factory=list)
    end: int = 0

    @property
    def complete(self) -> bool:
        """Whether the last scan is the last that is needed."""
        return all(bits == 0 for component in self.missing_bits.values() for bits in component)


def _scan_progress(data: bytes) -> _ScanProgress:
    progress = _ScanProgress(end=len(data))
    for segment in _iter_segments(data):
        content = data[segment.content]
        if segment.content.stop > len(data):
            progress.end = segment.start
            break
        if segment.marker in _FRAME_MARKERS:
            parts = [content[n : n + 3] for n in range(6, len(content) - 2, 3)]
            progress.missing_bits = {part[0]: [None] * 64 for part in parts}
            progress.sampling = max(part[1] >> 4 for part in parts), max(part[1] & 15 for part in parts)
        elif segment.marker == _START_OF_SCAN:
            count = content[0]
            first, last, approximation = struct.unpack_from("3B", content, 1 + 2 * count)
            for component in content[1 : 1 + 2 * count : 2]:
                if component in progress.missing_bits:
                    missing_bits = progress.missing_bits[component]
                    missing_bits[first : last + 1] = [approximation & 15] * len(
                        missing_bits[first : last + 1]
                    )
            progress.scans.append(segment.content.stop)
    return progress


def _decode_truncated(data: bytes) -> Raster:
    """Decodes what a truncated file contains. Raises ValueError if it has no pixels at all."""
    progress = _scan_progress(data)
    if not progress.scans:
        raise ValueError("a JPEG without pixels")
    available = data[: progress.end].rstrip(b"\xff")
    image, filled = (_open(available + bits)[1] for bits in (b"", _FILLER_BITS + _END_MARKER))
    image.load()
    filled.load()
    missing = _mask_from_first_difference(np.asarray(image) != np.asarray(filled), progress.sampling)
    if missing is not None and missing.all():
        raise ValueError("a JPEG without pixels")
    if not progress.complete:
        return Raster(image, 1.0)
    if len(progress.scans) > 1:
        # Every scan covers the whole picture and refines it, so the share of the data counts. The length of
        # the last scan is extrapolated from its beginning.
        done = 1.0 if missing is None else 1 - float(missing.mean())
        before = progress.scans[-1]
        return Raster(image, 1 - len(available) / (before + (len(available) - before) / done))
    flat = image.convert("RGB") if image.mode == "CMYK" and missing is not None else image
    raster = hide_missing_pixels(flat, missing, interlaced=False)
    raster.image.info = image.info
    return raster


def _mask_from_first_difference(differs: NDArray[np.bool_], sampling: tuple[int, int]) -> Mask | None:
    """Returns the pixels of the first unit of a JPEG that differs, and of all units after it; None for none.

    Args:
        differs: (height, width) or (height, width, channels), where two pictures differ.
        sampling: The largest sampling factors, horizontal and vertical.
    """
    height, width = differs.shape[:2]
    across, down = 8 * sampling[0], 8 * sampling[1]
    columns, rows = -(-width // across), -(-height // down)
    padded = np.zeros((rows * down, columns * across), np.bool_)
    padded[:height, :width] = differs.reshape(height, width, -1).any(axis=2)
    units = padded.reshape(rows, down, columns, across)[
        :, _CHROMA_BLEED:-_CHROMA_BLEED, :, _CHROMA_BLEED:-_CHROMA_BLEED
    ]
    changed = units.any(axis=(1, 3)).ravel()
    if not changed.any():
        return None
    missing = (np.arange(rows * columns) >= int(np.argmax(changed))).reshape(rows, columns)
    return missing.repeat(down, axis=0).repeat(across, axis=1)[:height, :width]
