from datetime import UTC, datetime, timedelta

from sqlalchemy import update

from dreambot.jobs.schema import autodreams
from dreambot.jobs.settings import ChannelSettings
from dreambot.jobs.store import JobStore
from tests.jobs.backends import both

pytestmark = both

CHANNEL = 2**60


async def test_autodream_is_off_until_switched_on(store: JobStore) -> None:
    settings = ChannelSettings(store.database)
    assert await settings.autodream_chance(CHANNEL) == 0
    for chance in (0.25, 1.0, 0.0):
        await settings.set_autodream_chance(CHANNEL, chance)
        assert await settings.autodream_chance(CHANNEL) == chance
    assert await settings.autodream_chance(CHANNEL + 1) == 0


async def test_autodreams_are_counted_for_an_hour(store: JobStore) -> None:
    settings = ChannelSettings(store.database)
    for channel in (CHANNEL, CHANNEL, CHANNEL + 1):
        await settings.note_autodream(channel)
    assert await settings.autodreams_last_hour(CHANNEL) == 2
    async with store.database.engine.begin() as connection:
        await connection.execute(update(autodreams).values(at=datetime.now(UTC) - timedelta(minutes=61)))
    assert await settings.autodreams_last_hour(CHANNEL) == 0
    await settings.note_autodream(CHANNEL)
    assert await settings.autodreams_last_hour(CHANNEL) == 1


async def test_notes_are_kept(store: JobStore) -> None:
    settings = ChannelSettings(store.database)
    assert await settings.get_meta("commands") is None
    for value in ("a", "b"):
        await settings.set_meta("commands", value)
        assert await settings.get_meta("commands") == value
