"""The caption under a dream."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dreambot.chat import texts
from dreambot.chat.captions import MOST_LETTERS, MOST_MARKS, caption, zalgo
from dreambot.recipe import DreamRequest, Recipe, SourceFacts, resolve
from tests.support.recipes import some_models


def _recipe(layer: str = "mixed5", intensity: int = 11, seed: int = 7) -> Recipe:
    request = DreamRequest(layer=layer, intensity=intensity, seed=seed, preset="classic")
    recipe = resolve(
        request, SourceFacts(64, 64), seed=0, models=some_models, precision="fp32", max_pixels=100_000
    )
    return recipe.model_copy(update={"preset": None})


def _marks(text: str) -> list[int]:
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
    sums = [sum(_marks(zalgo("the dogs have noticed you", notch, 5))) for notch in range(3, 12)]
    assert sums == sorted(sums)
    assert sums[-1] > 4 * sums[2] > 0


@given(st.text(max_size=200), st.integers(1, 11), st.integers(0, 2**32 - 1))
def test_never_more_marks_than_screen_readers_bear(text: str, notch: int, seed: int) -> None:
    plain = "".join(c for c in text if not unicodedata.combining(c))
    out = zalgo(plain, notch, seed)
    assert "".join(c for c in out if not unicodedata.combining(c)) == plain
    marks = _marks(out) if out else [0]
    assert max(marks) <= MOST_MARKS
    assert sum(count > 0 for count in marks) <= MOST_LETTERS
    assert out == zalgo(plain, notch, seed)


def test_the_plain_line_and_the_recipe_stand_beneath() -> None:
    recipe = _recipe("mixed4*1+mixed5*0.5")
    corrupted, beneath = texts.result(recipe).split("\n")
    assert caption(recipe) in beneath
    assert beneath.startswith("-# ")
    assert "`layer:mixed4+mixed5*0.5 intensity:11 seed:7`" in beneath
    assert not any(_marks(beneath))
    assert sum(_marks(corrupted)) > 20


def test_a_calm_caption_is_not_said_twice() -> None:
    said = texts.result(_recipe(intensity=2))
    assert said.count(caption(_recipe(intensity=2))) == 1


def test_alt_text_says_what_was_dreamed_on_what_and_fits() -> None:
    text = texts.alt_text(_recipe(), "the picture cat.png")
    assert text.startswith("The picture cat.png")
    assert "inception_v3" in text
    assert "layer:mixed5 intensity:11" in text
    assert "dogs" in text
    assert len(texts.alt_text(_recipe(), "x" * 3000)) == 1024
