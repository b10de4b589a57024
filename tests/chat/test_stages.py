"""How far a dream is, in words."""

import pytest

from dreambot.chat.stages import bar, dreaming, waiting
from dreambot.chat.words import words
from dreambot.jobs.types import Dreaming, Waiting

HALF = Dreaming(0.5, 2, 4, 3, 6, 30.0, None)


@pytest.mark.parametrize(
    ("fraction", "cells"), [(-1, "▱" * 12), (0.5, "▰" * 6 + "▱" * 6), (1, "▰" * 12), (2, "▰" * 12)]
)
def test_the_bar_fills(fraction: float, cells: str) -> None:
    assert bar(fraction) == cells


def test_the_place_and_the_time_left_are_told() -> None:
    assert waiting(words("en"), Waiting(2, 100.0)) == "In the queue: 2nd, done in about 2 min"
    assert waiting(words("de"), Waiting(0, None)) == "In der Warteschlange: Platz 1"


def test_progress_is_told_in_octaves_and_a_films_in_parts_of_a_hundred() -> None:
    assert dreaming(words("en"), HALF, film=False) == f"{bar(0.5)} 50% · octave 2 of 4 · 30 s left"
    assert "octave" not in dreaming(words("en"), HALF, film=True)
    assert dreaming(words("fr"), HALF, film=True).endswith(" · encore 30 s")
