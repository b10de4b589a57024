from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from dreambot.jobs.store import JobStore
from dreambot.jobs.types import Ask
from dreambot.recipe import DreamRequest


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path}/data/dreambot.db"


@pytest.fixture
async def store(url: str) -> AsyncIterator[JobStore]:
    store = JobStore(url)
    await store.open()
    yield store
    await store.close()


@pytest.fixture
def ask() -> Callable[..., Ask]:
    """Makes asks of one person."""

    def make(**changes: Any) -> Ask:
        values: dict[str, Any] = {
            "owner": 2**63 - 1,
            "guild": 11,
            "channel": 12,
            "request": DreamRequest(layer="mixed4+mixed5", intensity=11),
            "spoiler": True,
            "application": 13,
            "token": "a-secret-token",
            "source_message": 14,
        }
        return Ask(**{**values, **changes})

    return make
