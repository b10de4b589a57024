"""Saved looks: their names, and storing those of people and servers and the defaults of channels."""

import json
import logging
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, RowMapping, Select, and_, delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from dreambot.errors import UserError
from dreambot.guilds.settings import PersonSettings
from dreambot.jobs.database import Database, transaction
from dreambot.jobs.schema import channels, looks, people
from dreambot.recipe import Recipe, RecipeError
from dreambot.recipe.dream import DefaultOwner
from dreambot.recipe.presets import PRESETS, current_name

log = logging.getLogger(__name__)

LookScope = Literal["person", "server"]

MAX_NAME_LENGTH = 24
MAX_LOOKS: dict[LookScope, int] = {"person": 25, "server": 50}

# Letters, their marks, digits, and symbols such as emoji.
_NAME_CATEGORIES = ("L", "M", "N", "So", "Sk")
# The last one joins the parts of an emoji.
_NAME_PUNCTUATION = " -_'’.!?&\u200d"
_QUERY_TIMEOUT_S = 2.0
"""The user waits for an answer, and nothing was promised yet."""


def clean_name(text: str) -> str:
    """Returns the name of a look as it is stored and shown.

    Args:
        text: What a person typed.

    Raises:
        UserError: It is empty, too long, or has characters that cannot be typed after a mention.
    """
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not 1 <= len(name) <= MAX_NAME_LENGTH:
        raise UserError("looks-name-length", most=MAX_NAME_LENGTH)
    kinds = [unicodedata.category(letter) for letter in name]
    known = all(
        letter in _NAME_PUNCTUATION
        or (letter.isalnum() if letter.isascii() else kind.startswith(_NAME_CATEGORIES))
        for letter, kind in zip(name, kinds, strict=True)
    )
    if not known or not any(kind.startswith(("L", "So")) for kind in kinds):
        raise UserError("looks-name-letters")
    return name


def name_key(name: str) -> str:
    """Returns what two spellings of the same name have in common.

    Args:
        name: What a person typed, or a stored name.
    """
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())[:80]


@dataclass(frozen=True)
class LookOwner:
    """Whose looks: a person's or a server's.

    Attributes:
        scope: Which of the two.
        id: The user's or the server's id.
    """

    scope: LookScope
    id: int


@dataclass(frozen=True)
class LookName:
    """The name of a look, whose it is, and whether it is that of a hellscape."""

    scope: LookScope
    name: str
    video: bool = False


@dataclass(frozen=True)
class SavedLook:
    """A saved look.

    Attributes:
        scope: Whether it is a person's or a server's.
        name: Its name.
        recipe: See `recipe.looks`; None if it can no longer be read.
    """

    scope: LookScope
    name: str
    recipe: Recipe | None


@dataclass(frozen=True)
class DefaultLook:
    """The look of dreams that name none.

    Attributes:
        of: Whose default it is.
        name: The name of a preset, or a saved look's as its owner typed it.
        look: The saved look; None for a preset, and for a look that was deleted.
    """

    of: DefaultOwner
    name: str
    look: SavedLook | None


class LookStore:
    """Reads and writes looks. Every method raises DatabaseUnavailable as the job store does."""

    def __init__(self, database: Database) -> None:
        """Reads nothing yet.

        Args:
            database: The jobs' database.
        """
        self._database = database

    async def save(self, owner: LookOwner, name: str, recipe: Recipe) -> None:
        """Stores a new look.

        Args:
            owner: Whose it becomes.
            name: A name that `clean_name` returned.
            recipe: What `look_from_recipe` returned.

        Raises:
            UserError: The owner has a look of this name, or as many as are allowed.
        """
        await self._save(owner, name, recipe)

    @transaction
    async def _save(self, connection: AsyncConnection, owner: LookOwner, name: str, recipe: Recipe) -> None:
        found = await connection.execute(select(looks.c.key, looks.c.recipe).where(_of(owner)))
        theirs = {row.key: row.recipe for row in found}
        key, text = name_key(name), recipe.to_json()
        if theirs.get(key) == text:
            # An earlier attempt may have been committed although its response was lost.
            return
        if key in theirs:
            raise UserError("looks-exists", name=name)
        if len(theirs) >= MAX_LOOKS[owner.scope]:
            raise UserError("looks-full", count=MAX_LOOKS[owner.scope])
        values = {"scope": owner.scope, "owner": owner.id, "key": key, "name": name, "recipe": text}
        try:
            await connection.execute(insert(looks).values(**values, created=datetime.now(UTC)))
        except IntegrityError as error:
            raise UserError("looks-exists", name=name) from error

    async def delete(self, owner: LookOwner, name: str) -> bool:
        """Deletes a look.

        Args:
            owner: Whose it is.
            name: Its name, as a person typed it.

        Returns:
            Whether there was one.
        """
        named = _of(owner) & (looks.c.key == name_key(name))
        return bool(await self._database.execute(delete(looks).where(named)))

    async def delete_all(self, owner: LookOwner) -> None:
        """Deletes all looks of a person or server.

        Args:
            owner: Whose.
        """
        await self._database.execute(delete(looks).where(_of(owner)))

    async def all_of(self, owners: Sequence[LookOwner]) -> list[SavedLook]:
        """Returns the looks of some owners: a person's first, newest first.

        Args:
            owners: Whose.
        """
        return [_look_from_row(row) for row in await self._rows(owners)]

    async def names(self, person: int | None, guild: int | None) -> list[LookName]:
        """Returns the names of the looks that a person can use in a server, their own first, newest first.

        Args:
            person: The user's id; None for no one's.
            guild: The server's id; None outside of servers.
        """
        rows = await self._rows(_owners(person, guild))
        return [LookName(row["scope"], row["name"], _is_video(row["recipe"])) for row in rows]

    async def find(self, person: int | None, guild: int | None, name: str) -> SavedLook | None:
        """Finds a look by its name: the person's, otherwise the server's.

        Args:
            person: The user's id; None for no one's.
            guild: The server's id; None outside of servers.
            name: What a person typed.
        """
        rows = await self._rows(_owners(person, guild), looks.c.key == name_key(name))
        return _look_from_row(rows[0]) if rows else None

    async def channel_default(self, channel: int) -> str | None:
        """Returns the name of a channel's default look.

        Args:
            channel: The channel's id.
        """
        name: str | None = await self._database.fetch_value(
            select(channels.c.look).where(channels.c.id == channel)
        )
        return name

    async def set_channel_default(self, channel: int, name: str | None) -> None:
        """Stores a channel's default look.

        Args:
            channel: The channel's id.
            name: The name of a preset or a server's look; None for no default.
        """
        await self._set_channel_default(channel, name)

    @transaction
    async def _set_channel_default(self, connection: AsyncConnection, channel: int, name: str | None) -> None:
        here = update(channels).where(channels.c.id == channel).values(look=name)
        if not (await connection.execute(here)).rowcount:
            await connection.execute(insert(channels).values(id=channel, autodream=0.0, look=name))

    async def default(
        self, person: int, guild: int | None, channel: int, parent: int | None
    ) -> DefaultLook | None:
        """Returns the look of a person's dreams that name none: their own default, otherwise the channel's.

        A person's default may be a look of the server; a channel's is never a person's. A default whose look
        was deleted counts as none.

        Args:
            person: The user's id.
            guild: The server's id; None outside of servers.
            channel: The channel's id.
            parent: The parent's id of a thread, whose default holds where the thread has none.
        """
        own = select(people.c.settings).where(people.c.id == person)
        there = select(channels.c.id, channels.c.look).where(channels.c.id.in_((channel, parent or channel)))

        async def work(connection: AsyncConnection) -> DefaultLook | None:
            text = await connection.scalar(own)
            personal = PersonSettings.model_validate_json(text).look if text else None
            by_channel = {row.id: row.look for row in await connection.execute(there)}
            of_channel = by_channel.get(channel) or by_channel.get(parent or channel)
            if found := await _default(connection, "person", personal, _owners(person, guild)):
                return found
            return await _default(connection, "channel", of_channel, _owners(None, guild))

        return await self._database.run(work, _QUERY_TIMEOUT_S)

    async def _rows(
        self, owners: Sequence[LookOwner], where: ColumnElement[bool] | None = None
    ) -> Sequence[RowMapping]:
        async def work(connection: AsyncConnection) -> Sequence[RowMapping]:
            rows: Sequence[RowMapping] = (await connection.execute(_select(owners, where))).mappings().all()
            return rows

        return await self._database.run(work, _QUERY_TIMEOUT_S) if owners else []


async def _default(
    connection: AsyncConnection, of: DefaultOwner, name: str | None, owners: Sequence[LookOwner]
) -> DefaultLook | None:
    """A default with the name of a preset or of one of the owners' looks."""
    if name is None:
        return None
    if current_name(name) in PRESETS:
        return DefaultLook(of, current_name(name), None)
    named = _select(owners, looks.c.key == name_key(name))
    row = (await connection.execute(named)).mappings().first() if owners else None
    look = _look_from_row(row) if row else None
    return DefaultLook(of, name, look) if look and look.recipe else None


def _owners(person: int | None, guild: int | None) -> list[LookOwner]:
    found = [LookOwner("person", person)] if person else []
    return [*found, LookOwner("server", guild)] if guild else found


def _of(owner: LookOwner) -> ColumnElement[bool]:
    return and_(looks.c.scope == owner.scope, looks.c.owner == owner.id)


def _select(owners: Sequence[LookOwner], where: ColumnElement[bool] | None = None) -> Select[Any]:
    query = select(looks).where(or_(*map(_of, owners))).order_by(looks.c.scope, looks.c.created.desc())
    return query if where is None else query.where(where)


def _is_video(recipe: str) -> bool:
    """Checks the JSON of a recipe without validating it: the names are read for each typed letter."""
    return json.loads(recipe).get("hellscape") is not None


def _look_from_row(row: RowMapping) -> SavedLook:
    recipe = None
    try:
        recipe = Recipe.from_json(row["recipe"])
    except RecipeError as error:
        log.warning("a saved look cannot be read any more: %s", error)
    return SavedLook(row["scope"], row["name"], recipe)
