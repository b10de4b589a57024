"""Simulates a busy evening with ten thousand servers: `python -m benchmarks.simulate [FILE …]`.

The assumptions are in `benchmarks.simulation.workload.Population`. The bot's own queue orders the requests,
with its limits and batches. FILE is what `python -m benchmarks.gpu` printed on a measured device; without
one, a GPU is assumed. Prints how long people wait for several numbers of devices, how many devices give a
median wait under ten seconds, and which limit is reached first.

The more dreams per server, the shorter the simulated part of the evening, so that the number of dreams is the
same.
"""

import argparse
import math
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.simulation.bottlenecks import bottleneck_table, request_rates
from benchmarks.simulation.device_speed import CPU, GPU, DeviceSpeed, load_measured
from benchmarks.simulation.simulator import Simulation, SimulationResult
from benchmarks.simulation.workload import Population, SimulatedRequest, generate_requests
from dreambot.scheduler.job_queue import QueueLimits

MAX_MEDIAN_WAIT_S = 10.0
"""The longest acceptable median wait, in seconds."""
EVENING_HOURS = 5.0
"""The length of an evening."""
MAX_DREAMS = 30_000
"""The largest number of simulated dreams."""
LIMITS = QueueLimits(person=20, server=100, total=2000)


def devices_needed(
    times: DeviceSpeed, requests: Sequence[SimulatedRequest]
) -> tuple[int, dict[int, SimulationResult]]:
    """Finds the smallest number of devices that gives an acceptable wait.

    Args:
        times: how long a device takes.
        requests: in order of time.

    Returns:
        The number with a median wait of at most `MAX_MEDIAN_WAIT_S` and at most 1 % refused requests, and the
        results of all numbers that were simulated.
    """
    work = sum(times.seconds([request.dream]) for request in requests)
    results: dict[int, SimulationResult] = {}

    def is_enough(devices: int) -> bool:
        result = results[devices] = Simulation(times, devices, LIMITS).run(requests)
        return result.median <= MAX_MEDIAN_WAIT_S and result.refused <= 0.01 * len(requests)

    least, most = 0, max(1, math.ceil(2 * work / (requests[-1].time - requests[0].time)))
    while not is_enough(most):
        least, most = most, 2 * most
    while most - least > max(1, most // 40):
        middle = (least + most) // 2
        least, most = (least, middle) if is_enough(middle) else (middle, most)
    return most, results


def result_table(times: DeviceSpeed, requests: Sequence[SimulatedRequest]) -> list[str]:
    """Returns the lines of a Markdown table, and a last line with the number of devices needed.

    Args:
        times: how long a device takes.
        requests: in order of time.
    """
    fewest, results = devices_needed(times, requests)
    for more in {math.ceil(fewest * 1.25), math.ceil(fewest * 1.5)} - {*results}:
        results[more] = Simulation(times, more, LIMITS).run(requests)
    lines = [
        f"{times.name} ({times.known})",
        "",
        "| devices | median wait, s | 95th percentile, s | refused | busy | pictures per batch |",
        "|---|---|---|---|---|---|",
    ]
    for devices, result in sorted(results.items()):
        refused = f"{100 * result.refused / len(requests):.1f} %"
        figures = f"{result.median:.1f} | {result.late:.0f} | {refused} | {100 * result.busy:.0f} %"
        lines.append(f"| {devices} | {figures} | {result.batch:.2f} |")
    return [*lines, "", f"A median wait under {MAX_MEDIAN_WAIT_S:.0f} s needs {fewest} devices."]


def main() -> None:
    """Prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("files", type=Path, nargs="*", metavar="FILE")
    parser.add_argument("--servers", type=int, default=10_000)
    parser.add_argument(
        "--lively", type=int, nargs="+", default=[4, 20, 60], help="dreams per server and evening"
    )
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    began = time.perf_counter()
    rates = []
    for lively in options.lively:
        hours = min(EVENING_HOURS, EVENING_HOURS * MAX_DREAMS / (lively * options.servers))
        dreams = round(lively * options.servers * hours / EVENING_HOURS)
        requests = generate_requests(
            Population(servers=options.servers, dreams=dreams, hours=hours), options.seed
        )
        peak = request_rates(requests)
        rates.append(peak.minutes)
        print(
            f"## {lively} dreams per server and evening\n\n"
            f"{len(requests)} dreams in {60 * hours:.0f} minutes: "
            f"{peak.mean:.1f} a second, {peak.minutes:.1f} in the busiest five minutes, {peak.second} in the "
            "busiest second.\n"
        )
        for times in (CPU, *([load_measured(file) for file in options.files] or [GPU])):
            print("\n".join(result_table(times, requests)), "\n")
    print("## Which limit is reached first\n\nIn the busiest five minutes.\n")
    print("\n".join(bottleneck_table(rates, options.servers)))
    print(f"\n{time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
