"""Recipes travel as JSON through strangers' hands."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dreambot.recipe import LAYERS, Recipe, RecipeError
from tests.recipe.test_grammar import terms
from tests.support.recipes import some_recipe

recipes = st.builds(
    Recipe,
    model=st.just("inception_v3"),
    weights=st.just("a" * 64),
    layers=st.lists(terms, min_size=1, max_size=8).map(tuple),
    objective=st.sampled_from(["ms", "eq", "p4"]),
    octaves=st.integers(1, 12),
    octave_scale=st.floats(1.1, 3),
    steps=st.integers(1, 200),
    step=st.floats(1e-300, 2, exclude_min=True),
    cooling=st.floats(0, 1, exclude_max=True),
    jitter=st.integers(0, 512),
    gradient=st.sampled_from(["laplacian", "blur", "mean_abs"]),
    bands=st.lists(st.floats(0.01, 10), min_size=1, max_size=8).map(tuple),
    chroma=st.floats(0, 4),
    light=st.floats(0, 4),
    width=st.integers(1, 16384),
    height=st.integers(1, 16384),
    seed=st.integers(0, 2**32 - 1),
    precision=st.sampled_from(["fp32", "bf16"]),
    intensity=st.none() | st.integers(1, 11),
    preset=st.none() | st.just("classic"),
)


def plain() -> Recipe:
    return some_recipe(
        objective="eq",
        octaves=4,
        steps=10,
        step=0.02,
        gradient="laplacian",
        bands=(1.0, 1.0),
        width=512,
        height=512,
    )


@given(recipes)
def test_round_trip(recipe: Recipe) -> None:
    text = recipe.to_json()
    assert Recipe.from_json(text) == recipe
    assert Recipe.from_json(text).to_json() == text
    assert len(text) < 16_384


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"octaves": 10**9}, "octaves"),
        ({"steps": -1}, "steps"),
        ({"step": "much"}, "step"),
        ({"owner": "Ada"}, "owner"),
        ({"version": 2}, "version 2"),
        ({"model": "../../etc/passwd"}, "model"),
        ({"layers": []}, "layers"),
        ({"layers": [{"layer": "mixed99"}]}, "mixed99"),
        ({"layers": [{"layer": "mixed5", "channels": [768]}]}, "768 channels"),
        ({"layers": [{"layer": "mixed5", "weight": 0}]}, "weight"),
        ({"weights": "x"}, "weights"),
        ({"seed": 2**32}, "seed"),
        ({"bands": [0, 0]}, "band"),
        ({"width": 10**7}, "width"),
    ],
)
def test_hostile_recipes_are_refused_in_words(change: dict[str, object], word: str) -> None:
    text = json.dumps({**json.loads(plain().to_json()), **change})
    with pytest.raises(RecipeError, match=word) as caught:
        Recipe.from_json(text)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", "[" * 5000, '{"version":1}', '{"step":NaN}', "\udce4", "{" + " " * 20_000 + "}"],
)
def test_rubbish_is_refused_in_words(text: str) -> None:
    with pytest.raises(RecipeError):
        Recipe.from_json(text)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_numbers_that_are_none(number: str) -> None:
    with pytest.raises(RecipeError):
        Recipe.from_json(plain().to_json().replace('"step":0.02', f'"step":{number}'))


@given(
    st.text() | st.recursive(st.none() | st.integers() | st.text(), st.lists, max_leaves=10).map(json.dumps)
)
def test_from_json_raises_nothing_else(text: str) -> None:
    with pytest.raises(RecipeError):
        Recipe.from_json(text)


def test_cost_is_known_before_acceptance() -> None:
    # 44.0 GFLOP a step at 512² is what InceptionV3 to mixed5 costs, there and back.
    once = plain().model_copy(update={"octaves": 1, "steps": 1})
    assert once.flops == pytest.approx(44.0e9, rel=0.01)
    twice_as_wide = once.model_copy(update={"width": 1024})
    assert twice_as_wide.flops == pytest.approx(2 * once.flops)


def test_deeper_layers_cost_more() -> None:
    costs = [layer.flops for layer in LAYERS["inception_v3"]]
    assert costs == sorted(costs)
    assert costs[0] > 0


def test_words_can_be_typed_again() -> None:
    recipe = plain().model_copy(update={"intensity": 11})
    assert recipe.in_words() == "layer:mixed5 intensity:11 seed:1"
