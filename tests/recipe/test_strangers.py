"""Recipes in strangers' hands: what they cannot carry, and what must be given again."""

import json
from typing import Any

import pytest

from dreambot.recipe import Recipe, RecipeError
from dreambot.recipe.recipe import ENGINE_VERSION
from dreambot.recipe.text import format_recipe, parse_recipe
from tests.support.recipes import some_recipe

HASH = "0123456789abcdef" * 4


def changed(**changes: Any) -> str:
    return json.dumps({**json.loads(some_recipe().to_json()), **changes})


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
