"""Reads GIF files as browsers do."""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from dreambot.media.png import apply_palette
from dreambot.media.raster import Disposal, Frame, Raster, compose_frames, decompress, hide_missing_pixels

SIGNATURES = (b"GIF87a", b"GIF89a")
_EXTENSION, _IMAGE, _END = 0x21, 0x2C, 0x3B
_CONTROL, _COMMENT, _APPLICATION = 0xF9, 0xFE, 0xFF
# 0 and 1 keep a frame, and so do undefined numbers, except for 4.
_DISPOSALS: dict[int, Disposal] = {2: "clear", 3: "restore", 4: "restore"}
_BLOCK_START = re.compile(rb"[!,;]")
_MAX_EXTENSIONS = 1000


@dataclass(frozen=True, eq=False)
class _StoredFrame:
    """A frame as it is stored.

    Attributes:
        data: Position of its compressed pixels in the file.
        key: The transparent index, -1 for none.
    """

    x: int
    y: int
    width: int
    height: int
    interlaced: bool
    palette: bytes
    bits: int
    data: slice
    delay: int
    disposal: int
    key: int


class GifFile:
    """A GIF in memory.

    Attributes:
        size: (width, height) of the canvas, at least as large as the first frame needs.
        loops: How often its animation is played, 0 for ever.
        comment: The first one before its pixels.
    """

    format = "GIF"
    pages = 1

    def __init__(self, data: bytes) -> None:
        """Reads everything up to the first frame's pixels.

        Args:
            data: The whole file.

        Raises:
            ValueError: There is no frame.
        """
        self._data = data
        if len(data) < 13 or not data.startswith(SIGNATURES):
            raise ValueError("a GIF without a header")
        width, height, flags = struct.unpack_from("<HHB", data, 6)
        self._palette, self._start = _read_palette(data, 13, flags)
        self.info: dict[str | tuple[int, int], Any] = {}
        self.comment, self.loops = self._extensions()
        first = next(self._stored(), None)
        if first is None:
            raise ValueError("a GIF without a frame")
        self.size = max(width, first.x + first.width), max(height, first.y + first.height)

    def _extensions(self) -> tuple[bytes, int]:
        """Returns the comment and the loops, from the blocks before the first frame."""
        comment, loops = b"", 1
        position = self._start
        for _ in range(_MAX_EXTENSIONS):
            if self._data[position : position + 1] != b"!":
                break
            label = self._data[position + 1 : position + 2]
            end = _sub_blocks_end(self._data, position + 2)
            blocks = self._data[position + 2 : end]
            if label == bytes([_COMMENT]) and not comment:
                comment = _join_sub_blocks(blocks)
            elif label == bytes([_APPLICATION]) and blocks[1:12] in (b"NETSCAPE2.0", b"ANIMEXTS1.0"):
                content = _join_sub_blocks(blocks[12:])
                if len(content) >= 3 and content[0] & 7 == 1:
                    times = int.from_bytes(content[1:3], "little")
                    loops = times + 1 if times else 0
            position = end
        return comment, loops

    def delays(self, limit: int) -> list[float]:
        """Returns the stored delay of each frame, in milliseconds.

        Args:
            limit: At most limit + 1 delays are returned.
        """
        return [10.0 * stored.delay for stored in islice(self._stored(), limit + 1)]

    def first(self, min_size: tuple[int, int] | None = None) -> Raster:
        """Returns the first frame on its canvas.

        Args:
            min_size: Ignored: a GIF cannot be decoded at a smaller size.
        """
        return next(self.frames())[0]

    def frames(self) -> Iterator[tuple[Raster, float]]:
        """Yields the frames as they are displayed; see `compose_frames`."""
        return compose_frames(self.size, map(self._placed, self._stored()))

    def _placed(self, stored: _StoredFrame) -> Frame:
        disposal: Disposal = _DISPOSALS.get(stored.disposal, "keep")
        return Frame(self._raster(stored), stored.x, stored.y, 10.0 * stored.delay, disposal)

    def _raster(self, stored: _StoredFrame) -> Raster:
        """Decodes a frame by itself. Raises ValueError if it has no pixels at all."""
        size = stored.width, stored.height
        if not all(size):
            return Raster(Image.new("RGBA", size))
        image, missing = decompress(
            "P", size, self._data[stored.data], "gif", (stored.bits, int(stored.interlaced), -1)
        )
        if missing is not None and missing.all():
            raise ValueError("a GIF without pixels")
        image = apply_palette(image, self._table(stored))
        raster = hide_missing_pixels(image, missing, interlaced=stored.interlaced)
        raster.image.info = self.info
        return raster

    def _table(self, stored: _StoredFrame) -> NDArray[np.uint8]:
        colours = np.frombuffer(stored.palette or self._palette, np.uint8).reshape(-1, 3)
        table = np.zeros((256, 4), np.uint8)
        table[:, 3] = 255
        table[: len(colours), :3] = colours
        if stored.key >= 0:
            table[stored.key, 3] = 0
        return table

    def _stored(self) -> Iterator[_StoredFrame]:
        """Yields the frames up to the end of the file. Stray bytes between its blocks are skipped."""
        data, position = self._data, self._start
        delay, disposal, key = 0, 0, -1
        while position < len(data):
            mark = data[position]
            if mark == _EXTENSION:
                control = data[position + 1 : position + 7]
                if len(control) == 6 and control[0] == _CONTROL and control[1] == 4:
                    flags, delay, index = struct.unpack("<BHB", control[2:])
                    disposal, key = flags >> 2 & 7, index if flags & 1 else -1
                position = _sub_blocks_end(data, position + 2)
            elif mark == _IMAGE:
                descriptor = data[position + 1 : position + 10]
                if len(descriptor) < 9:
                    return
                x, y, width, height, flags = struct.unpack("<HHHHB", descriptor)
                palette, position = _read_palette(data, position + 10, flags)
                if position >= len(data):
                    return
                end = _sub_blocks_end(data, position + 1)
                yield _StoredFrame(
                    x=x,
                    y=y,
                    width=width,
                    height=height,
                    interlaced=bool(flags & 0x40),
                    palette=palette,
                    bits=data[position],
                    data=slice(position + 1, end),
                    delay=delay,
                    disposal=disposal,
                    key=key,
                )
                position = end
                delay, disposal, key = 0, 0, -1
            elif mark == _END:
                return
            elif found := _BLOCK_START.search(data, position):
                position = found.start()
            else:
                return


def _read_palette(data: bytes, position: int, flags: int) -> tuple[bytes, int]:
    """Returns a palette, empty if the flags declare none, and the position after it."""
    if not flags & 0x80:
        return b"", position
    end = position + (3 << ((flags & 7) + 1))
    palette = data[position:end]
    return palette[: len(palette) // 3 * 3], end


def _sub_blocks_end(data: bytes, position: int) -> int:
    """Returns the position after a sequence of blocks, each of which begins with its length."""
    while position < len(data):
        length = data[position]
        position += 1 + length
        if length == 0:
            break
    return min(position, len(data))


def _join_sub_blocks(blocks: bytes) -> bytes:
    """Returns the content of a sequence of blocks."""
    parts, position = [], 0
    while position < len(blocks) and blocks[position]:
        parts.append(blocks[position + 1 : position + 1 + blocks[position]])
        position += 1 + blocks[position]
    return b"".join(parts)
