"""Iterates over the chunks of PNG and WebP files and the boxes of MP4 files.

Only lengths are read; nothing is decompressed.
"""

import struct
from collections.abc import Iterator
from typing import BinaryIO

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
MAX_CHUNKS = 200_000


_BOX_HEADER_BYTES = 8
_MAX_BOXES = 10_000
# Boxes and the header bytes to skip in each; `meta` has four more than other boxes.
_COMMENT_PATH = ((b"moov", 0), (b"udta", 0), (b"meta", 4), (b"ilst", 0), (b"\xa9cmt", 0), (b"data", 8))


def iter_png_chunks(file: BinaryIO) -> Iterator[tuple[bytes, int]]:
    """Yields (type, length) of each chunk of a PNG.

    Stops without an error if the file is truncated, is not a PNG, or has more chunks than any picture needs.

    Args:
        file: The open file. After each chunk that is yielded it is positioned at the chunk's data.
    """
    file.seek(0)
    if file.read(8) != PNG_SIGNATURE:
        return
    position = 8
    for _ in range(MAX_CHUNKS):
        header = file.read(8)
        if len(header) < 8:
            return
        length, kind = struct.unpack(">I4s", header)
        yield kind, length
        if kind == b"IEND":
            return
        position += 12 + length
        file.seek(position)


def webp_frame_delays(file: BinaryIO, limit: int) -> list[float]:
    """Returns how long each frame of an animated WebP is shown, in milliseconds.

    Args:
        file: The open file.
        limit: Stop after limit + 1 frames.
    """
    delays: list[float] = []
    position = 12
    for _ in range(MAX_CHUNKS):
        file.seek(position)
        header = file.read(8)
        if len(header) < 8 or len(delays) > limit:
            break
        kind, length = struct.unpack("<4sI", header)
        if kind == b"ANMF":
            delays.append(int.from_bytes(file.read(16)[12:15], "little"))
        position += 8 + length + length % 2
    return delays


def read_mp4_comment(file: BinaryIO, max_bytes: int) -> bytes | None:
    """Returns the comment of an MP4; None if it has none.

    Args:
        file: The open file.
        max_bytes: At most max_bytes + 1 bytes are read.
    """
    start, end = 0, file.seek(0, 2)
    for kind, skipped in _COMMENT_PATH:
        content = next(
            (position for name, *position in iter_mp4_boxes(file, start, end) if name == kind), None
        )
        if content is None:
            return None
        start, end = content[0] + skipped, content[1]
    file.seek(start)
    return file.read(max(0, min(end - start, max_bytes + 1)))


def iter_mp4_boxes(file: BinaryIO, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Yields (type, start, end) of the content of each box in a part of an MP4.

    Args:
        file: The open file.
        start: Position of the first box, in bytes.
        end: Position where the part ends, in bytes.
    """
    for _ in range(_MAX_BOXES):
        if end - start < _BOX_HEADER_BYTES:
            return
        file.seek(start)
        size, kind = struct.unpack(">I4s", file.read(_BOX_HEADER_BYTES).ljust(_BOX_HEADER_BYTES, b"\0"))
        inside = start + _BOX_HEADER_BYTES
        if size == 1:  # 64-bit size
            size = int.from_bytes(file.read(8), "big")
            inside += 8
        elif size == 0:  # up to the end
            size = end - start
        if size < inside - start:
            return
        start += size
        yield kind, inside, min(start, end)
