"""The simulated evening, at a small size."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.simulate import MAX_MEDIAN_WAIT_S, devices_needed
from benchmarks.simulation.bottlenecks import bottleneck_table, request_rates
from benchmarks.simulation.device_speed import CPU, GPU, load_measured
from benchmarks.simulation.simulator import Simulation
from benchmarks.simulation.workload import Population, generate_requests
from dreambot.scheduler.job_queue import QueueLimits

SMALL = Population(servers=200, dreams=600, hours=1.0, memes=1)


def test_a_seed_determines_an_evening() -> None:
    first, again, other = (
        generate_requests(SMALL, 1),
        generate_requests(SMALL, 1),
        generate_requests(SMALL, 2),
    )
    assert first == again != other
    assert [request.when for request in first] == sorted(request.when for request in first)
    assert len(first) == pytest.approx(SMALL.dreams, rel=0.25)


def test_every_request_is_served_or_refused_and_more_devices_shorten_waits() -> None:
    requests = generate_requests(replace(SMALL, dreams=1400), 1)
    results = [Simulation(CPU, devices, QueueLimits(20, 30, 60)).run(requests) for devices in (1, 2, 8)]
    for result in results:
        assert len(result.waits) + result.refused == len(requests)
        assert 0 < result.busy <= 1
        assert all(done >= wait >= 0 for wait, done in zip(result.waits, result.done, strict=True))
    assert results[0].refused > results[1].refused == results[2].refused == 0
    assert results[0].median > results[1].median > results[2].median


def test_the_fewest_devices_are_found() -> None:
    requests = generate_requests(SMALL, 1)
    fewest, results = devices_needed(CPU, requests)
    assert results[fewest].median <= MAX_MEDIAN_WAIT_S
    assert all(
        result.median > MAX_MEDIAN_WAIT_S or result.refused for n, result in results.items() if n < fewest
    )
    assert devices_needed(GPU, requests)[0] <= fewest


def test_a_measured_device_has_the_measured_speed(tmp_path: Path) -> None:
    printed = {"device": "a GPU", "gflop": 800, "graph_ms": 40.0, "batch_8": {"ms": 75.0}}
    file = tmp_path / "gpu.json"
    file.write_text(json.dumps(printed))
    times = load_measured(file)
    assert "measured" in times.known
    assert times.batch == 8
    dream = next(request.dream for request in generate_requests(SMALL, 1) if request.dream.batch_key)
    alone, four = times.seconds([dream]), times.seconds([dream] * 4)
    assert alone < four < 4 * alone


def test_the_nearest_limit_comes_first() -> None:
    peak = request_rates(generate_requests(SMALL, 1))
    assert peak.mean <= peak.minutes <= peak.second
    rows = bottleneck_table([1.0, 50.0], 10_000)[2:]
    shares = [float(row.split("|")[3].strip().rstrip(" %")) for row in rows]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] > 100
