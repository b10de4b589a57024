"""Stores jobs, changes their state, and leases unfinished jobs to one process at a time."""

import secrets
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from dreambot.jobs.database import Database, DatabaseError, DatabaseUnavailable, transaction
from dreambot.jobs.models import AlbumPicture, Job, JobRequest, JobState, Result, SourceImage, new_job
from dreambot.jobs.retry import RETRY_TIMEOUT_S
from dreambot.jobs.schema import (
    UNFINISHED,
    album_columns,
    job_from_row,
    job_to_row,
    jobs,
    result_to_json,
    source_columns,
)
from dreambot.recipe import Recipe

TOKEN_LIFETIME = timedelta(minutes=15)
LEASE = timedelta(seconds=30)
"""How long a process that does not renew counts as alive."""
RECENT_CAPTIONS = 25
"""Number of a channel's latest captions that are not repeated."""
_CREATE_TIMEOUT_S = 5.0
"""Interactions are acknowledged before, so Discord's three seconds do not bound it; a busy disk takes two."""
_UNCONFIRMED_MAX_AGE_S = 4 * LEASE.total_seconds()


@dataclass(frozen=True)
class LeaseRenewal:
    """What a process holds after it has renewed its leases.

    Attributes:
        held: Ids of its unfinished jobs.
        withdrawn: Those of them that are to be cancelled, and the reason for each owner, empty for none.
    """

    held: frozenset[str]
    withdrawn: dict[str, str]


class JobStore:
    """Stores jobs, between `open` and `close`.

    Several processes may share a PostgreSQL database. Each unfinished job is held by one of them, which
    renews its lease; the jobs of a process that is gone are free to be claimed. Only its holder moves a job
    on.

    While the database is lost, calls wait, and nothing is counted twice: everything but `create` raises
    DatabaseUnavailable (a UserError) only after the timeout, or after `close`.
    """

    def __init__(self, url: str, timeout: float = RETRY_TIMEOUT_S) -> None:
        """Opens nothing yet.

        Args:
            url: A URL of SQLAlchemy.
            timeout: Seconds for which a lost database is waited for.

        Raises:
            DatabaseError: It is no such URL.
        """
        self._database = Database(url, timeout)
        self._holder = secrets.token_hex(16)
        self._unsure: dict[str, float] = {}

    @property
    def database(self) -> Database:
        """The database, for what else is kept there."""
        return self._database

    async def open(self) -> None:
        """Opens the database and migrates its schema.

        Raises:
            DatabaseError: It cannot be used.
        """
        await self._database.open()

    async def close(self) -> None:
        """Closes the database."""
        await self._database.close()

    async def create(
        self, request: JobRequest, answer: int | None = None, album: tuple[AlbumPicture, ...] = ()
    ) -> Job:
        """Stores a new job, held by this process. When this returns, it survives a power cut.

        Args:
            request: What was asked for.
            answer: The message that shows its progress, if there is one.
            album: The pictures of an album.

        Raises:
            DatabaseError: It cannot be stored within five seconds.
        """
        job = new_job(request, answer, album)

        async def work(connection: AsyncConnection) -> None:
            held = {"holder": self._holder, "held_until": await self._database.now(connection) + LEASE}
            new = (sqlite.insert if self._database.alone else postgresql.insert)(jobs)
            # If the id exists, an earlier attempt was stored after all.
            await connection.execute(new.values(**job_to_row(job), **held).on_conflict_do_nothing())

        try:
            await self._database.run(work, _CREATE_TIMEOUT_S)
        except DatabaseUnavailable as error:
            self._unsure[job.id] = time.monotonic()
            raise DatabaseError("errors-no-promise") from error
        return job

    async def get(self, job_id: str) -> Job | None:
        """Returns a job, or None if there is no such id.

        Args:
            job_id: Its id.
        """
        found = await self._select(jobs.c.id == job_id)
        return found[0] if found else None

    async def set_source_image(self, job_id: str, image: SourceImage) -> bool:
        """Stores the picture that a job starts from.

        Args:
            job_id: The job.
            image: The picture.

        Returns:
            As `set_state` does.
        """
        return await self._change(job_id, source_columns(image))

    async def set_album(self, job_id: str, album: tuple[AlbumPicture, ...]) -> bool:
        """Stores the pictures of an album: their sources, and how far each of them is.

        Args:
            job_id: The job.
            album: The pictures.

        Returns:
            As `set_state` does.
        """
        return await self._change(job_id, source_columns(album[0].source) | album_columns(album))

    async def set_progress_message(self, job_id: str, message_id: int) -> bool:
        """Stores which message shows a job's progress.

        Args:
            job_id: The job.
            message_id: The message.

        Returns:
            As `set_state` does.
        """
        return await self._change(job_id, {"answer": message_id})

    async def store_caption(self, job: Job, choose: Callable[[frozenset[str]], str]) -> str:
        """Stores the caption of a job whose result is to be sent; one that is stored already stays.

        Args:
            job: The job.
            choose: Picks a caption, given those of the channel's latest jobs.

        Returns:
            The caption, the same however often this is called for a job.
        """
        return await self._store_caption(job, choose)

    @transaction
    async def _store_caption(
        self, connection: AsyncConnection, job: Job, choose: Callable[[frozenset[str]], str]
    ) -> str:
        this = jobs.c.id == job.id
        stored = await connection.scalar(select(jobs.c.caption).where(this))
        if stored is not None:
            return str(stored)
        there = (jobs.c.channel == job.spec.reply_target.channel) & jobs.c.caption.is_not(None) & ~this
        latest = select(jobs.c.caption).where(there).order_by(jobs.c.id.desc()).limit(RECENT_CAPTIONS)
        chosen = choose(frozenset(await connection.scalars(latest)))
        await connection.execute(update(jobs).where(this).values(caption=chosen))
        return chosen

    async def set_state(
        self,
        job_id: str,
        state: JobState,
        *,
        recipe: Recipe | None = None,
        error: str | None = None,
        result: Result | None = None,
        result_message: int | None = None,
    ) -> bool:
        """Moves a job on.

        A final state erases the token and releases the job, `running` counts an attempt, `delivering`
        stores the moment.

        Args:
            job_id: The job.
            state: Its new state.
            recipe: Its recipe; None leaves the stored one, as for all that follow.
            error: Why there is no dream.
            result: The finished dream.
            result_message: The message that shows it.

        Returns:
            False, and changes nothing, where the job is over already, unknown, or held by another process.
        """
        values: dict[str, Any] = {"state": state.value, "updated": datetime.now(UTC)}
        if recipe is not None:
            values["recipe"] = recipe.to_json()
        if error is not None:
            values["error"] = error
        if result is not None:
            values["result"] = result_to_json(result)
        if result_message is not None:
            values["result_message"] = result_message
        if state is JobState.running:
            values["attempts"] = jobs.c.attempts + 1
        if state is JobState.delivering:
            values["delivering"] = values["updated"]
        if state.final:
            values |= {"token": None, "holder": None, "held_until": None}
        return await self._change_once(job_id, values, secrets.token_hex(8))

    @transaction
    async def _change_once(
        self, connection: AsyncConnection, job_id: str, values: dict[str, Any], mark: str
    ) -> bool:
        """Makes a change that must not be made twice. The mark is the same in every attempt."""
        fresh = or_(jobs.c.last_change.is_(None), jobs.c.last_change != mark)
        change = update(jobs).where(self._mine(job_id) & fresh).values(**values, last_change=mark)
        if (await connection.execute(change)).rowcount:
            return True
        # Or was it made by an earlier attempt, whose response was lost?
        last = await connection.scalar(select(jobs.c.last_change).where(jobs.c.id == job_id))
        return bool(last == mark)

    async def withdraw(self, job_id: str, reason: str) -> bool:
        """Asks the process that holds a job to cancel it.

        Args:
            job_id: The job.
            reason: The reason, for its owner; empty for none.

        Returns:
            Whether it is unfinished.
        """
        change = update(jobs).where((jobs.c.id == job_id) & UNFINISHED).values(withdrawn=reason)
        return await self._database.execute(change) == 1

    async def renew(self) -> LeaseRenewal:
        """Renews this process's leases and erases expired tokens. To be called a few times within a LEASE."""
        unsure = tuple(self._unsure)
        rows = await self._renew(unsure)
        for job_id in unsure:
            # A commit may arrive late, but not that late.
            if self._unsure[job_id] < time.monotonic() - _UNCONFIRMED_MAX_AGE_S:
                del self._unsure[job_id]
        withdrawn = {row.id: row.withdrawn for row in rows if row.withdrawn is not None}
        return LeaseRenewal(frozenset(row.id for row in rows), withdrawn)

    @transaction
    async def _renew(
        self, connection: AsyncConnection, unsure: Sequence[str]
    ) -> Sequence[Row[str, str | None]]:
        until = await self._database.now(connection) + LEASE
        if unsure:
            over = {"state": JobState.cancelled.value, "token": None, "holder": None, "held_until": None}
            await connection.execute(update(jobs).where(jobs.c.id.in_(unsure) & self._mine()).values(**over))
        expired = jobs.c.token.is_not(None) & (jobs.c.since < datetime.now(UTC) - TOKEN_LIFETIME)
        await connection.execute(update(jobs).where(self._mine()).values(held_until=until))
        await connection.execute(update(jobs).where(self._mine() & expired).values(token=None))
        return (await connection.execute(select(jobs.c.id, jobs.c.withdrawn).where(self._mine()))).all()

    async def claim(self, most: int = 1000) -> list[Job]:
        """Takes over unfinished jobs whose holder is gone, oldest first.

        An SQLite file has one process: what another holder left there is free at once.

        Args:
            most: The most jobs taken over.
        """
        return await self._claim(most, secrets.token_hex(8))

    @transaction
    async def _claim(self, connection: AsyncConnection, most: int, mark: str) -> list[Job]:
        """Claims jobs. The mark is the same in every attempt, so that none is lost with a response."""
        now = await self._database.now(connection)
        gone = jobs.c.holder != self._holder
        if not self._database.alone:
            gone &= jobs.c.held_until < now
        free = UNFINISHED & or_(jobs.c.holder.is_(None), gone)
        chosen = select(jobs.c.id).where(free).order_by(jobs.c.id).limit(most)
        ids = list(await connection.scalars(chosen.with_for_update(skip_locked=True)))
        taken = {"holder": self._holder, "held_until": now + LEASE, "last_change": mark}
        await connection.execute(update(jobs).where(jobs.c.id.in_(ids)).values(**taken))
        claimed = self._mine() & (jobs.c.last_change == mark)
        rows = await connection.execute(select(jobs).where(claimed).order_by(jobs.c.id))
        return [job_from_row(row) for row in rows.mappings()]

    async def release(self, job_ids: Collection[str]) -> None:
        """Releases unfinished jobs for another process or the next start; running ones become queued.

        Args:
            job_ids: The jobs.
        """
        await self._release(job_ids)

    @transaction
    async def _release(self, connection: AsyncConnection, job_ids: Collection[str]) -> None:
        mine = jobs.c.id.in_(job_ids) & self._mine()
        running = mine & (jobs.c.state == JobState.running.value)
        await connection.execute(update(jobs).where(running).values(state=JobState.queued.value))
        await connection.execute(update(jobs).where(mine).values(holder=None, held_until=None))

    async def unfinished(
        self, *, guild: int | None = None, channel: int | None = None, message: int | None = None
    ) -> list[Job]:
        """Returns unfinished jobs, oldest first.

        Args:
            guild: Only those of this server.
            channel: Only those of this channel.
            message: Only those that start from this message's picture, reply to it, or show progress in it.
        """
        condition: ColumnElement[bool] = UNFINISHED
        if guild is not None:
            condition &= jobs.c.guild == guild
        if channel is not None:
            condition &= jobs.c.channel == channel
        if message is not None:
            columns = (jobs.c.source_message, jobs.c.reply_to, jobs.c.answer)
            condition &= or_(*(column == message for column in columns))
        return await self._select(condition)

    async def counts(self) -> dict[JobState, int]:
        """Counts the unfinished jobs of all processes by state."""
        counted = select(jobs.c.state, func.count().label("count")).where(UNFINISHED).group_by(jobs.c.state)
        return {JobState(row["state"]): row["count"] for row in await self._database.fetch_all(counted)}

    async def alive(self) -> bool:
        """Whether the database answers within two seconds. Raises nothing."""
        return await self._database.alive()

    def _mine(self, job_id: str | None = None) -> ColumnElement[bool]:
        """Unfinished jobs that this process holds, or one of them."""
        mine = UNFINISHED & (jobs.c.holder == self._holder)
        return mine if job_id is None else mine & (jobs.c.id == job_id)

    async def _change(self, job_id: str, values: dict[str, Any]) -> bool:
        """Makes a change that may as well be made twice. Returns whether there was such a job."""
        return await self._database.execute(update(jobs).where(self._mine(job_id)).values(values)) == 1

    async def _select(self, condition: ColumnElement[bool]) -> list[Job]:
        chosen = select(jobs).where(condition).order_by(jobs.c.id)
        return [job_from_row(row) for row in await self._database.fetch_all(chosen)]
