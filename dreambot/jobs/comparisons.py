"""Comparisons that are shown to everyone: which message shows which pictures, so that it goes with them."""

from collections.abc import Collection
from dataclasses import asdict, dataclass

from sqlalchemy import delete, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from dreambot.jobs.database import Database
from dreambot.jobs.schema import comparisons

PICTURES = (comparisons.c.dream, comparisons.c.before, comparisons.c.source)
"""The columns with the messages whose pictures a comparison shows."""


@dataclass(frozen=True)
class Comparison:
    """A message of ours that shows a dream beside earlier pictures. Ids but the job's are Discord's.

    Attributes:
        message: The message itself.
        guild: Its server, if it is in one.
        channel: Its channel.
        person: Who had it shown.
        job: The dream's job.
        dream: The message with the dream.
        before: The message with the dream that this one goes on from, if that is shown.
        source: The message with the picture that the first dream was made from, if that is shown and was
            posted in a message.
    """

    message: int
    guild: int | None
    channel: int
    person: int
    job: str
    dream: int
    before: int | None
    source: int | None


class Comparisons:
    """Everything raises DatabaseLost as the job store does."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def note(self, comparison: Comparison) -> None:
        """Stores a comparison that was posted. One that is stored already stays.

        Args:
            comparison: The comparison.
        """
        stored = select(comparisons.c.message).where(comparisons.c.message == comparison.message)

        async def work(connection: AsyncConnection) -> None:
            # An earlier try may have been stored though its answer was lost.
            if await connection.scalar(stored) is None:
                await connection.execute(insert(comparisons).values(**asdict(comparison)))

        await self._database.run(work)

    async def showing(self, pictures: Collection[int]) -> list[Comparison]:
        """Finds the comparisons that show pictures.

        Args:
            pictures: The ids of the messages that the pictures are in.

        Returns:
            Each comparison that shows at least one of them, oldest first.
        """
        shows = or_(*(column.in_(pictures) for column in PICTURES))
        chosen = select(comparisons).where(shows).order_by(comparisons.c.message)

        async def work(connection: AsyncConnection) -> list[Comparison]:
            return [Comparison(**row) for row in (await connection.execute(chosen)).mappings()]

        return await self._database.run(work)

    async def forget(self, message: int) -> None:
        """Removes a comparison whose message was deleted, if it is one.

        Args:
            message: The id of the deleted message.
        """
        change = delete(comparisons).where(comparisons.c.message == message)

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(change)

        await self._database.run(work)
