"""How much memory a dream takes, and how long a worker takes to begin: `python -m benchmarks.memory`.

Prints JSON. A process of its own for each case: what others left behind would count too.
"""

import json
import sys
import time

BEGAN = time.perf_counter()

import torch  # noqa: E402 - the time that this takes is measured

from benchmarks.cases import Case, time_steps  # noqa: E402
from dreambot.zoo.loading import load  # noqa: E402

_DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16}


def main() -> None:
    """MODEL LAYER SIDE PRECISION. Idle is a process with the network loaded that has dreamed a stamp."""
    model, layer, side, precision = sys.argv[1:]
    network = load(model, dtype=_DTYPES[precision])
    stamp = Case(model, layer, 96)
    time_steps(network, stamp.picture(), stamp.recipe(precision))
    ready = time.perf_counter() - BEGAN
    idle = _status("VmRSS")
    case = Case(model, layer, int(side))
    # Two steps take what ten take.
    time_steps(network, case.picture(), case.recipe(precision).model_copy(update={"steps": 2}))
    print(json.dumps({"start_up_s": ready, "idle_gib": idle, "above_idle_gib": _status("VmHWM") - idle}))


def _status(field: str) -> float:
    with open("/proc/self/status", encoding="ascii") as lines:
        kilobytes = next(line.split()[1] for line in lines if line.startswith(field))
    return int(kilobytes) / 2**20


if __name__ == "__main__":
    main()
