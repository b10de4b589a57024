"""What is remembered besides jobs: channels where pictures are dreamed unasked, and notes to ourselves."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, func, insert, select, update

from dreambot.jobs.schema import autodreams, channels, meta
from dreambot.jobs.store import JobStore

_HOUR = timedelta(hours=1)


class ChannelSettings:
    """Kept in the job store's database."""

    def __init__(self, store: JobStore) -> None:
        self._store = store

    async def autodream_chance(self, channel: int) -> float:
        """How likely a picture posted there is dreamed, 0 to 1; 0 where nobody switched it on."""
        async with self._store.engine.connect() as connection:
            found = await connection.scalar(select(channels.c.autodream).where(channels.c.id == channel))
        return float(found or 0.0)

    async def set_autodream_chance(self, channel: int, chance: float) -> None:
        """Sets it. chance: 0 (off) to 1."""
        async with self._store.engine.begin() as connection:
            done = await connection.execute(
                update(channels).where(channels.c.id == channel).values(autodream=chance)
            )
            if not done.rowcount:
                await connection.execute(insert(channels).values(id=channel, autodream=chance))

    async def note_autodream(self, channel: int) -> None:
        """Counts a picture dreamed unasked."""
        now = datetime.now(UTC)
        async with self._store.engine.begin() as connection:
            await connection.execute(insert(autodreams).values(channel=channel, at=now))
            old = (autodreams.c.channel == channel) & (autodreams.c.at < now - _HOUR)
            await connection.execute(delete(autodreams).where(old))

    async def autodreams_last_hour(self, channel: int) -> int:
        """How many were counted there in the last hour."""
        recent = (autodreams.c.channel == channel) & (autodreams.c.at >= datetime.now(UTC) - _HOUR)
        async with self._store.engine.connect() as connection:
            count = await connection.scalar(select(func.count()).select_from(autodreams).where(recent))
        return int(count or 0)

    async def get_meta(self, key: str) -> str | None:
        """A note, such as the hash of the commands published last."""
        async with self._store.engine.connect() as connection:
            value = await connection.scalar(select(meta.c.value).where(meta.c.key == key))
        return None if value is None else str(value)

    async def set_meta(self, key: str, value: str) -> None:
        """Writes a note. key: at most 64 characters."""
        async with self._store.engine.begin() as connection:
            done = await connection.execute(update(meta).where(meta.c.key == key).values(value=value))
            if not done.rowcount:
                await connection.execute(insert(meta).values(key=key, value=value))
