"""What PNG and AVIF files say about their colours, outside of ICC profiles."""

import struct
from collections.abc import Mapping
from typing import BinaryIO

from dreambot.media.boxes import boxes
from dreambot.media.colour import Chromaticities, ColourTags, are_known

Bytes = bytes | memoryview
COLOUR_TAGS = "dreambot colour tags"
"""The key in the `info` of a picture for its `ColourTags`, or None."""

_TAGS = (b"cICP", b"sRGB", b"gAMA", b"cHRM", b"cLLI", b"mDCV")
# A gamma this near to sRGB's is taken for sRGB where there is nothing else, as libpng and browsers do
_SRGB_GAMMA, _NEAR = 0.45455, 0.05
_SRGB_CHROMATICITIES: Chromaticities = (0.64, 0.33, 0.3, 0.6, 0.15, 0.06, 0.3127, 0.329)
# Nits of a ten-thousandth: the unit of cLLI and mDCV
_NITS = 1e-4
# Where the properties of an AVIF's pictures, and those of its first track, are
_AVIF_WAYS = (
    ((b"meta", 4), (b"iprp", 0), (b"ipco", 0)),
    ((b"moov", 0), (b"trak", 0), (b"mdia", 0), (b"minf", 0), (b"stbl", 0), (b"stsd", 8), (b"av01", 78)),
)


def png_tags(chunks: Mapping[bytes, Bytes], has_profile: bool) -> ColourTags | None:
    """The tags of a PNG that count.

    Args:
        chunks: the chunks before its pixels, by type, among them the first of cICP, sRGB, gAMA, cHRM, cLLI
            and mDCV.
        has_profile: whether it carries an ICC profile.

    Returns:
        What cICP says or, without it, an ICC profile and sRGB, gAMA and cHRM, as the PNG specification
        (third edition) orders them; None where there are none, or the ICC profile goes first.
    """
    found = {kind: bytes(chunks[kind]) for kind in _TAGS if kind in chunks}
    coded = found.get(b"cICP", b"")
    if len(coded) == 4:
        primaries, transfer, matrix, is_full_range = coded
        if matrix == 0 and is_full_range == 1 and are_known(primaries, transfer):
            return ColourTags(primaries, transfer, _png_peak(found), bt1886=True)
    if has_profile or b"sRGB" in found or len(found.get(b"gAMA", b"")) != 4:
        return None
    gamma = int.from_bytes(found[b"gAMA"], "big") / 100_000
    if gamma <= 0:
        return None
    if len(found.get(b"cHRM", b"")) == 32:
        white_x, white_y, *rest = (value / 100_000 for value in struct.unpack(">8I", found[b"cHRM"]))
        red_x, red_y, green_x, green_y, blue_x, blue_y = rest
        return ColourTags((red_x, red_y, green_x, green_y, blue_x, blue_y, white_x, white_y), 1 / gamma)
    if abs(gamma - _SRGB_GAMMA) <= _NEAR * _SRGB_GAMMA:
        return None
    return ColourTags(_SRGB_CHROMATICITIES, 1 / gamma)


def _png_peak(found: dict[bytes, bytes]) -> float | None:
    """Nits of the brightest pixel, or else of the screen that the picture was made on."""
    levels, screen = found.get(b"cLLI", b""), found.get(b"mDCV", b"")
    peak = int.from_bytes(levels[:4], "big") * _NITS if len(levels) == 8 else 0.0
    if not peak and len(screen) == 24:
        peak = int.from_bytes(screen[16:20], "big") * _NITS
    return peak or None


def avif_tags(file: BinaryIO) -> ColourTags | None:
    """The code points of an AVIF; None where it has none. The file is left where it was."""
    before = file.tell()
    try:
        return _nclx(file)
    finally:
        file.seek(before)


def _nclx(file: BinaryIO) -> ColourTags | None:
    end = file.seek(0, 2)
    for way in _AVIF_WAYS:
        start, stop = 0, end
        for name, skipped in way:
            inside = next((places for kind, *places in boxes(file, start, stop) if kind == name), None)
            if inside is None:
                break
            start, stop = inside[0] + skipped, inside[1]
        else:
            for kind, begin, _ in boxes(file, start, stop):
                file.seek(begin)
                if kind == b"colr" and file.read(4) == b"nclx":
                    primaries, transfer = struct.unpack(">HH", file.read(4).ljust(4, b"\0"))
                    return ColourTags(primaries, transfer)
    return None
