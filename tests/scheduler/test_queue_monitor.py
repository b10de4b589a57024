import random

import pytest

from dreambot.engine.progress import Progress
from dreambot.recipe import HellscapeParams, Recipe
from dreambot.scheduler.job_costs import JobCosts
from dreambot.scheduler.job_queue import QueueLimits
from dreambot.scheduler.queue_monitor import QueueMonitor
from dreambot.workers.protocol import Ready
from tests.scheduler.simulation import (
    PICTURE,
    Prediction,
    QueueSimulation,
    RecordingRun,
    SimulatedDevice,
    SimulatedRequest,
    busy_requests,
    on_two_cores,
    share_within_tolerance,
    some_dream,
)
from tests.support.recipes import make_recipe


def waiting(name: str, recipe: Recipe | None = None, owner: int | None = None) -> RecordingRun:
    """A job that nobody took yet."""
    return RecordingRun(
        name, recipe or make_recipe(), PICTURE, owner=owner, guild=None, withdraw=lambda run: None
    )


def measured_costs(seconds: float = 2.0) -> JobCosts:
    """Costs of a device that has dreamed one still in that time."""
    costs = JobCosts()
    costs.note(waiting("measured"), "cpu paper", seconds, seconds)
    return costs


@pytest.mark.parametrize(("devices", "pace"), [(1, 1.1), (4, 4.5)])
async def test_estimates_hold_on_a_busy_evening(devices: int, pace: float) -> None:
    told: list[Prediction] = []
    for seed in (1, 2, 3):
        asks = busy_requests(random.Random(seed), 2, pace=pace)
        told += await QueueSimulation(on_two_cores, devices=devices, seed=seed).play(asks)
    busy = sum(on_two_cores(one.run.recipe) for one in told) / devices / (3 * 7200)
    assert busy > 0.7
    assert share_within_tolerance(told) >= 0.8
    assert share_within_tolerance([one for one in told if one.position > 1]) >= 0.7


async def test_what_was_learnt_is_kept_over_restarts() -> None:
    asks = busy_requests(random.Random(4), 0.5)
    before = QueueSimulation(lambda recipe: 7 * on_two_cores(recipe))
    await before.play(asks)
    new = some_dream(random.Random(5))
    expected = 7 * on_two_cores(new)
    estimates = []
    for learned in (before.costs.to_json(), "broken"):
        costs = JobCosts()
        costs.load(learned)
        evening = QueueSimulation(lambda recipe: 7 * on_two_cores(recipe), costs=costs)
        [told] = await evening.play([(0.0, 1, 1, new)])
        estimates.append(told.estimate)
    assert estimates == [pytest.approx(expected, rel=0.25), None]


async def test_a_light_persons_wait_is_a_round_and_no_more() -> None:
    dream = make_recipe(width=512, height=512)
    whole = 1.1 * on_two_cores(dream) + 0.15
    heavy: list[SimulatedRequest] = [(0.0, person, 1, dream) for person in (1, 2, 3) for _ in range(20)]
    light: list[SimulatedRequest] = [(20 * whole, 9, 2, dream), (40 * whole, 9, 2, dream)]
    told = await QueueSimulation(on_two_cores, noise=0.02).play(sorted(heavy + light, key=lambda ask: ask[0]))
    for one in told:
        if one.run.owner == 9:
            assert one.started - one.asked <= 4 * whole


async def test_places_and_times_follow_what_happens() -> None:
    clock = [0.0]
    device_workers = [SimulatedDevice(Ready("cpu", "cpu", "paper", "fp32"))]
    places = QueueMonitor(QueueLimits(), lambda: device_workers, measured_costs(), clock=lambda: clock[0])
    runs = [waiting(str(number)) for number in range(4)]
    for run in runs:
        places.put(run)
    assert [run.place for run in runs] == [1, 2, 3, 4]
    assert places.queue.take_now(by=device_workers[0]) is runs[0]
    assert [run.place for run in runs] == [0, 1, 2, 3]
    places.queue.remove(runs[2])
    assert runs[3].place == 2
    etas = [run.eta for run in runs]
    assert etas[1] is not None
    assert etas[3] is not None
    assert etas[1] < etas[3]
    places.queue.put_back(runs[0])
    assert [runs[0].place, runs[1].place, runs[3].place] == [1, 2, 3]


async def test_no_time_is_shown_before_a_job_of_the_kind_was_measured() -> None:
    device_workers = [SimulatedDevice(Ready("cpu", "cpu", "paper", "fp32"))]
    video = make_recipe(hellscape=HellscapeParams(frames=20))
    places = QueueMonitor(QueueLimits(), lambda: device_workers, measured_costs(), clock=lambda: 0.0)
    known, unknown, behind = waiting("0"), waiting("1", video), waiting("2", video)
    for run in (known, unknown, behind):
        places.put(run)
    assert known.eta is not None
    assert unknown.place == 2
    assert unknown.eta is None
    assert behind.eta is None


async def test_those_who_wait_hear_that_the_machine_became_busy() -> None:
    clock = [0.0]
    device_workers = [SimulatedDevice(Ready("cpu", "cpu", "paper", "fp32"))]
    places = QueueMonitor(QueueLimits(), lambda: device_workers, measured_costs(10.0), clock=lambda: clock[0])
    running, behind = waiting("0"), waiting("1")
    for run in (running, behind):
        places.put(run)
    assert places.queue.take_now(by=device_workers[0]) is running
    assert behind.eta == pytest.approx(20, rel=0.2)
    # A fifth is done after 20 s: the job takes 100 s instead of 10 s, and so will the next one.
    clock[0] = 20.0
    running.publish(Progress(eta=80.0, fraction=0.2))
    places.publish_all()
    assert behind.eta == pytest.approx(180, rel=0.2)
    places.close()


async def test_without_a_device_there_are_places_but_no_times() -> None:
    places = QueueMonitor(QueueLimits(), list, JobCosts(), clock=lambda: 0.0)
    runs = [waiting(str(number)) for number in range(3)]
    for run in runs:
        places.put(run)
    assert [(run.place, run.eta) for run in runs] == [(1, None), (2, None), (3, None)]


async def test_nobody_is_told_what_they_know() -> None:
    device_workers = [SimulatedDevice(Ready("cpu", "cpu", "paper", "fp32"))]
    places = QueueMonitor(QueueLimits(), lambda: device_workers, JobCosts(), clock=lambda: 0.0)
    runs = [waiting(str(number)) for number in range(5)]
    for run in runs:
        places.put(run)
    heard = [run.heard for run in runs]
    places.publish_all()
    # The fifth leaves, which is nothing to those before.
    places.queue.remove(runs[4])
    assert [run.heard for run in runs] == heard
    assert heard == [1] * 5


async def test_thousands_who_wait_are_told_in_moderation() -> None:
    device_workers = [SimulatedDevice(Ready("cpu", "cpu", "paper", "fp32"))]
    places = QueueMonitor(QueueLimits(9999, 9999, 9999), lambda: device_workers, JobCosts())
    runs = [waiting(str(number), owner=number % 700) for number in range(3000)]
    for run in runs:
        places.put(run)
    places.publish_all()
    assert sorted(run.place for run in runs) == list(range(1, 3001))
    assert sum(run.heard for run in runs) < 3 * len(runs)
    places.close()
