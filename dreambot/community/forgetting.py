"""Results that a server's moderators have forgotten. What was dreamed of one shows it too, and goes with
it."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from dreambot.jobs.database import Database
from dreambot.jobs.schema import comparisons, jobs
from dreambot.jobs.types import JobState

_FORGOTTEN = "A moderator had it forgotten."
_PICTURES = ("source", "label", "source_message", "guide", "result", "result_message", "answer")


@dataclass(frozen=True)
class Kept:
    """A result that can be forgotten, and its message, if others than its asker can see it. Ids but the job's
    are Discord's."""

    job: str
    channel: int
    message: int | None


class Forgetting:
    """Raises DatabaseLost as the job store does."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_message(self, guild: int, message: int, most: int) -> list[Kept]:
        """The result in a message of a server, or in a comparison there, and what was dreamed of it; at most
        `most` of them."""
        compared = select(comparisons.c.job).where(comparisons.c.message == message)
        return await self._found(guild, (jobs.c.result_message == message) | jobs.c.id.in_(compared), most)

    async def of_person(self, guild: int, person: int, most: int) -> list[Kept]:
        """What a person dreamed in a server, and what was dreamed of that."""
        return await self._found(guild, jobs.c.owner == person, most)

    async def forget(self, job: str) -> None:
        """What it was dreamed upon and what came of it is not known any more; its recipe stays."""
        values = dict.fromkeys(_PICTURES) | {"state": JobState.cancelled.value, "error": _FORGOTTEN}
        change = update(jobs).where(jobs.c.id == job).values(**values)

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(change)

        await self._database.run(work)

    async def _found(self, guild: int, root: ColumnElement[bool], most: int) -> list[Kept]:
        here = jobs.c.guild == guild
        tree = select(jobs.c.id).where(root & here).cte("tree", recursive=True)
        tree = tree.union(select(jobs.c.id).join(tree, jobs.c.parent == tree.c.id).where(here))
        chosen = (
            select(jobs.c.id, jobs.c.channel, jobs.c.result_message, jobs.c.private)
            .where(jobs.c.id.in_(select(tree.c.id)) & (jobs.c.state == JobState.done.value))
            .order_by(jobs.c.id.desc())
            .limit(most)
        )

        async def work(connection: AsyncConnection) -> list[Kept]:
            rows = await connection.execute(chosen)
            return [Kept(row.id, row.channel, None if row.private else row.result_message) for row in rows]

        return await self._database.run(work)
