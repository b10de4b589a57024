"""Recipes as JSON from untrusted sources, and recipes of earlier versions."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from dreambot.recipe import LAYERS, Recipe, RecipeError
from dreambot.recipe.fast_paths import batch_key, can_be_captured
from dreambot.recipe.recipe import (
    ENGINE_VERSION,
    FastPath,
    HellscapeRecipe,
    SheetRecipe,
    StillRecipe,
    SummonRecipe,
    VideoRecipe,
)
from dreambot.recipe.request import RepeatRequest
from dreambot.recipe.text import format_recipe, parse_recipe
from tests.recipe.strategies import recipes
from tests.support.recipes import make_recipe


def plain() -> Recipe:
    return make_recipe(
        objective="eq",
        octaves=4,
        steps=10,
        step=0.02,
        gradient="laplacian",
        bands=(1.0, 1.0),
        width=512,
        height=512,
    )


@given(recipes())
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
        ({"model": "../../etc/passwd"}, "no network called"),
        ({"layers": []}, "layers"),
        ({"layers": [{"layer": "mixed99"}]}, "mixed99"),
        ({"layers": [{"layer": "mixed5", "channels": [768]}]}, "768 channels"),
        ({"layers": [{"layer": "mixed5", "weight": 0}]}, "weight"),
        ({"weights": "x"}, "weights"),
        ({"seed": 2**32}, "seed"),
        ({"bands": [0, 0]}, "band"),
        ({"width": 10**7}, "width"),
        ({"layers": [{"layer": "mixed5", "channels": [1], "strongest": 4}]}, "not both"),
        ({"layers": [{"layer": "conv0", "strongest": 33}]}, "32 channels"),
        ({"tile": 512, "bends": [{"kind": "feedback", "layer": "mixed1", "amount": 0.5}]}, "tiles"),
        ({"parametrisation": "fourier", "keep_colour": True}, "no source"),
        ({"parametrisation": "fourier", "moving": {"frames": 3}}, "video"),
        ({"where": "faces", "moving": {"frames": 3}}, "still picture"),
        ({"where": "background", "source": "noise"}, "still picture"),
        (
            {
                "model": "mobilenet_v2",
                "layers": [{"layer": "classes", "channels": [207]}],
                "guide": {"sha256": "0" * 64},
            },
            "classes have no positions",
        ),
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
    assert recipe.in_words() == "layer:mixed5 palette:acid intensity:11 seed:1"
    assert recipe.model_copy(update={"palette": "natural"}).in_words() == "layer:mixed5 intensity:11 seed:1"


HASH = "0123456789abcdef" * 4


def changed(**changes: Any) -> str:
    return json.dumps({**json.loads(make_recipe().to_json()), **changes})


@pytest.mark.parametrize("engine", range(1, ENGINE_VERSION + 1))
def test_recipes_of_earlier_engines_are_read(engine: int) -> None:
    recipe = Recipe.from_json(changed(engine=engine))
    assert recipe.engine == engine
    assert parse_recipe(format_recipe(recipe)) == recipe


def test_recipes_of_engines_to_come_are_refused_in_words() -> None:
    with pytest.raises(RecipeError, match="engine"):
        Recipe.from_json(changed(engine=ENGINE_VERSION + 1))


@pytest.mark.parametrize("who", ["Ada", "<@123456789012345678>", "123456789012345678"])
@pytest.mark.parametrize(
    "field", ["owner", "guild", "source", "name", "label", "preset", "model", "mask", "guide"]
)
def test_there_is_no_place_for_people_in_them(field: str, who: str) -> None:
    with pytest.raises(RecipeError):
        Recipe.from_json(changed(**{field: who}))


@pytest.mark.parametrize(
    "guide",
    [
        {"sha256": HASH, "url": "http://127.0.0.1/"},
        {"sha256": HASH, "path": "/etc/passwd"},
        {"sha256": "/etc/passwd"},
        {"sha256": HASH.upper()},
    ],
)
def test_guides_are_named_by_what_they_are_and_nothing_else(guide: dict[str, str]) -> None:
    with pytest.raises(RecipeError, match="guide"):
        Recipe.from_json(changed(guide=guide))


def test_a_guide_s_hash_is_all_that_travels() -> None:
    recipe = Recipe.from_json(changed(guide={"sha256": HASH}, mask=HASH))
    assert recipe.to_json().count(HASH) == 2
    assert parse_recipe(format_recipe(recipe)) == recipe


FILM = {"frames": 5}
SHEET = {"others": [json.loads(changed())] * 3, "width": 64, "height": 64, "steps": 1.0, "step": 1.4}


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (Recipe, {}),
        (StillRecipe, {"hellscape": FILM}),
        (StillRecipe, {"moving": FILM}),
        (StillRecipe, {"parametrisation": "fourier"}),
        (VideoRecipe, {}),
        (VideoRecipe, {"moving": FILM, "hellscape": FILM}),
        (VideoRecipe, {"moving": FILM, "parametrisation": "fourier"}),
        (HellscapeRecipe, {}),
        (HellscapeRecipe, {"hellscape": FILM, "moving": FILM}),
        (HellscapeRecipe, {"hellscape": FILM, "parametrisation": "fourier"}),
        (SheetRecipe, {}),
        (StillRecipe, {"sheet": SHEET}),
        (HellscapeRecipe, {"hellscape": FILM, "sheet": SHEET}),
        (SummonRecipe, {"parametrisation": "pixels"}),
        (SummonRecipe, {"hellscape": FILM}),
        (SummonRecipe, {"moving": FILM}),
        (SummonRecipe, {"mask": HASH}),
        (SummonRecipe, {"keep_colour": True}),
        (SummonRecipe, {"closeness": 0.1}),
        (SummonRecipe, {"light": 0.1}),
        (SummonRecipe, {"tone": "bone"}),
        (HellscapeRecipe, {"hellscape": FILM, "tone": "bone"}),
    ],
)
def test_impossible_combinations_cannot_be_built(kind: type[Recipe], fields: dict[str, Any]) -> None:
    plain_fields = plain().model_dump(exclude={"parametrisation", "hellscape", "moving"})
    with pytest.raises((ValidationError, TypeError)):
        kind(**{**plain_fields, **fields})


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({}, StillRecipe),
        ({"sheet": SHEET}, SheetRecipe),
        ({"moving": FILM}, VideoRecipe),
        ({"hellscape": FILM}, HellscapeRecipe),
        ({"parametrisation": "fourier"}, SummonRecipe),
    ],
)
def test_the_fields_say_the_kind(fields: dict[str, Any], kind: type[Recipe]) -> None:
    recipe = Recipe.from_json(changed(**fields))
    assert type(recipe) is kind
    assert type(RepeatRequest(recipe=recipe).recipe) is kind
    assert type(RepeatRequest.model_validate({"recipe": recipe.model_dump()}).recipe) is kind


def test_the_kinds_have_the_same_fields_in_the_same_order() -> None:
    for kind in (StillRecipe, SheetRecipe, VideoRecipe, HellscapeRecipe, SummonRecipe):
        assert list(kind.model_fields) == list(Recipe.model_fields)


@pytest.mark.parametrize("name", Recipe.model_fields)
def test_every_field_declares_its_fast_paths(name: str) -> None:
    """A new field must say whether recipes that use it can be batched and captured."""
    field = Recipe.model_fields[name]
    (declared,) = (item for item in field.metadata if isinstance(item, FastPath))
    if "default" in (declared.batch, declared.graph):
        assert not field.is_required()


def test_what_is_declared_is_what_the_fast_paths_look_at() -> None:
    still = plain()
    values: dict[str, Any] = {
        "guide": {"sha256": HASH},
        "closeness": 0.5,
        "rotation": 1.0,
        "scaling": 0.1,
        "parametrisation": "fourier",
        "tile": 256,
        "bends": [{"kind": "swap", "layer": "mixed1", "amount": 0.5}],
        "mask": HASH,
        "keep_colour": True,
        "hellscape": FILM,
        "moving": FILM,
    }
    captured = {"tile", "hellscape", "moving"}
    assert batch_key(still) is not None
    for name, value in values.items():
        recipe = Recipe.model_validate(still.model_dump() | {name: value})
        assert batch_key(recipe) is None
        assert can_be_captured(recipe) is (name in captured)
    with_statistics = still.model_copy(update={"statistics": 1.0})
    assert batch_key(with_statistics) is None
    assert not can_be_captured(with_statistics)
    source = still.model_copy(update={"palette": "source"})
    assert batch_key(source) is None
    assert not can_be_captured(source)
    assert can_be_captured(still.model_copy(update={"palette": "natural"}))
    for name, value in {"seed": 2, "step": 0.5, "jitter": 3, "light": 1.0, "intensity": 3}.items():
        assert batch_key(still.model_copy(update={name: value})) == batch_key(still)
    for name, value in {
        "steps": 9,
        "steps_ratio": 4.0,
        "width": 300,
        "chroma": 0.1,
        "palette": "natural",
    }.items():
        assert batch_key(still.model_copy(update={name: value})) not in (None, batch_key(still))
