"""Recipes and requests that earlier versions stored or printed, and that people have kept."""

import json
from pathlib import Path
from typing import Any

import pytest

from dreambot.recipe import Recipe
from dreambot.recipe.request import RepeatRequest, dump_request, load_request
from dreambot.recipe.text import format_recipe, parse_recipe

DATA = Path(__file__).parent / "data"
RECIPES: list[dict[str, Any]] = [
    json.loads(line) for line in (DATA / "recipes.jsonl").read_text("utf-8").splitlines()
]
"""`json`: as it was stored. `dumped`: what it is as JSON again, if that differs. `text`: as one line of text.
`frames`, `flops`: what it comes to."""
REQUESTS = (DATA / "requests.jsonl").read_text("utf-8").splitlines()


def _without_added_fields(written: dict[str, Any], old: dict[str, Any]) -> str:
    """The JSON of a recipe without the fields that were added since, which have their default value."""
    added = written.keys() - old.keys()
    defaults = {name: json.loads(json.dumps(Recipe.model_fields[name].default)) for name in added}
    assert {name: written.pop(name) for name in added} == defaults
    return json.dumps(written, separators=(",", ":"), ensure_ascii=False)


@pytest.mark.parametrize("old", RECIPES, ids=range(len(RECIPES)))
def test_an_old_recipe_is_read_and_written_as_it_was(old: dict[str, Any]) -> None:
    recipe = Recipe.from_json(old["json"])
    expected = old.get("dumped", old["json"])
    assert _without_added_fields(json.loads(recipe.to_json()), json.loads(expected)) == expected
    assert Recipe.model_validate_json(old["json"]) == recipe
    assert format_recipe(recipe) == old["text"]
    assert parse_recipe(old["text"]) == recipe
    assert recipe.frames == old["frames"]
    assert recipe.flops == pytest.approx(old["flops"], rel=1e-12)


def test_the_old_recipes_are_of_every_kind() -> None:
    kinds = [Recipe.from_json(old["json"]).kind for old in RECIPES]
    assert {kind: kinds.count(kind) for kind in kinds} == {
        "still": 29,
        "video": 5,
        "hellscape": 8,
        "summon": 4,
    }


@pytest.mark.parametrize("stored", REQUESTS, ids=range(len(REQUESTS)))
def test_an_old_request_is_read_and_stored_as_it_was(stored: str) -> None:
    request = load_request(stored)
    if isinstance(request, RepeatRequest):
        written, old = json.loads(dump_request(request)), json.loads(stored)
        assert written.keys() == old.keys()
        recipe = _without_added_fields(written["recipe"], old["recipe"])
        assert recipe == json.dumps(old["recipe"], separators=(",", ":"), ensure_ascii=False)
        assert Recipe.from_json(request.recipe.to_json()) == request.recipe
    else:
        assert dump_request(request) == stored
