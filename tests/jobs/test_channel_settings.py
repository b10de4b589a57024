from dreambot.jobs.settings import ChannelSettings
from dreambot.jobs.store import JobStore
from tests.jobs.backends import both

pytestmark = both


async def test_notes_are_kept(store: JobStore) -> None:
    settings = ChannelSettings(store.database)
    assert await settings.get_meta("commands") is None
    for value in ("a", "b"):
        await settings.set_meta("commands", value)
        assert await settings.get_meta("commands") == value
