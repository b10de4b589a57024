import pytest

from dreambot.guilds.store import GuildStore
from dreambot.jobs.store import JobStore
from tests.jobs.conftest import backend, job_request, store, url
from tests.support.patience import long_query_timeouts

__all__ = ["backend", "guild_store", "job_request", "long_query_timeouts", "store", "url"]


@pytest.fixture
def guild_store(store: JobStore) -> GuildStore:
    """The settings in an empty database."""
    return GuildStore(store.database)
