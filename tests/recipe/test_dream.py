"""Resolving a dream request to a recipe."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dreambot.recipe import LAYERS, DreamRequest, Guide, Recipe, RecipeError, SourceFacts, resolve_dream
from dreambot.recipe.dream import dream_size
from dreambot.recipe.intensity import SSIM_BY_INTENSITY, rms_for_ssim
from dreambot.recipe.presets import PRESETS
from tests.support.recipes import fake_trained

BUSY = tuple(0.001 * 1.2**k for k in range(33))
SMOOTH = tuple(value / 100 for value in BUSY)


def recipe_of(
    *,
    masking: tuple[float, ...] = BUSY,
    size: tuple[int, int] = (640, 480),
    max_pixels: int = 786_432,
    frames: int = 1,
    **wishes: Any,
) -> Recipe:
    return resolve_dream(
        DreamRequest.of(**wishes),
        SourceFacts(*size, masking, frames),
        seed=5,
        models=fake_trained,
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


@given(st.lists(st.floats(1e-6, 1), min_size=1, max_size=40), st.sampled_from(SSIM_BY_INTENSITY))
def test_tolerance_inverts_the_likeness_it_predicts(spread: list[float], likeness: float) -> None:
    noise = rms_for_ssim(spread, likeness) ** 2
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


@pytest.mark.parametrize(
    ("wishes", "model"),
    [
        ({}, "inception_v3"),
        ({"layer": "conv4_3"}, "vgg16"),
        ({"layer": "conv4"}, "inception_v3"),
        ({"model": "vgg16"}, "vgg16"),
        ({"preset": "dogs"}, "vgg16"),
        ({"layer": "conv4_3[5]+conv3_1"}, "vgg16"),
        ({"bend": "swap@s64_1+cut@s32_3"}, "faces"),
        ({"bend": "swap@mixed1", "layer": "mixed4"}, "inception_v3"),
        ({"bend": "random", "model": "writing"}, "writing"),
        ({"preset": "zalgo", "bend": "swap@conv3_2"}, "writing"),
    ],
)
def test_a_layer_a_bend_or_a_preset_brings_its_model(wishes: dict[str, str], model: str) -> None:
    recipe = recipe_of(**wishes)
    assert recipe.model == model
    if "layer" in wishes:
        assert f"layer:{wishes['layer']}" in recipe.in_words()


def test_a_layer_nobody_has_is_looked_for_in_the_default_model() -> None:
    with pytest.raises(RecipeError, match="did you mean mixed5"):
        recipe_of(layer="mixd5")


def test_random_bends_bring_their_layer_and_are_repeatable() -> None:
    wild = recipe_of(chaos=9)
    assert wild.bends
    assert wild == recipe_of(bend="random", chaos=9)
    assert len(wild.bends) > len(recipe_of(chaos=1).bends)
    assert "bend:" in wild.in_words()
    assert recipe_of(chaos=9, seed=6).bends != wild.bends


@pytest.mark.parametrize("chaos", [3, 7, 11])
@pytest.mark.parametrize("preset", PRESETS)
def test_random_bends_suit_every_preset(preset: str, chaos: int) -> None:
    plain = recipe_of(preset=preset)
    bent = recipe_of(preset=preset, chaos=chaos)
    assert bent.bends
    assert bent.model_copy(update={"bends": ()}) == plain


@pytest.mark.parametrize(
    ("model", "layer"), [(model, layer.name) for model, layers in LAYERS.items() for layer in layers]
)
def test_random_bends_suit_every_layer(model: str, layer: str) -> None:
    recipe = recipe_of(model=model, layer=layer, chaos=11)
    assert recipe.bends
    assert [term.layer for term in recipe.layers] == [layer]


def test_bends_asked_for_are_dreamed_behind_them() -> None:
    recipe = recipe_of(bend="swap@mixed1=0.3")
    names = [layer.name for layer in LAYERS["inception_v3"]]
    assert names.index(recipe.layers[0].layer) > names.index("mixed1")


@pytest.mark.parametrize(
    ("wishes", "word"),
    [
        ({"bend": "swap@mixed1", "chaos": 3}, "not both"),
        ({"bend": "swap@mixed5", "layer": "mixed3"}, "earlier layer"),
        ({"bend": "wobble@mixed1"}, "no bend called"),
        ({"chaos": 12}, "1 to 11"),
        ({"closeness": 2}, "Closeness"),
        ({"octaves_above": 9}, "octaves above"),
        ({"tile": 3}, "128 to 4096"),
        ({"preset": "dogs", "layer": "mixed5"}, "there is inception_v3:mixed5"),
    ],
)
def test_what_cannot_be_is_said(wishes: dict[str, Any], word: str) -> None:
    with pytest.raises(RecipeError, match=word):
        recipe_of(**wishes)


def test_a_moving_source_is_a_film_within_limits() -> None:
    film = recipe_of(frames=40)
    assert film.frames == 40
    assert film.flops == pytest.approx(40 * recipe_of().flops)
    assert recipe_of(frames=10**6).frames == 1800


def test_octaves_above_are_added() -> None:
    plain, larger = recipe_of(), recipe_of(octaves_above=2)
    assert larger.octaves == plain.octaves + 2
    assert larger.sizes[: plain.octaves] == plain.sizes
    assert larger.sizes[-1] > plain.sizes[-1]


def test_layers_that_were_never_fitted_have_a_dial_too() -> None:
    steps = [recipe_of(model="googlenet", intensity=notch).step for notch in (1, 6, 11)]
    assert steps == sorted(steps)
    assert 0.001 < steps[0] < steps[-1] < 1
    shallow, deep = (recipe_of(model="resnet50", layer=layer).step for layer in ("layer1.2", "layer3.4"))
    assert shallow < deep


def test_guides_and_undreams_have_looks_of_their_own() -> None:
    guide = Guide(sha256="a" * 64, kind="caricature")
    assert [term.layer for term in recipe_of(guide=guide).layers] == ["mixed4", "mixed5"]
    assert [term.layer for term in recipe_of(guide=guide, layer="mixed6").layers] == ["mixed6"]
    assert "guide:caricature" in recipe_of(guide=guide).in_words()
    style = Guide(sha256="a" * 64, kind="style")
    recipe = recipe_of(guide=style)
    assert (recipe.model, recipe.palette, len(recipe.layers)) == ("vgg16", "acid", 4)
    assert recipe_of(guide=style, palette="source").palette == "source"
    assert recipe_of(guide=style, bend="random").layers == recipe.layers
    assert recipe_of(guide=style, layer="mixed4").model == "inception_v3"
    with pytest.raises(RecipeError, match="preset"):
        recipe_of(guide=style, preset="eyes")
    with pytest.raises(RecipeError, match="guide"):
        recipe_of(guide_as="style")
    washed = recipe_of(layer="-mixed4")
    assert washed.closeness > 0
    assert recipe_of(layer="-mixed4", closeness=0.5).closeness == 0.5
    assert recipe_of(layer="-mixed1").closeness == 0
