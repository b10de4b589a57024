"""Animated pictures as frames: GIF, WebP, PNG, AVIF."""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import count
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import Image

from dreambot.media.chunks import gif_delays, png_delays, webp_delays
from dreambot.media.convert import to_rgb
from dreambot.media.decode import UPRIGHT, orientation
from dreambot.media.picture import Pixels, Shot

# As browsers have it: who asks for less did not mean it
_SHORTEST_MS, _INSTEAD_MS = 11.0, 100.0
# Others have pages, or another eye's view, but do not move
_MOVING = frozenset({"GIF", "PNG", "WEBP", "AVIF"})
_DELAYS: dict[str, Callable[[BinaryIO, int], list[float]]] = {
    "GIF": gif_delays,
    "PNG": png_delays,
    "WEBP": webp_delays,
}


def shown_ms(delay: float) -> float:
    """For how many milliseconds a frame is really shown that says `delay`."""
    return delay if delay >= _SHORTEST_MS else _INSTEAD_MS


def delays(path: Path, image: Image.Image, most: int) -> list[float]:
    """For how many milliseconds each frame of an opened picture is shown, without decoding them.

    One entry, 0, for what does not move. No more than most + 1.
    """
    kind = str(image.format)
    if kind in _DELAYS:
        with path.open("rb") as file:
            found = _DELAYS[kind](file, most)
    elif kind == "AVIF":
        # They are not told apart before they are decoded; nearly always they are equal
        image.load()
        found = [image.info.get("duration", 0)] * min(getattr(image, "n_frames", 1), most + 1)
    else:
        found = []
    return [shown_ms(delay) for delay in found] if found else [0.0]


def animation(image: Image.Image) -> Iterator[tuple[Shot, float]]:
    """Each frame of a picture just opened, upright, on white where it is transparent, and for how many
    milliseconds it is shown. Raises whatever Pillow raises on damaged input, at the frame it concerns."""
    first = 1 if getattr(image, "default_image", False) else 0
    for index in count(first):
        if index:
            if image.format not in _MOVING:
                return
            try:
                image.seek(index)
            except EOFError:
                return
        image.load()
        yield partial(_flat, image), shown_ms(float(image.info.get("duration", 0)))


def plays(image: Image.Image) -> int:
    """How many times browsers show an animation, 0 for ever; known once a frame was loaded."""
    count = image.info.get("loop")
    if image.format == "AVIF" and count is None:
        return 0
    if not isinstance(count, int):
        return 1
    # GIF says how many times it is repeated, the others how many times it is shown
    return count + 1 if image.format == "GIF" and count else max(0, count)


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
