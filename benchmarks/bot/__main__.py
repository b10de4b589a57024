"""Measures the bot under load: `make bench-bot` prints a table and JSON; status 1 if a target is missed."""

import argparse
import asyncio
import json
import logging
import os
import platform
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.bot import fairness, latency, noisy_neighbour, throughput

P99_MS, LARGEST_MS = 250.0, 3000.0
LIGHT_SHARE, BARE_SHARE, HEAVY_TIMES = 0.25, 0.95, 2.0


@dataclass(frozen=True)
class Target:
    """A measurement and its target."""

    what: str
    measured: str
    promised: str
    met: bool


async def measure_all(args: argparse.Namespace) -> tuple[list[Target], dict[str, object]]:
    """Runs all measurements in sequence, about eight minutes.

    Args:
        args: Command line arguments.

    Returns:
        The targets, and the figures for JSON.
    """
    steady, burst = await latency.measure(args.rate, args.seconds, args.burst)
    waits = await fairness.measure(args.pictures)
    beside = await noisy_neighbour.measure()
    rates = await throughput.measure(args.dreams)
    targets = [
        Target(
            f"acknowledged at {args.rate:g}/s for {args.seconds:g} s, device busy, p99",
            f"{steady.p99:.0f} ms (median {steady.median:.0f}, largest {steady.largest:.0f})",
            f"≤ {P99_MS:.0f} ms",
            steady.p99 <= P99_MS,
        ),
        Target(
            f"acknowledged of {args.burst} in one second, largest",
            f"{burst.largest:.0f} ms (median {burst.median:.0f}, p99 {burst.p99:.0f})",
            f"≤ {LARGEST_MS:.0f} ms",
            burst.largest <= LARGEST_MS,
        ),
        Target(
            f"one picture behind another user's {args.pictures}",
            f"{waits.light:.1f} s against {min(waits.heavy):.1f} … {max(waits.heavy):.1f} s",
            f"≤ {LIGHT_SHARE:.0%} of the last",
            waits.share <= LIGHT_SHARE,
        ),
        Target(
            "a dream during another user's burst, against its usual time",
            f"{beside.worst:.2f} times {beside.usual:.1f} s",
            f"≤ {HEAVY_TIMES:g} times",
            beside.worst <= HEAVY_TIMES,
        ),
        Target(
            f"dreams a minute through the bot, {args.dreams} of them",
            f"{rates.bot:.2f} = {rates.share:.1%} of {rates.bare[0]:.2f} and {rates.bare[1]:.2f} bare",
            f"≥ {BARE_SHARE:.0%}",
            rates.share >= BARE_SHARE,
        ),
    ]
    figures: dict[str, object] = {
        "steady_ms": asdict(steady),
        "burst_ms": asdict(burst),
        "waits_seconds": asdict(waits) | {"share": waits.share},
        "beside_burst_seconds": asdict(beside) | {"worst": beside.worst},
        "dreams_per_minute": asdict(rates) | {"share": rates.share},
    }
    return targets, figures


def main() -> int:
    """Measures and prints; returns 1 if a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=float, default=10.0, help="interactions a second")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--burst", type=int, default=200, help="interactions in one second")
    parser.add_argument("--pictures", type=int, default=20, help="of the user with many pictures")
    parser.add_argument("--dreams", type=int, default=8, help="dreams to measure throughput with")
    args = parser.parse_args()
    logging.basicConfig(level=logging.ERROR)
    targets, figures = asyncio.run(measure_all(args))
    table = Table("", "measured", "promised", "", title=machine())
    for target in targets:
        table.add_row(target.what, target.measured, target.promised, "met" if target.met else "MISSED")
    Console(stderr=True, width=140).print(table)
    result = {"machine": machine(), **figures, "met": {one.what: one.met for one in targets}}
    print(json.dumps(result, indent=1, ensure_ascii=False))
    return 0 if all(one.met for one in targets) else 1


def machine() -> str:
    """Describes the machine."""
    about = Path("/proc/cpuinfo")
    lines = about.read_text("utf-8").splitlines() if about.exists() else []
    name = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "CPU")
    return f"{name} ({platform.machine()}), {os.cpu_count()} cores"


if __name__ == "__main__":
    sys.exit(main())
