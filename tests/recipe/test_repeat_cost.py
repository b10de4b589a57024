"""What strangers' recipes may cost: no more than what can be asked for by the dial."""

import pytest

from dreambot.recipe import LAYERS, DreamRequest, Recipe, RecipeError, SourceFacts
from dreambot.recipe.hellscape_request import HellscapeRequest
from dreambot.recipe.repeat import refit
from dreambot.recipe.wishes import resolve_request
from tests.support.recipes import some_models, some_recipe

PICTURE = SourceFacts(1000, 1000)
DEAREST = LAYERS["vgg16"][-2].name


def refitted(recipe: Recipe, source: SourceFacts | None = PICTURE) -> Recipe:
    return refit(recipe, source, max_pixels=10**6)


@pytest.mark.parametrize(
    "greed",
    [
        {"steps": 2000},
        {"octaves": 12, "octave_scale": 1.1, "steps": 400},
        {"octaves": 5, "octaves_above": 4, "octave_scale": 3.0},
        {"steps": 2000, "width": 100, "height": 100},
    ],
)
def test_greedy_recipes_are_refused_before_anything_is_done(greed: dict[str, object]) -> None:
    with pytest.raises(RecipeError, match="times more work"):
        refitted(some_recipe(**greed))


def test_greed_on_every_frame_is_refused_too() -> None:
    film = some_recipe(steps=1000, moving={"frames": 100})
    with pytest.raises(RecipeError, match="times more work"):
        refitted(film, SourceFacts(1000, 1000, frames=100))


@pytest.mark.parametrize("size", [(1000, 1000), (300, 200), (1600, 400)])
def test_whatever_the_dial_asks_for_can_be_repeated(size: tuple[int, int]) -> None:
    request = DreamRequest(model="vgg16", layer=DEAREST, intensity=11)
    source = SourceFacts(*size)
    recipe = resolve_request(request, source, seed=1, models=some_models, precision="fp32", max_pixels=10**6)
    assert refitted(recipe, source) == recipe
    assert refitted(recipe)


@pytest.mark.parametrize("frames", [1, 24, 240])
def test_hellscapes_can_be_repeated(frames: int) -> None:
    request = HellscapeRequest(model="vgg16", layer=DEAREST, intensity=11, frames=frames)
    recipe = resolve_request(request, None, seed=1, models=some_models, precision="fp32", max_pixels=10**6)
    assert refitted(recipe, None) == recipe
