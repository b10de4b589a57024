"""Animated WebP, frame by frame.

Pillow wants all frames at once. So each is written as a picture of its own, and its data put into the
container that Google's "WebP Container Specification" describes.
"""

import io
import struct
from collections.abc import Iterator

from PIL import Image

from dreambot.media.film_clock import Clock
from dreambot.media.film_plan import FilmPlan
from dreambot.media.metadata import exif_text
from dreambot.media.picture import Pixels

_BEST, _WORST = 82, 40
_HAS_EXIF, _IS_ANIMATED = 0x08, 0x02
# A frame takes the place of the last one, and is not blended with it
_OVERWRITES = 0x02
_LONGEST_MS = 2**24 - 1


class WebpWriter:
    """Writes an animated WebP."""

    def __init__(self, plan: FilmPlan) -> None:
        """See FilmWriter."""
        self._plan = plan
        self._quality = round(_WORST + (_BEST - _WORST) * plan.quality)
        self._clock = Clock(1000)
        self._now = 0
        self._frames: list[bytes] = []

    def add(self, rgb: Pixels, ms: float) -> None:
        """See FilmWriter."""
        before, self._now = self._now, self._clock.goes_on(ms)
        still = io.BytesIO()
        Image.fromarray(rgb).save(still, "WEBP", quality=self._quality, method=4)
        data = b"".join(_chunk(kind, data) for kind, data in _chunks(still.getvalue()) if kind == b"VP8 ")
        height, width = rgb.shape[:2]
        sides = _uint24(width - 1) + _uint24(height - 1)
        duration = _uint24(min(self._now - before, _LONGEST_MS))
        at = _uint24(0) * 2
        self._frames.append(_chunk(b"ANMF", at + sides + duration + bytes([_OVERWRITES]) + data))

    def finish(self) -> bytes:
        """See FilmWriter."""
        plan = self._plan
        exif = exif_text(plan.recipe_json)
        flags = _IS_ANIMATED | (_HAS_EXIF if exif else 0)
        sides = _uint24(plan.width - 1) + _uint24(plan.height - 1)
        black, times = bytes(4), min(plan.loops, 0xFFFF)
        parts = [
            b"WEBP",
            _chunk(b"VP8X", bytes([flags, 0, 0, 0]) + sides),
            _chunk(b"ANIM", black + struct.pack("<H", times)),
            *self._frames,
        ]
        if exif:
            parts.append(_chunk(b"EXIF", exif))
        return _chunk(b"RIFF", b"".join(parts))


def _uint24(value: int) -> bytes:
    return struct.pack("<I", value)[:3]


def _chunk(kind: bytes, data: bytes) -> bytes:
    return kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def _chunks(file: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The chunks of a WebP file of our own."""
    at = 12
    while at < len(file):
        (length,) = struct.unpack_from("<I", file, at + 4)
        yield file[at : at + 4], file[at + 8 : at + 8 + length]
        at += 8 + length + length % 2
