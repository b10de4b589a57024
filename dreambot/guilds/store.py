"""Reads and writes the settings of servers, channels and people, and the list of blocks."""

from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

from pydantic import BaseModel
from sqlalchemy import Row, Table, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from dreambot.guilds.autodream import AutoDreamLimiter, AutoDreamSettings
from dreambot.guilds.eligibility import Eligibility, load_eligibility
from dreambot.guilds.removal import ResultRemoval
from dreambot.guilds.settings import GuildSettings, PersonSettings
from dreambot.jobs.database import Database
from dreambot.jobs.schema import blocks, channels, guilds, people

SettingsT = TypeVar("SettingsT", bound=BaseModel)


class GuildStore:
    """Reads and writes settings; what nobody has settled is as it is by default. Everything raises
    DatabaseUnavailable as the job store does. unasked: how often that was done.
    result_removal: results that are not to be known any more."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.unasked = AutoDreamLimiter(database)
        self.result_removal = ResultRemoval(database)

    async def guild(self, guild: int | None) -> GuildSettings:
        """A server's; outside of servers, the defaults."""
        return await self._read(guilds, guild, GuildSettings)

    async def set_guild(self, guild: int, settings: GuildSettings) -> None:
        """Settles it for a server."""
        await self._write(guilds, guild, {"settings": settings.model_dump_json()})

    async def update_guild(
        self, guild: int, change: Callable[[GuildSettings], GuildSettings]
    ) -> GuildSettings:
        """Changes what a server has settled, which nobody else changes meanwhile, and returns it."""

        async def work(connection: AsyncConnection) -> GuildSettings:
            found = select(guilds.c.settings).where(guilds.c.id == guild).with_for_update()
            text = await connection.scalar(found)
            settings = change(GuildSettings.model_validate_json(text) if text else GuildSettings())
            await _upsert(connection, guilds, guild, {"settings": settings.model_dump_json()})
            return settings

        return await self._database.run(work)

    async def person(self, person: int) -> PersonSettings:
        """A person's."""
        return await self._read(people, person, PersonSettings)

    async def set_person(self, person: int, settings: PersonSettings) -> None:
        """Settles it for a person."""
        await self._write(people, person, {"settings": settings.model_dump_json()})

    async def standing(
        self, guild: int | None, person: int, roles: Collection[int], *, counted: bool = True
    ) -> Eligibility:
        """How a person with such roles stands in a server; see `standing.py`."""
        return await load_eligibility(self._database, guild, person, roles, counted=counted)

    async def autodream(self, channel: int) -> AutoDreamSettings:
        """A channel's."""

        async def work(connection: AsyncConnection) -> AutoDreamSettings:
            return _autodream_from_row(
                (await connection.execute(select(channels).where(channels.c.id == channel))).first()
            )

        return await self._database.run(work)

    async def set_autodream(self, channel: int, rules: AutoDreamSettings) -> None:
        """Settles it for a channel."""
        await self._write(channels, channel, _autodream_to_row(rules))

    async def update_autodream(
        self, channel: int, change: Callable[[AutoDreamSettings], AutoDreamSettings]
    ) -> tuple[AutoDreamSettings, AutoDreamSettings]:
        """Changes a channel's, which nobody else changes meanwhile. Returns how it was, and how it is."""

        async def work(connection: AsyncConnection) -> tuple[AutoDreamSettings, AutoDreamSettings]:
            found = select(channels).where(channels.c.id == channel).with_for_update()
            before = _autodream_from_row((await connection.execute(found)).first())
            after = change(before)
            await _upsert(connection, channels, channel, _autodream_to_row(after))
            return before, after

        return await self._database.run(work)

    async def block(self, guild: int, person: int) -> None:
        """Has a person's wishes refused in a server, or ALL_GUILDS; or those of a ALL_MEMBERS."""
        row = {"guild": guild, "person": person, "since": datetime.now(UTC)}

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(insert(blocks).values(**row))

        try:
            await self._database.run(work)
        except IntegrityError:
            # Blocked before.
            return

    async def unblock(self, guild: int, person: int) -> bool:
        """Ends that. Returns whether they were blocked."""
        gone = delete(blocks).where((blocks.c.guild == guild) & (blocks.c.person == person))

        async def work(connection: AsyncConnection) -> bool:
            return bool((await connection.execute(gone)).rowcount)

        return await self._database.run(work)

    async def blocked(self, guild: int | None, person: int) -> bool:
        """Whether a person's wishes are to be refused in a server, or outside of servers."""
        return (await self.standing(guild, person, (), counted=False)).blocked is not None

    async def blocked_member_ids(self, guild: int) -> list[int]:
        """Who is blocked there, for longest first."""
        found = select(blocks.c.person).where(blocks.c.guild == guild).order_by(blocks.c.since)

        async def work(connection: AsyncConnection) -> list[int]:
            return list(await connection.scalars(found))

        return await self._database.run(work)

    async def _read(self, table: Table, key: int | None, sort: type[SettingsT]) -> SettingsT:
        async def work(connection: AsyncConnection) -> str | None:
            return await connection.scalar(select(table.c.settings).where(table.c.id == key))

        text = await self._database.run(work) if key else None
        return sort.model_validate_json(text) if text else sort()

    async def _write(self, table: Table, key: int, values: Mapping[str, Any]) -> None:
        async def work(connection: AsyncConnection) -> None:
            await _upsert(connection, table, key, values)

        await self._database.run(work)


async def _upsert(connection: AsyncConnection, table: Table, key: int, values: Mapping[str, Any]) -> None:
    changed = await connection.execute(update(table).where(table.c.id == key).values(**values))
    if not changed.rowcount:
        await connection.execute(insert(table).values(id=key, **values))


def _autodream_from_row(row: Row[Any] | None) -> AutoDreamSettings:
    if row is None:
        return AutoDreamSettings()
    rules = AutoDreamSettings.model_validate_json(row.rules) if row.rules else AutoDreamSettings()
    return rules.model_copy(update={"chance": row.autodream})


def _autodream_to_row(rules: AutoDreamSettings) -> dict[str, Any]:
    return {"autodream": rules.chance, "rules": rules.model_dump_json(exclude={"chance"})}
