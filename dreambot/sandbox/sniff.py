"""Detects a file's content type and image size from its first bytes, as Discord does."""

import re
import struct

_SOUNDS = (
    (0, b"OggS", "audio/ogg"),
    (8, b"WAVE", "audio/x-wav"),
    (0, b"fLaC", "audio/flac"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
)


def sniff(data: bytes) -> tuple[str | None, int | None, int | None]:
    """Returns (content type, width, height) of a file; None for each one that is unknown.

    Args:
        data: The file, from its start.
    """
    for read in (_png, _gif, _jpeg, _webp, _bmp):
        try:
            found = read(data)
        except (struct.error, IndexError):
            continue
        if found is not None:
            return found
    if data[4:8] == b"ftyp":
        brand = data[8:12]
        if brand in (b"M4A ", b"M4B "):
            return "audio/mp4", None, None
        return ("image/avif", None, None) if brand in (b"avif", b"avis") else ("video/mp4", *_mp4_size(data))
    if data[:4] == b"\x1a\x45\xdf\xa3":
        return "video/webm", *_webm_size(data)
    for offset, magic, kind in _SOUNDS:
        if data.startswith(magic, offset):
            return kind, None, None
    if data[:4] in (b"II*\0", b"MM\0*"):
        return "image/tiff", None, None
    if b"\0" not in data[:512]:
        try:
            data[:512].decode("utf-8")
        except UnicodeDecodeError as error:
            if error.start < min(len(data), 512) - 3:
                return None, None, None
        return "text/plain; charset=utf-8", None, None
    return None, None, None


def _png(data: bytes) -> tuple[str, int, int] | None:
    if not data.startswith(b"\x89PNG\r\n\x1a\n"):
        return None
    width, height = struct.unpack(">II", data[16:24])
    return "image/png", width, height


def _gif(data: bytes) -> tuple[str, int, int] | None:
    if data[:6] not in (b"GIF87a", b"GIF89a"):
        return None
    width, height = struct.unpack("<HH", data[6:10])
    return "image/gif", width, height


def _bmp(data: bytes) -> tuple[str, int, int] | None:
    if not data.startswith(b"BM"):
        return None
    width, height = struct.unpack("<ii", data[18:26])
    return "image/bmp", width, abs(height)


def _webp(data: bytes) -> tuple[str, int, int] | None:
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP":
        return None
    kind = data[12:16]
    if kind == b"VP8X":
        return (
            "image/webp",
            1 + int.from_bytes(data[24:27], "little"),
            1 + int.from_bytes(data[27:30], "little"),
        )
    if kind == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        return "image/webp", 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    width, height = struct.unpack("<HH", data[26:30])
    return "image/webp", width & 0x3FFF, height & 0x3FFF


def _jpeg(data: bytes) -> tuple[str, int, int] | None:
    if not data.startswith(b"\xff\xd8\xff"):
        return None
    at = 2
    while True:
        marker, length = data[at + 1], struct.unpack(">H", data[at + 2 : at + 4])[0]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return "image/jpeg", width, height
        at += 2 + length


def _mp4_size(data: bytes) -> tuple[int, int] | tuple[None, None]:
    """Returns width and height of the first track that has a size, from its `tkhd` box."""
    at = data.find(b"tkhd")
    while at >= 0:
        start = at + 4 + (84 if data[at + 4 : at + 5] == b"\0" else 96) - 8
        if start + 8 <= len(data):
            width, height = struct.unpack(">II", data[start : start + 8])
            if width >> 16 and height >> 16:
                return width >> 16, height >> 16
        at = data.find(b"tkhd", at + 4)
    return None, None


def _webm_size(data: bytes) -> tuple[int, int] | tuple[None, None]:
    """Returns width and height from the adjacent elements 0xB0 and 0xBA in the video track."""
    found = re.search(rb"\xb0([\x81\x82])(.{1,2}?)\xba([\x81\x82])(.{2})", data[:4096], re.DOTALL)
    if found is None or len(found[2]) != found[1][0] - 0x80:
        return None, None
    height = found[4][: found[3][0] - 0x80]
    return int.from_bytes(found[2], "big"), int.from_bytes(height, "big")
