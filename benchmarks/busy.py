"""Measures a dream on a busy machine: `python -m benchmarks.busy` prints a table and then JSON.

For each policy of waiting at OpenMP's barriers one process runs with a worker's environment and priority. The
processes dream in turn: on the idle machine, then with one and two busy processes per core. A dream that
wastes no CPU time takes the same CPU seconds at any load, and its wall time grows as its share of the
processor shrinks. Under Linux's scheduler that share follows from the nice values.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from rich.console import Console
from rich.table import Table

from dreambot.workers.environment import NICENESS, lower_priority, worker_environment

POLICIES: dict[str, dict[str, str]] = {
    "as shipped": {},
    "OpenMP's default": {"GOMP_SPINCOUNT": ""},
    "passive": {"GOMP_SPINCOUNT": "", "OMP_WAIT_POLICY": "PASSIVE"},
    "spin count 1000": {"GOMP_SPINCOUNT": "1000"},
    "spin count 2000": {"GOMP_SPINCOUNT": "2000"},
    "spin count 3000": {"GOMP_SPINCOUNT": "3000"},
    "spin count 5000": {"GOMP_SPINCOUNT": "5000"},
    "spin count 10000": {"GOMP_SPINCOUNT": "10000"},
}
MAX_CPU_RATIO = 1.5
_WEIGHTS = {0: 1024, 5: 335, 10: 110}
"""The scheduler's weight of a nice value (`sched_prio_to_weight` in Linux)."""


class DreamProcess:
    """A child process that dreams the same image on request."""

    def __init__(self, policy: dict[str, str], side: int, precision: str) -> None:
        """Starts the process and dreams once.

        Args:
            policy: Environment variables; an empty value removes one.
            side: Side of the image in pixels.
            precision: "fp32" or "bf16".
        """
        environment = worker_environment() | policy
        environment = {name: value for name, value in environment.items() if value}
        command = [sys.executable, "-m", "benchmarks.busy", "--serve", "--side", str(side)]
        self._process = subprocess.Popen(
            [*command, "--precision", precision],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.dream()  # The first dream prepares kernels.

    def dream(self) -> tuple[float, float]:
        """Dreams once; returns wall seconds and CPU seconds."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        wall, cpu = json.loads(self._process.stdout.readline())
        return wall, cpu

    def close(self) -> None:
        """Ends the process."""
        self._process.kill()
        self._process.communicate()


def serve(side: int, precision: str) -> None:
    """Dreams once for each line of standard input, and prints [wall seconds, CPU seconds].

    Args:
        side: Side of the image in pixels.
        precision: "fp32" or "bf16".
    """
    lower_priority()
    import torch

    from benchmarks.cases import Case, time_steps
    from dreambot.zoo.loading import load

    case = Case("inception_v3", "mixed5", side)
    network = load(case.model, dtype=torch.bfloat16 if precision == "bf16" else torch.float32, cut=case.layer)
    rgb, recipe = case.picture(), case.recipe(precision)
    for _ in sys.stdin:
        before, start = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
        time_steps(network, rgb, recipe)
        wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        print(json.dumps([wall, cpu]), flush=True)


@contextmanager
def busy_processes(count: int) -> Iterator[None]:
    """Runs processes that never sleep, at normal priority.

    Args:
        count: Number of processes.
    """
    with ExitStack() as stack:
        for _ in range(count):
            process = subprocess.Popen([sys.executable, "-c", "while True: pass"])
            stack.callback(process.wait)
            stack.callback(process.kill)
        yield


def measure(
    policies: list[str], loads: list[int], side: int, precision: str, rounds: int
) -> dict[str, dict[str, list[float]]]:
    """Measures policies in turn.

    Args:
        policies: Names in `POLICIES`.
        loads: Busy processes per core.
        side: Side of the image in pixels.
        precision: "fp32" or "bf16".
        rounds: Dreams per policy and load.

    Returns:
        For each policy the medians of "wall" and "cpu" seconds at each load.
    """
    found: dict[str, dict[str, list[float]]] = {name: {"wall": [], "cpu": []} for name in policies}
    with ExitStack() as stack:
        dreamers = {name: DreamProcess(POLICIES[name], side, precision) for name in policies}
        for dreamer in dreamers.values():
            stack.callback(dreamer.close)
        for load in loads:
            times: dict[str, list[tuple[float, float]]] = {name: [] for name in policies}
            with busy_processes(load * (os.cpu_count() or 1)):
                for _ in range(rounds):
                    for name, dreamer in dreamers.items():
                        times[name].append(dreamer.dream())
            for name, taken in times.items():
                found[name]["wall"].append(statistics.median(wall for wall, _ in taken))
                found[name]["cpu"].append(statistics.median(cpu for _, cpu in taken))
    return found


def main() -> int:
    """Prints a table and JSON; the exit status is 1 if the shipped policy wastes too much CPU time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--side", type=int, default=320)
    parser.add_argument("--precision", choices=("fp32", "bf16"), default="bf16")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--policies", nargs="*", choices=POLICIES, default=["as shipped"])
    parser.add_argument("--loads", nargs="*", type=int, default=[0, 1, 2], help="busy processes per core")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.serve:
        serve(args.side, args.precision)
        return 0
    found = measure(args.policies, args.loads, args.side, args.precision, args.rounds)
    weight = _WEIGHTS[NICENESS]
    shares = [weight / (weight + load * _WEIGHTS[0]) for load in args.loads]
    table = Table("policy", "busy processes a core", "wall s", "of what its share allows", "CPU s", "of idle")
    for name, row in found.items():
        for load, share, wall, cpu in zip(args.loads, shares, row["wall"], row["cpu"], strict=True):
            ideal = row["wall"][0] / share
            table.add_row(
                name,
                str(load),
                f"{wall:.2f}",
                f"{wall / ideal:.2f}×",
                f"{cpu:.2f}",
                f"{cpu / row['cpu'][0]:.2f}×",
            )
    Console(stderr=True, width=120).print(table)
    print(json.dumps({"side": args.side, "precision": args.precision, "nice": NICENESS, "seconds": found}))
    shipped = found.get("as shipped", {"cpu": [1.0]})["cpu"]
    return int(max(shipped) > MAX_CPU_RATIO * shipped[0])


if __name__ == "__main__":
    sys.exit(main())
