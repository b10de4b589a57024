"""A walk over the boxes of an MP4, for the comment it carries: only lengths are believed."""

import struct
from collections.abc import Iterator
from typing import BinaryIO

_HEADER = 8
_MAX_BOXES = 10_000
# `meta` is a box with four more bytes before what it holds
_WAY = ((b"moov", 0), (b"udta", 0), (b"meta", 4), (b"ilst", 0), (b"\xa9cmt", 0), (b"data", 8))


def mp4_comment(file: BinaryIO, most: int) -> bytes | None:
    """The comment of an MP4, no more than most + 1 bytes of it; None where there is none."""
    start, end = 0, file.seek(0, 2)
    for kind, skipped in _WAY:
        found = next((inside for name, *inside in boxes(file, start, end) if name == kind), None)
        if found is None:
            return None
        start, end = found[0] + skipped, found[1]
    file.seek(start)
    return file.read(max(0, min(end - start, most + 1)))


def boxes(file: BinaryIO, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """(type, start, end) of what each box between two places of a file holds."""
    for _ in range(_MAX_BOXES):
        if end - start < _HEADER:
            return
        file.seek(start)
        size, kind = struct.unpack(">I4s", file.read(_HEADER).ljust(_HEADER, b"\0"))
        inside = start + _HEADER
        if size == 1:  # a long one
            size = int.from_bytes(file.read(8), "big")
            inside += 8
        elif size == 0:  # the last one
            size = end - start
        if size < inside - start:
            return
        start += size
        yield kind, inside, min(start, end)
