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
    """Makes a job that no device has taken."""
    return RecordingRun(
        name, recipe or make_recipe(), PICTURE, owner=owner, guild=None, withdraw=lambda run: None
    )


def measured_costs(seconds: float = 2.0) -> JobCosts:
    """Returns the costs of a device that has run one still in that time."""
    costs = JobCosts()
    costs.note(waiting("measured"), "cpu paper", seconds, seconds)
    return costs


@pytest.mark.parametrize(("devices", "pace"), [(1, 1.5), (4, 6.15)])
async def test_estimates_hold_on_a_busy_evening(devices: int, pace: float) -> None:
    predictions: list[Prediction] = []
    for seed in (1, 2, 3):
        requests = busy_requests(random.Random(seed), 2, pace=pace)
        predictions += await QueueSimulation(on_two_cores, devices=devices, seed=seed).run(requests)
    busy = sum(on_two_cores(one.run.recipe) for one in predictions) / devices / (3 * 7200)
    assert busy > 0.7
    assert share_within_tolerance(predictions) >= 0.8
    assert share_within_tolerance([one for one in predictions if one.position > 1]) >= 0.7


async def test_learned_costs_survive_restarts() -> None:
    requests = busy_requests(random.Random(4), 0.5)
    before = QueueSimulation(lambda recipe: 7 * on_two_cores(recipe))
    await before.run(requests)
    new = some_dream(random.Random(5))
    expected = 7 * on_two_cores(new)
    estimates = []
    for learned in (before.costs.to_json(), "broken"):
        costs = JobCosts()
        costs.load(learned)
        simulation = QueueSimulation(lambda recipe: 7 * on_two_cores(recipe), costs=costs)
        [prediction] = await simulation.run([(0.0, 1, 1, new)])
        estimates.append(prediction.estimate)
    assert estimates == [pytest.approx(expected, rel=0.25), None]


async def test_a_person_with_one_job_waits_one_round() -> None:
    dream = make_recipe(width=512, height=512)
    whole = 1.1 * on_two_cores(dream) + 0.15
    many: list[SimulatedRequest] = [(0.0, person, 1, dream) for person in (1, 2, 3) for _ in range(20)]
    few: list[SimulatedRequest] = [(20 * whole, 9, 2, dream), (40 * whole, 9, 2, dream)]
    predictions = await QueueSimulation(on_two_cores, noise=0.02).run(
        sorted(many + few, key=lambda request: request[0])
    )
    for one in predictions:
        if one.run.owner == 9:
            assert one.started - one.requested <= 4 * whole


async def test_positions_and_times_follow_the_queue() -> None:
    clock = [0.0]
    devices = [SimulatedDevice(Ready("cpu", "cpu", "paper", "fp32"))]
    monitor = QueueMonitor(QueueLimits(), lambda: devices, measured_costs(), clock=lambda: clock[0])
    runs = [waiting(str(number)) for number in range(4)]
    for run in runs:
        monitor.put(run)
    assert [run.position for run in runs] == [1, 2, 3, 4]
    assert monitor.queue.take_now(by=devices[0]) is runs[0]
    assert [run.position for run in runs] == [0, 1, 2, 3]
    monitor.queue.remove(runs[2])
    assert runs[3].position == 2
    etas = [run.eta for run in runs]
    assert etas[1] is not None
    assert etas[3] is not None
    assert etas[1] < etas[3]
    monitor.queue.put_back(runs[0])
    assert [runs[0].position, runs[1].position, runs[3].position] == [1, 2, 3]


async def test_no_time_is_shown_before_a_job_of_the_kind_was_measured() -> None:
    devices = [SimulatedDevice(Ready("cpu", "cpu", "paper", "fp32"))]
    video = make_recipe(hellscape=HellscapeParams(frames=20))
    monitor = QueueMonitor(QueueLimits(), lambda: devices, measured_costs(), clock=lambda: 0.0)
    known, unknown, behind = waiting("0"), waiting("1", video), waiting("2", video)
    for run in (known, unknown, behind):
        monitor.put(run)
    assert known.eta is not None
    assert unknown.position == 2
    assert unknown.eta is None
    assert behind.eta is None


async def test_estimates_of_waiting_jobs_follow_a_busy_machine() -> None:
    clock = [0.0]
    devices = [SimulatedDevice(Ready("cpu", "cpu", "paper", "fp32"))]
    monitor = QueueMonitor(QueueLimits(), lambda: devices, measured_costs(10.0), clock=lambda: clock[0])
    running, behind = waiting("0"), waiting("1")
    for run in (running, behind):
        monitor.put(run)
    assert monitor.queue.take_now(by=devices[0]) is running
    assert behind.eta == pytest.approx(20, rel=0.2)
    # A fifth is done after 20 s: the job takes 100 s instead of 10 s, and so will the next one.
    clock[0] = 20.0
    running.publish(Progress(eta=80.0, fraction=0.2))
    monitor.publish_all()
    assert behind.eta == pytest.approx(180, rel=0.2)
    monitor.close()


async def test_without_a_device_positions_but_no_times_are_published() -> None:
    monitor = QueueMonitor(QueueLimits(), list, JobCosts(), clock=lambda: 0.0)
    runs = [waiting(str(number)) for number in range(3)]
    for run in runs:
        monitor.put(run)
    assert [(run.position, run.eta) for run in runs] == [(1, None), (2, None), (3, None)]


async def test_unchanged_estimates_are_not_published_again() -> None:
    devices = [SimulatedDevice(Ready("cpu", "cpu", "paper", "fp32"))]
    monitor = QueueMonitor(QueueLimits(), lambda: devices, JobCosts(), clock=lambda: 0.0)
    runs = [waiting(str(number)) for number in range(5)]
    for run in runs:
        monitor.put(run)
    counts = [run.event_count for run in runs]
    monitor.publish_all()
    # The fifth leaves, which changes nothing for the others.
    monitor.queue.remove(runs[4])
    assert [run.event_count for run in runs] == counts == [1] * 5


async def test_updates_of_thousands_of_waiting_jobs_are_limited() -> None:
    devices = [SimulatedDevice(Ready("cpu", "cpu", "paper", "fp32"))]
    monitor = QueueMonitor(QueueLimits(9999, 9999, 9999), lambda: devices, JobCosts())
    runs = [waiting(str(number), owner=number % 700) for number in range(3000)]
    for run in runs:
        monitor.put(run)
    monitor.publish_all()
    assert sorted(run.position for run in runs) == list(range(1, 3001))
    assert sum(run.event_count for run in runs) < 3 * len(runs)
    monitor.close()
