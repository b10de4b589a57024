"""Reads and writes the settings of servers, channels and people, and the list of blocks."""

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, TypeVar

from pydantic import BaseModel
from sqlalchemy import RowMapping, Table, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from dreambot.guilds.autodream import AutoDreamLimiter, AutoDreamSettings
from dreambot.guilds.eligibility import Eligibility, load_eligibility
from dreambot.guilds.looks import LookStore
from dreambot.guilds.removal import ResultRemoval
from dreambot.guilds.settings import GuildSettings, PersonSettings
from dreambot.jobs.database import Database, transaction
from dreambot.jobs.schema import blocks, channels, guilds, people

SettingsT = TypeVar("SettingsT", bound=BaseModel)


class GuildStore:
    """Reads and writes settings; what was never set has its default.

    Every method raises DatabaseUnavailable as the job store does.

    Attributes:
        autodream_limiter: The rate limit of automatic dreams.
        looks: The saved looks, and the defaults of channels.
        result_removal: Removes results for moderators.
    """

    def __init__(self, database: Database) -> None:
        """Reads nothing yet.

        Args:
            database: The jobs' database.
        """
        self._database = database
        self.autodream_limiter = AutoDreamLimiter(database)
        self.looks = LookStore(database)
        self.result_removal = ResultRemoval(database)

    async def guild(self, guild: int | None) -> GuildSettings:
        """Returns a server's settings; outside of servers, the defaults.

        Args:
            guild: The server's id.
        """
        return await self._read(guilds, guild, GuildSettings)

    async def set_guild(self, guild: int, settings: GuildSettings) -> None:
        """Stores a server's settings.

        Args:
            guild: The server's id.
            settings: The settings.
        """
        await self._write(guilds, guild, {"settings": settings.model_dump_json()})

    async def update_guild(
        self, guild: int, change: Callable[[GuildSettings], GuildSettings]
    ) -> GuildSettings:
        """Changes a server's settings in one transaction, and returns the new ones.

        Args:
            guild: The server's id.
            change: Takes the old settings and returns the new ones.
        """
        return await self._update_guild(guild, change)

    @transaction
    async def _update_guild(
        self, connection: AsyncConnection, guild: int, change: Callable[[GuildSettings], GuildSettings]
    ) -> GuildSettings:
        text = await connection.scalar(
            select(guilds.c.settings).where(guilds.c.id == guild).with_for_update()
        )
        settings = change(GuildSettings.model_validate_json(text) if text else GuildSettings())
        await _upsert(connection, guilds, guild, {"settings": settings.model_dump_json()})
        return settings

    async def person(self, person: int) -> PersonSettings:
        """Returns a user's settings.

        Args:
            person: The user's id.
        """
        return await self._read(people, person, PersonSettings)

    async def set_person(self, person: int, settings: PersonSettings) -> None:
        """Stores a user's settings.

        Args:
            person: The user's id.
            settings: The settings.
        """
        await self._write(people, person, {"settings": settings.model_dump_json()})

    async def update_person(self, person: int, **changes: object) -> None:
        """Changes some of a user's settings in one transaction.

        Args:
            person: The user's id.
            **changes: The new values by field of `PersonSettings`.
        """
        await self._update_person(person, changes)

    @transaction
    async def _update_person(
        self, connection: AsyncConnection, person: int, changes: Mapping[str, object]
    ) -> None:
        text = await connection.scalar(
            select(people.c.settings).where(people.c.id == person).with_for_update()
        )
        before = PersonSettings.model_validate_json(text) if text else PersonSettings()
        settings = before.model_copy(update=changes)
        await _upsert(connection, people, person, {"settings": settings.model_dump_json()})

    async def eligibility(
        self, guild: int | None, person: int, roles: Collection[int], *, counted: bool = True
    ) -> Eligibility:
        """Returns what a user may request in a server; see `load_eligibility`.

        Args:
            guild: The server's id; None outside of servers.
            person: The user's id.
            roles: The user's roles there.
            counted: Whether to count what the user has had.
        """
        return await load_eligibility(self._database, guild, person, roles, counted=counted)

    async def autodream(self, channel: int) -> AutoDreamSettings:
        """Returns a channel's auto-dream settings.

        Args:
            channel: The channel's id.
        """
        rows = await self._database.fetch_all(select(channels).where(channels.c.id == channel))
        return _autodream_from_row(rows[0] if rows else None)

    async def set_autodream(self, channel: int, rules: AutoDreamSettings) -> None:
        """Stores a channel's auto-dream settings.

        Args:
            channel: The channel's id.
            rules: The settings.
        """
        await self._write(channels, channel, _autodream_to_row(rules))

    async def update_autodream(
        self, channel: int, change: Callable[[AutoDreamSettings], AutoDreamSettings]
    ) -> tuple[AutoDreamSettings, AutoDreamSettings]:
        """Changes a channel's auto-dream settings in one transaction.

        Args:
            channel: The channel's id.
            change: Takes the old settings and returns the new ones.

        Returns:
            The old settings and the new ones.
        """
        return await self._update_autodream(channel, change)

    @transaction
    async def _update_autodream(
        self,
        connection: AsyncConnection,
        channel: int,
        change: Callable[[AutoDreamSettings], AutoDreamSettings],
    ) -> tuple[AutoDreamSettings, AutoDreamSettings]:
        found = select(channels).where(channels.c.id == channel).with_for_update()
        before = _autodream_from_row((await connection.execute(found)).mappings().first())
        after = change(before)
        await _upsert(connection, channels, channel, _autodream_to_row(after))
        return before, after

    async def block(self, guild: int, person: int) -> None:
        """Blocks a user in a server.

        Args:
            guild: The server's id, or ALL_GUILDS.
            person: The user's id, or ALL_MEMBERS.
        """
        with suppress(IntegrityError):
            # Raised for one who is blocked already.
            await self._database.execute(
                insert(blocks).values(guild=guild, person=person, since=datetime.now(UTC))
            )

    async def unblock(self, guild: int, person: int) -> bool:
        """Ends a block.

        Args:
            guild: The server's id, or ALL_GUILDS.
            person: The user's id, or ALL_MEMBERS.

        Returns:
            Whether there was one.
        """
        gone = delete(blocks).where((blocks.c.guild == guild) & (blocks.c.person == person))
        return bool(await self._database.execute(gone))

    async def blocked(self, guild: int | None, person: int) -> bool:
        """Checks whether a user is blocked in a server, or outside of servers.

        Args:
            guild: The server's id; None outside of servers.
            person: The user's id.
        """
        return (await self.eligibility(guild, person, (), counted=False)).blocked is not None

    async def blocked_member_ids(self, guild: int) -> list[int]:
        """Returns the ids of those who are blocked in a server, the longest blocked first.

        Args:
            guild: The server's id.
        """
        found = select(blocks.c.person).where(blocks.c.guild == guild).order_by(blocks.c.since)
        return [row["person"] for row in await self._database.fetch_all(found)]

    async def _read(self, table: Table, key: int | None, sort: type[SettingsT]) -> SettingsT:
        text = None
        if key:
            text = await self._database.fetch_value(select(table.c.settings).where(table.c.id == key))
        return sort.model_validate_json(text) if text else sort()

    @transaction
    async def _write(
        self, connection: AsyncConnection, table: Table, key: int, values: Mapping[str, Any]
    ) -> None:
        await _upsert(connection, table, key, values)


async def _upsert(connection: AsyncConnection, table: Table, key: int, values: Mapping[str, Any]) -> None:
    changed = await connection.execute(update(table).where(table.c.id == key).values(**values))
    if not changed.rowcount:
        await connection.execute(insert(table).values(id=key, **values))


def _autodream_from_row(row: RowMapping | None) -> AutoDreamSettings:
    if row is None:
        return AutoDreamSettings()
    rules = AutoDreamSettings.model_validate_json(row["rules"]) if row["rules"] else AutoDreamSettings()
    return rules.model_copy(update={"chance": row["autodream"]})


def _autodream_to_row(rules: AutoDreamSettings) -> dict[str, Any]:
    return {"autodream": rules.chance, "rules": rules.model_dump_json(exclude={"chance"})}
