"""Small values that all processes of the bot share, kept in the `meta` table.

Besides plain values: the speeds that the scheduler has learned, and the time of the last gateway IDENTIFY.
"""

import asyncio
import logging

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from dreambot.errors import UserError
from dreambot.jobs.database import Database, transaction
from dreambot.jobs.schema import meta
from dreambot.scheduler.run import Executor


class KeyValueStore:
    """Values in the jobs' database. Every method raises DatabaseUnavailable as the job store does."""

    def __init__(self, database: Database) -> None:
        """Reads nothing yet.

        Args:
            database: The jobs' database.
        """
        self._database = database

    async def get(self, key: str) -> str | None:
        """Returns a value, such as the hash of the commands published last.

        Args:
            key: Its key.
        """
        value: str | None = await self._database.fetch_value(select(meta.c.value).where(meta.c.key == key))
        return value

    async def put(self, key: str, value: str) -> None:
        """Stores a value.

        Args:
            key: At most 64 characters.
            value: The value.
        """
        await self._put(key, value)

    @transaction
    async def _put(self, connection: AsyncConnection, key: str, value: str) -> None:
        changed = await connection.execute(update(meta).where(meta.c.key == key).values(value=value))
        if not changed.rowcount:
            await connection.execute(insert(meta).values(key=key, value=value))


log = logging.getLogger(__name__)

SAVE_SPEEDS_INTERVAL_S = 600.0
_SPEEDS_KEY = "speeds"


async def load_speeds(executor: Executor, key_values: KeyValueStore) -> None:
    """Hands an executor that has not started what an earlier process learned.

    Args:
        executor: The executor.
        key_values: Where it was stored.
    """
    learned = await key_values.get(_SPEEDS_KEY)
    if learned:
        executor.remember(learned)


async def save_speeds(executor: Executor, key_values: KeyValueStore) -> None:
    """Stores what an executor has learned. A database that is lost is only logged.

    Args:
        executor: The executor.
        key_values: Where it is stored.
    """
    try:
        await key_values.put(_SPEEDS_KEY, executor.learned)
    except UserError as error:
        log.warning("what was learned about speeds could not be stored: %s", error)


async def save_speeds_periodically(executor: Executor, key_values: KeyValueStore) -> None:
    """Stores it every ten minutes until cancelled, so that a killed process loses little.

    Args:
        executor: The executor.
        key_values: Where it is stored.
    """
    while True:
        await asyncio.sleep(SAVE_SPEEDS_INTERVAL_S)
        await save_speeds(executor, key_values)


IDENTIFY_INTERVAL_S = 5.5
"""Seconds between two IDENTIFYs of one bucket: Discord documents five for `max_concurrency`, and the way
there may be shorter the second time."""


class IdentifyRateLimiter:
    """Lets one shard after another identify in each bucket, across the processes that share the database."""

    def __init__(self, database: Database, together: int) -> None:
        """Takes nothing yet.

        Args:
            database: The shared database.
            together: Discord's `max_concurrency`, the number of buckets.
        """
        self._database = database
        self._together = together

    async def take(self, shard: int) -> None:
        """Returns when the shard may identify.

        Args:
            shard: The shard's number.
        """
        key = f"identify {shard % self._together}"
        wait = await self._wait(key)
        while wait > 0:
            await asyncio.sleep(wait)
            wait = await self._wait(key)

    async def _wait(self, key: str) -> float:
        """Seconds until the next turn, 0 for one that was taken."""
        try:
            return await self._take(key)
        except IntegrityError:
            # Another process was the first to write the key.
            return 0.1

    @transaction
    async def _take(self, connection: AsyncConnection, key: str) -> float:
        now = (await self._database.now(connection)).timestamp()
        value = await connection.scalar(select(meta.c.value).where(meta.c.key == key).with_for_update())
        if value is not None and float(value) > now:
            return min(float(value) - now, IDENTIFY_INTERVAL_S)
        free = str(now + IDENTIFY_INTERVAL_S)
        if value is None:
            await connection.execute(insert(meta).values(key=key, value=free))
        else:
            await connection.execute(update(meta).where(meta.c.key == key).values(value=free))
        return 0.0
