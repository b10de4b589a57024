"""Sheets of four: what they hold, what they cost, and that their recipes repeat."""

from typing import Any

import pytest

from dreambot.recipe import DreamRequest, Recipe, RecipeError, SourceFacts, parse_layers
from dreambot.recipe.limits import check_limits
from dreambot.recipe.presets import find_preset
from dreambot.recipe.recipe import MAX_RECIPE_BYTES, SheetRecipe
from dreambot.recipe.request import RepeatRequest, dump_request, load_request, resolve_request
from dreambot.recipe.sheet import SHEET_LOOKS, draw_looks
from dreambot.recipe.text import format_recipe, parse_recipe
from dreambot.recipe.variations import one_of_sheet, with_new_seed
from tests.support.recipes import fake_trained

PHOTO = SourceFacts(384, 288)


def resolved(request: Any, source: SourceFacts | None = PHOTO) -> Recipe:
    return resolve_request(request, source, seed=7, models=fake_trained, precision="fp32", max_pixels=786_432)


def sheet_of(source: SourceFacts | None = PHOTO, **options: Any) -> SheetRecipe:
    recipe = resolved(DreamRequest.of(four=True, **options), source)
    assert isinstance(recipe, SheetRecipe)
    return recipe


def test_every_look_can_be_resolved() -> None:
    for look in SHEET_LOOKS:
        assert bool(look.preset) != bool(look.layer)
        if look.preset:
            assert find_preset(look.preset).offered
        else:
            parse_layers(look.layer)


def test_the_seed_draws_four_looks_of_different_kinds() -> None:
    drawn = [draw_looks(seed) for seed in range(200)]
    assert all(len({look.kind for look in looks}) == 4 for looks in drawn)
    assert {look for looks in drawn for look in looks} == set(SHEET_LOOKS)
    assert draw_looks(3) == draw_looks(3) != draw_looks(4)
    # The writing network has few looks.
    assert len(draw_looks(3, "writing")) == len(draw_looks(3, "faces")) == 4


@pytest.mark.parametrize(
    "options",
    [{}, {"intensity": 1}, {"intensity": 11}, {"layer": "mixed3"}, {"preset": "giger"}, {"bend": "random"}],
    ids=str,
)
@pytest.mark.parametrize("size", [(256, 256), (384, 288), (1000, 300), (4000, 3000)], ids=str)
def test_a_sheet_costs_no_more_than_one_dream(size: tuple[int, int], options: dict[str, Any]) -> None:
    for seed in range(5):
        sheet = sheet_of(SourceFacts(*size), seed=seed, **options)
        one = resolved(DreamRequest.of(seed=seed, **options), SourceFacts(*size))
        assert 0.2 * one.flops < sheet.flops <= 0.91 * one.flops
        check_limits(sheet, 786_432)


@pytest.mark.parametrize(
    "options", [{}, {"layer": "mixed4"}, {"text": "HE COMES"}, {"bend": "random"}], ids=str
)
def test_a_sheet_repeats_from_its_line_its_json_and_its_words(options: dict[str, Any]) -> None:
    sheet = sheet_of(**options)
    assert parse_recipe(format_recipe(sheet)) == Recipe.from_json(sheet.to_json()) == sheet
    assert resolved(RepeatRequest(recipe=sheet)) == sheet
    assert sheet.in_words().startswith("four:true ")
    assert ("layer:" in sheet.in_words()) == ("layer" in options or "text" in options)
    request = DreamRequest.of(four=True, **options)
    assert load_request(dump_request(request)) == request


def test_what_is_pressed_is_what_the_sheet_shows() -> None:
    request = DreamRequest.of(four=True, intensity=8)
    sheet = sheet_of(intensity=8)
    for number, look in enumerate(sheet.looks):
        assert resolved(one_of_sheet(request, sheet, number)) == look
        assert resolved(one_of_sheet(RepeatRequest(recipe=sheet), sheet, number)) == look
    assert len({look.seed for look in sheet.looks}) == 4


def test_a_named_look_gives_four_seeds_of_it() -> None:
    sheet = sheet_of(preset="eyes", seed=2**32 - 1)
    assert [look.preset for look in sheet.looks] == ["eyes"] * 4
    assert [look.seed for look in sheet.looks] == [2**32 - 1, 0, 1, 2]
    assert len({look.bends for look in sheet_of(bend="random").looks}) == 4


def test_the_small_dreams_are_like_the_full_ones() -> None:
    for size in ((384, 288), (4000, 3000)):
        sheet = sheet_of(SourceFacts(*size), layer="mixed5")
        for small, look in zip(sheet.small, sheet.looks, strict=True):
            assert (small.layers, small.seed) == (look.layers, look.seed)
            # What is dreamed first has the same size relative to the image.
            share = small.sizes[0][0] / small.width, look.sizes[0][0] / look.width
            assert share[0] * small.width == pytest.approx(share[1] * look.width, rel=0.25)


def test_of_a_video_the_first_frame_is_shown_and_the_whole_is_dreamed() -> None:
    video = SourceFacts(384, 288, frames=12, fps=10)
    request = DreamRequest.of(four=True)
    sheet = sheet_of(video)
    assert sheet.frames == 1
    assert resolved(one_of_sheet(request, sheet, 2), video).frames == 12
    repeated = resolved(RepeatRequest(recipe=sheet), SourceFacts(640, 640, frames=12, fps=10))
    assert isinstance(repeated, SheetRecipe)
    assert (repeated.width, repeated.frames) == (640, 1)


def test_again_changes_all_seeds_of_a_repeated_sheet() -> None:
    sheet = sheet_of()
    again = with_new_seed(RepeatRequest(recipe=sheet))
    assert isinstance(again, RepeatRequest)
    assert isinstance(again.recipe, SheetRecipe)
    assert not {look.seed for look in again.recipe.looks} & {look.seed for look in sheet.looks}


def test_recipes_of_sheets_are_bounded() -> None:
    sheet = sheet_of()
    other = sheet.sheet.others[0]
    many = [{"layer": "mixed5", "channels": list(range(100, 420))}]
    for change, word in (
        ({"others": [other] * 2}, "others"),
        ({"others": [other.model_copy(update={"width": 100}), *sheet.sheet.others[1:]]}, "same width"),
        ({"others": [other.model_dump() | {"layers": many}] * 3}, "channels"),
        ({"width": 10**6}, "width"),
        ({"steps": 100}, "steps"),
    ):
        fields = sheet.model_dump()
        with pytest.raises(RecipeError, match=word):
            Recipe.checked(fields | {"sheet": fields["sheet"] | change})
    line = format_recipe(sheet)
    for broken in (line.rpartition(" | ")[0], line.replace(" sheet=", " seed=3 sheet="), line + " | x"):
        with pytest.raises(RecipeError):
            parse_recipe(broken)
    terms = [{"layer": layer, "channels": list(range(64))} for layer in ("mixed4", "mixed5")]
    looks = [other.model_dump() | {"layers": terms}] * 4
    fields = looks[0] | {"sheet": sheet.sheet.model_dump() | {"others": looks[1:]}}
    assert len(Recipe.checked(fields).to_json()) < MAX_RECIPE_BYTES


def test_a_sheet_is_a_still() -> None:
    assert sheet_of(format="png").frames == 1
    with pytest.raises(RecipeError, match="leave out"):
        sheet_of(format="gif")
