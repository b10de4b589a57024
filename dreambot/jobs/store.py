"""Stores jobs, changes their state, and leases unfinished jobs to one process at a time."""

import secrets
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Update, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from dreambot.jobs.database import Database, DatabaseError, DatabaseUnavailable
from dreambot.jobs.models import Job, JobRequest, JobState, Result, SourceImage, new_job
from dreambot.jobs.retry import RETRY_TIMEOUT_S
from dreambot.jobs.schema import UNFINISHED, job_from_row, job_to_row, jobs, result_to_json, source_columns
from dreambot.recipe import Recipe

TOKEN_LIFETIME = timedelta(minutes=15)
LEASE = timedelta(seconds=30)
"""How long a process that says nothing is taken for alive."""
RECENT_CAPTIONS = 25
"""Captions of a channel that are not used again yet."""
_CREATE_TIMEOUT_S = 2.0
_UNCONFIRMED_MAX_AGE_S = 4 * LEASE.total_seconds()


@dataclass(frozen=True)
class LeaseRenewal:
    """held: the unfinished jobs that are this process's. withdrawn: those of them that somebody wants ended,
    and the words for their owners, empty for none."""

    held: frozenset[str]
    withdrawn: dict[str, str]


class JobStore:
    """What was asked for and what became of it, between open and close.

    Several processes may share a PostgreSQL database. Each unfinished job is held by one of them, which
    renews its lease; the jobs of a process that is gone are free to be claimed. Only its holder moves a job
    on.

    A database that is lost for a while is waited for, and nothing is counted twice meanwhile: everything but
    `create` raises DatabaseUnavailable (a UserError) only once patience has run out, or after `close`.
    """

    def __init__(self, url: str, patience: float = RETRY_TIMEOUT_S) -> None:
        """url: as SQLAlchemy names databases. patience: seconds. Raises DatabaseError."""
        self._database = Database(url, patience)
        self._holder = secrets.token_hex(16)
        self._unsure: dict[str, float] = {}

    @property
    def database(self) -> Database:
        """Where they are, for what else is kept there."""
        return self._database

    async def open(self) -> None:
        """Opens the database and brings its schema up to date. Raises DatabaseError (a UserError)."""
        await self._database.open()

    async def close(self) -> None:
        """Closes it."""
        await self._database.close()

    async def create(self, ask: JobRequest, answer: int | None = None) -> Job:
        """Stores a new job, held by this process. When this returns, it survives a power cut. answer: the
        message of ours that shows how it goes, if there is one already. Raises DatabaseError where that
        cannot be done within two seconds."""
        job = new_job(ask, answer)

        async def work(connection: AsyncConnection) -> None:
            held = {"holder": self._holder, "held_until": await self._database.now(connection) + LEASE}
            new = (sqlite.insert if self._database.alone else postgresql.insert)(jobs)
            # Where there is such an id, an earlier try was stored after all.
            await connection.execute(new.values(**job_to_row(job), **held).on_conflict_do_nothing())

        try:
            await self._database.run(work, _CREATE_TIMEOUT_S)
        except DatabaseUnavailable as error:
            self._unsure[job.id] = time.monotonic()
            raise DatabaseError("errors-no-promise") from error
        return job

    async def get(self, job_id: str) -> Job | None:
        """The job of that id, if there is one."""
        found = await self._select(jobs.c.id == job_id)
        return found[0] if found else None

    async def set_source_image(self, job_id: str, subject: SourceImage) -> bool:
        """Stores what a job is to dream upon. Returns as `set_state` does."""
        return await self._change(job_id, source_columns(subject))

    async def set_progress_message(self, job_id: str, message_id: int) -> bool:
        """Stores which message of ours shows how a job goes. Returns as `set_state` does."""
        return await self._change(job_id, {"answer": message_id})

    async def store_caption(self, job: Job, choose: Callable[[frozenset[str]], str]) -> str:
        """Stores the caption of a job whose result is to be sent; one that is stored already stays.

        Args:
            job: The job.
            choose: Picks a caption, given those of the channel's latest jobs.

        Returns:
            The caption, the same however often this is called for a job.
        """
        this = jobs.c.id == job.id
        there = (jobs.c.channel == job.ask.place.channel) & jobs.c.caption.is_not(None) & ~this
        latest = select(jobs.c.caption).where(there).order_by(jobs.c.id.desc()).limit(RECENT_CAPTIONS)

        async def work(connection: AsyncConnection) -> str:
            stored = await connection.scalar(select(jobs.c.caption).where(this))
            if stored is not None:
                return str(stored)
            chosen = choose(frozenset(await connection.scalars(latest)))
            await connection.execute(update(jobs).where(this).values(caption=chosen))
            return chosen

        return await self._database.run(work)

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
        """Moves a job on; what is None stays as it is. A final state erases the token and lets go of the job,
        `running` counts an attempt, `delivering` notes the moment. Returns False, and changes nothing, where
        the job is over already, unknown, or held by another process."""
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
        mark = secrets.token_hex(8)
        fresh = or_(jobs.c.last_change.is_(None), jobs.c.last_change != mark)
        change = update(jobs).where(self._mine(job_id) & fresh).values(**values, last_change=mark)

        async def work(connection: AsyncConnection) -> bool:
            if (await connection.execute(change)).rowcount:
                return True
            # Or was it changed by an earlier try, whose answer was lost?
            last = await connection.scalar(select(jobs.c.last_change).where(jobs.c.id == job_id))
            return bool(last == mark)

        return await self._database.run(work)

    async def withdraw(self, job_id: str, words: str) -> bool:
        """Asks whoever holds a job to end it, telling its owner `words`. Returns whether it is unfinished."""
        change = update(jobs).where((jobs.c.id == job_id) & UNFINISHED).values(withdrawn=words)
        return await self._done(change)

    async def renew(self) -> LeaseRenewal:
        """Says that this process lives, and learns what it holds. Erases expired tokens. To be called a few
        times within a LEASE."""
        expired = jobs.c.token.is_not(None) & (jobs.c.since < datetime.now(UTC) - TOKEN_LIFETIME)
        unsure = tuple(self._unsure)
        over = {"state": JobState.cancelled.value, "token": None, "holder": None, "held_until": None}

        async def work(connection: AsyncConnection) -> Sequence[Row[str, str | None]]:
            until = await self._database.now(connection) + LEASE
            if unsure:
                await connection.execute(
                    update(jobs).where(jobs.c.id.in_(unsure) & self._mine()).values(**over)
                )
            await connection.execute(update(jobs).where(self._mine()).values(held_until=until))
            await connection.execute(update(jobs).where(self._mine() & expired).values(token=None))
            return (await connection.execute(select(jobs.c.id, jobs.c.withdrawn).where(self._mine()))).all()

        rows = await self._database.run(work)
        for job_id in unsure:
            # A commit may arrive late, but not that late.
            if self._unsure[job_id] < time.monotonic() - _UNCONFIRMED_MAX_AGE_S:
                del self._unsure[job_id]
        withdrawn = {row.id: row.withdrawn for row in rows if row.withdrawn is not None}
        return LeaseRenewal(frozenset(row.id for row in rows), withdrawn)

    async def claim(self, most: int = 1000) -> list[Job]:
        """Takes over unfinished jobs whose holder is gone, oldest first. An SQLite file has one process to
        it: whatever another holder left there is free at once."""
        mark = secrets.token_hex(8)
        claimed = self._mine() & (jobs.c.last_change == mark)

        async def work(connection: AsyncConnection) -> list[Job]:
            now = await self._database.now(connection)
            gone = jobs.c.holder != self._holder
            if not self._database.alone:
                gone &= jobs.c.held_until < now
            free = UNFINISHED & or_(jobs.c.holder.is_(None), gone)
            chosen = select(jobs.c.id).where(free).order_by(jobs.c.id).limit(most)
            ids = list(await connection.scalars(chosen.with_for_update(skip_locked=True)))
            taken = {"holder": self._holder, "held_until": now + LEASE, "last_change": mark}
            await connection.execute(update(jobs).where(jobs.c.id.in_(ids)).values(**taken))
            rows = await connection.execute(select(jobs).where(claimed).order_by(jobs.c.id))
            return [job_from_row(row) for row in rows.mappings()]

        return await self._database.run(work)

    async def release(self, job_ids: Collection[str]) -> None:
        """Lets go of unfinished jobs, for another process or the next start to finish; what ran is queued."""
        mine = jobs.c.id.in_(job_ids) & self._mine()

        async def work(connection: AsyncConnection) -> None:
            running = mine & (jobs.c.state == JobState.running.value)
            await connection.execute(update(jobs).where(running).values(state=JobState.queued.value))
            await connection.execute(update(jobs).where(mine).values(holder=None, held_until=None))

        await self._database.run(work)

    async def unfinished(
        self, *, guild: int | None = None, channel: int | None = None, message: int | None = None
    ) -> list[Job]:
        """The jobs that are not over, oldest first: all, or those of a server, of a channel, or that have to
        do with a message (dreamed upon, replied to, or showing progress)."""
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
        """How many unfinished jobs there are in each state, of all processes."""
        counted = select(jobs.c.state, func.count()).where(UNFINISHED).group_by(jobs.c.state)

        async def work(connection: AsyncConnection) -> dict[JobState, int]:
            return {JobState(state): count for state, count in await connection.execute(counted)}

        return await self._database.run(work)

    async def alive(self) -> bool:
        """Whether the database answers within two seconds. Raises nothing."""
        return await self._database.alive()

    def _mine(self, job_id: str | None = None) -> ColumnElement[bool]:
        """Unfinished jobs that this process holds, or one of them."""
        mine = UNFINISHED & (jobs.c.holder == self._holder)
        return mine if job_id is None else mine & (jobs.c.id == job_id)

    async def _change(self, job_id: str, values: dict[str, Any]) -> bool:
        return await self._done(update(jobs).where(self._mine(job_id)).values(values))

    async def _done(self, change: Update) -> bool:
        """Makes a change that may as well be made twice. Returns whether there was such a job."""

        async def work(connection: AsyncConnection) -> bool:
            return (await connection.execute(change)).rowcount == 1

        return await self._database.run(work)

    async def _select(self, condition: ColumnElement[bool]) -> list[Job]:
        chosen = select(jobs).where(condition).order_by(jobs.c.id)

        async def work(connection: AsyncConnection) -> list[Job]:
            return [job_from_row(row) for row in (await connection.execute(chosen)).mappings()]

        return await self._database.run(work)
