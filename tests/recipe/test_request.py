"""Requests of every kind, stored and resolved."""

import pytest

from dreambot.recipe import DreamRequest, Recipe, RecipeError, SourceFacts
from dreambot.recipe.hellscape import HellscapeRequest
from dreambot.recipe.looks import refit_recipe
from dreambot.recipe.request import (
    RepeatRequest,
    Request,
    dump_request,
    load_request,
    needs_source,
    request_kind,
    requested_intensity,
    requested_seed,
    resolve_request,
)
from dreambot.recipe.summon import SummonRequest
from dreambot.recipe.text import format_recipe
from tests.support.recipes import fake_trained, make_recipe

PICTURE = SourceFacts(640, 480)
REPEAT = RepeatRequest(recipe=make_recipe(seed=5, intensity=4))


def resolved(request: Request, source: SourceFacts | None = PICTURE) -> Recipe:
    return resolve_request(request, source, seed=1, models=fake_trained, precision="fp32", max_pixels=786_432)


@pytest.mark.parametrize(
    ("request_", "kind", "picture", "seed", "intensity"),
    [
        (DreamRequest(layer="mixed4", seed=7), "dream", True, 7, None),
        (HellscapeRequest(seconds=2, intensity=9), "hellscape", False, None, 9),
        (HellscapeRequest(start="picture"), "hellscape", True, None, None),
        (SummonRequest(classes="goldfish", seed=3), "summon", False, 3, None),
        (REPEAT, "repeat", True, 5, 4),
    ],
)
def test_every_kind_is_stored_whole(
    request_: Request, kind: str, picture: bool, seed: int | None, intensity: int | None
) -> None:
    assert load_request(dump_request(request_)) == request_
    assert request_kind(request_) == kind
    assert needs_source(request_) is picture
    assert requested_seed(request_) == seed
    assert requested_intensity(request_) == intensity


def test_what_was_stored_before_there_were_kinds_is_a_dream() -> None:
    assert load_request('{"layer":"mixed4","intensity":3}') == DreamRequest(layer="mixed4", intensity=3)


def test_each_kind_has_its_recipe() -> None:
    assert resolved(DreamRequest(layer="mixed4")).frames == 1
    assert resolved(HellscapeRequest(seconds=1, fps=12), None).frames == 12
    assert resolved(SummonRequest(classes="goldfish"), None).parametrisation == "fourier"


def test_a_dream_needs_a_picture() -> None:
    with pytest.raises(RecipeError, match="needs a picture"):
        resolved(DreamRequest(), None)


def test_a_recipe_repeated_on_a_picture_of_its_size_is_the_same() -> None:
    recipe = resolved(DreamRequest(layer="mixed4", seed=7))
    assert resolved(RepeatRequest(recipe=recipe)) == recipe


def test_a_recipe_takes_another_pictures_size_and_keeps_its_look() -> None:
    recipe = resolved(DreamRequest(layer="mixed4", seed=7))
    larger = refit_recipe(recipe, SourceFacts(1280, 900), max_pixels=2_000_000)
    assert (larger.width, larger.height) == (1280, 900)
    assert larger.octaves > recipe.octaves
    kept = recipe.model_dump(exclude={"width", "height", "octaves"})
    assert larger.model_dump(exclude={"width", "height", "octaves"}) == kept


def test_a_moving_picture_makes_a_recipe_of_a_still_one_move() -> None:
    recipe = resolved(DreamRequest(layer="mixed4"))
    moving = refit_recipe(recipe, SourceFacts(640, 480, frames=9), max_pixels=786_432)
    assert moving.frames == 9
    assert refit_recipe(moving, PICTURE, max_pixels=786_432).frames == 1


@pytest.mark.parametrize("format_", [format_recipe, Recipe.to_json], ids=["line", "json"])
def test_a_pasted_recipe_is_read(format_: object) -> None:
    recipe = resolved(DreamRequest(layer="mixed4", seed=7))
    assert callable(format_)
    assert RepeatRequest.of(format_(recipe)).recipe == recipe


def test_a_recipe_with_a_mask_cannot_be_repeated() -> None:
    with pytest.raises(RecipeError, match="mask"):
        refit_recipe(make_recipe(mask="0" * 64), PICTURE, max_pixels=786_432)


def test_a_recipe_too_large_for_this_place_is_refused() -> None:
    film = resolved(HellscapeRequest(seconds=1, size="512"), None)
    with pytest.raises(RecipeError, match="megapixels"):
        resolve_request(
            RepeatRequest(recipe=film), None, seed=1, models=fake_trained, precision="fp32", max_pixels=10_000
        )
