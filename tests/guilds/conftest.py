import pytest

from dreambot.guilds.store import GuildStore
from dreambot.jobs.store import JobStore
from tests.jobs.conftest import ask, backend, store, url

__all__ = ["ask", "backend", "guild_store", "store", "url"]


@pytest.fixture
def guild_store(store: JobStore) -> GuildStore:
    """The settings in an empty database."""
    return GuildStore(store.database)
