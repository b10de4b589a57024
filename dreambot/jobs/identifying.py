"""When a shard may say who it is, agreed between all processes of the bot."""

import asyncio

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from dreambot.jobs.database import Database
from dreambot.jobs.schema import meta

EVERY = 5.5
"""Seconds between two IDENTIFYs of one bucket: Discord documents five for `max_concurrency`, and the way
there may be shorter the second time."""


class IdentifyTurns:
    """One turn after another in each bucket of shards, in the database that the processes share."""

    def __init__(self, database: Database, together: int) -> None:
        """together: Discord's `max_concurrency`, the number of buckets."""
        self._database = database
        self._together = together

    async def take(self, shard: int) -> None:
        """Returns when it is this shard's turn."""
        key = f"identify {shard % self._together}"
        wait = await self._wait(key)
        while wait > 0:
            await asyncio.sleep(wait)
            wait = await self._wait(key)

    async def _wait(self, key: str) -> float:
        """Seconds until the next turn, 0 for one that was taken."""

        async def work(connection: AsyncConnection) -> float:
            now = (await self._database.now(connection)).timestamp()
            value = await connection.scalar(select(meta.c.value).where(meta.c.key == key).with_for_update())
            if value is not None and float(value) > now:
                return min(float(value) - now, EVERY)
            free = str(now + EVERY)
            if value is not None:
                await connection.execute(update(meta).where(meta.c.key == key).values(value=free))
                return 0.0
            await connection.execute(insert(meta).values(key=key, value=free))
            return 0.0

        try:
            return await self._database.run(work)
        except IntegrityError:
            # Another process was the first to write the key.
            return 0.1
