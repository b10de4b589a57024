"""The caption over a dream."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dreambot.chat.captions import MOST_LETTERS, MOST_MARKS, caption, zalgo
from dreambot.chat.words import LOCALES, words
from tests.support.recipes import some_recipe


def marks(text: str) -> list[int]:
    """How many marks each letter bears."""
    counts: list[int] = []
    for character in text:
        if unicodedata.combining(character):
            counts[-1] += 1
        else:
            counts.append(0)
    return counts


@pytest.mark.parametrize("notch", [1, 2, 3])
def test_low_notches_leave_the_letters_alone(notch: int) -> None:
    assert zalgo("the dogs have noticed you", notch, 5) == "the dogs have noticed you"


def test_corruption_follows_the_dial() -> None:
    sums = [sum(marks(zalgo("the dogs have noticed you", notch, 5))) for notch in range(3, 12)]
    assert sums == sorted(sums)
    assert sums[-1] > 4 * sums[2] > 0


@given(st.text(max_size=200), st.integers(1, 11), st.integers(0, 2**32 - 1))
def test_never_more_marks_than_screen_readers_bear(text: str, notch: int, seed: int) -> None:
    plain = "".join(c for c in text if not unicodedata.combining(c))
    out = zalgo(plain, notch, seed)
    assert "".join(c for c in out if not unicodedata.combining(c)) == plain
    counts = marks(out) if out else [0]
    assert max(counts) <= MOST_MARKS
    assert sum(count > 0 for count in counts) <= MOST_LETTERS
    assert out == zalgo(plain, notch, seed)


def test_the_same_dream_has_the_same_line_and_layers_have_their_own() -> None:
    english = words("en")
    assert caption(english, some_recipe(seed=3)) == caption(english, some_recipe(seed=3))
    of_dogs = {english(f"captions-mixed5-{number}") for number in (1, 2, 3)}
    said = [caption(english, some_recipe(seed=seed)) for seed in range(40)]
    assert of_dogs & set(said)
    assert set(said) - of_dogs


def test_every_language_has_its_own_lines() -> None:
    recipe = some_recipe(seed=1)
    assert len({caption(words(locale), recipe) for locale in LOCALES}) == len(LOCALES)
