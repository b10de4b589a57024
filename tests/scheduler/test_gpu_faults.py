"""Machines that fail: a GPU that is lost, memory that is used up."""

import logging
from collections.abc import Generator

import numpy as np
import pytest
import torch

from dreambot.engine.progress import Progress
from dreambot.errors import UserError
from dreambot.media.picture import DreamInputs
from dreambot.recipe import Recipe
from dreambot.workers import supervisor
from dreambot.workers.gpu.engine import EngineSettings
from dreambot.workers.gpu.torch_engine import TorchEngine
from dreambot.workers.types import Pixels
from tests.scheduler.conftest import Make, StartLocal
from tests.support.fake_engine import LOST_GPU
from tests.workers.tiny_engine import TinyEngine

BLACK = np.zeros((30, 40, 3), np.uint8)


async def test_a_lost_gpu_fails_no_job(
    start_local: StartLocal,
    recipe: Make,
    picture: Pixels,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(supervisor, "BACKOFF_S", (0.0, 60.0))
    async with start_local(devices=["cuda:0", "cuda:1"]) as executor:
        done = await executor.submit("a", recipe(seed=LOST_GPU), DreamInputs(picture)).result()
        assert np.array_equal(done.rgb, 255 - picture)
        assert sorted(state.alive for state in executor.device_states()) == [False, True]
    assert any("CUDA error" in one.message for one in caplog.records if one.levelno >= logging.WARNING)


class _Failing:
    """An engine that fails with untiled pictures, and with `always` also with tiles."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, error: Exception, *, always: bool = False) -> None:
        self._error = error
        self._always = always
        monkeypatch.setattr(TorchEngine, "_dream", self._dream)
        self.engine = TinyEngine(EngineSettings("cpu", "fp32", None, None, 1.0, 1))

    def _dream(self, inputs: DreamInputs, recipe: Recipe, stop: object) -> Generator[Progress, None, Pixels]:
        yield from ()
        if self._always or recipe.tile is None:
            raise self._error
        return BLACK

    def dream(self, recipe: Recipe) -> tuple[Pixels, str | None]:
        """Runs a recipe to its end."""
        steps = self.engine.dream(DreamInputs(BLACK), recipe, lambda: False)
        while True:
            try:
                next(steps)
            except StopIteration as end:
                found: tuple[Pixels, str | None] = end.value
                return found


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        torch.OutOfMemoryError("CUDA out of memory."),
        RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory"),
    ],
)
def test_out_of_memory_on_host_or_device_falls_back_to_tiles(
    error: Exception, recipe: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _Failing(monkeypatch, error).dream(recipe())[1] == "tiled"
    with pytest.raises(UserError, match="more memory than I have"):
        _Failing(monkeypatch, error, always=True).dream(recipe())


def test_other_device_errors_end_the_worker(recipe: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(RuntimeError, match="launch failure"):
        _Failing(monkeypatch, RuntimeError("CUDA error: unspecified launch failure")).dream(recipe())
