"""Compares how worker processes share a CPU: `python -m benchmarks.cpu_workers` prints a table and then JSON.

One worker with all threads, one with one thread, and as many workers with one thread as there are cores;
in bf16 also two workers of a `LocalExecutor`, whose threads follow the load, with one dream and with two at
once. All in turn, each with a worker's environment and priority. On a machine with other work compare the
fastest rounds, which were disturbed least.
"""

import argparse
import asyncio
import json
import os
import statistics
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

import psutil
from rich.console import Console
from rich.table import Table

from benchmarks.busy import DreamProcess
from benchmarks.cases import Case
from dreambot.media.picture import DreamInputs
from dreambot.scheduler.executor import LocalExecutor
from dreambot.zoo.weights import weights_sha256

Way = Callable[[], float]
"""Dreams once in each of its processes; returns the mean CPU seconds of a dream."""


@contextmanager
def workers_by_load(side: int, precision: str) -> Iterator[Callable[[int], float]]:
    """Starts two workers whose threads follow the load.

    Args:
        side: Side of the image in pixels.
        precision: "bf16"; in "fp32" a worker's threads stay the same.

    Yields:
        A function that runs a number of dreams at once; it returns the mean CPU seconds of one.
    """
    case = Case("inception_v3", "mixed5", side)
    recipe = case.recipe(precision).model_copy(update={"weights": weights_sha256(case.model)})
    inputs = DreamInputs(case.picture())
    executor = LocalExecutor(["cpu"], cpu_workers=2, precision=precision, previews=False)

    def cpu_seconds() -> float:
        times = [child.cpu_times() for child in psutil.Process().children() if child.pid in pids]
        return sum(taken.user + taken.system for taken in times)

    async def dream(count: int) -> None:
        runs = [executor.submit(str(number), recipe, inputs) for number in range(count)]
        await asyncio.gather(*(run.result() for run in runs))

    def run(count: int) -> float:
        before = cpu_seconds()
        runner.run(dream(count))
        return (cpu_seconds() - before) / count

    with asyncio.Runner() as runner:
        others = {child.pid for child in psutil.Process().children()}
        runner.run(executor.start())
        pids = {child.pid for child in psutil.Process().children()} - others
        try:
            for count in (1, 2, 2):  # The first dreams prepare kernels.
                run(count)
            yield run
        finally:
            runner.run(executor.close())


def measure(side: int, precision: str, rounds: int) -> dict[str, dict[str, float]]:
    """Measures each way to share the CPU.

    Args:
        side: Side of the image in pixels.
        precision: "fp32" or "bf16".
        rounds: Dreams of each process.

    Returns:
        For each way the medians of "wall_s", from the start of its dreams until the last is done, and of
        "cpu_s" of one dream; "fastest_wall_s" of all rounds, and the "dreams_a_minute" at that speed.
    """
    cores = os.cpu_count() or 1
    with ExitStack() as stack:

        def start(threads: int) -> DreamProcess:
            process = DreamProcess({"OMP_NUM_THREADS": str(threads)}, side, precision)
            stack.callback(process.close)
            return process

        def dream_in(processes: list[DreamProcess]) -> Way:
            return lambda: statistics.mean(cpu for _, cpu in pool.map(DreamProcess.dream, processes))

        pool = stack.enter_context(ThreadPoolExecutor(cores))
        singles = [start(1) for _ in range(cores)]
        ways: dict[str, tuple[int, Way]] = {
            f"1 worker, {cores} threads": (1, dream_in([start(cores)])),
            "1 worker, 1 thread": (1, dream_in(singles[:1])),
            f"{cores} workers, 1 thread each": (cores, dream_in(singles)),
        }
        if precision == "bf16":
            by_load = stack.enter_context(workers_by_load(side, precision))
            ways |= {
                "2 workers, threads by load: one dream": (1, lambda: by_load(1)),
                "2 workers, threads by load: two dreams": (2, lambda: by_load(2)),
            }
        taken: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
        for _ in range(rounds):
            for name, (_, dream) in ways.items():
                began = time.perf_counter()
                cpu = dream()
                taken[name].append((time.perf_counter() - began, cpu))
        found = {}
        for name, times in taken.items():
            fastest = min(wall for wall, _ in times)
            found[name] = {
                "wall_s": statistics.median(wall for wall, _ in times),
                "cpu_s": statistics.median(cpu for _, cpu in times),
                "fastest_wall_s": fastest,
                "dreams_a_minute": 60 * ways[name][0] / fastest,
            }
        return found


def main() -> None:
    """Prints a table and JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--side", type=int, default=512)
    parser.add_argument("--precisions", nargs="+", choices=("bf16", "fp32"), default=["bf16", "fp32"])
    parser.add_argument("--rounds", type=int, default=10)
    args = parser.parse_args()
    # As many as the processes of the first way have.
    os.environ["OMP_NUM_THREADS"] = str(os.cpu_count() or 1)
    found = {precision: measure(args.side, precision, args.rounds) for precision in args.precisions}
    table = Table("precision", "workers", "wall s", "CPU s of a dream", "fastest wall s", "dreams a minute")
    for precision, ways in found.items():
        for name, row in ways.items():
            table.add_row(precision, name, *(f"{value:.2f}" for value in row.values()))
    Console(stderr=True, width=100).print(table)
    print(json.dumps({"side": args.side, "seconds": found}))


if __name__ == "__main__":
    main()
