import pytest

from dreambot.community import Community
from dreambot.jobs.store import JobStore
from tests.jobs.conftest import ask, backend, store, url

__all__ = ["ask", "backend", "community", "store", "url"]


@pytest.fixture
def community(store: JobStore) -> Community:
    """What is settled, in an empty database."""
    return Community(store.database)
