"""Walks over the chunks of PNG and WebP files and the boxes of MP4 files. Only lengths are read; nothing
is decompressed.
"""

import struct
from collections.abc import Iterator
from typing import BinaryIO

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
MAX_CHUNKS = 200_000


def iter_png_chunks(file: BinaryIO) -> Iterator[tuple[bytes, int]]:
    """(type, length) of each chunk of a PNG; while it is held, file stands at the chunk's data.

    Ends quietly where the file is cut off, is no PNG, or has more chunks than any picture needs.
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


def webp_frame_delays(file: BinaryIO, most: int) -> list[float]:
    """How long each frame of an animated WebP is shown, in milliseconds, no more than most + 1 of them."""
    delays: list[float] = []
    position = 12
    for _ in range(MAX_CHUNKS):
        file.seek(position)
        header = file.read(8)
        if len(header) < 8 or len(delays) > most:
            break
        kind, length = struct.unpack("<4sI", header)
        if kind == b"ANMF":
            delays.append(int.from_bytes(file.read(16)[12:15], "little"))
        position += 8 + length + length % 2
    return delays


_BOX_HEADER_BYTES = 8
_MAX_BOXES = 10_000
# `meta` is a box with four more bytes before what it holds
_COMMENT_PATH = ((b"moov", 0), (b"udta", 0), (b"meta", 4), (b"ilst", 0), (b"\xa9cmt", 0), (b"data", 8))


def read_mp4_comment(file: BinaryIO, most: int) -> bytes | None:
    """The comment of an MP4, no more than most + 1 bytes of it; None where there is none."""
    start, end = 0, file.seek(0, 2)
    for kind, skipped in _COMMENT_PATH:
        found = next((inside for name, *inside in iter_mp4_boxes(file, start, end) if name == kind), None)
        if found is None:
            return None
        start, end = found[0] + skipped, found[1]
    file.seek(start)
    return file.read(max(0, min(end - start, most + 1)))


def iter_mp4_boxes(file: BinaryIO, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """(type, start, end) of what each box between two places of a file holds."""
    for _ in range(_MAX_BOXES):
        if end - start < _BOX_HEADER_BYTES:
            return
        file.seek(start)
        size, kind = struct.unpack(">I4s", file.read(_BOX_HEADER_BYTES).ljust(_BOX_HEADER_BYTES, b"\0"))
        inside = start + _BOX_HEADER_BYTES
        if size == 1:  # a long one
            size = int.from_bytes(file.read(8), "big")
            inside += 8
        elif size == 0:  # the last one
            size = end - start
        if size < inside - start:
            return
        start += size
        yield kind, inside, min(start, end)
