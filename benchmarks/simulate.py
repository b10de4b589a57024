"""An internet-scale evening on paper: `python -m benchmarks.simulate [FILE …]`.

Ten thousand servers with all that is assumed of them (`benchmarks.internet.people.Crowd`), served by the
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

from benchmarks.internet.breaking import at_peak, compared
from benchmarks.internet.people import Ask, Crowd, evening
from benchmarks.internet.play import Outcome, Play
from benchmarks.internet.times import CPU, GPU, Times, measured
from dreambot.executor.queue.queue import Caps

ENOUGH = 10.0
"""Seconds that half of the people wait at most."""
EVENING = 5.0
"""Hours."""
DREAMS = 30_000
"""That are played at most."""
CAPS = Caps(person=20, server=100, total=2000)


def enough(times: Times, asks: Sequence[Ask]) -> tuple[int, dict[int, Outcome]]:
    """The fewest devices with a median wait of at most `ENOUGH` and nobody in a hundred refused, and the
    evenings that were played to find out."""
    work = sum(times.seconds([ask.dream]) for ask in asks)
    played: dict[int, Outcome] = {}

    def is_enough(devices: int) -> bool:
        outcome = played[devices] = Play(times, devices, CAPS).run(asks)
        return outcome.median <= ENOUGH and outcome.refused <= 0.01 * len(asks)

    least, most = 0, max(1, math.ceil(2 * work / (asks[-1].when - asks[0].when)))
    while not is_enough(most):
        least, most = most, 2 * most
    while most - least > max(1, most // 40):
        middle = (least + most) // 2
        least, most = (least, middle) if is_enough(middle) else (middle, most)
    return most, played


def table(times: Times, asks: Sequence[Ask]) -> list[str]:
    """Markdown, and its last line the answer."""
    fewest, played = enough(times, asks)
    for more in {math.ceil(fewest * 1.25), math.ceil(fewest * 1.5)} - {*played}:
        played[more] = Play(times, more, CAPS).run(asks)
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
    return [*lines, "", f"A median wait under {ENOUGH:.0f} s takes {fewest}."]


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
        hours = min(EVENING, EVENING * DREAMS / (lively * asked.servers))
        dreams = round(lively * asked.servers * hours / EVENING)
        asks = evening(Crowd(servers=asked.servers, dreams=dreams, hours=hours), asked.seed)
        peak = at_peak(asks)
        rates.append(peak.minutes)
        print(
            f"## {lively} dreams in a server and evening\n\n{len(asks)} dreams in {60 * hours:.0f} minutes: "
            f"{peak.mean:.1f} a second, {peak.minutes:.1f} in the busiest five minutes, {peak.second} in the "
            "busiest second.\n"
        )
        for times in (CPU, *([measured(file) for file in asked.files] or [GPU])):
            print("\n".join(table(times, asks)), "\n")
    print("## What breaks first\n\nIn the busiest five minutes.\n")
    print("\n".join(compared(rates, asked.servers)))
    print(f"\n{time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
