"""A walk over the chunks of a PNG and the blocks of a GIF: only lengths are believed, nothing is unpacked."""

import struct
from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
MAX_CHUNKS = 200_000


def png_chunks(file: BinaryIO) -> Iterator[tuple[bytes, int]]:
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


def png_frames(file: BinaryIO, most: int) -> int:
    """Frames really there (the header's own count may lie), counting no further than most + 1."""
    controls = (kind for kind, _ in png_chunks(file) if kind == b"fcTL")
    return max(1, sum(1 for _ in islice(controls, most + 1)))


def gif_frames(file: BinaryIO, most: int) -> int:
    """Frames of a GIF, counting no further than most + 1."""
    file.seek(0)
    header = file.read(13)
    if len(header) < 13 or header[:3] != b"GIF":
        return 1
    _skip_palette(file, header[10])
    frames = 0
    while frames <= most:
        mark = file.read(1)
        if mark == b"!":
            file.seek(1, 1)
        elif mark == b",":
            descriptor = file.read(9)
            if len(descriptor) < 9:
                break
            _skip_palette(file, descriptor[8])
            file.seek(1, 1)
            frames += 1
        elif mark in (b"", b";"):
            break
        else:
            continue  # stray bytes between blocks: viewers skip them
        while size := file.read(1)[:1].lstrip(b"\0"):
            file.seek(size[0], 1)
    return max(1, frames)


def _skip_palette(file: BinaryIO, flags: int) -> None:
    if flags & 0x80:
        file.seek(3 << ((flags & 7) + 1), 1)
