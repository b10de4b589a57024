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
# Entropy-coded bits that no encoder would write; where they are decoded, the picture changes
_FILLER_BITS = b"\xaa\x55\x3c" * 4096
_STANDALONE = frozenset({0x01, 0xD8, *range(0xD0, 0xD8)})
_START_OF_SCAN, _END_OF_IMAGE = 0xDA, 0xD9
_FRAME_MARKERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_COMMENT, _APPLICATION = 0xFE, range(0xE0, 0xF0)
# How the useful ones begin, and how long they are at least
_KEPT_SEGMENTS = {
    0xE0: (b"JFIF\0", 14),
    0xE1: (b"Exif\0\0", 6),
    0xE2: (b"ICC_PROFILE\0", 14),
    0xEE: (b"Adobe", 12),
}
# In a picture's smoothly scaled chroma, an error reaches this many pixels further
_CHROMA_BLEED = 2


@dataclass(frozen=True)
class _Segment:
    """marker: its second byte. start: of the marker. content: where it begins and ends; of a scan, its
    header. end: where the next segment begins."""

    marker: int
    start: int
    content: slice
    end: int


class _PaddedFile(io.BytesIO):
    """A JPEG that goes on with end markers when it is over, so that a decoder finishes what it has."""

    padding = 0

    def read(self, size: int | None = -1, /) -> bytes:
        """What is left of the file, then end markers."""
        found = super().read(size)
        if found or not size or self.padding >= _MAX_PADDING:
            return found
        padding = _END_MARKER * max(1, min(size, 4096) // 2)
        self.padding += max(len(padding), _MAX_PADDING // 1024)
        return padding


class JpegFile:
    """A JPEG in memory. size: (width, height) as stored."""

    format = "JPEG"
    loops = 1
    pages = 1

    def __init__(self, data: bytes) -> None:
        """Reads everything but the pixels.

        Args:
            data: the whole file.

        Raises:
            ValueError: It has no picture.
        """
        self._data = _strip_segments(data)
        self._file, self._image = _open(self._data)
        self.size = self._image.size

    def exif(self) -> Image.Exif:
        """What the EXIF segment holds."""
        return self._image.getexif()

    def delays(self, most: int) -> list[float]:
        """Nothing: it is a still."""
        return []

    def first(self, enough: tuple[int, int] | None = None) -> Raster:
        """The picture.

        Args:
            enough: (width, height) in pixels. The picture may come out at a half, a quarter or an eighth of
                its size that is no smaller than this.
        """
        if enough:
            self._image.draft(None, enough)
        self._image.load()
        if not self._file.padding:
            return Raster(self._image)
        return _decode_truncated(self._data)

    def frames(self) -> Iterator[tuple[Raster, float]]:
        """The picture, once."""
        yield self.first(), 0.0


def _open(data: bytes) -> tuple[_PaddedFile, Image.Image]:
    file = _PaddedFile(data)
    try:
        return file, Image.open(file, formats=("JPEG",))
    except UnidentifiedImageError as error:
        raise ValueError("a JPEG without a picture") from error


def _iter_segments(data: bytes) -> Iterator[_Segment]:
    """The segments of a JPEG up to its end; what a scan is followed by belongs to it. The last one may reach
    beyond the end of the file."""
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
    """Where the entropy-coded data ends that begins there."""
    while (position := data.find(b"\xff", position)) >= 0:
        marker = data[position + 1 : position + 2]
        if not marker:
            break
        if marker[0] not in (0, 0xFF, *range(0xD0, 0xD8)):
            return position
        position += 1 if marker[0] == 0xFF else 2
    return len(data)


def _strip_segments(data: bytes) -> bytes:
    """The file without comments and application segments that are of no use here, up to its end marker."""
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
    prefix, least = _KEPT_SEGMENTS[segment.marker]
    content = data[segment.content]
    return len(content) >= least and content.startswith(prefix)


@dataclass
class _ScanProgress:
    """How far the scans of a JPEG go. left: for each component, how many bits each of its 64 coefficients
    still lacks, None where nothing came yet. sampling: the largest sampling factors, across and down. scans:
    where the data of each begins. end: of what can be used."""

    left: dict[int, list[int | None]] = field(default_factory=dict)
    sampling: tuple[int, int] = (1, 1)
    scans: list[int] = field(default_factory=list)
    end: int = 0

    @property
    def complete(self) -> bool:
        """Whether the last scan is the last that is needed."""
        return all(bits == 0 for component in self.left.values() for bits in component)


def _scan_progress(data: bytes) -> _ScanProgress:
    seen = _ScanProgress(end=len(data))
    for segment in _iter_segments(data):
        content = data[segment.content]
        if segment.content.stop > len(data):
            seen.end = segment.start
            break
        if segment.marker in _FRAME_MARKERS:
            parts = [content[n : n + 3] for n in range(6, len(content) - 2, 3)]
            seen.left = {part[0]: [None] * 64 for part in parts}
            seen.sampling = max(part[1] >> 4 for part in parts), max(part[1] & 15 for part in parts)
        elif segment.marker == _START_OF_SCAN:
            count = content[0]
            first, last, approximation = struct.unpack_from("3B", content, 1 + 2 * count)
            for component in content[1 : 1 + 2 * count : 2]:
                if component in seen.left:
                    left = seen.left[component]
                    left[first : last + 1] = [approximation & 15] * len(left[first : last + 1])
            seen.scans.append(segment.content.stop)
    return seen


def _decode_truncated(data: bytes) -> Raster:
    """The picture in a file that has no end. Raises ValueError where nothing of it is there."""
    seen = _scan_progress(data)
    if not seen.scans:
        raise ValueError("a JPEG without pixels")
    there = data[: seen.end].rstrip(b"\xff")
    image, other = (_open(there + bits)[1] for bits in (b"", _FILLER_BITS + _END_MARKER))
    image.load()
    other.load()
    missing = _mask_from_first_difference(np.asarray(image) != np.asarray(other), seen.sampling)
    if missing is not None and missing.all():
        raise ValueError("a JPEG without pixels")
    if not seen.complete:
        return Raster(image, 1.0)
    if len(seen.scans) > 1:
        # Every scan covers the whole picture and makes it finer, so what counts is the share of the data. The
        # last scan would be this long if it went on as it begins.
        done = 1.0 if missing is None else 1 - float(missing.mean())
        before = seen.scans[-1]
        return Raster(image, 1 - len(there) / (before + (len(there) - before) / done))
    flat = image.convert("RGB") if image.mode == "CMYK" and missing is not None else image
    raster = hide_missing_pixels(flat, missing, interlaced=False)
    raster.image.info = image.info
    return raster


def _mask_from_first_difference(differs: NDArray[np.bool_], sampling: tuple[int, int]) -> Mask | None:
    """The pixels of the first unit of a JPEG that differs, and of all units after it; None for none.

    Args:
        differs: (height, width) or (height, width, channels), where two pictures differ.
        sampling: the largest sampling factors, across and down.
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
