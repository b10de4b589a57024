"""What the executors' tests share. Their behaviour is asked of every back end; `BACKENDS` has them all."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dreambot.executor import LocalExecutor, Pixels
from dreambot.executor.devices import DeviceExecutor
from dreambot.recipe import Recipe
from tests.executor.fake_engine import ENGINE
from tests.support.recipes import some_recipe

Make = Callable[..., Recipe]
Start = Callable[..., AbstractAsyncContextManager[DeviceExecutor]]
StartLocal = Callable[..., AbstractAsyncContextManager[LocalExecutor]]


def _local(lanes: int, engine: str, **options: Any) -> DeviceExecutor:
    return LocalExecutor(["cpu"] * lanes, engine=engine, **options)


BACKENDS: dict[str, Callable[..., DeviceExecutor]] = {"local": _local}
"""Makes an executor, not started, with as many devices as `lanes` says and an `engine`, `module:attribute`,
in each; the rest is as for `DeviceExecutor`. The environment of the workers is that of the tests."""


@pytest.fixture
def recipe() -> Make:
    """Makes recipes of 2 octaves × 3 steps, 40×30 pixels, but for what is asked otherwise."""
    return some_recipe


@pytest.fixture
def picture() -> Pixels:
    """40×30 pixels, no two alike."""
    return np.arange(40 * 30 * 3, dtype=np.uint32).reshape(30, 40, 3).astype(np.uint8)


@pytest.fixture
def _workers_find_us(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    monkeypatch.setenv("FAKE_ENGINE_DIR", str(tmp_path))


@pytest.fixture(params=list(BACKENDS))
def start(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, _workers_find_us: None) -> Start:
    """Starts an executor of each kind with the fake engine, and closes it. step: seconds a step takes."""
    make = BACKENDS[request.param]

    @asynccontextmanager
    async def started(
        *, step: float = 0.01, lanes: int = 1, engine: str = ENGINE, **options: Any
    ) -> AsyncIterator[DeviceExecutor]:
        monkeypatch.setenv("FAKE_ENGINE_STEP", str(step))
        async with _open(make(lanes, engine, **options)) as executor:
            yield executor

    return started


@pytest.fixture
def start_local(monkeypatch: pytest.MonkeyPatch, _workers_find_us: None) -> StartLocal:
    """Starts a LocalExecutor with the fake engine, and closes it."""

    @asynccontextmanager
    async def started(*, step: float = 0.01, **options: Any) -> AsyncIterator[LocalExecutor]:
        monkeypatch.setenv("FAKE_ENGINE_STEP", str(step))
        executor = LocalExecutor(**{"devices": ["cpu"], "engine": ENGINE, **options})
        async with _open(executor):
            yield executor

    return started


@asynccontextmanager
async def _open(executor: DeviceExecutor) -> AsyncIterator[DeviceExecutor]:
    await executor.start()
    try:
        yield executor
    finally:
        await executor.close()
