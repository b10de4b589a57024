"""The speed of devices: measured or assumed, and labelled accordingly."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.simulation.workload import DreamCost

TIMED_STEPS = 40
"""Steps of the dream that `benchmarks.gpu` and `benchmarks.dream` time."""


@dataclass(frozen=True)
class DeviceSpeed:
    """The speed of a kind of device.

    Attributes:
        name: Name in tables.
        known: Whether the figures are measured or assumed.
        launch: Seconds per step, independent of the batch size.
        flop: Seconds per FLOP.
        batch: Maximum batch size.
        job: Additional seconds per job.
        frame: Additional seconds per frame of a video.
    """

    name: str
    known: str
    launch: float
    flop: float
    batch: int = 1
    job: float = 0.05
    frame: float = 0.03

    def seconds(self, dreams: Sequence[DreamCost]) -> float:
        """Returns the seconds of a batch.

        Args:
            dreams: Dreams that can share a batch, or a single one.
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
    """Derives the speed from the output of `python -m benchmarks.gpu`.

    A single dream and the largest batch determine the cost of a step and the cost of each image.

    Args:
        file: File with the output.
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
