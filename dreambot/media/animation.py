"""Animated pictures as frames: GIF, WebP, PNG, AVIF."""

from collections.abc import Iterator
from functools import partial

import numpy as np
from PIL import Image

from dreambot.media.convert import to_rgb
from dreambot.media.decode import UPRIGHT, orientation
from dreambot.media.opening import PictureFile, require_whole
from dreambot.media.picture import Pixels, Shot

# As browsers have it: who asks for less did not mean it
_SHORTEST_MS, _INSTEAD_MS = 11.0, 100.0


def shown_ms(delay: float) -> float:
    """For how many milliseconds a frame is really shown that says `delay`."""
    return delay if delay >= _SHORTEST_MS else _INSTEAD_MS


def delays(file: PictureFile, most: int) -> list[float]:
    """For how many milliseconds each frame of an opened picture is shown, without decoding them.

    One entry, 0, for what does not move. No more than most + 1.
    """
    found = file.delays(most)
    return [shown_ms(delay) for delay in found] if found else [0.0]


def animation(file: PictureFile) -> Iterator[tuple[Shot, float]]:
    """Each frame of a picture just opened, upright, on white where it is transparent, and for how many
    milliseconds it is shown. A still is one frame. Raises whatever decoders raise on damaged input, and
    PictureError where a part of a frame is missing, at the frame it concerns."""
    if not file.delays(1):
        yield partial(_flat, require_whole(file.first()).image), shown_ms(0)
        return
    for raster, delay in file.frames():
        yield partial(_flat, require_whole(raster).image), shown_ms(delay)


def _flat(image: Image.Image, size: tuple[int, int] | None) -> Pixels:
    turn = UPRIGHT.get(orientation(image))
    rgb, alpha = to_rgb(image)
    if alpha is not None:
        white = Image.new("RGB", rgb.size, "white")
        rgb = Image.composite(rgb, white, alpha)
    if turn is not None:
        rgb = rgb.transpose(turn)
    if size is not None and size != rgb.size:
        rgb = rgb.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    return np.asarray(rgb)
