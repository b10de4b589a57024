"""Measures the memory of a dream and the start-up time of a worker: `python -m benchmarks.memory`.

Prints JSON. Each case needs a new process, because the peak includes all earlier allocations.
"""

import json
import sys
import time

START = time.perf_counter()

import torch  # noqa: E402 - the time of this import is measured

from benchmarks.cases import Case, time_steps  # noqa: E402
from dreambot.zoo.loading import load  # noqa: E402

_DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16}


def main() -> None:
    """Measures MODEL LAYER SIDE PRECISION. Idle is a process that has dreamed a 96² image."""
    model, layer, side, precision = sys.argv[1:]
    network = load(model, dtype=_DTYPES[precision])
    warmup = Case(model, layer, 96)
    time_steps(network, warmup.picture(), warmup.recipe(precision))
    ready = time.perf_counter() - START
    idle = _status("VmRSS")
    case = Case(model, layer, int(side))
    # Two steps take as much memory as ten.
    time_steps(network, case.picture(), case.recipe(precision).model_copy(update={"steps": 2}))
    print(json.dumps({"start_up_s": ready, "idle_gib": idle, "above_idle_gib": _status("VmHWM") - idle}))


def _status(field: str) -> float:
    with open("/proc/self/status", encoding="ascii") as lines:
        kilobytes = next(line.split()[1] for line in lines if line.startswith(field))
    return int(kilobytes) / 2**20


if __name__ == "__main__":
    main()
