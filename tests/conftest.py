import os
from collections.abc import AsyncIterator, Iterator

import pytest
from hypothesis import HealthCheck, settings

from dreambot.errors import UserError
from dreambot.i18n import translator_for
from tests.support import require
from tests.support.postgres import PostgresServer, fresh_database, postgres_bin_dir

# Tests expect errors in English, whatever the language of the user who runs them.
os.environ |= {"LC_ALL": "C.UTF-8", "LANGUAGE": ""}

# How long an example takes depends on what else the machine does.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")


@pytest.fixture(scope="session", autouse=True)
def known_codes() -> Iterator[None]:
    """Fails a test in whose process an error is raised with a code that the catalogues lack."""
    create = UserError.__init__

    def create_checked(self: UserError, code: str, /, **params: object) -> None:
        assert translator_for("en").has(code), f"no message {code!r}"
        create(self, code, **params)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(UserError, "__init__", create_checked)
        yield


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
