"""Reads colour tags of PNG, AVIF and video files, and converts tagged pixel values to 8-bit sRGB.

Tags are the code points of ITU-T H.273 (which PNG, AVIF and videos share), or the gamma and chromaticities of
older PNGs. HDR is tone mapped to SDR: the reference white (203 nits) keeps a share of the range, brighter
values roll off up to the peak, and hues are kept. The curve is the reference white tone mapping of SMPTE ST
2094-50, which browsers use too.
"""

import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from dreambot.media.containers import iter_mp4_boxes
from dreambot.media.picture import Pixels

Chromaticities = tuple[float, float, float, float, float, float, float, float]
"""x and y of red, green, blue and white."""
Floats = NDArray[np.float32]
Conversion = Callable[[NDArray[np.uint8] | NDArray[np.uint16]], Pixels]
"""From values (height, width, 3) to 8-bit sRGB."""

UNSPECIFIED = 2
LINEAR, SRGB, PQ, HLG = 8, 13, 16, 18

_D65, _C = (0.3127, 0.329), (0.31, 0.316)
_BT709: Chromaticities = (0.64, 0.33, 0.3, 0.6, 0.15, 0.06, *_D65)
_BT2020: Chromaticities = (0.708, 0.292, 0.17, 0.797, 0.131, 0.046, *_D65)
_SMPTE170M: Chromaticities = (0.63, 0.34, 0.31, 0.595, 0.155, 0.07, *_D65)
_PRIMARIES: dict[int, Chromaticities] = {
    1: _BT709,
    4: (0.67, 0.33, 0.21, 0.71, 0.14, 0.08, *_C),
    5: (0.64, 0.33, 0.29, 0.6, 0.15, 0.06, *_D65),
    6: _SMPTE170M,
    7: _SMPTE170M,
    8: (0.681, 0.319, 0.243, 0.692, 0.145, 0.049, *_C),
    9: _BT2020,
    11: (0.68, 0.32, 0.265, 0.69, 0.15, 0.06, 0.314, 0.351),
    12: (0.68, 0.32, 0.265, 0.69, 0.15, 0.06, *_D65),
    22: (0.63, 0.34, 0.295, 0.605, 0.155, 0.077, *_D65),
}
_HDR_TRANSFERS = frozenset({PQ, HLG})
# Camera curves: BT.709, BT.601, BT.2020, and their extensions to wider ranges.
_CAMERA_TRANSFERS = frozenset({1, 6, 11, 14, 15})
_SUPPORTED_TRANSFERS = frozenset({4, 5, 7, LINEAR, SRGB, PQ, 17, HLG}) | _CAMERA_TRANSFERS

_WHITE_NITS, _DEFAULT_PEAK_NITS, _HLG_PEAK_NITS = 203.0, 1000.0, 1000.0
_MAX_NITS = 10_000.0
_BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])
# Pixels converted at once: temporary arrays stay within the CPU's cache and the memory limit.
_BATCH_PIXELS = 2**17
_LEVELS = 2**16 - 1


Bytes = bytes | memoryview
COLOUR_TAGS_KEY = "dreambot colour tags"
"""Key in the `info` of a picture for its `ColourTags`, or None."""

_PNG_COLOUR_CHUNKS = (b"cICP", b"sRGB", b"gAMA", b"cHRM", b"cLLI", b"mDCV")
# A gamma this near to sRGB's counts as sRGB if there is nothing else, as in libpng and browsers.
_SRGB_GAMMA, _GAMMA_TOLERANCE = 0.45455, 0.05
_SRGB_CHROMATICITIES: Chromaticities = (0.64, 0.33, 0.3, 0.6, 0.15, 0.06, 0.3127, 0.329)
# The unit of cLLI and mDCV.
_NITS_PER_UNIT = 1e-4
# Boxes with the properties of an AVIF's pictures, and of its first track, with header bytes to skip.
_AVIF_PROPERTY_PATHS = (
    ((b"meta", 4), (b"iprp", 0), (b"ipco", 0)),
    ((b"moov", 0), (b"trak", 0), (b"mdia", 0), (b"minf", 0), (b"stbl", 0), (b"stsd", 8), (b"av01", 78)),
)


def is_supported_coding(primaries: int, transfer: int) -> bool:
    """Returns whether values with these code points can be converted.

    Args:
        primaries: Colour primaries as in H.273.
        transfer: Transfer characteristics as in H.273.
    """
    return primaries in _PRIMARIES and transfer in _SUPPORTED_TRANSFERS


@dataclass(frozen=True)
class ColourTags:
    """The colour tags of a file.

    Attributes:
        primaries: A code point of H.273, or chromaticities.
        transfer: A code point (int), or the exponent (float) that turns values into light.
        peak: Nits of the brightest pixel of an HDR source; None if unknown.
        bt1886: The curves of BT.709, BT.601 and BT.2020 mean a screen with a gamma of 2.4. Browsers interpret
            them this way in a PNG; elsewhere they treat them as sRGB's.
    """

    primaries: int | Chromaticities
    transfer: int | float
    peak: float | None = None
    bt1886: bool = False

    @property
    def is_hdr(self) -> bool:
        """Whether the transfer is PQ or HLG."""
        return isinstance(self.transfer, int) and self.transfer in _HDR_TRANSFERS


@lru_cache(maxsize=8)
def converter_for(tags: ColourTags) -> Conversion | None:
    """Returns the conversion of values with these tags to sRGB.

    Args:
        tags: The tags.

    Returns:
        None if there is nothing to do, because the values are sRGB already or the tags are invalid.
    """
    chromaticities = _resolve_chromaticities(tags)
    if chromaticities is None:
        return None
    matrix = _conversion_matrix(chromaticities, _BT709)
    is_same = bool(np.abs(matrix - np.eye(3)).max() < 2e-3)
    if is_same and _is_srgb(tags):
        return None
    if tags.is_hdr:
        tone = _ToneMap(tags, _conversion_matrix(chromaticities, _BT2020))
        return _TableConverter(tags, tone.matrix, tone)
    return _TableConverter(tags, None if is_same else matrix.astype(np.float32), None)


class _TableConverter:
    """Converts values by look-up tables: to light, by the tone map, to sRGB's primaries and to sRGB."""

    def __init__(self, tags: ColourTags, matrix: Floats | None, tone: "_ToneMap | None") -> None:
        self._tags, self._matrix, self._tone = tags, matrix, tone
        self._lights: dict[int, Floats] = {}
        # Without a change of primaries each channel is one look-up.
        self._direct: dict[int, Pixels] = {}

    def __call__(self, values: NDArray[np.uint8] | NDArray[np.uint16]) -> Pixels:
        depth = 8 * values.itemsize
        if depth not in self._lights:
            self._lights[depth] = _to_linear_light(self._tags, np.linspace(0, 1, 2**depth)).astype(np.float32)
        light = self._lights[depth]
        if self._matrix is None:
            if depth not in self._direct:
                self._direct[depth] = _encode_srgb(light)
            return self._direct[depth][values]
        flat = values.reshape(-1, 3)
        converted = np.empty(flat.shape, np.uint8)
        for start in range(0, len(flat), _BATCH_PIXELS):
            # One row per channel: numpy is much faster this way.
            part = light.take(np.ascontiguousarray(flat[start : start + _BATCH_PIXELS].T), mode="clip")
            if self._tone is not None:
                part = self._tone(part)
            converted[start : start + _BATCH_PIXELS] = _encode_srgb(self._matrix @ part).T
        return converted.reshape(values.shape)


class _ToneMap:
    """Tone maps HDR light (3, pixels), in place, to light in BT.2020 where 1 is the white of an SDR screen.

    `matrix` converts the result to sRGB's primaries.
    """

    def __init__(self, tags: ColourTags, to_bt2020: NDArray[np.float64]) -> None:
        self.matrix: Floats = _conversion_matrix(_BT2020, _BT709).astype(np.float32)
        self._first = None if np.allclose(to_bt2020, np.eye(3), atol=1e-4) else to_bt2020.astype(np.float32)
        self._is_hlg = tags.transfer == HLG
        peak = _HLG_PEAK_NITS if self._is_hlg else min(tags.peak or _DEFAULT_PEAK_NITS, _MAX_NITS)
        self._gains = _tone_mapping_gains(max(1.0, peak / _WHITE_NITS))
        self._luminance: Floats = _rgb_to_xyz_matrix(_BT2020)[1].astype(np.float32)
        # H.273's HLG is scene light; a screen of 1000 nits displays it with this gamma (BT.2100).
        self._system = (np.linspace(0, 1, _LEVELS + 1) ** 0.2 * _HLG_PEAK_NITS / _WHITE_NITS).astype(
            np.float32
        )

    def __call__(self, light: Floats) -> Floats:
        if self._first is not None:
            light = np.maximum(self._first @ light, 0)
        if self._is_hlg:
            light *= self._system[_table_indexes(self._luminance @ light)]
        brightest = light.max(axis=0) * np.float32(_WHITE_NITS / _MAX_NITS)
        light *= self._gains[_table_indexes(np.sqrt(brightest))]
        return light


def _tone_mapping_gains(peak: float) -> Floats:
    """Returns the factors for light, indexed by the square root of its strongest channel (of 10,000 nits).

    Up to the reference white the gain is constant; from there a quadratic Bézier curve leads to the peak,
    which becomes the screen's white.

    Args:
        peak: The brightest light, in reference whites.
    """
    brightness = np.linspace(0, 1, _LEVELS + 1) ** 2 * (_MAX_NITS / _WHITE_NITS)
    if peak <= 1:
        return np.ones_like(brightness, np.float32)
    usual = np.log2(_DEFAULT_PEAK_NITS / _WHITE_NITS)
    white = 1 - 0.5 * min(1.0, np.log2(peak) / usual)
    kappa = 0.65
    middle = (1 - kappa) + kappa / white, (1 - kappa) * white + kappa
    t = np.linspace(0, 1, 4096)
    weights = (1 - t) ** 2, 2 * t * (1 - t), t**2
    x = weights[0] + weights[1] * middle[0] + weights[2] * peak
    y = weights[0] * white + weights[1] * middle[1] + weights[2]
    displayed = np.interp(brightness, np.r_[0.0, x], np.r_[0.0, y])
    gains: Floats = (displayed / np.maximum(brightness, 1e-9)).astype(np.float32)
    gains[0] = white
    return gains


def _table_indexes(values: Floats) -> NDArray[np.uint16]:
    """Returns the table index of values from 0 to 1."""
    return (np.clip(values, 0, 1) * np.float32(_LEVELS) + np.float32(0.5)).astype(np.uint16)


@lru_cache(maxsize=1)
def _srgb_table() -> Pixels:
    light = np.linspace(0, 1, _LEVELS + 1)
    values = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    encoded: Pixels = np.rint(255 * values).astype(np.uint8)
    return encoded


def _encode_srgb(light: Floats) -> Pixels:
    return _srgb_table().take(_table_indexes(light))


def _to_linear_light(tags: ColourTags, v: NDArray[np.float64]) -> NDArray[np.float64]:
    """Converts values from 0 to 1 to light; for PQ in multiples of the reference white."""
    transfer = tags.transfer
    if isinstance(transfer, float):
        return v**transfer
    if transfer in _CAMERA_TRANSFERS and tags.bt1886:
        return v**2.4
    match transfer:
        case 4:
            return v**2.2
        case 5:
            return v**2.8
        case 7:
            return np.where(v < 0.0913, v / 4.0, ((v + 0.1115) / 1.1115) ** (1 / 0.45))
        case 8:
            return v
        case 16:
            root = v ** (1 / 78.84375)
            share = np.maximum(root - 0.8359375, 0) / (18.8515625 - 18.6875 * root)
            return share ** (1 / 0.1593017578125) * (_MAX_NITS / _WHITE_NITS)
        case 17:
            return v**2.6 * (52.37 / 48)
        case 18:
            return np.where(v <= 0.5, v**2 / 3, (np.exp((v - 0.55991073) / 0.17883277) + 0.28466892) / 12)
    return np.where(v <= 0.04045, v / 12.92, ((v + 0.055) / 1.055) ** 2.4)


def _is_srgb(tags: ColourTags) -> bool:
    if not isinstance(tags.transfer, int):
        return False
    return (
        tags.transfer == SRGB
        or tags.transfer not in _SUPPORTED_TRANSFERS
        or (tags.transfer in _CAMERA_TRANSFERS and not tags.bt1886)
    )


def _resolve_chromaticities(tags: ColourTags) -> Chromaticities | None:
    """Returns the chromaticities of the tags; None if no such primaries can exist."""
    primaries = tags.primaries
    if isinstance(primaries, int):
        # HDR without primaries is nearly always BT.2020.
        usual = _BT2020 if tags.is_hdr else _BT709
        return _PRIMARIES.get(primaries, usual)
    if min(primaries[1::2]) <= 0 or abs(np.linalg.det(_primaries_xyz(primaries))) < 1e-3:
        return None
    return primaries


def _conversion_matrix(source: Chromaticities, target: Chromaticities) -> NDArray[np.float64]:
    """Returns the matrix from light in one set of primaries to another, white to white."""
    source_white, target_white = (
        _BRADFORD @ _xy_to_xyz(*chromaticities[6:]) for chromaticities in (source, target)
    )
    adapted = np.linalg.inv(_BRADFORD) @ np.diag(target_white / source_white) @ _BRADFORD
    matrix: NDArray[np.float64] = (
        np.linalg.inv(_rgb_to_xyz_matrix(target)) @ adapted @ _rgb_to_xyz_matrix(source)
    )
    return matrix


def _rgb_to_xyz_matrix(chromaticities: Chromaticities) -> NDArray[np.float64]:
    columns = _primaries_xyz(chromaticities)
    return columns * np.linalg.solve(columns, _xy_to_xyz(*chromaticities[6:]))


def _primaries_xyz(chromaticities: Chromaticities) -> NDArray[np.float64]:
    return np.stack([_xy_to_xyz(*chromaticities[at : at + 2]) for at in (0, 2, 4)], axis=1)


def _xy_to_xyz(x: float, y: float) -> NDArray[np.float64]:
    return np.array([x / y, 1.0, (1 - x - y) / y])


def png_colour_tags(chunks: Mapping[bytes, Bytes], has_profile: bool) -> ColourTags | None:
    """Returns the colour tags of a PNG that apply.

    Args:
        chunks: The chunks before its pixels, by type, among them the first of cICP, sRGB, gAMA, cHRM, cLLI
            and mDCV.
        has_profile: Whether it carries an ICC profile.

    Returns:
        cICP or, without it, gAMA and cHRM, in the order of the PNG specification (third edition); None if
        there are none, or if an ICC profile or sRGB takes precedence.
    """
    colour_chunks = {kind: bytes(chunks[kind]) for kind in _PNG_COLOUR_CHUNKS if kind in chunks}
    cicp = colour_chunks.get(b"cICP", b"")
    if len(cicp) == 4:
        primaries, transfer, matrix, is_full_range = cicp
        if matrix == 0 and is_full_range == 1 and is_supported_coding(primaries, transfer):
            return ColourTags(primaries, transfer, _png_peak(colour_chunks), bt1886=True)
    if has_profile or b"sRGB" in colour_chunks or len(colour_chunks.get(b"gAMA", b"")) != 4:
        return None
    gamma = int.from_bytes(colour_chunks[b"gAMA"], "big") / 100_000
    if gamma <= 0:
        return None
    if len(colour_chunks.get(b"cHRM", b"")) == 32:
        white_x, white_y, *rest = (value / 100_000 for value in struct.unpack(">8I", colour_chunks[b"cHRM"]))
        red_x, red_y, green_x, green_y, blue_x, blue_y = rest
        return ColourTags((red_x, red_y, green_x, green_y, blue_x, blue_y, white_x, white_y), 1 / gamma)
    if abs(gamma - _SRGB_GAMMA) <= _GAMMA_TOLERANCE * _SRGB_GAMMA:
        return None
    return ColourTags(_SRGB_CHROMATICITIES, 1 / gamma)


def _png_peak(colour_chunks: dict[bytes, bytes]) -> float | None:
    """Returns the nits of the brightest pixel, or else of the screen that the picture was made on."""
    levels, screen = colour_chunks.get(b"cLLI", b""), colour_chunks.get(b"mDCV", b"")
    peak = int.from_bytes(levels[:4], "big") * _NITS_PER_UNIT if len(levels) == 8 else 0.0
    if not peak and len(screen) == 24:
        peak = int.from_bytes(screen[16:20], "big") * _NITS_PER_UNIT
    return peak or None


def avif_colour_tags(file: BinaryIO) -> ColourTags | None:
    """Returns the code points of an AVIF; None if it has none.

    Args:
        file: The open file. Its position is restored.
    """
    before = file.tell()
    try:
        return _read_nclx(file)
    finally:
        file.seek(before)


def _read_nclx(file: BinaryIO) -> ColourTags | None:
    end = file.seek(0, 2)
    for box_path in _AVIF_PROPERTY_PATHS:
        start, stop = 0, end
        for name, skipped in box_path:
            inside = next(
                (position for kind, *position in iter_mp4_boxes(file, start, stop) if kind == name), None
            )
            if inside is None:
                break
            start, stop = inside[0] + skipped, inside[1]
        else:
            for kind, begin, _ in iter_mp4_boxes(file, start, stop):
                file.seek(begin)
                if kind == b"colr" and file.read(4) == b"nclx":
                    primaries, transfer = struct.unpack(">HH", file.read(4).ljust(4, b"\0"))
                    return ColourTags(primaries, transfer)
    return None
