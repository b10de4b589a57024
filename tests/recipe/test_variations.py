"""Requests made by buttons can always be resolved and match their labels."""

import pytest

from dreambot.recipe import DreamRequest, Recipe, SourceFacts
from dreambot.recipe import variations as vary
from dreambot.recipe.hellscape import HellscapeRequest
from dreambot.recipe.request import RepeatRequest, Request, needs_source, resolve_request
from dreambot.recipe.summon import SummonRequest
from dreambot.zoo.registry import find_model

PICTURE = SourceFacts(640, 480)

ASKED: list[Request] = [
    DreamRequest(),
    DreamRequest(layer="mixed4[68,47]-mixed2", seed=3, intensity=11),
    DreamRequest(preset="dogs", intensity=1),
    DreamRequest(bend="random", chaos=9),
    DreamRequest(bend="swap@mixed1=0.3", layer="mixed3"),
    DreamRequest(source="noise"),
    DreamRequest(source="noise", preset="eyes"),
    DreamRequest(text="HE COMES"),
    DreamRequest(text="HE COMES", layer="mixed4"),
    SummonRequest.of("golden retriever*2 - goldfish"),
    SummonRequest.of("mixed4[68]"),
    HellscapeRequest(layer="mixed3 > mixed5", seconds=2),
]


def resolved(request: Request, source: SourceFacts | None = PICTURE) -> Recipe:
    """What it comes to."""
    return resolve_request(request, source, seed=5, models=find_model, precision="fp32", max_pixels=2**20)


def first(request: Request) -> Recipe:
    """What it came to, at first."""
    return resolved(request, PICTURE if needs_source(request) else None)


@pytest.mark.parametrize("repeated", [False, True])
@pytest.mark.parametrize("asked", ASKED, ids=str)
def test_every_result_can_be_gone_on_from(asked: Request, repeated: bool) -> None:
    recipe = first(asked)
    request = RepeatRequest(recipe=recipe) if repeated else asked
    source = PICTURE if needs_source(request) else None
    assert resolved(vary.with_new_seed(request), source).layers == recipe.layers
    assert resolved(vary.repeat_on_result(request, recipe)).model == recipe.model
    assert resolved(vary.random_bends_on_result(request, recipe)).bends
    assert resolved(vary.hellscape_from_result(request, recipe)).hellscape
    assert resolved(vary.with_preset(request, recipe, "eyes")).preset == "eyes"
    layer = recipe.layers[0].layer
    assert [term.layer for term in resolved(vary.with_layer(request, recipe, layer)).layers] == [layer]


@pytest.mark.parametrize("asked", ASKED[:-1], ids=str)
def test_a_clip_is_of_the_same_dream_and_its_variations_are_clips(asked: Request) -> None:
    recipe = first(asked)
    request = vary.as_clip(asked, recipe)
    source = PICTURE if needs_source(request) else None
    clip = resolved(request, source)
    assert clip.is_clip
    assert clip.model_copy(update={"format": None}) == recipe
    assert clip.flops == recipe.flops
    again = resolved(vary.with_new_seed(request), source)
    louder = vary.with_shifted_intensity(request, clip, 1) or vary.with_shifted_intensity(request, clip, -1)
    assert louder
    other = resolved(vary.with_layer(request, clip, recipe.layers[0].layer))
    assert {one.format for one in (again, resolved(louder, source), other)} == {"gif"}


@pytest.mark.parametrize("repeated", [False, True])
def test_louder_is_more_of_the_same(repeated: bool) -> None:
    asked = DreamRequest(layer="mixed4", intensity=10)
    recipe = resolved(asked)
    request = RepeatRequest(recipe=recipe) if repeated else asked
    louder = vary.with_shifted_intensity(request, recipe, 1)
    assert louder
    loud = resolved(louder)
    assert (loud.intensity, loud.seed) == (11, recipe.seed)
    assert loud.steps * loud.step > recipe.steps * recipe.step
    assert vary.with_shifted_intensity(louder, loud, 1) is None
    quieter = vary.with_shifted_intensity(louder, loud, -1)
    assert quieter
    assert resolved(quieter).steps == recipe.steps
    assert resolved(quieter).step == pytest.approx(recipe.step)


def test_what_nobody_chose_is_in_the_middle_of_the_dial() -> None:
    request = DreamRequest()
    assert (
        vary.effective_intensity(request, resolved(request)) == vary.effective_intensity(request, None) == 6
    )
    louder = vary.with_shifted_intensity(request, None, 1)
    assert louder
    assert resolved(louder).intensity == 7


def test_again_throws_the_dice_anew() -> None:
    recipe = resolved(DreamRequest(seed=3))
    assert vary.with_new_seed(DreamRequest(seed=3)) == DreamRequest()
    again = vary.with_new_seed(RepeatRequest(recipe=recipe))
    assert resolved(again).seed != 3


def test_deeper_summons_the_same_into_the_picture() -> None:
    asked = SummonRequest.of("golden retriever", size=256)
    recipe = first(asked)
    deeper = resolved(vary.repeat_on_result(asked, recipe))
    assert deeper.parametrisation == "pixels"
    assert deeper.layers == recipe.layers


@pytest.mark.parametrize(
    ("before", "notches", "loudest", "after"),
    [
        (6, 3, 11, 9),
        (9, 3, 11, 11),
        (11, 3, 11, None),
        (6, -3, 11, 3),
        (3, -3, 11, 1),
        (1, -3, 11, None),
        (6, 3, 8, 8),
        (8, 3, 8, None),
        # A limit that came later: louder there is nothing, quieter is as loud as may be.
        (11, 3, 8, None),
        (11, -3, 5, 5),
    ],
)
def test_the_dial_stops_at_its_ends(before: int, notches: int, loudest: int, after: int | None) -> None:
    asked = DreamRequest(layer="mixed4", intensity=before)
    turned = vary.with_shifted_intensity(asked, resolved(asked), notches, loudest)
    assert (resolved(turned).intensity if turned else None) == after


@pytest.mark.parametrize("repeated", [False, True])
@pytest.mark.parametrize(
    "asked", [DreamRequest(source="noise", seed=3), DreamRequest(text="HE COMES", seed=3)]
)
def test_a_dream_without_a_picture_is_varied_without_one(asked: DreamRequest, repeated: bool) -> None:
    recipe = resolved(asked, None)
    request = RepeatRequest(recipe=recipe) if repeated else asked
    again = resolved(vary.with_new_seed(request), None)
    assert (again.source, again.text, again.layers) == (recipe.source, recipe.text, recipe.layers)
    assert again.seed != 3
    louder = vary.with_shifted_intensity(request, recipe, 2)
    assert louder
    assert resolved(louder, None).seed == 3
    for varied in (
        vary.with_layer(request, recipe, recipe.layers[0].layer),
        vary.with_preset(request, recipe, "eyes"),
    ):
        other = resolved(varied, None)
        assert (other.source, other.text, other.seed) == (recipe.source, recipe.text, 3)
    deeper = resolved(vary.repeat_on_result(request, recipe))
    assert (deeper.source, deeper.text, deeper.layers) == ("picture", None, recipe.layers)
    assert deeper.intensity == recipe.intensity
