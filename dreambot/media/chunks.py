"""A walk over the chunks of a PNG or WebP: only lengths are believed, nothing is unpacked."""

import struct
from collections.abc import Iterator
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


def webp_delays(file: BinaryIO, most: int) -> list[float]:
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
