"""An engine without torch that runs behind the real worker protocol: `tests.support.fake_engine:FakeEngine`.

It inverts the picture. A recipe's seed can request a failure. `FAKE_ENGINE_STEP` is the duration of a step
in seconds, `FAKE_ENGINE_GPUS` the number of GPUs, and `FAKE_ENGINE_MEMORY` how many dreams fit into the
memory of `BatchingFakeEngine` at once.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from dataclasses import replace
from pathlib import Path

import numpy as np

from dreambot.engine.progress import Frame, Progress
from dreambot.errors import UserError
from dreambot.media.picture import DreamInputs
from dreambot.media.sheet import join_sheet
from dreambot.recipe import Recipe
from dreambot.workers.gpu.engine import EngineSettings, OutOfMemory
from dreambot.workers.protocol import Ready
from dreambot.workers.types import Pixels
from dreambot.zoo.catalogue import WeightsError

ENGINE = "tests.support.fake_engine:FakeEngine"
BATCHING = "tests.support.fake_engine:BatchingFakeEngine"
THREADS = "tests.support.fake_engine:ThreadsFakeEngine"
CRASHES_AT_START = "tests.support.fake_engine:CrashingAtStart"

CRASH, CRASH_ONCE, HANG, REFUSE, BUG, LOST_GPU, NO_WEIGHTS, HELD = range(1001, 1009)
"""Seeds, in this order: the process exits in a step; it exits the first time only (recorded by a file in
FAKE_ENGINE_DIR); a step never ends; the engine raises a UserError; the engine raises another exception; a GPU
is lost; the weights are missing; the second step is repeated until `release`, so that a test decides when the
job ends. `hold` does that to jobs with any seed."""


class FakeEngine:
    """Reports a CPU as its device.

    It fails on the device "none", on the one in FAKE_ENGINE_BROKEN, and on any device while the file "broken"
    exists in FAKE_ENGINE_DIR. On the device "with a child" it starts a process that outlives it.
    """

    def __init__(self, settings: EngineSettings) -> None:
        """Raises UserError if it cannot run on the device."""
        broken = ("none", os.environ.get("FAKE_ENGINE_BROKEN"))
        if settings.device in broken or _marked("broken"):
            raise UserError("errors-verbatim", text="There is no such device.")
        if settings.device == "with a child":
            subprocess.Popen(["sleep", "60"])
        gpus = int(os.environ.get("FAKE_ENGINE_GPUS", "0"))
        device = settings.device
        if device in ("auto", "cuda"):
            working = [name for name in map("cuda:{}".format, range(gpus)) if name not in broken]
            device = working[0] if working else "cpu"
        kind = "cuda" if device.startswith("cuda") else "cpu"
        self.ready = Ready(device, kind, "fake", "fp32", devices=gpus or 1)
        print("a fake engine is ready")

    def use_threads(self, recipe: Recipe, count: int) -> None:
        """Has no threads."""

    def dream(
        self, inputs: DreamInputs, recipe: Recipe, stop: Callable[[], bool]
    ) -> Generator[Progress | Frame, None, tuple[Pixels, str | None]]:
        """Returns the inverted source at the recipe's size, or black. All frames of a video are the same."""
        picture = _inverted(inputs, recipe)
        began = time.monotonic()
        for index in range(_steps(recipe)):
            if stop():
                raise RuntimeError("stopped")
            _take_time()
            while index == 1 and _held(recipe.seed) and not stop():
                yield _step(recipe, index, picture)
                _take_time()
            if index == 1:
                _trouble(recipe.seed)
            yield _step(recipe, index, picture)
        _note(recipe.seed, began)
        if recipe.frames > 1:
            for index in range(recipe.frames):
                yield Frame(index, recipe.frames, picture)
        return picture, None


class CrashingAtStart(FakeEngine):
    """A fake engine that ends the process at its start, unless the process before it crashed there."""

    def __init__(self, settings: EngineSettings) -> None:
        if not settings.after_crash:
            os.kill(os.getpid(), signal.SIGSEGV)
        super().__init__(settings)


class ThreadsFakeEngine(FakeEngine):
    """A fake engine whose objective is the number of threads that it was allowed last; 0 before.

    It reports FAKE_ENGINE_THREADS, 4 by default.
    """

    def __init__(self, settings: EngineSettings) -> None:
        super().__init__(settings)
        self.ready = replace(self.ready, threads=int(os.environ.get("FAKE_ENGINE_THREADS", "4")))
        self._threads = 0

    def use_threads(self, recipe: Recipe, count: int) -> None:
        """Takes effect at the next step."""
        self._threads = count

    def dream(
        self, inputs: DreamInputs, recipe: Recipe, stop: Callable[[], bool]
    ) -> Generator[Progress | Frame, None, tuple[Pixels, str | None]]:
        """See `FakeEngine`."""
        steps = super().dream(inputs, recipe, stop)
        while True:
            try:
                step = next(steps)
            except StopIteration as end:
                found: tuple[Pixels, str | None] = end.value
                return found
            yield replace(step, objective=float(self._threads)) if isinstance(step, Progress) else step


class BatchingFakeEngine(FakeEngine):
    """A fake engine that runs batches of up to four."""

    def __init__(self, settings: EngineSettings) -> None:
        super().__init__(settings)
        self.ready = replace(self.ready, batch=4)

    def batch(self, recipe: Recipe) -> "FakeBatch":
        """Returns an empty batch."""
        return FakeBatch()


class FakeBatch:
    """A batch whose steps take as long as those of a single dream."""

    def __init__(self) -> None:
        self._recipes: dict[int, Recipe] = {}
        self._pictures: dict[int, Pixels] = {}
        self._done: dict[int, int] = {}
        self._joined = 0

    def join(self, inputs: DreamInputs, recipe: Recipe) -> int:
        """Adds a dream and returns its number."""
        self._joined += 1
        self._recipes[self._joined] = recipe
        self._pictures[self._joined] = _inverted(inputs, recipe)
        self._done[self._joined] = 0
        return self._joined

    def leave(self, number: int) -> None:
        """Removes a dream."""
        del self._done[number]

    def octave(self, stop: Callable[[], bool]) -> Generator[dict[int, Progress], None, dict[int, Pixels]]:
        """Runs one octave of the dreams with the fewest finished steps."""
        if len(self._done) > int(os.environ.get("FAKE_ENGINE_MEMORY", "4")):
            raise OutOfMemory("too many")
        least = min(self._done.values())
        here = {number: self._recipes[number] for number, done in self._done.items() if done == least}
        for index in range(least, least + next(iter(here.values())).steps):
            if stop():
                raise RuntimeError("stopped")
            _take_time()
            if index == 1:
                for recipe in here.values():
                    _trouble(recipe.seed)
            for number in here:
                self._done[number] += 1
            steps = {number: _step(recipe, index, self._pictures[number]) for number, recipe in here.items()}
            yield steps
            while index == 1 and any(_held(recipe.seed) for recipe in here.values()) and not stop():
                _take_time()
                yield steps
        done = [number for number, recipe in here.items() if self._done[number] == _steps(recipe)]
        for number in done:
            del self._done[number]
        return {number: self._pictures[number] for number in done}


def _inverted(inputs: DreamInputs, recipe: Recipe) -> Pixels:
    picture = np.zeros((8, 8, 3), np.uint8) if inputs.source is None else inputs.source
    if recipe.moving:
        picture = picture[0]
    width, height = recipe.input_size
    rows = np.arange(height) * picture.shape[0] // height
    columns = np.arange(width) * picture.shape[1] // width
    inverted: Pixels = 255 - picture[rows][:, columns]
    return join_sheet([inverted] * 4) if recipe.sheet else inverted


def _steps(recipe: Recipe) -> int:
    return recipe.octaves * recipe.steps


def _step(recipe: Recipe, index: int, picture: Pixels) -> Progress:
    octave, step = divmod(index, recipe.steps)
    fraction = (index + 1) / _steps(recipe)
    return Progress(
        fraction,
        octave + 1,
        recipe.octaves,
        step + 1,
        recipe.steps,
        float(index),
        render_preview=lambda: picture[:320, :320],
    )


def _take_time() -> None:
    time.sleep(float(os.environ.get("FAKE_ENGINE_STEP", "0.01")))


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
            raise UserError("errors-verbatim", text="I will not dream this; try another.")
        case 1005:
            print("about to fail", file=sys.stderr)
            raise ZeroDivisionError("a bug")
        case 1006:
            if not _marked("broken"):
                (Path(os.environ["FAKE_ENGINE_DIR"]) / "broken").touch()
                raise RuntimeError("CUDA error: unspecified launch failure")
        case 1007:
            raise WeightsError(
                "errors-verbatim",
                text="vgg16 is gone; add it again with `dreambot models add vgg16`.",
                network="vgg16",
            )


def hold(folder: Path) -> None:
    """Holds all jobs at their second step until `release`. `folder`: the engine's FAKE_ENGINE_DIR."""
    (folder / "hold").touch()


def release(folder: Path) -> None:
    """Lets held jobs, and later ones, continue. `folder`: the engine's FAKE_ENGINE_DIR."""
    (folder / "released").touch()


def dreamed_times(folder: Path) -> dict[int, tuple[float, float]]:
    """Returns the start and end of each job's steps by seed, in seconds of the monotonic clock."""
    lines = (folder / "times").read_text("ascii").splitlines()
    return {int(seed): (float(began), float(ended)) for seed, began, ended in map(str.split, lines)}


def _note(seed: int, began: float) -> None:
    if folder := os.environ.get("FAKE_ENGINE_DIR"):
        with (Path(folder) / "times").open("a", encoding="ascii") as file:
            file.write(f"{seed} {began} {time.monotonic()}\n")


def _held(seed: int) -> bool:
    return (seed == HELD or _marked("hold")) and not _marked("released")


def _marked(name: str) -> bool:
    folder = os.environ.get("FAKE_ENGINE_DIR")
    return folder is not None and (Path(folder) / name).exists()
