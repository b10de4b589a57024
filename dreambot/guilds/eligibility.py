"""Checks what a person may request in a server: blocks, role limits, and what they have used of them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from dreambot.guilds.settings import GuildSettings, RoleLimits
from dreambot.jobs.database import Database
from dreambot.jobs.models import JobState
from dreambot.jobs.schema import UNFINISHED, blocks, guilds, jobs

ALL_GUILDS = 0
"""Stands for all servers, in blocks."""
ALL_MEMBERS = 0
"""Stands for all members of a server, in blocks."""
DAY = timedelta(hours=24)

_QUERY_TIMEOUT_S = 2.0
"""The user waits for an answer, and nothing was promised yet."""

BlockScope = Literal["here", "everywhere", "server"]


@dataclass(frozen=True)
class Eligibility:
    """What a user may request in a server.

    Attributes:
        settings: The server's settings.
        limits: The limits of the user's roles.
        blocked: Which block applies, if any.
        again: When the daily pictures are used up, the moment from which there is another.
        waiting: The user's unfinished pictures in the server, 0 where nothing limits them.
        left: How many pictures they may still request now; None where nothing limits them.
    """

    settings: GuildSettings
    limits: RoleLimits
    blocked: BlockScope | None
    again: datetime | None
    waiting: int
    left: int | None = None


async def load_eligibility(
    database: Database, guild: int | None, person: int, roles: Collection[int], *, counted: bool
) -> Eligibility:
    """Loads what a user may request in a server.

    Args:
        database: The jobs' database.
        guild: The server's id; None outside of servers.
        person: The user's id.
        roles: The user's roles there.
        counted: Whether to count what the user has had.

    Raises:
        DatabaseUnavailable: The database does not answer within two seconds.
    """
    server = guild or ALL_GUILDS
    theirs = (blocks.c.person == person) & blocks.c.guild.in_((server, ALL_GUILDS))
    all_there = (blocks.c.guild == server) & (blocks.c.person == ALL_MEMBERS) & (server != ALL_GUILDS)
    found = select(blocks.c.guild, blocks.c.person).where(or_(theirs, all_there))
    stored = select(guilds.c.settings).where(guilds.c.id == server)

    async def work(connection: AsyncConnection) -> Eligibility:
        applying = {(row.guild, row.person) for row in await connection.execute(found)}
        text = await connection.scalar(stored) if guild else None
        settings = GuildSettings.model_validate_json(text) if text else GuildSettings()
        limits = settings.limits(roles)
        again, waiting, left = None, 0, list[int]()
        mine = (jobs.c.owner == person) & (jobs.c.guild == guild)
        if counted and limits.pictures_a_day:
            used, again = await _daily_use(connection, mine, limits.pictures_a_day)
            left.append(limits.pictures_a_day - used)
        if counted and limits.queue is not None:
            unfinished = select(func.sum(jobs.c.pictures)).where(mine & UNFINISHED)
            waiting = await connection.scalar(unfinished) or 0
            left.append(limits.queue - waiting)
        return Eligibility(
            settings,
            limits,
            _widest_block(applying, server),
            again,
            waiting,
            max(0, min(left)) if left else None,
        )

    return await database.run(work, _QUERY_TIMEOUT_S)


async def _daily_use(
    connection: AsyncConnection, mine: ColumnElement[bool], most: int
) -> tuple[int, datetime | None]:
    """How many of the daily pictures are used, and if it is all of them, when there is another.

    That is a day after the oldest of the last `most` pictures. Automatic dreams, failed jobs and pictures of
    albums that failed do not count.
    """
    counted = or_(jobs.c.state == JobState.done.value, UNFINISHED) & ~jobs.c.quiet
    recent = mine & counted & (jobs.c.created > datetime.now(UTC) - DAY)
    latest = select(jobs.c.created, jobs.c.pictures).where(recent).order_by(jobs.c.created.desc())
    used = 0
    for created, pictures in await connection.execute(latest.limit(most)):
        used += pictures
        if used >= most:
            return most, created + DAY
    return used, None


def _widest_block(found: Collection[tuple[int, int]], server: int) -> BlockScope | None:
    if any(guild == ALL_GUILDS for guild, _ in found):
        return "everywhere"
    if (server, ALL_MEMBERS) in found:
        return "server"
    return "here" if found else None
