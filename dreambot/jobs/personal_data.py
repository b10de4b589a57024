"""Exports and erases what is stored about a person."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, case, delete, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from dreambot.errors import Message
from dreambot.jobs.database import Database, transaction
from dreambot.jobs.files import JobFiles
from dreambot.jobs.models import JobState
from dreambot.jobs.schema import UNFINISHED, blocks, comparisons, forwards, gallery, jobs, looks, people
from dreambot.recipe import DreamRequest
from dreambot.recipe.request import dump_request

ANONYMOUS_ID = 0
"""Stands for the owner and the channel of a job whose owner was erased."""

_SECRET_COLUMNS = frozenset({"token", "holder", "held_until", "last_change", "application"})
_NUMBER_COLUMNS = frozenset({"attempts", "pictures", "upload_limit", "size", "stars"})
_JSON_COLUMNS = frozenset(
    {
        "request",
        "source",
        "source_reference",
        "guide",
        "sound",
        "album",
        "bounds",
        "recipe",
        "result",
        "files",
    }
)
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
    "pictures": 1,
    "attempts": 0,
    "locale": "en",
    "since": jobs.c.created,
    "updated": jobs.c.created,
    **dict.fromkeys(
        (
            *("guild", "token", "reply_to", "source", "label", "source_message", "source_person"),
            *("source_reference", "guide", "sound", "album"),
            *("press", "bounds", "error", "result", "answer", "delivering", "result_message", "caption"),
            *("holder", "held_until", "withdrawn", "last_change"),
        )
    ),
}
# Of another user's dream of the person's picture, only whose picture it was is erased.
_MESSAGE_COLUMNS = {"label", "error"}
_ERASED_SOURCE_VALUES = dict.fromkeys(
    ("source", "label", "source_message", "source_person", "sound", "album")
)


@dataclass(frozen=True)
class PostedMessage:
    """The message of a dream, or of a comparison with it. Guild, channel and message are Discord ids."""

    job: str
    guild: int | None
    channel: int
    message: int


class PersonalData:
    """Exports and erases data. Every method raises DatabaseUnavailable as the job store does."""

    def __init__(self, database: Database, files: JobFiles) -> None:
        """Reads nothing yet.

        Args:
            database: The jobs' database.
            files: The jobs' files.
        """
        self._database = database
        self._files = files

    async def export(self, person: int) -> dict[str, Any]:
        """Returns all that is stored about a user, ready for JSON, without the secrets of replies.

        Args:
            person: The user's id.
        """
        return await self._export(person)

    @transaction
    async def _export(self, connection: AsyncConnection, person: int) -> dict[str, Any]:
        async def rows(query: Select[Any]) -> list[dict[str, Any]]:
            return [_exported_row(row) for row in (await connection.execute(query)).mappings()]

        settings = await connection.scalar(select(people.c.settings).where(people.c.id == person))
        used = select(jobs.c.id, jobs.c.created, jobs.c.guild, jobs.c.channel, jobs.c.source_message)
        own_looks = select(looks.c.name, looks.c.recipe, looks.c.created).where(_is_look_of(person))
        by_others = ((jobs.c.source_person == person) | _is_sound_of(person)) & (jobs.c.owner != person)
        return {
            "person": str(person),
            "settings": json.loads(settings) if settings else {},
            "looks": await rows(own_looks.order_by(looks.c.created)),
            "blocked_in": await rows(select(blocks.c.guild, blocks.c.since).where(blocks.c.person == person)),
            "dreams": await rows(select(jobs).where(jobs.c.owner == person).order_by(jobs.c.id)),
            "dreamed_by_others": await rows(used.where(by_others).order_by(jobs.c.id)),
            "forwards": await rows(select(forwards).where(_shown_in(person)).order_by(forwards.c.message)),
            "gallery": await rows(
                select(gallery)
                .where((gallery.c.owner == person) | (gallery.c.source_person == person))
                .order_by(gallery.c.shared)
            ),
            "comparisons": await rows(
                select(comparisons).where(_concerns(person)).order_by(comparisons.c.message)
            ),
        }

    async def unfinished(self, person: int) -> list[str]:
        """Returns the ids of a user's unfinished jobs.

        Args:
            person: The user's id.
        """
        return await self._ids((jobs.c.owner == person) & UNFINISHED)

    async def posted(self, person: int) -> list[PostedMessage]:
        """Returns the messages with a user's dreams, oldest first, without those only they can see.

        Args:
            person: The user's id.
        """
        mine = (jobs.c.owner == person) & jobs.c.result_message.is_not(None) & ~jobs.c.private
        columns = (jobs.c.id, jobs.c.guild, jobs.c.channel, jobs.c.result_message)
        return await self._messages(select(*columns).where(mine).order_by(jobs.c.id))

    async def comparisons(self, person: int) -> list[PostedMessage]:
        """Finds the comparisons that have to do with a person.

        Args:
            person: Their Discord id.

        Returns:
            The messages that show a dream or a picture of theirs, or that they had shown, oldest first.
        """
        columns = (comparisons.c.job, comparisons.c.guild, comparisons.c.channel, comparisons.c.message)
        return await self._messages(select(*columns).where(_concerns(person)).order_by(comparisons.c.message))

    async def forwards(self, person: int) -> list[PostedMessage]:
        """Finds the forwards of a person's dreams, and of dreams of their pictures, to halls of fame.

        Args:
            person: Their Discord id.

        Returns:
            The forwarded messages, oldest first.
        """
        columns = (forwards.c.job, forwards.c.guild, forwards.c.hall, forwards.c.forward)
        sent = _shown_in(person) & forwards.c.forward.is_not(None)
        return await self._messages(select(*columns).where(sent).order_by(forwards.c.message))

    async def erase(self, person: int) -> int:
        """Erases what is stored about a user, files too.

        Of each job its id, recipe (without the words in it) and parent stay, which the history of others'
        dreams needs; moderators' blocks stay. Unfinished jobs are cancelled, in other processes too.

        Args:
            person: The user's id.

        Returns:
            The number of jobs.
        """
        # Files first and last: what is stored in between belongs to a job that ran until now.
        await self._files.remove_all(await self._ids(jobs.c.owner == person))
        ids = await self._erase(person)
        await self._files.remove_all(ids)
        return len(ids)

    @transaction
    async def _erase(self, connection: AsyncConnection, person: int) -> list[str]:
        mine = jobs.c.owner == person
        over = case((UNFINISHED, literal(JobState.cancelled.value)), else_=jobs.c.state)
        used = (jobs.c.owner != person) & (jobs.c.source_person == person) & ~UNFINISHED
        ids = list(await connection.scalars(select(jobs.c.id).where(mine)))
        # First, because these are found by the jobs.
        await connection.execute(delete(comparisons).where(_concerns(person)))
        await connection.execute(delete(forwards).where(_shown_in(person)))
        await _erase_words(connection, mine)
        await connection.execute(update(jobs).where(mine).values(state=over, **_ANONYMISED_VALUES))
        await connection.execute(update(jobs).where(used).values(**_ERASED_SOURCE_VALUES))
        await connection.execute(delete(looks).where(_is_look_of(person)))
        heard = (jobs.c.owner != person) & _is_sound_of(person) & ~UNFINISHED
        await connection.execute(update(jobs).where(heard).values(sound=None))
        await connection.execute(delete(people).where(people.c.id == person))
        return ids

    async def _ids(self, condition: ColumnElement[bool]) -> list[str]:
        return [row["id"] for row in await self._database.fetch_all(select(jobs.c.id).where(condition))]

    async def _messages(self, query: Select[Any]) -> list[PostedMessage]:
        return [PostedMessage(*row.values()) for row in await self._database.fetch_all(query)]


async def _erase_words(connection: AsyncConnection, mine: ColumnElement[bool]) -> None:
    """Removes the words that a person had written into dreams from the recipes, which stay."""
    with_words = jobs.c.recipe.contains('"text":"', autoescape=True)
    found = await connection.execute(select(jobs.c.id, jobs.c.recipe).where(mine & with_words))
    for job, recipe in found.all():
        wordless = json.dumps({**json.loads(recipe), "text": None}, separators=(",", ":"), ensure_ascii=False)
        await connection.execute(update(jobs).where(jobs.c.id == job).values(recipe=wordless))


def _is_sound_of(person: int) -> ColumnElement[bool]:
    """Which jobs have a sound that a person posted, perhaps with another person's picture."""
    return jobs.c.sound.endswith(f'"person": {person}}}', autoescape=True)


def _concerns(person: int) -> ColumnElement[bool]:
    """Which comparisons show a dream or a picture of a person, or were shown by them."""
    concerned = select(jobs.c.id).where((jobs.c.owner == person) | (jobs.c.source_person == person))
    dreams = select(jobs.c.result_message).where(jobs.c.owner == person)
    shows = comparisons.c.dream.in_(dreams) | comparisons.c.before.in_(dreams)
    return (comparisons.c.person == person) | comparisons.c.job.in_(concerned) | shows


def _shown_in(person: int) -> ColumnElement[bool]:
    """Which forwards show a dream or a picture of a person."""
    return forwards.c.job.in_(
        select(jobs.c.id).where((jobs.c.owner == person) | (jobs.c.source_person == person))
    )


def _is_look_of(person: int) -> ColumnElement[bool]:
    return (looks.c.scope == "person") & (looks.c.owner == person)


def _exported_row(row: RowMapping) -> dict[str, Any]:
    """A row for JSON. Ids are text, because many readers of JSON cannot hold such numbers."""
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
