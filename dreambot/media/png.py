"""Reads PNG files, including animated ones, as browsers do.

Only the chunks that pixels and colours depend on are read. Errors in other chunks, such as wrong
checksums, wrong lengths or text of any size, are ignored.
"""

import re
import struct
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from dreambot.media.colour import COLOUR_TAGS_KEY, ColourTags, Conversion, converter_for, png_colour_tags
from dreambot.media.containers import MAX_CHUNKS, PNG_SIGNATURE
from dreambot.media.raster import Disposal, Frame, Raster, compose_frames, decompress, hide_missing_pixels
from dreambot.media.srgb import MAX_PROFILE_BYTES

# (bit depth, colour type): Pillow's mode, and its name for how the samples are packed
_PACKINGS = {
    (1, 0): ("1", "1"),
    (2, 0): ("L", "L;2"),
    (4, 0): ("L", "L;4"),
    (8, 0): ("L", "L"),
    (16, 0): ("I;16", "I;16B"),
    (8, 2): ("RGB", "RGB"),
    (16, 2): ("RGB", "RGB;16B"),
    (1, 3): ("P", "P;1"),
    (2, 3): ("P", "P;2"),
    (4, 3): ("P", "P;4"),
    (8, 3): ("P", "P"),
    (8, 4): ("LA", "LA"),
    (16, 4): ("RGBA", "LA;16B"),
    (8, 6): ("RGBA", "RGBA"),
    (16, 6): ("RGBA", "RGBA;16B"),
}
_LOW_BYTES, _LOW_BYTES_WITH_ALPHA = "RGB;16L", "RGBA;16L"
"""Of big-endian samples, these read the bytes that RGB;16B and RGBA;16B skip."""
# Lengths of the chunks that have only one.
_CHUNK_LENGTHS = {b"gAMA": 4, b"cHRM": 32, b"sRGB": 1, b"cICP": 4, b"cLLI": 8, b"mDCV": 24}
_UNIQUE_CHUNKS = frozenset({b"PLTE", b"tRNS", b"iCCP", b"eXIf", *_CHUNK_LENGTHS})
_FRAME_CONTROL = struct.Struct(">4x4I2H2B")
_KNOWN_CHUNK = re.compile(rb"IDAT|PLTE|tRNS|fcTL|fdAT|IEND")
# Each candidate costs a checksum, so a file full of wrong lengths must not cause many.
_MAX_SEARCHES, _MAX_CANDIDATES = 16, 64
_PIECE_BYTES = 256


@dataclass(eq=False)
class _StoredFrame:
    """A picture as it is stored: a frame, or the picture for viewers without animation."""

    width: int
    height: int
    x: int = 0
    y: int = 0
    ms: float = 0.0
    dispose: int = 0
    blend: int = 0
    parts: list[memoryview] = field(default_factory=list)


class PngFile:
    """A PNG in memory.

    Attributes:
        size: (width, height) of the picture.
        loops: How often its animation is played, 0 for ever.
    """

    format = "PNG"
    pages = 1

    def __init__(self, data: bytes) -> None:
        """Reads everything but the pixels.

        Args:
            data: The whole file.

        Raises:
            ValueError: The header is missing or invalid.
        """
        chunks = _iter_chunks(data)
        kind, header, sound = next(chunks, (b"", memoryview(b""), False))
        if kind != b"IHDR" or len(header) != 13 or not sound:
            raise ValueError("a PNG without a header")
        width, height, self._depth, self._type, _, _, interlaced = struct.unpack(">IIBBBBB", header)
        if (self._depth, self._type) not in _PACKINGS:
            raise ValueError("a PNG of an unknown kind")
        self.size = width, height
        self.loops = 1
        self._interlaced = interlaced == 1
        self._still = _StoredFrame(width, height)
        self._frames: list[_StoredFrame] = []
        self._chunks: dict[bytes, memoryview] = {}
        self._read(chunks)
        if self._type == 3 and b"PLTE" not in self._chunks:
            raise ValueError("a PNG without a palette")
        self.info = self._read_info()

    def _read(self, chunks: Iterator[tuple[bytes, memoryview, bool]]) -> None:
        animated = False
        for kind, content, sound in chunks:
            before_pixels = not self._still.parts
            if kind == b"IDAT":
                self._still.parts.append(content)
            elif kind == b"fdAT" and self._frames:
                self._frames[-1].parts.append(content[4:])
            elif not sound:
                continue
            elif kind == b"acTL" and len(content) == 8 and before_pixels:
                animated = True
                self.loops = int.from_bytes(content[4:], "big")
            elif kind == b"fcTL" and len(content) == 26 and animated:
                self._frames.append(self._frame(content, before_pixels))
            elif before_pixels and self._is_kept_chunk(kind, len(content)):
                self._chunks[kind] = content
        self._frames = [frame for frame in self._frames if frame.parts]

    def _is_kept_chunk(self, kind: bytes, length: int) -> bool:
        """Returns whether it is the first chunk of its kind, of the right length, and where it belongs."""
        if kind not in _UNIQUE_CHUNKS or kind in self._chunks or length != _CHUNK_LENGTHS.get(kind, length):
            return False
        return kind != b"tRNS" or self._type != 3 or b"PLTE" in self._chunks

    def _frame(self, control: memoryview, of_the_still: bool) -> _StoredFrame:
        width, height, x, y, numerator, denominator, dispose, blend = _FRAME_CONTROL.unpack(control)
        ms = 1000 * numerator / (denominator or 100)
        if of_the_still:
            return _StoredFrame(*self.size, ms=ms, dispose=dispose, parts=self._still.parts)
        return _StoredFrame(width, height, x, y, ms, dispose, blend)

    def _read_info(self) -> dict[str | tuple[int, int], Any]:
        """Returns what colours and orientation depend on, under Pillow's names where it has one."""
        info: dict[str | tuple[int, int], Any] = {}
        profile = _read_icc_profile(self._chunks.get(b"iCCP"))
        exif = bytes(self._chunks.get(b"eXIf", b""))
        if profile:
            info["icc_profile"] = profile
        if exif.startswith((b"II*\0", b"MM\0*")):
            info["exif"] = exif
        info[COLOUR_TAGS_KEY] = png_colour_tags(self._chunks, bool(profile))
        return info

    def delays(self, limit: int) -> list[float]:
        """Returns the stored delay of each frame, in milliseconds; empty for a still.

        Args:
            limit: At most limit + 1 delays are returned.
        """
        return [frame.ms for frame in islice(self._frames, limit + 1)]

    def first(self, min_size: tuple[int, int] | None = None) -> Raster:
        """Decodes the picture, or the first frame of an animation.

        Args:
            min_size: Ignored: a PNG cannot be decoded at a smaller size.
        """
        if self._frames:
            return next(self.frames())[0]
        return self._raster(self._still)

    def frames(self) -> Iterator[tuple[Raster, float]]:
        """Yields the frames as they are displayed; see `compose_frames`."""
        return compose_frames(self.size, self._placed())

    def _placed(self) -> Iterator[Frame]:
        for index, stored in enumerate(self._frames):
            right, bottom = stored.x + stored.width, stored.y + stored.height
            if not (stored.x < right <= self.size[0] and stored.y < bottom <= self.size[1]):
                raise ValueError("a frame outside of its canvas")
            # Before the first frame there is nothing to restore.
            restore: Disposal = "restore" if index else "clear"
            disposal: Disposal = {1: "clear", 2: restore}.get(stored.dispose, "keep")
            yield Frame(self._raster(stored), stored.x, stored.y, stored.ms, disposal, over=stored.blend == 1)

    def _raster(self, stored: _StoredFrame) -> Raster:
        """Decodes a stored picture by itself, 8 bits a sample.

        Raises ValueError if it has no pixels at all.
        """
        mode, packing = _PACKINGS[self._depth, self._type]
        size = stored.width, stored.height
        data = b"".join(stored.parts)
        image, missing = decompress(mode, size, data, "zip", (packing, int(self._interlaced)))
        if missing is not None:
            # Browsers ignore a wrong checksum at the end of the stream, which zlib reports too early.
            data = _recompress(data, self._max_bytes(*size))
            image, missing = decompress(mode, size, data, "zip", (packing, int(self._interlaced)))
        if missing is not None and missing.all():
            raise ValueError("a PNG without pixels")
        if self._type == 3:
            image = self._palette_to_rgb(image)
        elif self._type == 0:
            image = self._grey(image)
        elif self._type == 2:
            image = self._apply_colour_key(image, data)
        elif (self._depth, self._type) == (16, 4):
            image = image.convert("LA")
        info = self.info
        if self._depth == 16 and self._type != 4 and (convert := self._conversion()):
            # Linear light and HDR have more levels than the eight bits of everything that follows.
            image = self._converted(image, data, convert)
            info = {name: value for name, value in info.items() if name != COLOUR_TAGS_KEY}
        raster = hide_missing_pixels(image, missing, interlaced=self._interlaced)
        raster.image.info = info
        return raster

    def _conversion(self) -> Conversion | None:
        tags = self.info.get(COLOUR_TAGS_KEY)
        return converter_for(tags) if isinstance(tags, ColourTags) else None

    def _converted(self, image: Image.Image, data: bytes, convert: Conversion) -> Image.Image:
        """Returns a picture of 16 bits a sample in sRGB, converted from all of its bits.

        Args:
            image: Its upper eight bits.
            data: Its compressed pixels.
            convert: The conversion.
        """
        packing = {0: "I;16B", 2: _LOW_BYTES, 6: _LOW_BYTES_WITH_ALPHA}[self._type]
        mode, _ = _PACKINGS[self._depth, self._type]
        again, _ = decompress(mode, image.size, data, "zip", (packing, int(self._interlaced)))
        if self._type == 0:
            values = np.asarray(again)[..., None].repeat(3, axis=2)
        else:
            high, low = (np.asarray(one)[..., :3].astype(np.uint16) for one in (image, again))
            values = high * 256 + low
        converted = Image.fromarray(convert(values))
        if image.has_transparency_data:
            converted.putalpha(image.getchannel("A"))
        return converted

    def _max_bytes(self, width: int, height: int) -> int:
        """Returns an upper limit on the decompressed bytes of a picture.

        Adam7 has at most twice as many rows.
        """
        bits = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[self._type] * int(self._depth)
        return 2 * (height + 8) * (2 + width * bits // 8)

    def _key(self) -> tuple[int, ...] | None:
        """Returns the sample values of the transparent grey or colour; None if it has none."""
        content = self._chunks.get(b"tRNS")
        count = {0: 1, 2: 3}.get(self._type)
        if content is None or count is None or len(content) < 2 * count:
            return None
        key = struct.unpack_from(f">{count}H", content)
        return tuple(value & 255 for value in key) if self._depth == 8 else key

    def _grey(self, image: Image.Image) -> Image.Image:
        """Returns grey samples of any depth, with their transparent value, in 8 bits."""
        samples, key = np.asarray(image), self._key()
        image = _to_8_bits(image)
        if key is not None:
            # Pillow scales samples of two and four bits; one bit becomes True and False.
            scale = 255 // (2**self._depth - 1) if self._depth in (2, 4) else 1
            image.putalpha(_alpha_from_mask(samples != key[0] * scale))
        return image

    def _apply_colour_key(self, image: Image.Image, data: bytes) -> Image.Image:
        """Adds alpha for the transparent colour, which is compared in all of its bits."""
        key = self._key()
        if key is None:
            return image
        keyed = _matches_colour(image, [value >> 8 if self._depth == 16 else value for value in key])
        if self._depth == 16:
            low, _ = decompress("RGB", image.size, data, "zip", (_LOW_BYTES, int(self._interlaced)))
            keyed &= _matches_colour(low, [value & 255 for value in key])
        image.putalpha(_alpha_from_mask(~keyed))
        return image

    def _palette_to_rgb(self, image: Image.Image) -> Image.Image:
        """Returns the colours of palette indices. An index outside the palette is transparent."""
        colours = np.frombuffer(self._chunks[b"PLTE"], np.uint8)[: 3 * 256]
        colours = colours[: len(colours) // 3 * 3].reshape(-1, 3)
        alpha = np.frombuffer(self._chunks.get(b"tRNS", b""), np.uint8)[: len(colours)]
        table = np.zeros((256, 4), np.uint8)
        table[: len(colours), :3] = colours
        table[: len(colours), 3] = 255
        table[: len(alpha), 3] = alpha
        return apply_palette(image, table)


def _recompress(data: bytes, limit: int) -> bytes:
    """Returns the readable part of a zlib stream, at most `limit` bytes, as a valid stream."""
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    decompressed = bytearray()
    with suppress(zlib.error):
        for start in range(2, len(data), _PIECE_BYTES):
            decompressed += stream.decompress(
                data[start : start + _PIECE_BYTES], max(1, limit - len(decompressed))
            )
            if stream.eof or len(decompressed) >= limit:
                break
    return zlib.compress(decompressed, 0)


def apply_palette(image: Image.Image, table: NDArray[np.uint8]) -> Image.Image:
    """Returns the colours of a picture of palette indices.

    Args:
        image: In mode P.
        table: (256, 4) uint8, red, green, blue and alpha of each index.

    Returns:
        A picture in mode RGB, or RGBA if some pixel is not opaque.
    """
    indices = np.asarray(image)
    used = np.array(image.histogram()) > 0
    opaque = bool((table[used, 3] == 255).all())
    return Image.fromarray(table[:, : 3 if opaque else 4][indices])


def _iter_chunks(data: bytes) -> Iterator[tuple[bytes, memoryview, bool]]:
    """Yields (type, content, whether length and checksum are right) of each chunk, up to the picture's end.

    Checksums of pixels are ignored, as in browsers. After a wrong length, the next chunk that matters is
    searched for.
    """
    view = memoryview(data)
    if not data.startswith(PNG_SIGNATURE):
        return
    position, searches = len(PNG_SIGNATURE), 0
    for _ in range(MAX_CHUNKS):
        if len(data) - position < 8:
            return
        length, kind = struct.unpack_from(">I4s", data, position)
        content = view[position + 8 : position + 8 + length]
        end = position + 12 + length
        pixels = kind in (b"IDAT", b"fdAT")
        sound = pixels or _is_chunk_valid(view, position)
        if not sound and not _is_chunk_header(data, end) and searches < _MAX_SEARCHES:
            searches += 1
            position = _find_next_chunk(data, position + 8)
            continue
        yield kind, content, sound
        if kind == b"IEND":
            return
        position = end


def _is_chunk_valid(view: memoryview, position: int) -> bool:
    length, kind = struct.unpack_from(">I4s", view, position)
    content = view[position + 8 : position + 8 + length]
    checksum = view[position + 8 + length : position + 12 + length]
    return len(checksum) == 4 and zlib.crc32(content, zlib.crc32(kind)) == int.from_bytes(checksum, "big")


def _is_chunk_header(data: bytes, position: int) -> bool:
    kind = data[position + 4 : position + 8]
    return len(kind) == 4 and kind.isalpha() and kind.isascii()


def _find_next_chunk(data: bytes, position: int) -> int:
    for match in islice(_KNOWN_CHUNK.finditer(data, position + 4), _MAX_CANDIDATES):
        if _is_chunk_valid(memoryview(data), match.start() - 4):
            return match.start() - 4
    return len(data)


def _read_icc_profile(content: memoryview | None) -> bytes | None:
    """Returns the ICC profile in a chunk; None if it is invalid or larger than any profile needs to be."""
    _, separator, rest = bytes(content or b"").partition(b"\0")
    if not separator or rest[:1] != b"\0":
        return None
    stream = zlib.decompressobj()
    try:
        profile = stream.decompress(rest[1:], MAX_PROFILE_BYTES + 1)
    except zlib.error:
        return None
    return profile if stream.eof and len(profile) <= MAX_PROFILE_BYTES else None


def _to_8_bits(image: Image.Image) -> Image.Image:
    if image.mode == "I;16":
        return Image.fromarray(np.rint(np.asarray(image) / np.float32(257)).astype(np.uint8))
    return image.convert("L")


def _matches_colour(image: Image.Image, key: list[int]) -> NDArray[np.bool_]:
    equal: NDArray[np.bool_] = (np.asarray(image) == key).all(axis=2)
    return equal


def _alpha_from_mask(shown: NDArray[np.bool_]) -> Image.Image:
    return Image.fromarray(np.where(shown, 255, 0).astype(np.uint8))
