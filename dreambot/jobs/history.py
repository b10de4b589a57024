"""Queries finished jobs: by result, by source, by owner, by parent, and the messages that compare them."""

from collections.abc import Collection
from dataclasses import asdict, dataclass

from sqlalchemy import ColumnElement, delete, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from dreambot.jobs.database import Database, transaction
from dreambot.jobs.models import Job, JobState
from dreambot.jobs.schema import comparisons, job_from_row, jobs

_DONE = jobs.c.state == JobState.done.value
_MAX_LINEAGE = 100


class JobHistory:
    """Queries finished jobs. Every method raises DatabaseUnavailable as the job store does."""

    def __init__(self, database: Database) -> None:
        """Reads nothing yet.

        Args:
            database: The jobs' database.
        """
        self._database = database

    async def find_by_result(self, message: int) -> Job | None:
        """Returns the job whose result was delivered as a message.

        Args:
            message: The message's id.
        """
        return await self._first(jobs.c.result_message == message)

    async def line(self, job: Job) -> list[Job]:
        """Returns a job and its ancestors, the oldest last; at most a hundred.

        Args:
            job: The job.
        """
        line = [job]
        while len(line) < _MAX_LINEAGE:
            parent = await self._before(line[-1])
            if parent is None or parent in line:
                break
            line.append(parent)
        return line

    async def _before(self, job: Job) -> Job | None:
        """Returns the parent: of a button, or whose result was the source."""
        if job.spec.parent:
            return await self._first(jobs.c.id == job.spec.parent)
        message = job.spec.source.message if job.spec.source else None
        return await self.find_by_result(message) if message else None

    async def children(self, job_id: str) -> list[Job]:
        """Returns the done jobs that were started from a job's result, oldest first.

        Args:
            job_id: The job.
        """
        return await self._jobs((jobs.c.parent == job_id) & _DONE, newest_first=False)

    async def dreams(
        self, owner: int, *, guild: int | None = None, channel: int | None = None, most: int = 25
    ) -> list[Job]:
        """Returns what a user dreamed, newest first.

        Args:
            owner: The user's id.
            guild: Only in this server.
            channel: Only in this channel.
            most: The most jobs returned.
        """
        where = (jobs.c.owner == owner) & _DONE
        if guild is not None:
            where &= jobs.c.guild == guild
        if channel is not None:
            where &= jobs.c.channel == channel
        return await self._jobs(where, most=most)

    async def latest_with_recipe(self, owner: int) -> Job | None:
        """Returns a user's last dream that has a recipe.

        Args:
            owner: The user's id.
        """
        found = await self._jobs((jobs.c.owner == owner) & _DONE & jobs.c.recipe.is_not(None), most=1)
        return found[0] if found else None

    async def find_by_source(self, message: int) -> list[Job]:
        """Returns the dreams made from the picture of a message.

        Args:
            message: The message's id.
        """
        return await self._jobs((jobs.c.source_message == message) & _DONE)

    async def _first(self, where: ColumnElement[bool]) -> Job | None:
        found = await self._jobs(where, most=1)
        return found[0] if found else None

    async def _jobs(
        self, where: ColumnElement[bool], *, most: int = _MAX_LINEAGE, newest_first: bool = True
    ) -> list[Job]:
        order = jobs.c.id.desc() if newest_first else jobs.c.id
        chosen = select(jobs).where(where).order_by(order).limit(most)

        return [job_from_row(row) for row in await self._database.fetch_all(chosen)]


IMAGE_COLUMNS = (comparisons.c.dream, comparisons.c.before, comparisons.c.source)
"""The columns with the messages whose pictures a comparison shows."""


@dataclass(frozen=True)
class Comparison:
    """A message of the bot that shows a dream beside earlier pictures. All ids but `job` are Discord's.

    Attributes:
        message: The message itself.
        guild: Its server, if it is in one.
        channel: Its channel.
        person: Who had it shown.
        job: The dream's job.
        dream: The message with the dream.
        before: The message with the dream that this one was made from, if that is shown.
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
    """Stores comparisons. Every method raises DatabaseUnavailable as the job store does."""

    def __init__(self, database: Database) -> None:
        """Reads nothing yet.

        Args:
            database: The jobs' database.
        """
        self._database = database

    async def note(self, comparison: Comparison) -> None:
        """Stores a comparison that was posted. One that is stored already stays.

        Args:
            comparison: The comparison.
        """
        await self._add(comparison)

    @transaction
    async def _add(self, connection: AsyncConnection, comparison: Comparison) -> None:
        stored = select(comparisons.c.message).where(comparisons.c.message == comparison.message)
        # An earlier attempt may have been committed although its response was lost.
        if await connection.scalar(stored) is None:
            await connection.execute(insert(comparisons).values(**asdict(comparison)))

    async def showing(self, pictures: Collection[int]) -> list[Comparison]:
        """Finds the comparisons that show pictures.

        Args:
            pictures: The ids of the messages that the pictures are in.

        Returns:
            Each comparison that shows at least one of them, oldest first.
        """
        shows = or_(*(column.in_(pictures) for column in IMAGE_COLUMNS))
        chosen = select(comparisons).where(shows).order_by(comparisons.c.message)

        return [Comparison(**row) for row in await self._database.fetch_all(chosen)]

    async def forget(self, message: int) -> None:
        """Removes a comparison whose message was deleted, if it is one.

        Args:
            message: The id of the deleted message.
        """
        await self._database.execute(delete(comparisons).where(comparisons.c.message == message))
