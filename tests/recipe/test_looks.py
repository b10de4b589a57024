"""Saved looks: what is kept of a recipe, and dreams with it."""

import pytest

from dreambot.recipe import DreamRequest, Guide, Recipe, RecipeError, SourceFacts
from dreambot.recipe.hellscape import HellscapeRequest
from dreambot.recipe.looks import hellscape_of_still_look, hellscape_with_look, look_from_recipe
from dreambot.recipe.request import (
    RepeatRequest,
    Request,
    dump_request,
    load_request,
    requested_intensity,
    resolve_request,
)
from dreambot.recipe.summon import SummonRequest
from dreambot.recipe.variations import repeat_on_result, with_layer, with_preset, with_shifted_intensity
from tests.support.recipes import fake_trained, make_recipe

PICTURE, LARGER = SourceFacts(640, 480), SourceFacts(1600, 1200, (9.0, 9.0, 9.0))
OF_SOURCE = {"width", "height", "octaves", "seed"}


def resolved(request: Request, source: SourceFacts | None = PICTURE, seed: int = 1) -> Recipe:
    return resolve_request(
        request, source, seed=seed, models=fake_trained, precision="fp32", max_pixels=2_000_000
    )


def saved(**options: object) -> Recipe:
    return look_from_recipe(resolved(DreamRequest.of(**options)))


@pytest.mark.parametrize(
    "options", [{"layer": "mixed4[68]", "intensity": 9}, {"preset": "giger"}, {"bend": "random", "chaos": 7}]
)
def test_a_look_keeps_its_numbers_on_any_picture_with_any_seed(options: dict[str, object]) -> None:
    look = saved(**options)
    request = DreamRequest(look=look)
    assert load_request(dump_request(request)) == request
    first, other = resolved(request, seed=1), resolved(request, LARGER, seed=2)
    assert first.model_dump(exclude={"seed"}) == look.model_dump(exclude={"seed"})
    assert other.model_dump(exclude=OF_SOURCE) == look.model_dump(exclude=OF_SOURCE)
    assert (other.width, other.height, other.seed) == (1600, 1200, 2)
    assert other.octaves > first.octaves


def test_the_source_of_the_dream_is_not_part_of_its_look() -> None:
    noise = look_from_recipe(resolved(DreamRequest(source="noise", text="HE COMES"), None))
    assert (noise.source, noise.text, noise.seed) == ("picture", None, 0)
    video = look_from_recipe(resolved(DreamRequest(), SourceFacts(640, 480, frames=9)))
    assert resolved(DreamRequest(look=video)).frames == 1
    assert resolved(DreamRequest(look=saved()), SourceFacts(640, 480, frames=9)).frames == 9


def test_intensity_palette_words_and_noise_go_with_a_look() -> None:
    look = saved(layer="mixed4", intensity=6)
    made = resolved(DreamRequest(look=look, intensity=9, palette="acid", text="HI", source="noise"), None)
    assert (made.intensity, made.palette, made.text, made.source) == (9, "acid", "HI", "noise")
    assert made.step > look.step
    assert made.layers == look.layers


def test_variations_of_a_dream_with_a_look() -> None:
    request = DreamRequest(look=saved(layer="mixed4", intensity=6), default="channel")
    recipe = resolved(request)
    louder = with_shifted_intensity(request, recipe, 3)
    assert louder
    assert resolved(louder).intensity == 9
    assert resolved(louder).layers == recipe.layers
    assert repeat_on_result(request, recipe) == request
    words = request.model_copy(update={"text": "HI"})
    assert resolved(repeat_on_result(words, resolved(words))).layers == recipe.layers
    for changed in (with_layer(request, recipe, "mixed5"), with_preset(request, recipe, "eyes")):
        assert (changed.look, changed.default) == (None, None)


def test_the_intensity_of_a_look_is_requested_with_it_but_not_by_default() -> None:
    look = saved(intensity=9)
    assert requested_intensity(DreamRequest(look=look)) == 9
    assert requested_intensity(DreamRequest(look=look, default="person")) is None


@pytest.mark.parametrize(
    ("recipe", "problem"),
    [
        (make_recipe(guide=Guide(kind="match", sha256="0" * 64)), "second picture"),
        (make_recipe(mask="0" * 64), "mask"),
        (resolved(SummonRequest(classes="goldfish"), None), "out of nothing"),
    ],
)
def test_what_cannot_be_a_look(recipe: Recipe, problem: str) -> None:
    with pytest.raises(RecipeError, match=problem):
        look_from_recipe(recipe)


def test_the_look_of_a_hellscape_begins_with_anything() -> None:
    look = look_from_recipe(resolved(HellscapeRequest(seconds=2, start="picture", preset="gauntlet")))
    for start in ("picture", "static", "smooth"):
        request = HellscapeRequest(seconds=2, start=start, preset="gauntlet", seed=3)
        assert hellscape_with_look(look, start, 3) == resolved(request)
    again = hellscape_with_look(look, None, 4)
    assert again.hellscape
    assert again.hellscape.start == "smooth"
    assert not RepeatRequest(recipe=again).recipe.needs_source


def test_a_hellscape_through_the_layers_of_a_still_look() -> None:
    request = HellscapeRequest(preset="mine", seconds=2, start="static")
    made = hellscape_of_still_look(request, saved(layer="mixed4[68]", bend="cut@mixed1", intensity=8))
    assert (made.preset, made.seconds, made.start, made.intensity) == (None, 2, "static", 8)
    assert (made.layer, made.bend and made.bend.partition("=")[0]) == ("mixed4[68]", "cut@mixed1")
