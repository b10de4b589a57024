"""Recognises files that cannot be read as a picture by their content."""

import struct
from pathlib import Path
from typing import BinaryIO, Literal

from PIL import features

from dreambot.media.video_settings import has_video

FileKind = Literal["format", "audio", "raw", "text", "page"]

START_BYTES = 4096
# (position, bytes, kind of file, name of the format)
_SIGNATURES: tuple[tuple[int, bytes, FileKind, str], ...] = (
    (0, b"\xff\x0a", "format", "JPEG XL"),
    (4, b"JXL \r\n\x87\n", "format", "JPEG XL"),
    (4, b"jP  \r\n\x87\n", "format", "JPEG 2000"),
    (0, b"\xff\x4f\xff\x51", "format", "JPEG 2000"),
    (0, b"II\xbc", "format", "JPEG XR"),
    (0, b"\0\0\1\0", "format", "ICO"),
    (0, b"icns", "format", "ICNS"),
    (0, b"8BPS", "format", "PSD"),
    (0, b"gimp xcf", "format", "XCF"),
    (0, b"qoif", "format", "QOI"),
    (0, b"DDS ", "format", "DDS"),
    (0, b"v/1\x01", "format", "OpenEXR"),
    (0, b"#?RADIANCE", "format", "Radiance HDR"),
    (8, b"AVI ", "format", "AVI"),
    (0, b"FLV\1", "format", "FLV"),
    (0, b"0&\xb2u\x8ef\xcf\x11", "format", "WMV"),
    (0, b"\0\0\1\xba", "format", "MPEG"),
    (0, b"\0\0\1\xb3", "format", "MPEG"),
    (28, b"\x80theora", "format", "Ogg Theora"),
    (0, b"%PDF", "format", "PDF"),
    (0, b"%!PS", "format", "PostScript"),
    (0, b"\xc5\xd0\xd3\xc6", "format", "EPS"),
    (0, b"PK\3\4", "format", "ZIP"),
    (0, b"PK\5\6", "format", "ZIP"),
    (0, b"Rar!\x1a\7", "format", "RAR"),
    (0, b"7z\xbc\xaf\x27\x1c", "format", "7z"),
    (0, b"\x1f\x8b", "format", "gzip"),
    (0, b"MZ", "format", "EXE"),
    (0, b"\x7fELF", "format", "ELF"),
    (0, b"ID3", "audio", "MP3"),
    (0, b"\xff\xfb", "audio", "MP3"),
    (0, b"\xff\xfa", "audio", "MP3"),
    (0, b"\xff\xf3", "audio", "MP3"),
    (0, b"\xff\xf2", "audio", "MP3"),
    (0, b"\xff\xf1", "audio", "AAC"),
    (0, b"\xff\xf9", "audio", "AAC"),
    (0, b"OggS", "audio", "Ogg"),
    (0, b"fLaC", "audio", "FLAC"),
    (8, b"WAVE", "audio", "WAV"),
    (8, b"AIFF", "audio", "AIFF"),
    (0, b"MThd", "audio", "MIDI"),
    (0, b"#!AMR", "audio", "AMR"),
    (4, b"ftypM4A ", "audio", "M4A"),
    (4, b"ftypM4B ", "audio", "M4B"),
    (4, b"ftypcrx ", "raw", "CR3"),
    (8, b"CR\2", "raw", "CR2"),
    (0, b"IIRO", "raw", "ORF"),
    (0, b"IIRS", "raw", "ORF"),
    (0, b"MMOR", "raw", "ORF"),
    (0, b"IIU\0", "raw", "RW2"),
    (0, b"FUJIFILMCCD-RAW", "raw", "RAF"),
    (0, b"FOVb", "raw", "X3F"),
    *(
        (4, b"ftyp" + brand, "format", "HEIC")
        for brand in (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx")
    ),
    *((4, b"ftyp" + brand, "format", "HEIF") for brand in (b"mif1", b"mif2", b"msf1")),
)
_RAW_MAKERS = {
    b"NIKON": "NEF",
    b"SONY": "ARW",
    b"PENTAX": "PEF",
    b"RICOH": "PEF",
    b"SAMSUNG": "SRW",
    b"CANON": "CR2",
}
_MAKE, _SUB_PICTURES, _SUBFILE_TYPE, _COMPRESSION, _COLOURS, _DNG = 271, 330, 254, 259, 262, 50706
_CFA = 32803
_RAW_COMPRESSIONS = frozenset({32767, 32769, 34713, 34892, 65000, 65535})
_CONTROL_BYTES = frozenset(range(9)) | frozenset(range(14, 27)) | frozenset({28, 29, 30, 31})


def readable_formats() -> str:
    """Returns the formats that can be read here, separated by commas."""
    pictures = ["PNG", "JPEG", "WebP", "GIF", "BMP", "TIFF"]
    if features.check("avif"):
        pictures.append("AVIF")
    return ", ".join([*pictures, *(["MP4", "MOV", "WebM"] if has_video() else [])])


def identify_unsupported(path: Path) -> tuple[FileKind, str] | None:
    """Identifies a file that cannot be dreamed, by its content.

    Args:
        path: The file.

    Returns:
        The kind of file, and the format's name, empty for text and web pages. None for all other files.
    """
    with path.open("rb") as file:
        start = file.read(START_BYTES)
        for offset, signature, kind, name in _SIGNATURES:
            if start.startswith(signature, offset):
                return kind, name
        if raw := _identify_camera_raw(file):
            return "raw", raw
    if _is_mpeg_stream(start):
        return "format", "MPEG-TS"
    return _identify_text(start)


def _identify_text(start: bytes) -> tuple[FileKind, str] | None:
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        start = start.decode("utf-16", "replace").encode()
    if not start or set(start) & _CONTROL_BYTES:
        return None
    lower = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"<svg" in lower:
        return "format", "SVG"
    if lower.startswith((b"<!doctype html", b"<html", b"<head", b"<body")):
        return "page", ""
    return "text", ""


def _is_mpeg_stream(start: bytes) -> bool:
    return len(start) > 376 and all(start[position] == 0x47 for position in (0, 188, 376))


def _identify_camera_raw(file: BinaryIO) -> str | None:
    """Returns the format of a camera's raw file that is a TIFF with a small picture at its beginning."""
    file.seek(0)
    start = file.read(8)
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(start[:4])
    if order is None or len(start) < 8:
        return None
    tags = _read_tiff_tags(file, order, *struct.unpack_from(f"{order}I", start, 4))
    if _DNG in tags:
        return "DNG"
    raw = (
        tags.get(_COMPRESSION) in _RAW_COMPRESSIONS
        or tags.get(_COLOURS) == _CFA
        or (_SUB_PICTURES in tags and tags.get(_SUBFILE_TYPE) == 1)
    )
    if not raw:
        return None
    file.seek(tags.get(_MAKE, 0))
    maker = file.read(16).upper()
    return next((name for known, name in _RAW_MAKERS.items() if maker.startswith(known)), "RAW")


def _read_tiff_tags(file: BinaryIO, order: str, position: int) -> dict[int, int]:
    """Returns the tags of a TIFF's directory, each with its value or the value's position."""
    file.seek(position)
    (count,) = struct.unpack(f"{order}H", file.read(2).ljust(2, b"\0"))
    entries = file.read(12 * count)
    tags: dict[int, int] = {}
    for entry in range(0, len(entries) - 11, 12):
        tag, kind, values = struct.unpack_from(f"{order}HHI", entries, entry)
        short = kind == 3 and values == 1
        (tags[tag],) = struct.unpack_from(f"{order}H" if short else f"{order}I", entries, entry + 8)
    return tags
