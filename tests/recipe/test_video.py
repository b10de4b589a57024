"""The frame plan of a hellscape."""

from itertools import pairwise
from typing import Any

import pytest
from pydantic import ValidationError

from dreambot.recipe import HellscapeParams, LayerTerm
from dreambot.recipe.layers import find_layer
from dreambot.recipe.video import WARM_UP_FRAMES, FramePlan, plan_frames
from tests.support.recipes import make_recipe

ONWARD = ((LayerTerm(layer="mixed5"),), (LayerTerm(layer="mixed3"),))
STEPS = 5


def film(**changes: Any) -> HellscapeParams:
    return HellscapeParams.model_validate({"frames": 30, "onward": ONWARD, "leg_frames": (8,), **changes})


def plans(**changes: Any) -> list[FramePlan]:
    return list(plan_frames(film(**changes), STEPS))


def test_legs_follow_one_another_and_begin_again() -> None:
    legs = [plan.legs for plan in plans()]
    assert legs == [((number, 1.0),) for number in [0] * 8 + [1] * 8 + [2] * 8 + [0] * 6]


def test_every_leg_can_have_its_own_length_and_fade() -> None:
    legs = [[number for number, _ in plan.legs] for plan in plans(leg_frames=(3, 4, 5), fade=(0, 2, 0))]
    assert legs[:12] == [[0]] * 3 + [[1]] * 2 + [[1, 2]] * 2 + [[2]] * 5


def test_a_fade_goes_evenly_from_one_leg_to_the_next() -> None:
    shares = [dict(plan.legs).get(1, 0.0) for plan in plans(fade=(6,))[:9]]
    assert shares[1] == 0
    assert shares[8] == 1 - dict(plans(fade=(6,))[8].legs).get(2, 0)
    assert all(0 < after - before < 0.25 for before, after in pairwise(shares[1:9]))
    assert all(sum(weight for _, weight in plan.legs) == pytest.approx(1) for plan in plans(fade=(6,)))


def test_nothing_fades_into_a_leg_that_the_film_has_no_time_for() -> None:
    assert plans(frames=24, fade=(6,))[-1].legs == ((2, 1.0),)
    assert len(plans(frames=24, fade=(6,), loop=4)[-6].legs) == 2


def test_a_film_without_a_loop_shows_all_that_it_dreams() -> None:
    made = plans(first_steps=20)
    assert len(made) == 30
    assert all(plan.shown and not plan.home and not plan.kept for plan in made)
    assert [plan.steps for plan in made[:3]] == [20, STEPS, STEPS]


def test_a_loop_dreams_ahead_and_shows_as_many_frames_as_it_has() -> None:
    made = plans(loop=6)
    assert len(made) == WARM_UP_FRAMES + 30 + 6
    assert sum(plan.shown for plan in made) == 30
    assert sum(plan.kept for plan in made) == 6
    home = [plan for plan in made if plan.home]
    assert home == made[-6:]
    assert [plan.left for plan in home] == [5, 4, 3, 2, 1, 0]
    assert (home[-1].home, home[-1].steps) == (1.0, 0)
    assert [plan.steps for plan in home] == sorted((plan.steps for plan in home), reverse=True)


def test_a_loop_from_a_picture_ends_where_it_began() -> None:
    made = plans(loop=6, start="picture", first_steps=0)
    assert len(made) == 30
    assert all(plan.shown and not plan.kept for plan in made)
    assert made[-1].left == 1
    assert made[-1].home > 0.5


def test_steps_grow_while_a_picture_melts() -> None:
    strengths = [plan.strength for plan in plans(melt=6)]
    assert strengths[1:8] == sorted(set(strengths[1:8]))
    assert strengths[1] < 0.1
    assert set(strengths[7:]) == {1.0}


@pytest.mark.parametrize("between", [0, 1, 2])
@pytest.mark.parametrize("loop", [0, 4])
@pytest.mark.parametrize("frames", [12, 13])
def test_in_between_frames_are_not_dreamed(between: int, loop: int, frames: int) -> None:
    made = film(frames=frames, between=between, loop=loop)
    shown = made.dreamed * (between + 1) - (0 if loop else between)
    assert frames <= shown <= frames + between


def test_the_cost_counts_every_step_of_every_leg() -> None:
    def cost(**changes: Any) -> float:
        return make_recipe(hellscape=film(frames=20, first_steps=9, **changes), steps=STEPS).flops

    one = make_recipe(layers=[LayerTerm(layer="mixed5")], steps=1).flops
    per_layer = one / find_layer("mixed5").flops
    deep, shallow = one, per_layer * find_layer("mixed3").flops
    assert cost() == pytest.approx((9 + 15 * STEPS) * deep + 4 * STEPS * shallow)
    assert cost(onward=()) == pytest.approx((9 + 19 * STEPS) * deep)
    assert cost(onward=(), loop=2) == pytest.approx((9 + (WARM_UP_FRAMES - 1 + 20) * STEPS + 1) * deep)


def test_numbers_that_fit_no_journey_are_refused() -> None:
    for wrong in ({"leg_frames": (3, 4)}, {"fade": (1, 2)}, {"loop": 31}, {"loop": 16, "between": 1}):
        with pytest.raises(ValidationError):
            film(**wrong)
