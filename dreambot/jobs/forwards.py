"""Stores which dreams were forwarded to a hall of fame, so that each is forwarded once."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from dreambot.jobs.database import Database, transaction
from dreambot.jobs.schema import forwards

STALE = timedelta(minutes=1)
"""A forward that is not sent after this time was interrupted."""


@dataclass(frozen=True)
class Forward:
    """A dream that is or was forwarded. All ids but `job` are Discord's.

    Attributes:
        message: The message with the dream.
        job: The dream's job.
        guild: The server.
        channel: The channel of the dream.
        hall: The channel that it is forwarded to.
        since: When it was claimed.
        forward: The forwarded message; None until it is sent.
    """

    message: int
    job: str
    guild: int
    channel: int
    hall: int
    since: datetime
    forward: int | None = None

    @property
    def interrupted(self) -> bool:
        """Whether the process that claimed it has not sent it."""
        return self.forward is None and self.since < datetime.now(UTC) - STALE


class Forwards:
    """The forwarded dreams. Every method raises DatabaseUnavailable as the job store does."""

    def __init__(self, database: Database) -> None:
        """Reads nothing yet.

        Args:
            database: The jobs' database.
        """
        self._database = database

    async def claim(self, forward: Forward) -> bool:
        """Stores that this process sends a forward.

        Args:
            forward: The forward.

        Returns:
            Whether no other process has claimed it before.
        """
        return await self._claim(forward)

    @transaction
    async def _claim(self, connection: AsyncConnection, forward: Forward) -> bool:
        stored = select(forwards.c.since).where(forwards.c.message == forward.message)
        since: datetime | None = await connection.scalar(stored)
        if since is not None:
            # An earlier attempt may have been committed although its response was lost.
            return since == forward.since
        try:
            await connection.execute(insert(forwards).values(**asdict(forward)))
        except IntegrityError:
            return False
        return True

    async def claim_interrupted(self, forward: Forward) -> bool:
        """Stores that this process sends a forward that another process did not send.

        Args:
            forward: The forward as it was read.

        Returns:
            Whether no other process was faster.
        """
        same = (forwards.c.message == forward.message) & (forwards.c.since == forward.since)
        now = update(forwards).where(same & forwards.c.forward.is_(None)).values(since=datetime.now(UTC))
        return bool(await self._database.execute(now))

    async def set_sent(self, message: int, forward: int) -> bool:
        """Stores that a forward was sent.

        Args:
            message: The message with the dream.
            forward: The forwarded message.

        Returns:
            False if the dream was deleted in the meantime.
        """
        sent = update(forwards).where(forwards.c.message == message).values(forward=forward)
        return bool(await self._database.execute(sent))

    async def remove(self, message: int) -> None:
        """Forgets a forward: it failed, or the dream was deleted.

        Args:
            message: The message with the dream.
        """
        await self._database.execute(delete(forwards).where(forwards.c.message == message))

    async def find(self, messages: Collection[int]) -> Sequence[Forward]:
        """Finds the forwards of dreams.

        Args:
            messages: The messages with the dreams.
        """
        return await self._forwards(forwards.c.message.in_(messages))

    async def in_channel(self, channel: int) -> Sequence[Forward]:
        """Finds the forwards of a channel's dreams.

        Args:
            channel: The channel.
        """
        return await self._forwards(forwards.c.channel == channel)

    async def interrupted(self) -> Sequence[Forward]:
        """Finds the forwards that were claimed and not sent."""
        found = await self._forwards(forwards.c.forward.is_(None))
        return [one for one in found if one.interrupted]

    async def _forwards(self, where: ColumnElement[bool]) -> Sequence[Forward]:
        chosen = select(forwards).where(where).order_by(forwards.c.message)
        return [Forward(**row) for row in await self._database.fetch_all(chosen)]
