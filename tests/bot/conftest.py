from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.bot.gallery import Site
from tests.bot.support import BotEnvironment, bot_environment
from tests.support.patience import long_query_timeouts

__all__ = ["env", "long_query_timeouts"]


@pytest.fixture(autouse=True)
def _fake_engine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    monkeypatch.setenv("FAKE_ENGINE_DIR", str(tmp_path))
    monkeypatch.setenv("FAKE_ENGINE_STEP", "0.005")


@pytest.fixture
async def env(tmp_path: Path) -> AsyncIterator[BotEnvironment]:
    """A sandbox with users in it, and no bot running yet."""
    async with bot_environment(tmp_path) as it:
        yield it


@pytest.fixture
def site(unused_tcp_port: int) -> Site:
    """The gallery of a bot that is started with its settings."""
    return Site(unused_tcp_port)
