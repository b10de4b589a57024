from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dreambot.executor import LocalExecutor, Pixels
from dreambot.recipe import Recipe
from tests.executor.fake_engine import ENGINE
from tests.support.recipes import some_recipe

Start = Callable[..., AbstractAsyncContextManager[LocalExecutor]]


@pytest.fixture
def recipe() -> Callable[..., Recipe]:
    """Makes recipes of 2 octaves × 3 steps, 40×30 pixels, but for what is asked otherwise."""
    return some_recipe


@pytest.fixture
def picture() -> Pixels:
    """40×30 pixels, no two alike."""
    return np.arange(40 * 30 * 3, dtype=np.uint32).reshape(30, 40, 3).astype(np.uint8)


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Start:
    """Starts a LocalExecutor with the fake engine, and closes it."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    monkeypatch.setenv("FAKE_ENGINE_DIR", str(tmp_path))

    @asynccontextmanager
    async def started(*, step: float = 0.01, **options: Any) -> AsyncIterator[LocalExecutor]:
        monkeypatch.setenv("FAKE_ENGINE_STEP", str(step))
        executor = LocalExecutor(**{"devices": ["cpu"], "engine": ENGINE, **options})
        await executor.start()
        try:
            yield executor
        finally:
            await executor.close()

    return started
