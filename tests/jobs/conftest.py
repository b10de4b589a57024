from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from dreambot.jobs.store import JobStore
from dreambot.jobs.types import Ask, AttachmentSource, Place, Subject
from dreambot.recipe import DreamRequest
from tests.support.postgres import fresh_database


@pytest.fixture
def backend() -> str:
    """The database of a test that does not ask for `both`."""
    return "sqlite"


@pytest.fixture
async def url(backend: str, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[str]:
    """An empty database."""
    if backend == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path}/data/dreambot.db"
        return
    async with fresh_database(request.getfixturevalue("postgres_server")) as url:
        yield url


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
        place: dict[str, Any] = {
            "channel": 12,
            "guild": 11,
            "application": 13,
            "token": "a-secret-token",
            "since": datetime.now(UTC),
            "reply_to": None,
            "quiet": False,
            "limit": 10 * 2**20,
            "reachable": True,
        }
        values: dict[str, Any] = {
            "owner": 2**63 - 1,
            "request": DreamRequest(layer="mixed4+mixed5", intensity=11),
            "subject": Subject(AttachmentSource("https://cdn.test/a.png", "a.png", 1000), "a cat", True, 14),
        }
        place |= {key: value for key, value in changes.items() if key in place}
        values |= {key: value for key, value in changes.items() if key in values}
        assert changes.keys() <= place.keys() | values.keys()
        return Ask(place=Place(**place), **values)

    return make
