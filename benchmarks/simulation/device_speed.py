"""How long a device takes for a dream: measured or assumed, and labelled accordingly."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.simulation.workload import DreamCost

TIMED_STEPS = 40
"""Steps of the dream that `benchmarks.gpu` and `benchmarks.dream` measure."""


@dataclass(frozen=True)
class DeviceSpeed:
    """How long a kind of device takes for a job.

    Attributes:
        name: of the device.
        known: whether the figures are measured or assumed, and how.
        launch: seconds per step of a batch of any size.
        flop: seconds per FLOP.
        batch: the largest batch.
        job: seconds of overhead per job.
        frame: seconds of overhead per frame of a video.
    """

    name: str
    known: str
    launch: float
    flop: float
    batch: int = 1
    job: float = 0.05
    frame: float = 0.03

    def seconds(self, dreams: Sequence[DreamCost]) -> float:
        """Returns how long it takes for a batch.

        Args:
            dreams: with the same batch key, or a single dream.
        """
        steps = max(dream.steps for dream in dreams)
        work = sum(dream.flops * self.flop + self.frame * (dream.frames - 1) for dream in dreams)
        return self.launch * steps + work + self.job


CPU = DeviceSpeed(
    "two cores of a server's CPU",
    "measured: 814 GFLOP in 2.63 s; other dreams by their FLOPs",
    0.0,
    2.63 / 814e9,
)
GPU = DeviceSpeed(
    "a data centre's GPU",
    "ASSUMED: in 13,000 recorded kernels of 2.5 µs a dream, and 250 TFLOP/s",
    13_000 * 2.5e-6 / TIMED_STEPS,
    1 / 250e12,
    batch=16,
)


def load_measured(file: Path) -> DeviceSpeed:
    """Reads a measured device. The times of one dream and of the largest batch give the costs of a step and
    of a picture.

    Args:
        file: what `python -m benchmarks.gpu` printed.
    """
    printed: dict[str, Any] = json.loads(file.read_text())
    count = max(int(name[6:]) for name in printed if name.startswith("batch_"))
    alone, together = printed["graph_ms"] / 1e3, printed[f"batch_{count}"]["ms"] / 1e3
    each = max(0.0, (together - alone) / (count - 1))
    return DeviceSpeed(
        printed["device"],
        f"measured: {alone:.3f} s alone, {count} in {together:.3f} s",
        max(0.0, alone - each) / TIMED_STEPS,
        each / (printed["gflop"] * 1e9),
        batch=count,
    )
