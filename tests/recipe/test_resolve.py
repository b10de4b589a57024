"""From a request to numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dreambot.recipe import DreamRequest, Recipe, RecipeError, SourceFacts, resolve
from dreambot.recipe.dial import CURVE, tolerance
from dreambot.recipe.presets import PRESETS
from dreambot.recipe.resolve import dream_size
from tests.support.recipes import some_models

BUSY = tuple(0.001 * 1.2**k for k in range(33))
SMOOTH = tuple(value / 100 for value in BUSY)


def recipe_of(
    *,
    layer: str | None = None,
    intensity: int | None = None,
    preset: str | None = None,
    masking: tuple[float, ...] = BUSY,
    size: tuple[int, int] = (640, 480),
    max_pixels: int = 786_432,
) -> Recipe:
    return resolve(
        DreamRequest.of(layer=layer, intensity=intensity, preset=preset),
        SourceFacts(*size, masking),
        seed=5,
        models=some_models,
        precision="fp32",
        max_pixels=max_pixels,
    )


def test_nothing_asked_is_dogs_in_the_middle_of_the_dial() -> None:
    recipe = recipe_of()
    assert (recipe.in_words(), recipe.objective) == ("layer:mixed5 intensity:6 seed:5", "eq")


@pytest.mark.parametrize("layer", ["conv4", "mixed3", "mixed5", "mixed8", "mixed3+mixed5"])
def test_every_notch_is_more(layer: str) -> None:
    recipes = [recipe_of(layer=layer, intensity=notch) for notch in range(1, 12)]
    changes = [recipe.step * recipe.steps for recipe in recipes]
    assert changes == sorted(changes)
    assert len(set(changes)) == 11


def test_eleven_costs_at_most_three_times_five() -> None:
    assert recipe_of(intensity=11).flops <= 3 * recipe_of(intensity=5).flops


def test_smooth_pictures_are_handled_gently() -> None:
    assert recipe_of(masking=SMOOTH).step < recipe_of(masking=BUSY).step


def test_a_blank_picture_is_still_dreamed() -> None:
    assert recipe_of(masking=(0.0,) * 33).step > recipe_of().step / 4


@given(st.lists(st.floats(1e-6, 1), min_size=1, max_size=40), st.sampled_from(CURVE))
def test_tolerance_inverts_the_likeness_it_predicts(spread: list[float], likeness: float) -> None:
    noise = tolerance(spread, likeness) ** 2
    assert sum(t / (t + noise) for t in spread) / len(spread) == pytest.approx(likeness, abs=0.01)


@given(st.integers(1, 16000), st.integers(1, 16000), st.integers(65_536, 2_000_000))
def test_sizes_keep_the_shape_and_the_limit(width: int, height: int, limit: int) -> None:
    if max(width, height) > 40 * min(width, height):
        with pytest.raises(RecipeError, match="thin"):
            dream_size(width, height, limit)
        return
    w, h = dream_size(width, height, limit)
    assert w * h <= max(limit, 1)
    assert abs(w - h * width / height) <= 1 + width / height
    if width * height <= limit:
        assert (w, h) >= (width, height)
    if min(width, height) >= 256 and width * height <= limit:
        assert (w, h) == (width, height)


def test_larger_pictures_get_more_octaves() -> None:
    small, large = recipe_of(size=(512, 384)), recipe_of(size=(1024, 768))
    assert (small.octaves, large.octaves) == (5, 7)


def test_classic_is_the_notebook_of_2015() -> None:
    recipe = recipe_of(preset="classic", layer="mixed4")
    assert (recipe.octaves, recipe.octave_scale, recipe.steps, recipe.jitter) == (4, 1.4, 10, 32)
    assert recipe.gradient == "mean_abs"
    assert recipe.step == pytest.approx(1.5 / 127.5)


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_is_a_recipe_at_every_notch(name: str) -> None:
    recipes = [recipe_of(preset=name, intensity=notch) for notch in range(1, 12)]
    changes = [recipe.step * recipe.steps for recipe in recipes]
    assert changes == sorted(set(changes))
    assert {recipe.preset for recipe in recipes} == {name}


def test_presets_follow_the_picture_but_history_does_not() -> None:
    assert recipe_of(preset="storm", masking=SMOOTH).step < recipe_of(preset="storm", masking=BUSY).step
    assert recipe_of(preset="classic", masking=SMOOTH).step == recipe_of(preset="classic", masking=BUSY).step


def test_a_layer_named_beside_a_preset_takes_the_place_of_its_own() -> None:
    assert recipe_of(preset="storm", layer="mixed3").in_words().startswith("preset:storm layer:mixed3 ")


@pytest.mark.parametrize(
    ("wrong", "word"),
    [({"preset": "clasic"}, "classic"), ({"intensity": 12}, "1 to 11"), ({"layer": "mixed55"}, "mixed5")],
)
def test_mistakes_are_answered_with_what_would_work(wrong: dict[str, str], word: str) -> None:
    with pytest.raises(RecipeError, match=word):
        recipe_of(**wrong)  # type: ignore[arg-type]
