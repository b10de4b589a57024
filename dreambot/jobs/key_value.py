"""Small values that all processes of the bot share, kept in the `meta` table.

Besides plain values: the speeds that the scheduler has learned, and the time of the last gateway IDENTIFY.
"""

import asyncio
import logging

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from dreambot.errors import UserError
from dreambot.jobs.database import Database
from dreambot.jobs.schema import meta
from dreambot.scheduler.run import Executor


class KeyValueStore:
    """Kept in the jobs' database; everything raises DatabaseUnavailable as the job store does."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, key: str) -> str | None:
        """A note, such as the hash of the commands published last."""

        async def work(connection: AsyncConnection) -> str | None:
            return await connection.scalar(select(meta.c.value).where(meta.c.key == key))

        return await self._database.run(work)

    async def put(self, key: str, value: str) -> None:
        """Writes a note. key: at most 64 characters."""

        async def work(connection: AsyncConnection) -> None:
            changed = await connection.execute(update(meta).where(meta.c.key == key).values(value=value))
            if not changed.rowcount:
                await connection.execute(insert(meta).values(key=key, value=value))

        await self._database.run(work)


log = logging.getLogger(__name__)

SAVE_SPEEDS_INTERVAL_S = 600.0
_SPEEDS_KEY = "speeds"


async def load_speeds(executor: Executor, notes: KeyValueStore) -> None:
    """Tells an executor that has not started what an earlier one learned."""
    learned = await notes.get(_SPEEDS_KEY)
    if learned:
        executor.remember(learned)


async def save_speeds(executor: Executor, notes: KeyValueStore) -> None:
    """Writes down what it has learned; without a database that is nothing to fail for."""
    try:
        await notes.put(_SPEEDS_KEY, executor.learned)
    except UserError as error:
        log.warning("what was learned about speeds could not be noted: %s", error)


async def save_speeds_periodically(executor: Executor, notes: KeyValueStore) -> None:
    """Every ten minutes, until it is cancelled: a process that is killed forgets no more."""
    while True:
        await asyncio.sleep(SAVE_SPEEDS_INTERVAL_S)
        await save_speeds(executor, notes)


IDENTIFY_INTERVAL_S = 5.5
"""Seconds between two IDENTIFYs of one bucket: Discord documents five for `max_concurrency`, and the way
there may be shorter the second time."""


class IdentifyRateLimiter:
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
                return min(float(value) - now, IDENTIFY_INTERVAL_S)
            free = str(now + IDENTIFY_INTERVAL_S)
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
