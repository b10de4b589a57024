"""Resolving a hellscape request to a recipe."""

from itertools import pairwise
from typing import Any

import pytest

from dreambot.recipe import Recipe, RecipeError, SourceFacts, format_journey, format_layers, parse_layers
from dreambot.recipe.hellscape import HellscapeRequest, SoundFacts, dreamed_fps, resolve_hellscape
from dreambot.recipe.journeys import HELLSCAPE_PRESETS, STATIONS
from dreambot.recipe.layers import LAYERS, TrainedModel
from dreambot.recipe.recipe import MAX_RECIPE_BYTES
from dreambot.recipe.text import format_recipe, parse_recipe
from dreambot.recipe.video import MAX_FRAMES, plan_frames


def resolved(
    source: SourceFacts | None = None,
    max_pixels: int = 1_000_000,
    sound: SoundFacts | None = None,
    **wishes: Any,
) -> Recipe:
    return resolve_hellscape(
        HellscapeRequest.of(**wishes),
        source,
        seed=5,
        models=lambda name: TrainedModel(name or "inception_v3", "0" * 64),
        precision="fp32",
        max_pixels=max_pixels,
        sound=sound,
    )


def film(source: SourceFacts | None = None, **wishes: Any) -> Any:
    return resolved(source, **wishes).hellscape


def test_who_asks_for_nothing_gets_a_nightmare() -> None:
    recipe = resolved()
    assert recipe.hellscape
    assert len(recipe.legs) >= 5
    assert set(recipe.models) <= {"inception_v3", "faces"}
    assert (recipe.width, recipe.height) == (512, 512)
    assert recipe.hellscape.frames / recipe.hellscape.fps == pytest.approx(8)
    assert recipe.hellscape.start == "smooth"
    assert recipe.seed == 5


@pytest.mark.parametrize("model", LAYERS)
def test_every_model_has_a_nightmare(model: str) -> None:
    recipe = resolved(model=model)
    assert recipe.model == model
    assert len(recipe.legs) > 1


def test_journeys_are_drawn_by_the_seed() -> None:
    drawn = {seed: resolved(seed=seed) for seed in range(40)}
    assert all(resolved(seed=seed) == recipe for seed, recipe in drawn.items())
    assert len({format_journey(recipe.legs) for recipe in drawn.values()}) > 35
    kinds = {
        f"faces:{station.layers}" if station.model == "faces" else station.layers: station.kind
        for station in STATIONS
        if station.model in ("inception_v3", "faces")
    }
    for recipe in drawn.values():
        own = [format_layers(leg) for leg in recipe.legs]
        assert len(set(own)) == len(own) == 6
        assert all(kinds[one] != kinds[other] for one, other in pairwise([*own, own[0]]))


def test_a_drawn_journey_needs_no_network_that_would_be_fetched() -> None:
    def lookup(name: str) -> TrainedModel:
        return TrainedModel(name, "0" * 64, installed=name != "faces")

    for seed in range(10):
        recipe = resolve_hellscape(
            HellscapeRequest(seed=seed), None, seed=1, models=lookup, precision="fp32", max_pixels=10**6
        )
        assert recipe.models == ("inception_v3",)
        assert len(recipe.legs) == 6


def test_there_are_stations_of_many_kinds() -> None:
    assert len(STATIONS) >= 24
    assert len({station.model for station in STATIONS}) >= 4
    for station in STATIONS:
        assert format_layers(parse_layers(station.layers, station.model)) == station.layers


@pytest.mark.parametrize("name", HELLSCAPE_PRESETS)
def test_presets_hold_colours_of_their_own(name: str) -> None:
    preset, recipe = HELLSCAPE_PRESETS[name], resolved(preset=name, seconds=20)
    assert recipe.hellscape
    assert format_journey(recipe.legs) == preset.journey
    assert recipe.hellscape.held_mean == preset.mean
    assert (recipe.hellscape.held_light, recipe.hellscape.held_colour) == (preset.light, preset.colour)
    assert set(recipe.hellscape.leg_frames) == {preset.leg_frames}
    assert parse_recipe(format_recipe(recipe)) == recipe == Recipe.from_json(recipe.to_json())
    other = resolved(preset=name, layer="s32_3 > s64_4")
    assert other.hellscape
    assert other.hellscape.held_mean == preset.mean
    assert format_journey(other.legs) == "s32_3 > s64_4"


def test_an_unknown_hellscape_preset_names_those_that_there_are() -> None:
    with pytest.raises(RecipeError, match="gauntlet"):
        resolved(preset="eyes")


def test_a_journey_goes_where_it_was_sent() -> None:
    asked = "mixed4[68,47,728] > mixed5[256,310,320] > mixed4"
    recipe = resolved(layer=asked, frames=120, size=384, fps=12)
    assert format_journey(recipe.legs) == asked
    assert (recipe.width, recipe.frames) == (384, 120)
    assert recipe.hellscape
    assert sum(recipe.hellscape.leg_frames) <= 120


def test_a_journey_of_another_model_is_understood() -> None:
    assert resolved(layer="conv4_3 > conv5_1").model == "vgg16"


def test_channels_cut_and_whole_layers_fade() -> None:
    assert film(layer="mixed4[68] > mixed5[256]").fade == (0,)
    assert all(fade >= 5 for fade in film(layer="mixed4 > mixed3", frames=240).fade)
    assert film(layer="mixed4[68] > mixed4 > mixed3").fade[0] == 0


def test_a_whole_deep_layer_does_not_stay_long_enough_to_wear_out() -> None:
    for journey in ("mixed5", "mixed6 > mixed4[68]"):
        asked = film(layer=journey, seconds=30)
        assert asked.leg_frames[0] <= 25
        assert asked.onward
    assert not film(layer="mixed4", seconds=30).onward
    assert not film(layer="mixed5", frames=20).onward


@pytest.mark.parametrize("frames", [35, 60, 100, 333])
@pytest.mark.parametrize("fps", [10, 24, 60])
def test_a_loop_is_whole_rounds_of_its_journey(frames: int, fps: float) -> None:
    asked = film(loop=True, frames=frames, fps=fps)
    assert asked.frames % (asked.between + 1) == 0
    assert abs(asked.frames - frames) <= asked.between
    round_of = sum(asked.leg_frames) if len(asked.leg_frames) > 1 else asked.leg_frames[0] * 6
    assert asked.dreamed % round_of <= asked.dreamed // round_of
    assert 1 <= asked.loop <= asked.dreamed / 2


def test_a_picture_is_where_a_film_begins_when_there_is_one() -> None:
    recipe = resolved(SourceFacts(1200, 801), size=480)
    assert recipe.hellscape
    assert recipe.hellscape.start == "picture"
    assert recipe.hellscape.first_steps == 0
    assert recipe.hellscape.melt > 0
    assert (recipe.width, recipe.height) == (480, 320)
    assert film(SourceFacts(100, 100), start="static").start == "static"


@pytest.mark.parametrize("start", ["fog", "smooth"])
def test_fog_is_what_recipes_call_smooth(start: str) -> None:
    assert film(SourceFacts(100, 100), start=start).start == "smooth"


def test_sizes_are_even_and_within_what_is_allowed() -> None:
    recipe = resolved(size="641x361")
    assert (recipe.width, recipe.height) == (640, 360)
    small = resolved(size=1024, max_pixels=200_000)
    assert small.width * small.height <= 200_000
    assert small.width % 2 == small.height % 2 == 0


def test_shallow_layers_are_smoothed_unless_a_deeper_one_is_on_the_way() -> None:
    assert resolved(layer="mixed0 > mixed1").gradient == "blur"
    assert resolved(layer="mixed0 > mixed4").gradient == "laplacian"


def test_the_dial_makes_each_frame_stronger() -> None:
    recipes = [resolved(intensity=notch) for notch in range(1, 12)]
    strengths = [recipe.steps * recipe.step for recipe in recipes]
    assert all(after > before for before, after in pairwise(strengths))


def test_faster_films_are_not_dearer() -> None:
    slow, fast = resolved(seconds=4, fps=12), resolved(seconds=4, fps=60)
    assert fast.frames == 5 * slow.frames
    assert fast.flops == pytest.approx(slow.flops, rel=0.1)


def test_chaos_bends_the_network_the_same_for_the_same_seed() -> None:
    assert resolved(chaos=7).bends
    assert resolved(chaos=7) == resolved(chaos=7) != resolved(chaos=7, seed=6)
    assert len(resolved(bend="swap@mixed1=0.3").bends) == 1
    assert resolved(chaos=11, layer="mixed0 > conv4").bends


def test_a_recipe_survives_as_text() -> None:
    for wishes in ({}, {"loop": True, "chaos": 9}, {"layer": "mixed5", "zoom": 0.97, "drift_x": 0.02}):
        recipe = resolved(**wishes)
        assert parse_recipe(format_recipe(recipe)) == recipe
        assert Recipe.from_json(recipe.to_json()) == recipe


@pytest.mark.parametrize(
    ("wishes", "word"),
    [
        ({"frames": 0}, "frames"),
        ({"frames": MAX_FRAMES + 1}, f"{MAX_FRAMES:,}"),
        ({"seconds": -1}, "seconds"),
        ({"seconds": 500}, f"{MAX_FRAMES:,}"),
        ({"frames": 20, "seconds": 2}, "not both"),
        ({"fps": 0.5}, "60"),
        ({"size": "huge"}, "640x360"),
        ({"size": 20}, "96"),
        ({"size": "100000x3"}, "2,048"),
        ({"zoom": 3}, "1.25"),
        ({"zoom": float("nan")}, "1.25"),
        ({"rotation": 90}, "45"),
        ({"drift_x": 1}, "drift"),
        ({"intensity": 12}, "11"),
        ({"chaos": 0}, "11"),
        ({"chaos": 3, "bend": "swap@mixed1=0.3"}, "not both"),
        ({"start": "noise"}, "static"),
        ({"start": "picture"}, "picture"),
        ({"layer": "mixed4 > mixed55"}, "mixed55"),
        ({"bend": "swap@mixed6=0.3", "layer": "mixed4"}, "mixed6"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(wishes: dict[str, Any], word: str) -> None:
    with pytest.raises(RecipeError, match=word):
        resolved(**wishes)


def test_a_sound_drives_the_camera_and_the_strength() -> None:
    levels = (0.0,) * 6 + (1.0, 0.6, 0.3) * 2 + (0.5,) * 12
    recipe = resolved(sound=SoundFacts(levels, 2.0), layer="mixed4")
    assert recipe.hellscape
    assert (recipe.hellscape.frames, recipe.hellscape.dreamed) == (48, 25)
    assert recipe == resolved(sound=SoundFacts(levels, 2.0), layer="mixed4")
    assert parse_recipe(format_recipe(recipe)) == Recipe.from_json(recipe.to_json()) == recipe
    plans = list(plan_frames(recipe.hellscape, recipe.steps))
    silent, loud, sustained = plans[3], plans[6], plans[20]
    assert silent.motion < 0.3 * sustained.motion < sustained.motion < 0.5 * loud.motion
    assert silent.drive < 0.5 * sustained.drive < sustained.drive < 0.7 * loud.drive
    assert plans[-1].motion == silent.motion  # the sound ended
    # The cost is that of any hellscape of that length.
    plain = resolved(frames=48, layer="mixed4").hellscape
    assert plain
    assert [plan.steps for plan in plans] == [plan.steps for plan in plan_frames(plain, recipe.steps)]
    assert {(plan.motion, plan.drive) for plan in plan_frames(plain, 4)} == {(1.0, 1.0)}


@pytest.mark.parametrize(
    ("wishes", "seconds"), [({}, 3.0), ({"seconds": 2}, 2.0), ({"frames": 24}, 1.0), ({"seconds": 9}, 3.0)]
)
def test_a_hellscape_is_no_longer_than_its_sound(wishes: dict[str, Any], seconds: float) -> None:
    video = film(sound=SoundFacts((0.5,) * 36, 3.0), **wishes)
    assert video.frames / video.fps == seconds
    assert len(video.loudness) == video.dreamed


def test_loops_have_no_sound() -> None:
    with pytest.raises(RecipeError) as raised:
        resolved(sound=SoundFacts((0.5,) * 12, 1.0), loop=True)
    assert raised.value.message.code == "errors-sound-loop"
    video = film(seconds=1, loop=True)
    for wrong in (video.model_dump() | {"loudness": "A" * video.dreamed}, {"frames": 3, "loudness": "AA"}):
        with pytest.raises(ValueError, match=r"loudness|loop"):
            type(video).model_validate(wrong)


def test_the_longest_loudness_curve_fits_into_a_recipe() -> None:
    recipe = resolved(sound=SoundFacts((0.5,) * MAX_FRAMES, 1e4), fps=12, layer="mixed4 > mixed5")
    assert recipe.hellscape
    assert len(recipe.hellscape.loudness) == MAX_FRAMES
    assert len(recipe.to_json()) < MAX_RECIPE_BYTES
    assert dreamed_fps(HellscapeRequest.of(fps=60)) == dreamed_fps(HellscapeRequest()) == 12
