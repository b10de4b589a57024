"""Measures the speed of dreams: `python -m benchmarks.dream` prints a table and then JSON.

Measured are whole dreams (4 octaves ×1.4, 10 steps each, with gradient normalisation, without decoding and
encoding), the limit set by this machine's convolutions (see convolution_limit.py), the textbook loop, and
other libraries. All are measured in turn in one run, in the environment of a worker, so that ratios are
valid on a busy machine.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from rich.console import Console
from rich.table import Table

from benchmarks.cases import (
    CASES,
    Case,
    Clock,
    classic_recipe,
    default_recipe,
    median_seconds,
    textbook_loop,
    time_steps,
)
from benchmarks.convolution_limit import ConvolutionShape, ConvolutionTimer, convolutions
from benchmarks.peers import DEFAULT_STEPS, PEERS, seconds_per_step
from benchmarks.photos import load_photo
from dreambot.recipe import Precision
from dreambot.workers.environment import worker_environment
from dreambot.zoo import weights
from dreambot.zoo.loading import load

DTYPES = {"bf16": torch.bfloat16, "fp32": torch.float32}
Row = dict[str, object]


def machine() -> str:
    """Describes the machine."""
    lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines() if Path("/proc/cpuinfo").exists() else []
    name = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "CPU")
    return f"{name} ({platform.machine()}), {torch.get_num_threads()} threads, torch {torch.__version__}"


def measure(case: Case, precision: str, rounds: int, limited: bool) -> Row:
    """Measures a dream and its limit in turn.

    Args:
        case: Dream to measure.
        precision: "fp32" or "bf16".
        rounds: Number of dreams.
        limited: Whether to measure the limit.
    """
    network = load(case.model, dtype=DTYPES[precision], cut=case.layer)
    rgb, recipe = case.picture(), case.recipe(precision)
    counts: Counter[ConvolutionShape] = Counter()
    for shape, count in convolutions(network, [case.layer], recipe.sizes).items():
        counts[shape] = count * recipe.steps
    flops = 2 * sum(shape.flops * count for shape, count in counts.items())
    alone = ConvolutionTimer(counts, DTYPES[precision])
    runs = []
    for _ in range(rounds):
        if limited:
            alone.measure(3)
        if limited or not runs:
            # A worker has dreamed before and has its kernels in the caches; the convolutions that were
            # measured alone have just replaced them.
            time_steps(network, rgb, recipe)
        runs.append(time_steps(network, rgb, recipe))
    dream = statistics.median(sum(run) for run in runs)
    row: Row = {
        "case": case.title,
        "precision": precision,
        "seconds": dream,
        "fastest_seconds": min(sum(run) for run in runs),
        "ms_per_step": 1000 * statistics.median(time for run in runs for time in run[-11:-1]),
        "gflop": flops / 1e9,
        "gflop_per_second": flops / dream / 1e9,
    }
    if limited:
        limit = alone.seconds(counts)
        row |= {
            "limit_seconds": limit,
            "share": limit / dream,
            "share_of_fastest": limit / min(map(sum, runs)),
        }
    return row


def measure_memory(case: Case, precision: str) -> Row:
    """Measures peak memory and start-up time in a separate process.

    Args:
        case: Dream to measure.
        precision: "fp32" or "bf16".
    """
    command = [sys.executable, "-m", "benchmarks.memory", case.model, case.layer, str(case.side), precision]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=worker_environment())
    found: Row = json.loads(done.stdout)
    return found


def compare_with_peers(first: Row, rounds: int, peers: bool) -> Row:
    """Compares the speed per unit of work: pixels × steps × FLOPs of the convolutions up to the layer.

    Args:
        first: Row of the first case.
        rounds: Runs of the textbook loop.
        peers: Whether to measure other libraries.
    """
    case = CASES[0]
    recipe = case.recipe("fp32")
    ours = float(str(first["seconds"]))
    loop = median_seconds(lambda: textbook_loop(recipe), rounds)
    found: Row = {"textbook_seconds": loop, "textbook_times": loop / ours}
    pixels = sum(width * height for width, height in recipe.sizes) * recipe.steps
    for peer in PEERS if peers else ():
        step = seconds_per_step(peer, case.side, case.side)
        if step is not None:
            same_work = step * pixels / case.side**2
            found |= {f"{peer}_seconds": same_work, f"{peer}_times": same_work / ours}
    return found


def compare_defaults(precision: Precision, rounds: int, peers: bool) -> Row:
    """Compares the time to the picture at 640×480, each with its own default number of steps and octaves.

    Args:
        precision: Ours; the others use fp32.
        rounds: Dreams of ours, and runs of the textbook loop.
        peers: Whether to measure other libraries.
    """
    width, height = 640, 480
    network = load("inception_v3", dtype=DTYPES[precision], cut="mixed5")
    rgb = np.asarray(Image.fromarray(load_photo("astronaut.png", 512)).resize((width, height)))
    recipe = default_recipe(width, height, precision)
    classic = classic_recipe("inception_v3", "mixed5", width, height, precision)
    level = recipe.model_copy(update={"octaves": 4, "steps": 10, "steps_ratio": 1.0})
    ways = {
        "default": lambda: time_steps(network, rgb, recipe),
        "same_steps_at_each_size": lambda: time_steps(network, rgb, level),
        "textbook": lambda: textbook_loop(classic),
    }
    ways["default"]()
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, work in ways.items():
            times[name].append(median_seconds(work))
    found = {name: statistics.median(taken) for name, taken in times.items()}
    for peer in PEERS if peers else ():
        step = seconds_per_step(peer, width, height)
        if step is not None:
            found[peer] = step * DEFAULT_STEPS[peer]
    row: Row = {"case": "default /dream, 640×480", "precision": precision}
    for name, seconds in found.items():
        row |= {f"{name}_seconds": seconds, f"{name}_times": seconds / found["default"]}
    return row


def main() -> None:
    """Prints results to stderr as they are measured, and one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--largest", type=int, default=2048, help="side of the largest picture")
    parser.add_argument(
        "--limit-up-to", type=int, default=1024, help="side up to which the limit is measured"
    )
    parser.add_argument("--models", nargs="*", default=["inception_v3", "vgg16", "faces", "writing"])
    parser.add_argument("--precisions", nargs="+", choices=DTYPES, default=["bf16", "fp32"])
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--no-memory", action="store_true")
    parser.add_argument("--no-defaults", action="store_true", help="leave out the default /dream")
    parser.add_argument(
        "--cpu-time",
        action="store_true",
        help="CPU seconds instead of wall time, for a busy machine; with OMP_NUM_THREADS=1",
    )
    args = parser.parse_args()
    Clock.name = "process_time" if args.cpu_time else "perf_counter"
    environment = worker_environment()
    if any(os.environ.get(name) != value for name, value in environment.items()):
        os.execve(sys.executable, [sys.executable, "-m", "benchmarks.dream", *sys.argv[1:]], environment)

    say = Console(stderr=True, soft_wrap=True)
    say.print(machine())
    result: dict[str, object] = {"machine": machine()}
    rows: list[Row] = []
    for case in CASES:
        if case.side > args.largest or case.model not in args.models or not weights.locate(case.model):
            continue
        for precision in args.precisions:
            rounds = args.rounds if case.side == 512 else 1
            row = measure(case, precision, rounds, case.side <= args.limit_up_to)
            if not args.no_memory:
                row |= measure_memory(case, precision)
            rows.append(row)
            say.print(_line(row))
            if case == CASES[0] and len(rows) == 1:
                others = compare_with_peers(row, args.rounds, not args.no_peers)
                result["against"] = others
                say.print(_line(others))
    result["dreams"] = rows
    if not args.no_defaults:
        defaults = compare_defaults(args.precisions[0], args.rounds, not args.no_peers)
        result["defaults"] = defaults
        say.print(_line(defaults))
    say.print(_table(rows))
    print(json.dumps(result, indent=1, ensure_ascii=False))


def _line(row: Row) -> str:
    return " ".join(f"{key}={_short(value)}" for key, value in row.items())


def _table(rows: list[Row]) -> Table:
    """Returns a table with one column per dream, because there are more figures than dreams."""
    table = Table("")
    for row in rows:
        table.add_column(f"{row['case']} {row['precision']}")
    for key in dict.fromkeys(key for row in rows for key in row if key not in ("case", "precision")):
        table.add_row(key.replace("_", " "), *(_short(row.get(key, "")) for row in rows))
    return table


def _short(value: object) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    main()
