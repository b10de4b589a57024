import os
from collections.abc import AsyncIterator, Iterator

import pytest

from tests.support import require
from tests.support.postgres import PostgresServer, fresh_database, postgres_bin_dir


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a PostgreSQL server: a configured one, or a temporary one."""
    given = os.environ.get("DREAMBOT_TEST_POSTGRES_URL")
    if given:
        yield given.replace("postgresql://", "postgresql+asyncpg://")
        return
    require("postgres", postgres_bin_dir() is not None)
    with PostgresServer() as server:
        yield server.url


@pytest.fixture
async def postgres_url(postgres_server: str) -> AsyncIterator[str]:
    """The URL of an empty PostgreSQL database for one test."""
    async with fresh_database(postgres_server) as url:
        yield url
