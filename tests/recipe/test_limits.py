"""Limits on the work of a recipe, the same for every way a recipe comes in."""

import itertools
from collections.abc import Iterator
from typing import Any

import pytest

from dreambot.engine.tiling import HALO
from dreambot.i18n import LOCALES, translator_for
from dreambot.recipe import LAYERS, DreamRequest, Recipe, RecipeError, SourceFacts
from dreambot.recipe.hellscape import HellscapeRequest
from dreambot.recipe.limits import (
    MAX_HELLSCAPE_FLOPS_PER_PIXEL,
    MAX_STILL_FLOPS_PER_PIXEL,
    TILE_HALO,
    check_limits,
    check_octaves,
    tiled_flops,
)
from dreambot.recipe.presets import PRESETS
from dreambot.recipe.request import RepeatRequest, Request, resolve_request
from dreambot.recipe.summon import SummonRequest
from dreambot.recipe.video import HellscapeParams
from tests.support.recipes import fake_trained, make_recipe

MAX_PIXELS = 786_432
PICTURE = SourceFacts(1024, 768)
DEEPEST = {model: max(layers, key=lambda layer: layer.flops).name for model, layers in LAYERS.items()}


def resolved(request: Request, source: SourceFacts | None = PICTURE, max_pixels: int = MAX_PIXELS) -> Recipe:
    return resolve_request(
        request, source, seed=1, models=fake_trained, precision="fp32", max_pixels=max_pixels
    )


def repeated(recipe: Recipe, source: SourceFacts | None = PICTURE) -> Recipe:
    return resolved(RepeatRequest(recipe=recipe), source)


def hellscape(**changes: Any) -> Recipe:
    film = {"frames": 480, "fps": 24.0, "between": 1, **changes.pop("hellscape", {})}
    return make_recipe(**{"width": 512, "height": 512, "octaves": 4, "hellscape": film, **changes})


EXPENSIVE: dict[str, dict[str, Any]] = {
    "steps": {"steps": 2000},
    "steps of shallow layers": {"steps": 2000, "layers": [{"layer": "conv0"}], "width": 100, "height": 100},
    "many small octaves": {"octaves": 12, "octave_scale": 1.1, "steps": 400},
    "four octaves above": {"octaves": 5, "octaves_above": 4, "octave_scale": 3.0},
    "three octaves above": {"octaves": 4, "octaves_above": 3, "octave_scale": 3.0},
    "one octave above": {"octaves": 2, "octaves_above": 1, "octave_scale": 3.0},
    "small tiles": {
        "model": "vgg16",
        "layers": [{"layer": "conv4_3"}],
        "octaves": 4,
        "steps": 24,
        "tile": 128,
    },
    "a large summoning": {"parametrisation": "fourier", "width": 16_384, "height": 16_384},
}


@pytest.mark.parametrize("changes", EXPENSIVE.values(), ids=EXPENSIVE)
@pytest.mark.parametrize("frames", [1, 100])
def test_expensive_recipes_are_refused(changes: dict[str, Any], frames: int) -> None:
    with pytest.raises(RecipeError, match=r"\d.* at most [\d.]+"):
        repeated(make_recipe(**changes), SourceFacts(1024, 768, frames=frames))


@pytest.mark.parametrize(
    "changes",
    [
        {"steps": 400},
        {"steps": 50, "octaves": 12, "octave_scale": 1.1},
        {"hellscape": {"frames": 1200, "fps": 60.0, "between": 0}, "steps": 100},
        {"hellscape": {"frames": 20, "fps": 1.0, "between": 0, "first_steps": 200}, "steps": 300},
        {"hellscape": {"loop": 60, "leg_frames": [30]}},
        {"width": 2048, "height": 2048},
        {"octaves_above": 1, "octave_scale": 2.0},
        {"octaves_above": 3, "octave_scale": 3.0},
    ],
)
def test_expensive_hellscapes_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(RecipeError, match=r"\d.* at most [\d.]+"):
        repeated(hellscape(**changes), None)


def test_the_recipe_that_took_three_days_is_refused_with_its_number_and_the_limit() -> None:
    film = {"frames": 1200, "fps": 60.0, "between": 0}
    recipe = hellscape(steps=50, model="vgg16", layers=[{"layer": "conv4_3"}], hellscape=film)
    limit = MAX_HELLSCAPE_FLOPS_PER_PIXEL * 512 * 512 * (18 * 20 + 1 + 5)
    with pytest.raises(RecipeError) as refused:
        repeated(recipe, None)
    assert f"{-(-tiled_flops(recipe) // 1e9):,.0f} billion" in str(refused.value)
    assert f"at most {limit // 1e9:,.0f}" in str(refused.value)


# Every field of a recipe, and its largest or most expensive value. None: it changes neither work nor memory.
# The recipe is otherwise intensity 11 on VGG16's deepest layer, the most that a command can ask for.
MOST: dict[str, Any] = {
    "version": None,
    "engine": None,
    "model": "vgg16",
    "weights": None,
    "other_weights": (("inception_v3", "0" * 64), ("writing", "0" * 64)),
    "layers": tuple({"layer": DEEPEST["vgg16"], "weight": weight} for weight in range(1, 9)),
    "objective": "p4",
    "guide": {"sha256": "0" * 64, "kind": "caricature"},
    "closeness": 1.0,
    "octaves": 12,
    "octaves_above": 4,
    "octave_scale": 1.1,
    "steps": 2000,
    "steps_ratio": 0.1,
    "step": None,
    "cooling": None,
    "jitter": 512,
    "rotation": 45.0,
    "scaling": 0.5,
    "gradient": "laplacian",
    "bands": (1.0,) * 8,
    "chroma": None,
    "palette": None,
    "clouds": None,
    "parametrisation": "fourier",
    # For MobileNetV2 only, which costs a hundredth of VGG16.
    "statistics": None,
    "adaptivity": None,
    "colour_jitter": None,
    "tile": 128,
    "bends": ({"kind": "feedback", "layer": "conv1_2", "amount": 0.5},) * 8,
    "mask": None,
    "where": "faces",
    "keep_colour": True,
    "light": 4.0,
    "tone": "bone",
    "hellscape": {"frames": 1800, "fps": 60.0, "first_steps": 200, "loop": 60},
    "moving": {"frames": 1800},
    "sheet": {"width": 1024, "height": 1024, "steps": 1.0, "step": 1.0},
    "width": 16_384,
    "height": 16_384,
    "seed": None,
    "precision": "fp32",
    "intensity": None,
    "preset": None,
    "source": "noise",
    "text": "W" * 60,
    # One picture is dreamed, however many frames show how it comes about.
    "format": "gif",
}
BASE: dict[str, Any] = {
    "model": "vgg16",
    "layers": ({"layer": DEEPEST["vgg16"]},),
    "octaves": 5,
    "steps": 24,
    "gradient": "laplacian",
    "bands": (1.0,),
    "width": 512,
    "height": 512,
}
REFUSED = {"octaves", "octaves_above", "octave_scale", "steps", "steps_ratio"}
REFUSED |= {"other_weights", "tile", "hellscape", "sheet", "width", "height"}
"""Fields that make the most expensive recipe cost more than a command could ask for."""


def test_every_field_of_a_recipe_is_considered() -> None:
    assert MOST.keys() == Recipe.model_fields.keys()
    costly = {"frames", "fps", "first_steps", "loop"}
    others = {"between", "start", "melt", "zoom", "rotation", "drift_x", "drift_y", "sharpen", "hold"}
    others |= {"held_mean", "held_light", "held_colour", "loudness"}
    journey = {"onward", "leg_frames", "fade"}
    assert HellscapeParams.model_fields.keys() == costly | others | journey


@pytest.mark.parametrize("field", [name for name, value in MOST.items() if value is not None])
def test_a_field_at_its_maximum_is_within_the_limits_or_refused(field: str) -> None:
    changes = {field: MOST[field]}
    if field == "other_weights":
        changes["layers"] = tuple({"layer": f"{name}:{DEEPEST[name]}"} for name, _ in MOST[field])
    if field == "sheet":
        changes["sheet"] = {**MOST["sheet"], "others": [make_recipe(**BASE).model_dump()] * 3}
    if field in {"octaves", "octave_scale"}:
        changes = {"octaves": MOST["octaves"], "octave_scale": MOST["octave_scale"]}
    recipe = make_recipe(**{**BASE, **changes})
    if field in REFUSED:
        with pytest.raises(RecipeError, match=r"\d.* at most [\d.]+"):
            check_limits(recipe, MAX_PIXELS)
    else:
        check_limits(recipe, MAX_PIXELS)
        assert recipe.width * recipe.height * recipe.frames * MAX_STILL_FLOPS_PER_PIXEL >= tiled_flops(recipe)


def test_octaves_as_large_as_the_largest_picture_are_dreamed() -> None:
    recipe = make_recipe(width=256, height=256, octaves=3, octaves_above=1, octave_scale=1.4)
    assert repeated(recipe, SourceFacts(256, 256)) == recipe


def everything_at_its_most() -> Iterator[tuple[Request, SourceFacts | None]]:
    for (model, layer), size, frames in itertools.product(
        DEEPEST.items(), [(100, 100), (300, 200), (1024, 768), (4000, 200)], [1, 240]
    ):
        for four in (None, True):
            request = DreamRequest(model=model, layer=layer, intensity=11, four=four)
            yield request, SourceFacts(*size, frames=frames)
    for preset in PRESETS:
        yield DreamRequest(preset=preset, intensity=11), PICTURE
    for (model, layer), (fps, frames), loop in itertools.product(
        DEEPEST.items(),
        [(1, 1), (1, 20), (12, 240), (17.9, 358), (24, 480), (60, 1), (60, 1200)],
        [False, True],
    ):
        wishes: dict[str, Any] = {"intensity": 11, "fps": fps, "frames": frames, "loop": loop, "size": "2048"}
        yield HellscapeRequest(model=model, layer=layer, **wishes), None
    for classes in ("goldfish", "mixed10"):
        yield SummonRequest(classes=classes, intensity=11, size=1024), None
    for size in ((100, 100), (1024, 768), (4000, 200)):
        yield SummonRequest(classes="goldfish", intensity=11), SourceFacts(*size)


@pytest.mark.parametrize("max_pixels", [65_536, MAX_PIXELS, 8_000_000])
def test_what_the_commands_can_ask_for_is_done_and_can_be_repeated(max_pixels: int) -> None:
    for request, source in everything_at_its_most():
        recipe = resolved(request, source, max_pixels)
        assert resolved(RepeatRequest(recipe=recipe), source, max_pixels) == recipe


def test_the_limits_are_close_to_what_the_commands_can_ask_for() -> None:
    work: dict[str, float] = {"still": 0.0, "hellscape": 0.0}
    for request, source in everything_at_its_most():
        recipe = resolved(request, source)
        if recipe.hellscape is None:
            per_pixel = tiled_flops(recipe) / (recipe.width * recipe.height * recipe.frames)
            work["still"] = max(work["still"], per_pixel)
        elif recipe.hellscape.dreamed > 100:
            per_pixel = tiled_flops(recipe) / (recipe.width * recipe.height * recipe.hellscape.dreamed)
            work["hellscape"] = max(work["hellscape"], per_pixel)
    # Recipes of earlier versions, which took as many steps in each octave, cost more than twice as much.
    assert 0.4 * MAX_STILL_FLOPS_PER_PIXEL < work["still"] <= MAX_STILL_FLOPS_PER_PIXEL
    assert 0.8 * MAX_HELLSCAPE_FLOPS_PER_PIXEL < work["hellscape"] <= MAX_HELLSCAPE_FLOPS_PER_PIXEL


def test_tiles_are_counted_as_the_engine_cuts_them() -> None:
    assert TILE_HALO == HALO
    plain = make_recipe(width=512, height=512, octaves=1)
    assert tiled_flops(make_recipe(width=512, height=512, octaves=1, tile=4096)) == tiled_flops(plain)
    tiled = make_recipe(width=512, height=512, octaves=1, tile=128)
    assert tiled_flops(tiled) == pytest.approx(1.5 * 2.5**2 * tiled_flops(plain))


@pytest.mark.parametrize("locale", [locale for locale in LOCALES if locale != "en"])
@pytest.mark.parametrize(
    "recipe",
    [
        make_recipe(width=2000, height=2000),
        make_recipe(steps=2000, width=512, height=512),
        make_recipe(steps=2000, layers=[{"layer": "conv0"}], width=512, height=512),
        hellscape(hellscape={"loop": 60}),
    ],
    ids=["pixels", "work", "steps", "loop"],
)
def test_the_refusal_is_known_in_every_language(recipe: Recipe, locale: str) -> None:
    with pytest.raises(RecipeError) as refused:
        check_limits(recipe, MAX_PIXELS)
    assert refused.value.text(translator_for(locale)) != str(refused.value)


@pytest.mark.parametrize(
    ("above", "scale", "megapixels"), [(4, 3.0, "5159.8"), (3, 3.0, "573.3"), (3, 2.2, "89.2")]
)
def test_octaves_too_large_for_any_memory_are_refused_at_the_command_line_too(
    above: int, scale: float, megapixels: str
) -> None:
    recipe = make_recipe(width=1024, height=768, octaves=above + 1, octaves_above=above, octave_scale=scale)
    with pytest.raises(RecipeError, match=f"{megapixels} megapixels; at most 67.1"):
        check_octaves(recipe)
