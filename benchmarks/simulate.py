"""An internet-scale evening on paper: `python -m benchmarks.simulate [FILE …]`.

Ten thousand servers with all that is assumed of them (`benchmarks.simulation.workload.Population`), served
by the
bot's own queue with its caps and batches. FILE is what `python -m benchmarks.gpu` printed, for devices that
were measured; without one, a GPU is assumed. Prints how long people wait with so many devices, how many it
takes for a median wait under ten seconds, and which limit comes first.

The livelier the servers, the shorter the part of the evening that is played: always as many dreams.
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
"""Seconds that half of the people wait at most."""
EVENING_HOURS = 5.0
"""Hours."""
MAX_DREAMS = 30_000
"""That are played at most."""
CAPS = QueueLimits(person=20, server=100, total=2000)


def devices_needed(
    times: DeviceSpeed, asks: Sequence[SimulatedRequest]
) -> tuple[int, dict[int, SimulationResult]]:
    """The fewest devices with a median wait of at most `ENOUGH` and nobody in a hundred refused, and the
    evenings that were played to find out."""
    work = sum(times.seconds([ask.dream]) for ask in asks)
    played: dict[int, SimulationResult] = {}

    def is_enough(devices: int) -> bool:
        outcome = played[devices] = Simulation(times, devices, CAPS).run(asks)
        return outcome.median <= MAX_MEDIAN_WAIT_S and outcome.refused <= 0.01 * len(asks)

    least, most = 0, max(1, math.ceil(2 * work / (asks[-1].when - asks[0].when)))
    while not is_enough(most):
        least, most = most, 2 * most
    while most - least > max(1, most // 40):
        middle = (least + most) // 2
        least, most = (least, middle) if is_enough(middle) else (middle, most)
    return most, played


def result_table(times: DeviceSpeed, asks: Sequence[SimulatedRequest]) -> list[str]:
    """Markdown, and its last line the answer."""
    fewest, played = devices_needed(times, asks)
    for more in {math.ceil(fewest * 1.25), math.ceil(fewest * 1.5)} - {*played}:
        played[more] = Simulation(times, more, CAPS).run(asks)
    lines = [
        f"{times.name} ({times.known})",
        "",
        "| devices | median wait, s | 95 % wait at most, s | refused | busy | pictures in a batch |",
        "|---|---|---|---|---|---|",
    ]
    for devices, outcome in sorted(played.items()):
        refused = f"{100 * outcome.refused / len(asks):.1f} %"
        figures = f"{outcome.median:.1f} | {outcome.late:.0f} | {refused} | {100 * outcome.busy:.0f} %"
        lines.append(f"| {devices} | {figures} | {outcome.batch:.2f} |")
    return [*lines, "", f"A median wait under {MAX_MEDIAN_WAIT_S:.0f} s takes {fewest}."]


def main() -> None:
    """Prints two tables or more."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("files", type=Path, nargs="*", metavar="FILE")
    parser.add_argument("--servers", type=int, default=10_000)
    parser.add_argument(
        "--lively", type=int, nargs="+", default=[4, 20, 60], help="dreams in a server and evening"
    )
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    began = time.perf_counter()
    rates = []
    for lively in asked.lively:
        hours = min(EVENING_HOURS, EVENING_HOURS * MAX_DREAMS / (lively * asked.servers))
        dreams = round(lively * asked.servers * hours / EVENING_HOURS)
        asks = generate_requests(Population(servers=asked.servers, dreams=dreams, hours=hours), asked.seed)
        peak = request_rates(asks)
        rates.append(peak.minutes)
        print(
            f"## {lively} dreams in a server and evening\n\n{len(asks)} dreams in {60 * hours:.0f} minutes: "
            f"{peak.mean:.1f} a second, {peak.minutes:.1f} in the busiest five minutes, {peak.second} in the "
            "busiest second.\n"
        )
        for times in (CPU, *([load_measured(file) for file in asked.files] or [GPU])):
            print("\n".join(result_table(times, asks)), "\n")
    print("## What breaks first\n\nIn the busiest five minutes.\n")
    print("\n".join(bottleneck_table(rates, asked.servers)))
    print(f"\n{time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
