"""Letters as a mask: a text in heavy type, as large as a picture allows."""

import math
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from io import BytesIO
from itertools import groupby, pairwise

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from dreambot.recipe.words import is_square

_LETTERS = ("fontpkg_roboto", "files/Roboto[wdth,wght].ttf")
_SQUARES = ("noto_cjk_sans_jp_bold", "NotoSansCJKjp-Bold.otf")
"""Package and file of the fonts for `ALPHABETS` and for `SQUARE_SCRIPTS`."""
_HEAVIEST = {b"Weight": 900, b"Width": 100}

_MARGIN = 0.04
"""Free space on each side, relative to the short side of the picture."""
_GAP = 0.16
"""Between two lines, relative to the size of the type."""
_MEASURED_SIZE = 100
"""Pixels of the type in which lines are measured; all lengths grow with it."""
_LONG_WORD, _WORD_PART = 12, 5
"""A word with more letters may be split over two lines, with at least this many letters on each."""


def render_letters(text: str, width: int, height: int) -> NDArray[np.float32]:
    """Renders a text, broken into lines so that its letters are as large as possible.

    Args:
        text: What `clean_words` returns.
        width: Width of the picture in pixels.
        height: Height of the picture in pixels.

    Returns:
        `[height, width]`: 1 inside a letter, 0 outside, with smooth edges.
    """
    margin = _MARGIN * min(width, height)
    room = (max(1.0, width - 2 * margin), max(1.0, height - 2 * margin))
    layouts = (_Layout(lines) for lines in _line_breaks(text))
    layout = max(layouts, key=lambda one: one.scale_for(*room))
    return layout.draw(layout.scale_for(*room), width, height)


class _Layout:
    """Lines of text, measured at `_MEASURED_SIZE`."""

    def __init__(self, lines: tuple[str, ...]) -> None:
        self._lines = lines
        self._boxes = [_line_box(line) for line in lines]
        self._width = max(right - left for left, _, right, _ in self._boxes)
        gaps = _GAP * _MEASURED_SIZE * (len(lines) - 1)
        self._height = gaps + sum(bottom - top for _, top, _, bottom in self._boxes)

    def scale_for(self, width: float, height: float) -> float:
        """The largest factor at which all lines fit into a rectangle."""
        return min(width / max(1.0, self._width), height / max(1.0, self._height))

    def draw(self, scale: float, width: int, height: int) -> NDArray[np.float32]:
        image = Image.new("L", (width, height))
        pen = ImageDraw.Draw(image)
        y = (height - scale * self._height) / 2
        for line, (left, top, right, bottom) in zip(self._lines, self._boxes, strict=True):
            x = (width - scale * (left + right)) / 2
            for run, square in _runs(line):
                font = _open_font(square, scale * _MEASURED_SIZE)
                pen.text((x, y - scale * top), run, fill=255, font=font, anchor="ls")
                x += scale * _measuring_font(square).getlength(run)
            y += scale * (bottom - top + _GAP * _MEASURED_SIZE)
        return np.asarray(image, np.float32) / np.float32(255)


def _line_box(line: str) -> tuple[float, float, float, float]:
    """The left, top, right and bottom of the ink of a line, from the start of its baseline."""
    boxes, x = [], 0.0
    for run, square in _runs(line):
        font = _measuring_font(square)
        left, top, right, bottom = font.getbbox(run, anchor="ls")
        boxes.append((x + left, top, x + right, bottom))
        x += font.getlength(run)
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _runs(line: str) -> Iterator[tuple[str, bool]]:
    """The parts of a line that are set in the same font, and whether it is that of square characters."""
    for square, characters in groupby(line, key=is_square):
        yield "".join(characters), square


@cache
def _font_file(package: str, name: str) -> bytes:
    return files(package).joinpath(name).read_bytes()


@cache
def _measuring_font(square: bool) -> ImageFont.FreeTypeFont:
    return _open_font(square, _MEASURED_SIZE)


def _open_font(square: bool, size: float) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(
        BytesIO(_font_file(*(_SQUARES if square else _LETTERS))), size, layout_engine=ImageFont.Layout.BASIC
    )
    if not square:
        # The order of the axes is the file's.
        font.set_variation_by_axes([_HEAVIEST[axis["name"]] for axis in font.get_variation_axes()])
    return font


def _line_breaks(text: str) -> Iterator[tuple[str, ...]]:
    """The best way to break a text into each possible number of lines."""
    ends = [index for index in range(1, len(text) + 1) if _may_end(text, index)]
    starts = [0, *ends[:-1]]
    widths = {
        (start, end): _line_width(text[start:end].strip()) for start in starts for end in ends if end > start
    }
    # best[end]: the smallest width of the widest line of text[:end], and its lines' ends.
    best: dict[int, tuple[float, tuple[int, ...]]] = {0: (0.0, ())}
    for _ in ends:
        best = {
            end: min(
                (max(widest, widths[start, end]), (*before, end))
                for start, (widest, before) in best.items()
                if start < end
            )
            for end in ends
            if any(start < end for start in best)
        }
        if len(text) not in best:
            return
        cuts = (0, *best[len(text)][1])
        yield tuple(text[a:b].strip() for a, b in pairwise(cuts))


def _may_end(text: str, index: int) -> bool:
    """Whether a line may end before the character at an index."""
    if index == len(text) or text[index] == " ":
        return True
    if is_square(text[index - 1]) or is_square(text[index]):
        return text[index - 1] != " "
    start = text.rfind(" ", 0, index) + 1
    end = (text.find(" ", index) + len(text) + 1) % (len(text) + 1)
    return end - start > _LONG_WORD and index - start >= _WORD_PART and end - index >= _WORD_PART


def _line_width(line: str) -> float:
    return math.fsum(_measuring_font(square).getlength(run) for run, square in _runs(line))
