"""Finds and removes results, and the dreams made from them, at a moderator's request."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, select, update

from dreambot.jobs.database import Database
from dreambot.jobs.models import JobState
from dreambot.jobs.schema import comparisons, jobs

_REMOVED_MESSAGE = "A moderator had it forgotten."
_IMAGE_COLUMNS = (
    *("source", "label", "source_message", "guide", "sound", "album"),
    *("result", "result_message", "answer"),
)


@dataclass(frozen=True)
class RemovableResult:
    """A result that can be removed.

    Attributes:
        job: Its job's id.
        channel: The channel's id.
        message: The message's id, if others than the requester can see it.
    """

    job: str
    channel: int
    message: int | None


class ResultRemoval:
    """Removes results. Every method raises DatabaseUnavailable as the job store does."""

    def __init__(self, database: Database) -> None:
        """Reads nothing yet.

        Args:
            database: The jobs' database.
        """
        self._database = database

    async def find_by_message(self, guild: int, message: int, most: int) -> list[RemovableResult]:
        """Finds the result in a message or a comparison, and the dreams made from it.

        Args:
            guild: The server's id.
            message: The message's id.
            most: The most results returned.
        """
        compared = select(comparisons.c.job).where(comparisons.c.message == message)
        return await self._found(guild, (jobs.c.result_message == message) | jobs.c.id.in_(compared), most)

    async def find_by_person(self, guild: int, person: int, most: int) -> list[RemovableResult]:
        """Finds what a user dreamed in a server, and the dreams made from that.

        Args:
            guild: The server's id.
            person: The user's id.
            most: The most results returned.
        """
        return await self._found(guild, jobs.c.owner == person, most)

    async def forget(self, job: str) -> None:
        """Erases a job's source and result; its recipe stays.

        Args:
            job: The job's id.
        """
        values = dict.fromkeys(_IMAGE_COLUMNS) | {
            "state": JobState.cancelled.value,
            "error": _REMOVED_MESSAGE,
        }
        await self._database.execute(update(jobs).where(jobs.c.id == job).values(**values))

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
        return [
            RemovableResult(row["id"], row["channel"], None if row["private"] else row["result_message"])
            for row in await self._database.fetch_all(chosen)
        ]
