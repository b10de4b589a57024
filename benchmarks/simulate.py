"""Simulates an evening at internet scale: `python -m benchmarks.simulate [FILE …]`.

Ten thousand servers, with the assumptions of `benchmarks.simulation.workload.Population`, are served by the
bot's own queue with its limits and batches. FILE is the output of `python -m benchmarks.gpu` for a measured
device; without one, a GPU is assumed. Prints waiting times by number of devices, the number of devices for a
median wait under ten seconds, and which limit is reached first.

The number of dreams is bounded, so with more active servers a shorter part of the evening is simulated.
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
"""Target of the median wait in seconds."""
EVENING_HOURS = 5.0
"""Duration of the evening in hours."""
MAX_DREAMS = 30_000
"""Maximum number of simulated dreams."""
CAPS = QueueLimits(person=20, server=100, total=2000)


def devices_needed(
    times: DeviceSpeed, requests: Sequence[SimulatedRequest]
) -> tuple[int, dict[int, SimulationResult]]:
    """Finds the fewest devices with a median wait of at most `MAX_MEDIAN_WAIT_S` and at most 1 % refusals.

    Args:
        times: Speed of a device.
        requests: The evening in order of time.

    Returns:
        The number of devices, and the results of all simulations by number of devices.
    """
    work = sum(times.seconds([request.dream]) for request in requests)
    results: dict[int, SimulationResult] = {}

    def is_enough(devices: int) -> bool:
        result = results[devices] = Simulation(times, devices, CAPS).run(requests)
        return result.median <= MAX_MEDIAN_WAIT_S and result.refused <= 0.01 * len(requests)

    least, most = 0, max(1, math.ceil(2 * work / (requests[-1].when - requests[0].when)))
    while not is_enough(most):
        least, most = most, 2 * most
    while most - least > max(1, most // 40):
        middle = (least + most) // 2
        least, most = (least, middle) if is_enough(middle) else (middle, most)
    return most, results


def result_table(times: DeviceSpeed, requests: Sequence[SimulatedRequest]) -> list[str]:
    """Returns a Markdown table with the number of devices needed in its last line.

    Args:
        times: Speed of a device.
        requests: The evening in order of time.
    """
    fewest, results = devices_needed(times, requests)
    for more in {math.ceil(fewest * 1.25), math.ceil(fewest * 1.5)} - {*results}:
        results[more] = Simulation(times, more, CAPS).run(requests)
    lines = [
        f"{times.name} ({times.known})",
        "",
        "| devices | median wait, s | 95 % wait at most, s | refused | busy | pictures in a batch |",
        "|---|---|---|---|---|---|",
    ]
    for devices, result in sorted(results.items()):
        refused = f"{100 * result.refused / len(requests):.1f} %"
        figures = f"{result.median:.1f} | {result.late:.0f} | {refused} | {100 * result.busy:.0f} %"
        lines.append(f"| {devices} | {figures} | {result.batch:.2f} |")
    return [*lines, "", f"A median wait under {MAX_MEDIAN_WAIT_S:.0f} s takes {fewest}."]


def main() -> None:
    """Prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("files", type=Path, nargs="*", metavar="FILE")
    parser.add_argument("--servers", type=int, default=10_000)
    parser.add_argument(
        "--lively", type=int, nargs="+", default=[4, 20, 60], help="dreams in a server and evening"
    )
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    start = time.perf_counter()
    rates = []
    for activity in args.lively:
        hours = min(EVENING_HOURS, EVENING_HOURS * MAX_DREAMS / (activity * args.servers))
        dreams = round(activity * args.servers * hours / EVENING_HOURS)
        requests = generate_requests(Population(servers=args.servers, dreams=dreams, hours=hours), args.seed)
        peak = request_rates(requests)
        rates.append(peak.minutes)
        print(
            f"## {activity} dreams in a server and evening\n\n"
            f"{len(requests)} dreams in {60 * hours:.0f} minutes: "
            f"{peak.mean:.1f} a second, {peak.minutes:.1f} in the busiest five minutes, {peak.second} in the "
            "busiest second.\n"
        )
        for times in (CPU, *([load_measured(file) for file in args.files] or [GPU])):
            print("\n".join(result_table(times, requests)), "\n")
    print("## What breaks first\n\nIn the busiest five minutes.\n")
    print("\n".join(bottleneck_table(rates, args.servers)))
    print(f"\n{time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
