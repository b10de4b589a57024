"""The simulated evening, at a small size."""

import json
from pathlib import Path

import pytest

from benchmarks.simulate import MAX_MEDIAN_WAIT_S, devices_needed
from benchmarks.simulation.bottlenecks import bottleneck_table, request_rates
from benchmarks.simulation.device_speed import CPU, GPU, load_measured
from benchmarks.simulation.simulator import Simulation
from benchmarks.simulation.workload import Population, generate_requests
from dreambot.scheduler.job_queue import QueueLimits

SMALL = Population(servers=200, dreams=600, hours=1.0, memes=1)


def test_an_evening_is_the_same_for_the_same_seed() -> None:
    first, again, other = (
        generate_requests(SMALL, 1),
        generate_requests(SMALL, 1),
        generate_requests(SMALL, 2),
    )
    assert first == again != other
    assert [ask.when for ask in first] == sorted(ask.when for ask in first)
    assert len(first) == pytest.approx(SMALL.dreams, rel=0.25)


def test_everybody_is_served_or_refused_and_more_devices_keep_nobody_longer() -> None:
    asks = generate_requests(SMALL, 1)
    played = [Simulation(CPU, devices, QueueLimits(20, 30, 60)).run(asks) for devices in (1, 2, 8)]
    for outcome in played:
        assert len(outcome.waits) + outcome.refused == len(asks)
        assert 0 < outcome.busy <= 1
        assert all(done >= wait >= 0 for wait, done in zip(outcome.waits, outcome.done, strict=True))
    assert played[0].refused > played[1].refused == played[2].refused == 0
    assert played[0].median > played[1].median > played[2].median


def test_as_many_devices_as_it_takes() -> None:
    asks = generate_requests(SMALL, 1)
    fewest, played = devices_needed(CPU, asks)
    assert played[fewest].median <= MAX_MEDIAN_WAIT_S
    assert all(
        outcome.median > MAX_MEDIAN_WAIT_S or outcome.refused for n, outcome in played.items() if n < fewest
    )
    assert devices_needed(GPU, asks)[0] <= fewest


def test_a_measured_gpu_takes_what_was_measured(tmp_path: Path) -> None:
    printed = {"device": "a GPU", "gflop": 800, "graph_ms": 40.0, "batch_8": {"ms": 75.0}}
    file = tmp_path / "gpu.json"
    file.write_text(json.dumps(printed))
    times = load_measured(file)
    assert "measured" in times.known
    assert times.batch == 8
    dream = next(ask.dream for ask in generate_requests(SMALL, 1) if ask.dream.alike)
    alone, four = times.seconds([dream]), times.seconds([dream] * 4)
    assert alone < four < 4 * alone


def test_the_nearest_limit_comes_first() -> None:
    peak = request_rates(generate_requests(SMALL, 1))
    assert peak.mean <= peak.minutes <= peak.second
    rows = bottleneck_table([1.0, 50.0], 10_000)[2:]
    shares = [float(row.split("|")[3].strip().rstrip(" %")) for row in rows]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] > 100
