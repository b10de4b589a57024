"""What is remembered besides jobs: channels where pictures are dreamed unasked, and notes to ourselves."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Table, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from dreambot.jobs.database import Database
from dreambot.jobs.schema import autodreams, channels, meta

_HOUR = timedelta(hours=1)


class ChannelSettings:
    """Kept in the jobs' database; everything raises DatabaseLost as the job store does."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def autodream_chance(self, channel: int) -> float:
        """How likely a picture posted there is dreamed, 0 to 1; 0 where nobody switched it on."""
        return float(await self._value(channels.c.autodream, channels.c.id == channel) or 0.0)

    async def set_autodream_chance(self, channel: int, chance: float) -> None:
        """Sets it. chance: 0 (off) to 1."""
        await self._put(channels, {"id": channel}, {"autodream": chance})

    async def note_autodream(self, channel: int) -> None:
        """Counts a picture dreamed unasked."""
        now = datetime.now(UTC)
        old = (autodreams.c.channel == channel) & (autodreams.c.at < now - _HOUR)

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(insert(autodreams).values(channel=channel, at=now))
            await connection.execute(delete(autodreams).where(old))

        await self._database.run(work)

    async def autodreams_last_hour(self, channel: int) -> int:
        """How many were counted there in the last hour."""
        recent = (autodreams.c.channel == channel) & (autodreams.c.at >= datetime.now(UTC) - _HOUR)
        return int(await self._value(func.count(autodreams.c.channel), recent) or 0)

    async def get_meta(self, key: str) -> str | None:
        """A note, such as the hash of the commands published last."""
        value = await self._value(meta.c.value, meta.c.key == key)
        return None if value is None else str(value)

    async def set_meta(self, key: str, value: str) -> None:
        """Writes a note. key: at most 64 characters."""
        await self._put(meta, {"key": key}, {"value": value})

    async def _value(self, column: ColumnElement[Any], where: ColumnElement[bool]) -> Any:
        async def work(connection: AsyncConnection) -> Any:
            return await connection.scalar(select(column).where(where))

        return await self._database.run(work)

    async def _put(self, table: Table, key: Mapping[str, Any], values: Mapping[str, Any]) -> None:
        ((column, value),) = key.items()
        change = update(table).where(table.c[column] == value).values(**values)

        async def work(connection: AsyncConnection) -> None:
            if not (await connection.execute(change)).rowcount:
                await connection.execute(insert(table).values(**key, **values))

        await self._database.run(work)
