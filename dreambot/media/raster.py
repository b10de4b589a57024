"""Decodes the pixels of PNG and GIF files and composes animation frames as browsers do.

The container formats are parsed in png.py and gif.py; the pixels are decompressed with Pillow's decoders.
Pillow's own parsers reject whole pictures for errors in metadata, and differ from browsers in what they draw
where a frame does not cover its canvas.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Mask = NDArray[np.bool_]
Disposal = Literal["keep", "clear", "restore"]


@dataclass(frozen=True, eq=False)
class Raster:
    """One decoded picture.

    Attributes:
        image: With an alpha channel if something is transparent; `image.info` may hold `icc_profile` and
            `exif`.
        missing: Share of its pixels, from 0 to 1, that are missing because the file is truncated or too
            damaged.
    """

    image: Image.Image
    missing: float = 0.0


@dataclass(frozen=True, eq=False)
class Frame:
    """A frame of an animation before it is drawn on the canvas.

    Attributes:
        raster: The frame alone.
        x: Left edge on the canvas, in pixels.
        y: Top edge on the canvas, in pixels.
        ms: How long it is displayed.
        disposal: What happens to its rectangle before the next frame is drawn.
        over: True to draw it over the canvas; False to replace the rectangle, transparent pixels included.
    """

    raster: Raster
    x: int
    y: int
    ms: float
    disposal: Disposal
    over: bool = True


def decompress(
    mode: str, size: tuple[int, int], data: bytes, codec: str, args: tuple[object, ...]
) -> tuple[Image.Image, Mask | None]:
    """Decompresses pixels with one of Pillow's decoders, as many as the data contains.

    Args:
        mode: Pillow's mode of the picture.
        size: (width, height) in pixels.
        data: The compressed pixels.
        codec: The decoder, such as "zip".
        args: The decoder's parameters.

    Returns:
        The picture, and a (height, width) mask of the pixels that were not decoded; None for none.
    """
    image = Image.new(mode, size)
    if _try_decompress(image, data, codec, args):
        return image, None
    # A decoder does not report how far it got, but pixels that it never writes keep their initial value.
    inverse = Image.new(mode, size, _white(mode))
    _try_decompress(inverse, data, codec, args)
    missing = np.asarray(image) != np.asarray(inverse)
    if missing.ndim == 3:
        missing = missing.any(axis=2)
    return image, missing if missing.any() else None


def _try_decompress(image: Image.Image, data: bytes, codec: str, args: tuple[object, ...]) -> bool:
    try:
        image.frombytes(data, codec, *args)
    except ValueError:
        return False
    return True


def _white(mode: str) -> int | tuple[int, ...]:
    bands = Image.getmodebands(mode)
    if bands > 1:
        return (255,) * bands
    return 65535 if mode == "I;16" else 255


def hide_missing_pixels(image: Image.Image, missing: Mask | None, *, interlaced: bool) -> Raster:
    """Returns the picture with its missing pixels transparent, as browsers show them.

    Args:
        image: In mode L, LA, RGB or RGBA.
        missing: The pixels that were not decoded, None for none.
        interlaced: Odd rows are stored last; those that are missing are copied from the rows above them.
    """
    if missing is None:
        return Raster(image)
    share = float(missing.mean())
    hidden = missing.copy()
    values = np.array(image)
    if interlaced:
        odd = range(1, len(hidden), 2)
        for row in odd:
            copied = hidden[row] & ~hidden[row - 1]
            values[row][copied] = values[row - 1][copied]
            hidden[row] &= ~copied
    image = Image.fromarray(values)
    if hidden.any():
        image = image.convert("LA" if image.mode in ("L", "LA") else "RGBA")
        alpha = np.array(image.getchannel("A"))
        alpha[hidden] = 0
        image.putalpha(Image.fromarray(alpha))
    return Raster(image, share)


def compose_frames(size: tuple[int, int], frames: Iterable[Frame]) -> Iterator[tuple[Raster, float]]:
    """Draws the frames of an animation on a canvas that is transparent at first, as browsers do.

    Args:
        size: (width, height) of the canvas. Pixels outside are not visible.
        frames: In the order in which they are displayed.

    Yields:
        The canvas as RGBA, which changes with the next frame, and for how many milliseconds it is displayed.
    """
    canvas = Image.new("RGBA", size)
    for frame in frames:
        drawn = frame.raster.image.convert("RGBA")
        box = (
            frame.x,
            frame.y,
            min(size[0], frame.x + drawn.width),
            min(size[1], frame.y + drawn.height),
        )
        is_visible = box[0] < box[2] and box[1] < box[3]
        saved = canvas.crop(box) if is_visible and frame.disposal == "restore" else None
        if is_visible:
            drawn = drawn.crop((0, 0, box[2] - box[0], box[3] - box[1]))
            if frame.over:
                canvas.alpha_composite(drawn, box[:2])
            else:
                canvas.paste(drawn, box[:2])
        canvas.info = frame.raster.image.info
        yield Raster(canvas, frame.raster.missing), frame.ms
        if saved is not None:
            canvas.paste(saved, box[:2])
        elif is_visible and frame.disposal == "clear":
            canvas.paste((0, 0, 0, 0), box)
