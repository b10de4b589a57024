"""Letters as a mask."""

import numpy as np
import pytest
from PIL import ImageFont

from dreambot.engine import letters
from dreambot.engine.letters import render_letters
from dreambot.recipe.words import ALPHABETS, MAX_WORDS_LENGTH, SQUARE_SCRIPTS


def ink(mask: np.ndarray) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of what is not black."""
    rows, columns = np.flatnonzero(mask.max(axis=1)), np.flatnonzero(mask.max(axis=0))
    return columns[0], rows[0], columns[-1] + 1, rows[-1] + 1


def stroke(mask: np.ndarray) -> float:
    """The typical width of a letter's stroke: the median length of the horizontal runs of ink."""
    edges = np.diff((mask > 0.5).astype(int), axis=1, prepend=0, append=0)
    starts, ends = np.argwhere(edges == 1), np.argwhere(edges == -1)
    return float(np.median(ends[:, 1] - starts[:, 1]))


@pytest.mark.parametrize("size", [(512, 384), (300, 500), (800, 60), (40, 800)])
@pytest.mark.parametrize("text", ["HE COMES", "g", "x" * MAX_WORDS_LENGTH, "夢を見る犬", "Ängström, 東京"])
def test_a_text_fills_the_picture_and_stays_inside(text: str, size: tuple[int, int]) -> None:
    width, height = size
    mask = render_letters(text, width, height)
    assert mask.shape == (height, width)
    assert mask.dtype == np.float32
    assert mask.max() > 0.2
    left, top, right, bottom = ink(mask)
    margin = 0.02 * min(size)
    assert left > margin - 1.5
    assert top > margin - 1.5
    assert width - right > margin - 1.5
    assert height - bottom > margin - 1.5
    # Either dimension limits the size of the type.
    assert right - left > 0.75 * width - 8 or bottom - top > 0.75 * height - 8


@pytest.mark.parametrize("text", ["HE COMES", "I SEE YOU", "WAKE UP", "NO WAY OUT"])
def test_strokes_are_thick_enough_to_dream_in(text: str) -> None:
    assert stroke(render_letters(text, 512, 384)) >= 20


def test_lines_are_broken_so_that_letters_are_large() -> None:
    tall, wide = render_letters("A B C D", 100, 400), render_letters("A B C D", 400, 100)
    assert ink(tall)[3] - ink(tall)[1] > 300
    assert ink(wide)[2] - ink(wide)[0] > 200
    # Long words are split only if they are longer than any everyday one.
    assert len(list(letters._line_breaks("everything"))) == 1
    assert len(list(letters._line_breaks("Donaudampfschifffahrt"))) > 2
    assert ("夢を", "見る犬") in letters._line_breaks("夢を見る犬")
    assert ("NO", "WAY") in letters._line_breaks("NO WAY")


@pytest.mark.parametrize(
    ("ranges", "square"), [(ALPHABETS, False), (SQUARE_SCRIPTS, True)], ids=["alphabets", "square scripts"]
)
def test_the_fonts_have_every_character_that_can_be_written(
    ranges: tuple[tuple[int, int], ...], square: bool
) -> None:
    font: ImageFont.FreeTypeFont = letters._open_font(square, 16)
    missing = bytes(font.getmask("\U0010fffe"))
    # Letters that look like the sign for a missing one would be reported, too.
    lacking = [
        chr(code)
        for first, last in ranges
        for code in range(first, last + 1)
        if bytes(font.getmask(chr(code))) == missing
    ]
    assert lacking == []
