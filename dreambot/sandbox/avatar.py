"""Avatars: small generated pictures, a face of squares mirrored down the middle."""

import hashlib
import struct
import zlib

CELLS, CELL = 5, 16


def avatar_png(seed: str) -> bytes:
    """An 80×80 PNG that is always the same for a seed."""
    digest = hashlib.sha256(seed.encode()).digest()
    ink = bytes(80 + value // 2 for value in digest[:3])
    paper = b"\x2b\x2d\x31"
    rows = []
    for row in range(CELLS):
        half = [digest[3 + row * 3 + column] % 2 == 0 for column in range(3)]
        cells = [*half, half[1], half[0]]
        line = b"".join((ink if on else paper) * CELL for on in cells)
        rows += [b"\0" + line] * CELL
    size = CELLS * CELL
    header = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)
    data = zlib.compress(b"".join(rows))
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
