"""Finds and removes results, and the dreams made from them, at a moderator's request."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from dreambot.jobs.database import Database
from dreambot.jobs.models import JobState
from dreambot.jobs.schema import comparisons, jobs

_REMOVED_MESSAGE = "A moderator had it forgotten."
_IMAGE_COLUMNS = ("source", "label", "source_message", "guide", "result", "result_message", "answer")


@dataclass(frozen=True)
class RemovableResult:
    """A result that can be forgotten, and its message, if others than its asker can see it. Ids but the job's
    are Discord's."""

    job: str
    channel: int
    message: int | None


class ResultRemoval:
    """Raises DatabaseUnavailable as the job store does."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find_by_message(self, guild: int, message: int, most: int) -> list[RemovableResult]:
        """The result in a message of a server, or in a comparison there, and what was dreamed of it; at most
        `most` of them."""
        compared = select(comparisons.c.job).where(comparisons.c.message == message)
        return await self._found(guild, (jobs.c.result_message == message) | jobs.c.id.in_(compared), most)

    async def find_by_person(self, guild: int, person: int, most: int) -> list[RemovableResult]:
        """What a person dreamed in a server, and what was dreamed of that."""
        return await self._found(guild, jobs.c.owner == person, most)

    async def forget(self, job: str) -> None:
        """What it was dreamed upon and what came of it is not known any more; its recipe stays."""
        values = dict.fromkeys(_IMAGE_COLUMNS) | {
            "state": JobState.cancelled.value,
            "error": _REMOVED_MESSAGE,
        }
        change = update(jobs).where(jobs.c.id == job).values(**values)

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(change)

        await self._database.run(work)

    async def _found(self, guild: int, root: ColumnElement[bool], most: int) -> list[RemovableResult]:
        here = jobs.c.guild == guild
        tree = select(jobs.c.id).where(root & here).cte("tree", recursive=True)
        tree = tree.union(select(jobs.c.id).join(tree, jobs.c.parent == tree.c.id).where(here))
        chosen = (
            select(jobs.c.id, jobs.c.channel, jobs.c.result_message, jobs.c.private)
            .where(jobs.c.id.in_(select(tree.c.id)) & (jobs.c.state == JobState.done.value))
            .order_by(jobs.c.id.desc())
            .limit(most)
        )

        async def work(connection: AsyncConnection) -> list[RemovableResult]:
            rows = await connection.execute(chosen)
            return [
                RemovableResult(row.id, row.channel, None if row.private else row.result_message)
                for row in rows
            ]

        return await self._database.run(work)
