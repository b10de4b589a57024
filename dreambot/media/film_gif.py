"""GIF, frame by frame.

Pillow wants all frames at once. So each is written as a picture of its own, and its parts put together as
the GIF89a specification (CompuServe, 1990) describes. A palette is kept as long as it serves: what stands
still then keeps its very colours.
"""

import io
import struct

import numpy as np
from PIL import Image

from dreambot.media.film_clock import Clock
from dreambot.media.film_plan import FilmPlan
from dreambot.media.metadata import KEYWORD
from dreambot.media.picture import Pixels

_MOST_COLOURS, _FEWEST_COLOURS = 256, 128
# Browsers take anything shorter for a mistake and show it for a tenth of a second
_SHORTEST = 2
_LONGEST = 0xFFFF
_HEADER = 13
# How many pixels a side a palette is chosen from
_SAMPLE = 192
# A palette serves until its error is that many times what it was on the frame it was made for
_SERVES = 1.2


class GifWriter:
    """Writes a GIF. Where frames come faster than GIF can tell, some are left out."""

    def __init__(self, plan: FilmPlan) -> None:
        """See FilmWriter."""
        self._plan = plan
        self._colours = round(_FEWEST_COLOURS + (_MOST_COLOURS - _FEWEST_COLOURS) * plan.quality)
        self._clock = Clock(100)
        self._shown = 0
        self._palette: Image.Image | None = None
        self._bearable = 0.0
        self._frames: list[bytes] = []

    def add(self, rgb: Pixels, ms: float) -> None:
        """See FilmWriter."""
        wait = self._clock.goes_on(ms) - self._shown
        if wait < _SHORTEST and self._frames:
            return
        wait = max(_SHORTEST, wait)
        self._shown += wait
        control = b"!\xf9\x04\x00" + struct.pack("<H", min(wait, _LONGEST)) + b"\0\0"
        self._frames.append(control + _block(self._reduced(Image.fromarray(rgb))))

    def finish(self) -> bytes:
        """See FilmWriter."""
        plan = self._plan
        parts = [b"GIF89a", struct.pack("<HHBBB", plan.width, plan.height, 0x70, 0, 0)]
        if plan.loops != 1:
            repeats = min(plan.loops - 1, _LONGEST) if plan.loops else 0
            parts.append(b"!\xff\x0bNETSCAPE2.0\x03\x01" + struct.pack("<H", repeats) + b"\0")
        if plan.recipe_json is not None:
            parts.append(b"!\xfe" + _sub_blocks(f"{KEYWORD} {plan.recipe_json}".encode()))
        return b"".join([*parts, *self._frames, b";"])

    def _reduced(self, image: Image.Image) -> Image.Image:
        """The frame in its palette, dithered."""
        sample = image.copy()
        sample.thumbnail((_SAMPLE, _SAMPLE), Image.Resampling.NEAREST)
        if self._palette is None or _error(sample, self._palette) > self._bearable:
            self._palette = sample.quantize(self._colours, Image.Quantize.MEDIANCUT, kmeans=1)
            self._bearable = _SERVES * _error(sample, self._palette)
        return image.quantize(palette=self._palette, dither=Image.Dither.FLOYDSTEINBERG)


def _error(sample: Image.Image, palette: Image.Image) -> float:
    reduced = sample.quantize(palette=palette, dither=Image.Dither.NONE).convert("RGB")
    difference = np.asarray(reduced, np.int16) - np.asarray(sample, np.int16)
    return float(np.square(difference, dtype=np.float32).mean())


def _block(image: Image.Image) -> bytes:
    """A picture as an image block with a palette of its own."""
    file = io.BytesIO()
    image.save(file, "GIF", optimize=False, interlace=False)
    data = file.getvalue()
    depth = data[10] & 7
    end = _HEADER + (3 << (depth + 1))
    palette = data[_HEADER:end]
    while data[end : end + 1] == b"!":
        end += 2
        while data[end]:
            end += 1 + data[end]
        end += 1
    descriptor = data[end : end + 9] + bytes([0x80 | depth])
    return descriptor + palette + data[end + 10 : -1]


def _sub_blocks(data: bytes) -> bytes:
    pieces = (data[at : at + 255] for at in range(0, len(data), 255))
    return b"".join(bytes([len(piece)]) + piece for piece in pieces) + b"\0"
