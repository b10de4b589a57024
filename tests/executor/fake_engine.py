"""An engine without torch that runs behind the real worker protocol: `tests.executor.fake_engine:FakeEngine`.

It inverts the picture. A recipe's seed can ask for trouble; `FAKE_ENGINE_STEP` is the seconds a step takes.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dreambot.errors import UserError
from dreambot.executor.protocol import Ready
from dreambot.executor.types import Pixels
from dreambot.executor.worker.engine import EngineSettings
from dreambot.media.inputs import Inputs
from dreambot.recipe import Recipe

ENGINE = "tests.executor.fake_engine:FakeEngine"

CRASH, CRASH_ONCE, HANG, REFUSE, BUG = range(1001, 1006)
"""Seeds: the process ends in a step; it does so the first time only (a file in FAKE_ENGINE_DIR tells); a step
never ends; the engine explains why it cannot; the engine raises something else."""


@dataclass(frozen=True)
class FakeStep:
    """One step."""

    octave: int
    octaves: int
    step: int
    steps: int
    objective: float
    fraction: float
    picture: Pixels

    def preview(self) -> Pixels:
        """A corner of it."""
        return self.picture[:320, :320]


@dataclass(frozen=True, eq=False)
class FakeFrame:
    """One frame."""

    index: int
    frames: int
    rgb: Pixels


class FakeEngine:
    """Says it is on a CPU. A device called "none" is one it cannot work on, and with a file "broken" in
    FAKE_ENGINE_DIR it can on none; on "with a child" it starts a process that outlives it by some seconds."""

    def __init__(self, settings: EngineSettings) -> None:
        """Raises UserError where it cannot work."""
        if settings.device == "none" or _marked("broken"):
            raise UserError("There is no such device.")
        if settings.device == "with a child":
            subprocess.Popen(["sleep", "8"])
        self.ready = Ready("cpu", "cpu", "fake", "fp32")
        print("a fake engine is ready")

    def dream(
        self, inputs: Inputs, recipe: Recipe, stop: Callable[[], bool]
    ) -> Generator[FakeStep | FakeFrame, None, tuple[Pixels, str | None]]:
        """Inverts the picture, at the recipe's size; a film's every frame is the same."""
        picture = inputs.source
        assert picture is not None
        rows = np.arange(recipe.height) * picture.shape[0] // recipe.height
        columns = np.arange(recipe.width) * picture.shape[1] // recipe.width
        picture = 255 - picture[rows][:, columns]
        total = recipe.octaves * recipe.steps
        for index in range(total):
            if stop():
                raise RuntimeError("stopped")
            time.sleep(float(os.environ.get("FAKE_ENGINE_STEP", "0.01")))
            if index == 1:
                _trouble(recipe.seed)
            octave, step = divmod(index, recipe.steps)
            yield FakeStep(
                octave + 1, recipe.octaves, step + 1, recipe.steps, float(index), (index + 1) / total, picture
            )
        if recipe.hellscape:
            for index in range(recipe.frames):
                yield FakeFrame(index, recipe.frames, picture)
        return picture, None


def _trouble(seed: int) -> None:
    match seed:
        case 1001:
            os._exit(3)
        case 1002:
            if not _marked("crashed"):
                (Path(os.environ["FAKE_ENGINE_DIR"]) / "crashed").touch()
                os._exit(3)
        case 1003:
            time.sleep(3600)
        case 1004:
            raise UserError("I will not dream this; try another.")
        case 1005:
            print("about to fail", file=sys.stderr)
            raise ZeroDivisionError("a bug")


def _marked(name: str) -> bool:
    folder = os.environ.get("FAKE_ENGINE_DIR")
    return folder is not None and (Path(folder) / name).exists()
