"""What a machine of the cluster decides for itself: its own environment says it, not the bot's."""

import os
from pathlib import Path
from typing import Literal, cast

from dreambot.errors import UserError
from dreambot.executor.worker.engine import EngineSettings

PRECISION = "DREAMBOT_PRECISION"
WEIGHTS_DIR = "DREAMBOT_WEIGHTS_DIR"
MEMORY = "DREAMBOT_MEMORY_GIGABYTES"
OWN = (PRECISION, WEIGHTS_DIR, MEMORY)
"""Of our settings, those that `dreambot worker` passes on; no other has any business there."""


def engine_settings(device: str) -> EngineSettings:
    """How to make the engine here. Raises UserError for a setting that is none."""
    precision = os.environ.get(PRECISION, "auto")
    if precision not in ("auto", "fp32", "bf16"):
        raise UserError(
            f"{PRECISION} is {precision} on {os.uname().nodename}; it should be auto, fp32 or bf16."
        )
    weights = os.environ.get(WEIGHTS_DIR)
    return EngineSettings(
        device,
        cast(Literal["auto", "fp32", "bf16"], precision),
        cache=None,
        weights_dir=Path(weights) if weights else None,
        memory_gigabytes=_memory(),
    )


def _memory() -> float:
    asked = os.environ.get(MEMORY, "2")
    try:
        gigabytes = float(asked)
    except ValueError:
        gigabytes = 0.0
    if gigabytes <= 0:
        raise UserError(f"{MEMORY} is {asked} on {os.uname().nodename}; it should be a number above 0.")
    return gigabytes
