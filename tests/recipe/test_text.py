"""Recipes as text that people paste."""

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dreambot.recipe import Recipe, RecipeError
from dreambot.recipe.text import format_recipe, is_recipe_text, parse_recipe
from tests.recipe.strategies import recipes
from tests.support.recipes import make_recipe

USUAL = "7ff4a85c3a6378f0dfc8433ffd789663b01176bec0a683a435651739c091fa34"
EYES = (
    "dream1.2 inception_v3 mixed4[68,47,728] eq 512x384 octaves=4x1.5 steps=12x0.016 laplacian=0.4,1,1,0.3 "
    "chroma=0.6 cooling=0.6 jitter=32 seed=7 bf16 intensity=6 preset=eyes"
)


@settings(max_examples=200)
@given(recipes())
def test_round_trip(recipe: Recipe) -> None:
    text = format_recipe(recipe)
    assert "\n" not in text
    assert is_recipe_text(text)
    again = parse_recipe(text)
    assert again == recipe
    assert format_recipe(again) == text


def test_an_everyday_recipe_is_short() -> None:
    recipe = parse_recipe(EYES)
    assert recipe.weights == USUAL
    assert format_recipe(recipe) == EYES
    assert len(EYES) < 200


def test_people_may_change_it() -> None:
    head, rest = EYES.split(" 512x384 ")
    mixed = " ".join(["  " + head.replace("mixed4", "Mixed_6b"), "512x384", *reversed(rest.split())])
    assert parse_recipe(mixed) == parse_recipe(EYES)
    assert parse_recipe(EYES.replace("chroma=0.6", "chroma=1")).chroma == 1


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "looks like"),
        ("dream1.2", "looks like"),
        ("mixed5", "looks like"),
        (EYES.replace("dream1.2", "dream1.99"), "version 1.99"),
        (EYES.replace("dream1.2", "dream2.1"), "version 2.1"),
        (EYES.replace("inception_v3", "alexnet"), "no network called “alexnet”"),
        (EYES.replace("mixed4", "mixd4"), "did you mean mixed4"),
        (EYES.replace("512x384", "512"), "two numbers"),
        (EYES.replace("512x384", "512xhuge"), "height"),
        (EYES.replace("steps=12x0.016", "steps=12"), "two numbers"),
        (EYES.replace("steps=12x0.016", ""), "steps"),
        (EYES.replace("chroma=0.6", "chroma=nan"), "chroma"),
        (EYES.replace("seed=7", "sede=7"), "no field called “sede”"),
        (EYES + " seed=8", "“seed” twice"),
        (EYES + " bend=wobble@mixed1=1", "no bend called"),
        (EYES + " hellscape=frames:99999", "frames"),
        (EYES + " hellscape=colour:3", "no field called “colour”"),
        (EYES + " hellscape=frames:9 moving=frames:9", "not both"),
        (EYES.replace("[68,47,728]", ">mixed5"), "for a hellscape"),
        ("dream1.2 " + "x" * 20_000, "longer than 16 kB"),
    ],
)
def test_what_cannot_be_followed_is_said(text: str, word: str) -> None:
    with pytest.raises(RecipeError, match=word):
        parse_recipe(text)


@given(st.text() | st.text("dream12. x=:,/[]>+-*@").map(lambda rest: EYES[: len(rest) % 90] + rest))
def test_nothing_else_is_raised(text: str) -> None:
    with contextlib.suppress(RecipeError):
        parse_recipe(text)


def test_other_weights_are_spelled_out() -> None:
    assert f"weights={'0' * 64}" in format_recipe(make_recipe())
    assert "weights" not in format_recipe(make_recipe(weights=USUAL))
