"""Exports and erases what is stored about a person."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, case, delete, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from dreambot.errors import Message
from dreambot.jobs.database import Database
from dreambot.jobs.files import JobFiles
from dreambot.jobs.models import JobState
from dreambot.jobs.schema import UNFINISHED, blocks, comparisons, jobs, people
from dreambot.recipe import DreamRequest
from dreambot.recipe.request import dump_request

ANONYMOUS_ID = 0
"""Who asked for a dream whose asker is not known any more, and where."""

_SECRET_COLUMNS = frozenset({"token", "holder", "held_until", "last_change", "application"})
_NUMBER_COLUMNS = frozenset({"attempts", "upload_limit"})
_JSON_COLUMNS = frozenset({"request", "source", "guide", "bounds", "recipe", "result"})
# All that a job's row holds besides its id, its state, its recipe, its parent and when it was made.
_ANONYMISED_VALUES: dict[str, Any] = {
    "owner": ANONYMOUS_ID,
    "channel": ANONYMOUS_ID,
    "application": ANONYMOUS_ID,
    "request": dump_request(DreamRequest()),
    "spoiler": False,
    "quiet": False,
    "reachable": False,
    "private": False,
    "upload_limit": 0,
    "attempts": 0,
    "locale": "en",
    "since": jobs.c.created,
    "updated": jobs.c.created,
    **dict.fromkeys(
        (
            *("guild", "token", "reply_to", "source", "label", "source_message", "source_person", "guide"),
            *("press", "bounds", "error", "result", "answer", "delivering", "result_message", "caption"),
            *("holder", "held_until", "withdrawn", "last_change"),
        )
    ),
}
# Somebody else's dream upon the person's picture: theirs, but no word of whose picture it was.
_MESSAGE_COLUMNS = {"label", "error"}
_ERASED_SOURCE_VALUES = dict.fromkeys(("source", "label", "source_message", "source_person"))


@dataclass(frozen=True)
class PostedMessage:
    """The message of a dream, or of a comparison with it, in a channel. Ids are Discord's."""

    job: str
    guild: int | None
    channel: int
    message: int


class PersonalData:
    """Everything raises DatabaseUnavailable as the job store does."""

    def __init__(self, database: Database, files: JobFiles) -> None:
        self._database = database
        self._files = files

    async def export(self, person: int) -> dict[str, Any]:
        """All that is kept of a person, ready for JSON: less the secrets by which jobs are answered."""

        async def work(connection: AsyncConnection) -> dict[str, Any]:
            settings = await connection.scalar(select(people.c.settings).where(people.c.id == person))
            blocked = select(blocks.c.guild, blocks.c.since).where(blocks.c.person == person)
            asked = select(jobs).where(jobs.c.owner == person).order_by(jobs.c.id)
            upon = select(jobs.c.id, jobs.c.created, jobs.c.guild, jobs.c.channel, jobs.c.source_message)
            compared = select(comparisons).where(_concerns(person)).order_by(comparisons.c.message)
            by_others = (jobs.c.source_person == person) & (jobs.c.owner != person)
            return {
                "person": str(person),
                "settings": json.loads(settings) if settings else {},
                "blocked_in": [_exported_row(row) for row in (await connection.execute(blocked)).mappings()],
                "dreams": [_exported_row(row) for row in (await connection.execute(asked)).mappings()],
                "dreamed_by_others": [
                    _exported_row(row)
                    for row in (
                        await connection.execute(upon.where(by_others).order_by(jobs.c.id))
                    ).mappings()
                ],
                "comparisons": [
                    _exported_row(row) for row in (await connection.execute(compared)).mappings()
                ],
            }

        return await self._database.run(work)

    async def unfinished(self, person: int) -> list[str]:
        """The ids of the jobs of theirs that are not over."""
        chosen = select(jobs.c.id).where((jobs.c.owner == person) & UNFINISHED)
        return await self._database.run(lambda connection: _scalars(connection, chosen))

    async def posted(self, person: int) -> list[PostedMessage]:
        """The messages that hold their dreams, oldest first; those that they alone can see are not among
        them."""
        mine = (jobs.c.owner == person) & jobs.c.result_message.is_not(None) & ~jobs.c.private
        columns = (jobs.c.id, jobs.c.guild, jobs.c.channel, jobs.c.result_message)
        chosen = select(*columns).where(mine).order_by(jobs.c.id)

        async def work(connection: AsyncConnection) -> list[PostedMessage]:
            return [PostedMessage(*row) for row in await connection.execute(chosen)]

        return await self._database.run(work)

    async def comparisons(self, person: int) -> list[PostedMessage]:
        """Finds the comparisons that have to do with a person.

        Args:
            person: Their Discord id.

        Returns:
            The messages that show a dream or a picture of theirs, or that they had shown, oldest first.
        """
        columns = (comparisons.c.job, comparisons.c.guild, comparisons.c.channel, comparisons.c.message)
        chosen = select(*columns).where(_concerns(person)).order_by(comparisons.c.message)

        async def work(connection: AsyncConnection) -> list[PostedMessage]:
            return [PostedMessage(*row) for row in await connection.execute(chosen)]

        return await self._database.run(work)

    async def erase(self, person: int) -> int:
        """Removes what is kept of a person, files too, and returns of how many jobs. Of each there stays its
        id, its recipe and its parent, by which others' dreams go back; and moderators' blocks stay. What is
        unfinished is over, whoever is at work on it."""
        mine = jobs.c.owner == person
        chosen = select(jobs.c.id).where(mine)
        over = case((UNFINISHED, literal(JobState.cancelled.value)), else_=jobs.c.state)
        nameless = update(jobs).where(mine).values(state=over, **_ANONYMISED_VALUES)
        upon = (jobs.c.owner != person) & (jobs.c.source_person == person) & ~UNFINISHED

        async def work(connection: AsyncConnection) -> list[str]:
            ids = list(await connection.scalars(chosen))
            # First, because the jobs tell which they are.
            await connection.execute(delete(comparisons).where(_concerns(person)))
            await connection.execute(nameless)
            await connection.execute(update(jobs).where(upon).values(**_ERASED_SOURCE_VALUES))
            await connection.execute(delete(people).where(people.c.id == person))
            return ids

        # Files first and last: what is stored in between is of a job that was at work until now.
        await self._files.remove_all(
            await self._database.run(lambda connection: _scalars(connection, chosen))
        )
        ids = await self._database.run(work)
        await self._files.remove_all(ids)
        return len(ids)


def _concerns(person: int) -> ColumnElement[bool]:
    """Which comparisons show a dream or a picture of a person, or were shown by them."""
    concerned = select(jobs.c.id).where((jobs.c.owner == person) | (jobs.c.source_person == person))
    dreams = select(jobs.c.result_message).where(jobs.c.owner == person)
    shows = comparisons.c.dream.in_(dreams) | comparisons.c.before.in_(dreams)
    return (comparisons.c.person == person) | comparisons.c.job.in_(concerned) | shows


async def _scalars(connection: AsyncConnection, chosen: Select[tuple[str]]) -> list[str]:
    return list(await connection.scalars(chosen))


def _exported_row(row: RowMapping) -> dict[str, Any]:
    """A row for people and their machines. Ids are text, for many readers of JSON know no such numbers."""
    return {key: _exported_value(key, value) for key, value in row.items() if key not in _SECRET_COLUMNS}


def _exported_value(key: str, value: Any) -> Any:
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, int):
        return value if key in _NUMBER_COLUMNS else str(value)
    if key in _MESSAGE_COLUMNS:
        return Message.from_json(value).text()
    return json.loads(value) if key in _JSON_COLUMNS else value
