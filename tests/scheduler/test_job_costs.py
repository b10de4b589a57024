from collections.abc import Callable

import pytest

from dreambot.recipe import HellscapeParams, Recipe
from dreambot.scheduler.active_runs import time_limit
from dreambot.scheduler.job_costs import MAX_INTERLEAVED_S, JobCosts
from tests.scheduler.simulation import PICTURE, RecordingRun
from tests.support.recipes import make_recipe


def waiting(name: str, recipe: Recipe | None = None, owner: int | None = None) -> RecordingRun:
    """Makes a job that no device has taken."""
    return RecordingRun(
        name, recipe or make_recipe(), PICTURE, owner=owner, guild=None, withdraw=lambda run: None
    )


async def test_a_device_is_measured_by_the_jobs_it_finishes() -> None:
    costs, job = JobCosts(), waiting("a")
    assert costs.of(job, "cuda").seconds < costs.of(job, "cpu").seconds
    assert not costs.known(job, "cuda")
    costs.note(job, "cuda", 2.0, 2.0)
    assert costs.known(job, "cuda")
    assert costs.of(job, "cuda").seconds == pytest.approx(2.0, rel=0.1)
    for _ in range(30):
        costs.note(job, "cuda", 1.0, 1.0)
    assert costs.of(job, "cuda").seconds == pytest.approx(1.0, rel=0.05)


async def test_one_odd_job_does_not_spoil_the_estimate() -> None:
    costs, job = JobCosts(), waiting("a")
    costs.note(job, "cpu", 1.0, 1.0)
    costs.note(job, "cpu", 100.0, 100.0)
    assert costs.of(job, "cpu").seconds < 2.0


async def test_time_limits_and_interleaving_follow_what_was_measured() -> None:
    costs, still = JobCosts(), waiting("a")
    video = waiting("b", make_recipe(hellscape=HellscapeParams(frames=20)))
    assert costs.of(still, "cpu").can_interleave
    assert not costs.of(video, "cpu").can_interleave
    costs.note(still, "cpu", 2 * MAX_INTERLEAVED_S, 2 * MAX_INTERLEAVED_S)
    assert not costs.of(still, "cpu").can_interleave
    assert time_limit(costs.of(still, "cpu").seconds, 10.0) > 5 * MAX_INTERLEAVED_S
    assert time_limit(costs.of(still, "cpu").seconds, 600.0) == 600.0


async def test_kinds_of_jobs_have_their_own_costs() -> None:
    costs = JobCosts()
    video = make_recipe(hellscape=HellscapeParams(frames=20))
    kinds: dict[str, tuple[Recipe, Callable[[Recipe], float]]] = {
        "still": (make_recipe(), lambda recipe: recipe.flops / 3e11),
        "large": (make_recipe(width=1024, height=1024), lambda recipe: recipe.flops / 2e11),
        "video": (video, lambda recipe: recipe.flops / 1e11),
    }
    for recipe, takes in kinds.values():
        for _ in range(5):
            costs.note(waiting("a", recipe), "cpu x", takes(recipe), takes(recipe))
    # One that was out of the ordinary.
    costs.note(waiting("b"), "cpu x", 1000.0, 1000.0)
    for recipe, takes in kinds.values():
        assert costs.of(waiting("c", recipe), "cpu x").seconds == pytest.approx(takes(recipe), rel=0.35)
    # A size in between.
    between = make_recipe(width=202, height=202)
    rate = between.flops / costs.of(waiting("d", between), "cpu x").seconds
    assert 1.9e11 < rate < 3.1e11
