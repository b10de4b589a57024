"""Notes to ourselves, remembered beside the jobs."""

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from dreambot.jobs.database import Database
from dreambot.jobs.schema import meta


class Notes:
    """Kept in the jobs' database; everything raises DatabaseLost as the job store does."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get_meta(self, key: str) -> str | None:
        """A note, such as the hash of the commands published last."""

        async def work(connection: AsyncConnection) -> str | None:
            return await connection.scalar(select(meta.c.value).where(meta.c.key == key))

        return await self._database.run(work)

    async def set_meta(self, key: str, value: str) -> None:
        """Writes a note. key: at most 64 characters."""

        async def work(connection: AsyncConnection) -> None:
            changed = await connection.execute(update(meta).where(meta.c.key == key).values(value=value))
            if not changed.rowcount:
                await connection.execute(insert(meta).values(key=key, value=value))

        await self._database.run(work)
