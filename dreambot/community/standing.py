"""How somebody stands in a server, found out in one round: what is settled there, whether they are blocked,
and how much of what they may have they have had."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from dreambot.community.guild import GuildSettings, RoleLimits
from dreambot.jobs.database import Database
from dreambot.jobs.schema import UNFINISHED, blocks, guilds, jobs
from dreambot.jobs.types import JobState

EVERYWHERE = 0
"""The server that stands for all of them, in blocks."""
WHOLE_SERVER = 0
"""The person that stands for everybody there, in blocks."""
DAY = timedelta(hours=24)

_PATIENCE = 2.0
"""Seconds: somebody waits for a word, and nothing was promised yet."""

Block = Literal["here", "everywhere", "server"]


@dataclass(frozen=True)
class Standing:
    """blocked: what stands in the way, if anything. limits: those of the person's roles. again: when the
    day's pictures are used up, the moment from which there is another. waiting: their unfinished dreams in
    that server, 0 where nothing limits them."""

    settings: GuildSettings
    limits: RoleLimits
    blocked: Block | None
    again: datetime | None
    waiting: int


async def standing(
    database: Database, guild: int | None, person: int, roles: Collection[int], *, counted: bool
) -> Standing:
    """Of a person with such roles. counted: whether it matters what they have had. Raises DatabaseLost."""
    server = guild or EVERYWHERE
    theirs = (blocks.c.person == person) & blocks.c.guild.in_((server, EVERYWHERE))
    all_there = (blocks.c.guild == server) & (blocks.c.person == WHOLE_SERVER) & (server != EVERYWHERE)
    found = select(blocks.c.guild, blocks.c.person).where(or_(theirs, all_there))
    settled = select(guilds.c.settings).where(guilds.c.id == server)

    async def work(connection: AsyncConnection) -> Standing:
        in_the_way = {(row.guild, row.person) for row in await connection.execute(found)}
        text = await connection.scalar(settled) if guild else None
        settings = GuildSettings.model_validate_json(text) if text else GuildSettings()
        limits = settings.limits(roles)
        again, waiting = None, 0
        mine = (jobs.c.owner == person) & (jobs.c.guild == guild)
        if counted and limits.pictures_a_day:
            again = await _again(connection, mine, limits.pictures_a_day)
        if counted and limits.queue is not None:
            waiting = await connection.scalar(select(func.count()).where(mine & UNFINISHED)) or 0
        return Standing(settings, limits, _worst(in_the_way, server), again, waiting)

    return await database.run(work, _PATIENCE)


async def _again(connection: AsyncConnection, mine: ColumnElement[bool], most: int) -> datetime | None:
    """A day after the oldest of the last `most` pictures, if that one is younger than a day. What was dreamed
    unasked, and what failed, does not count."""
    counted = or_(jobs.c.state == JobState.done.value, UNFINISHED) & ~jobs.c.quiet
    recent = mine & counted & (jobs.c.created > datetime.now(UTC) - DAY)
    nth = select(jobs.c.created).where(recent).order_by(jobs.c.created.desc()).offset(most - 1).limit(1)
    first = await connection.scalar(nth)
    return first + DAY if first else None


def _worst(found: Collection[tuple[int, int]], server: int) -> Block | None:
    if any(guild == EVERYWHERE for guild, _ in found):
        return "everywhere"
    if (server, WHOLE_SERVER) in found:
        return "server"
    return "here" if found else None
