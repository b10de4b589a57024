"""A walk over the chunks of a PNG or WebP and the blocks of a GIF: only lengths are believed, nothing is
unpacked."""

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


def png_delays(file: BinaryIO, most: int) -> list[float]:
    """How long each frame of an animated PNG is shown, in milliseconds; empty for a still.

    Only frames really there are listed (the header's own count may lie), and no more than most + 1.
    """
    delays: list[float] = []
    for kind, length in png_chunks(file):
        if kind != b"fcTL":
            continue
        control = file.read(min(length, 26))
        numerator, denominator = struct.unpack(">HH", control[20:24]) if len(control) >= 24 else (0, 0)
        delays.append(1000 * numerator / (denominator or 100))
        if len(delays) > most:
            break
    return delays


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


def gif_delays(file: BinaryIO, most: int) -> list[float]:
    """How long each frame of a GIF is shown, in milliseconds, no more than most + 1 of them."""
    file.seek(0)
    header = file.read(13)
    if len(header) < 13 or header[:3] != b"GIF":
        return []
    _skip_palette(file, header[10])
    delays: list[float] = []
    delay = 0
    while len(delays) <= most:
        mark = file.read(1)
        if mark == b"!":
            if file.read(1) == b"\xf9":
                control = file.read(5)
                delay = int.from_bytes(control[2:4], "little") * 10
                if control[:1] != b"\x04":
                    file.seek(-len(control), 1)
        elif mark == b",":
            descriptor = file.read(9)
            if len(descriptor) < 9:
                break
            _skip_palette(file, descriptor[8])
            file.seek(1, 1)
            delays.append(delay)
            delay = 0
        elif mark in (b"", b";"):
            break
        else:
            continue  # stray bytes between blocks: viewers skip them
        while size := file.read(1)[:1].lstrip(b"\0"):
            file.seek(size[0], 1)
    return delays


def _skip_palette(file: BinaryIO, flags: int) -> None:
    if flags & 0x80:
        file.seek(3 << ((flags & 7) + 1), 1)
