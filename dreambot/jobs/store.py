"""The jobs, kept in the database."""

import secrets
import time
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from dreambot.jobs.database import Database
from dreambot.jobs.rows import job_of, result_text, row_of, subject_columns
from dreambot.jobs.schema import jobs
from dreambot.jobs.types import FINAL, Ask, Job, JobState, Result, Subject
from dreambot.recipe import Recipe

TOKEN_LIFE = timedelta(minutes=15)
LEASE = timedelta(seconds=30)
"""How long a process that says nothing is taken for alive."""
_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"
_OPEN = jobs.c.state.not_in(FINAL)


@dataclass(frozen=True)
class Renewal:
    """held: the unfinished jobs that are this process's. withdrawn: those of them that somebody wants ended,
    and the words for their owners, empty for none."""

    held: frozenset[str]
    withdrawn: dict[str, str]


class JobStore:
    """What was asked for and what became of it, between open and close.

    Several processes may share a PostgreSQL database. Each unfinished job is held by one of them, which
    renews its lease; the jobs of a process that is gone are free to be claimed. Only the holder changes a job.
    """

    def __init__(self, url: str) -> None:
        """url: as SQLAlchemy names databases, with an async driver. Raises DatabaseError."""
        self._database = Database(url)
        self._holder = secrets.token_hex(16)

    @property
    def engine(self) -> AsyncEngine:
        """The open database, for what else is kept in it."""
        return self._database.engine

    async def open(self) -> None:
        """Opens the database and brings its schema up to date. Raises DatabaseError (a UserError)."""
        await self._database.open()

    async def close(self) -> None:
        """Closes it."""
        await self._database.close()

    async def create(self, ask: Ask) -> Job:
        """Stores a new job, held by this process. When this returns, it survives a power cut."""
        now = datetime.now(UTC)
        job = Job(
            id=_new_id(),
            ask=ask,
            state=JobState.received,
            attempts=0,
            recipe=None,
            error=None,
            result=None,
            answer=None,
            withdrawn=None,
            delivering=None,
            result_message=None,
            created=now,
            updated=now,
        )
        async with self.engine.begin() as connection:
            held = {"holder": self._holder, "held_until": await self.now(connection) + LEASE}
            await connection.execute(insert(jobs).values(**row_of(job), **held))
            expired = jobs.c.token.is_not(None) & (jobs.c.since < now - TOKEN_LIFE)
            await connection.execute(update(jobs).where(expired).values(token=None))
        return job

    async def get(self, job_id: str) -> Job | None:
        """The job of that id, if there is one."""
        found = await self._select(jobs.c.id == job_id)
        return found[0] if found else None

    async def note_subject(self, job_id: str, subject: Subject) -> bool:
        """Stores what a job is to dream upon. Returns as `set_state` does."""
        return await self._change(job_id, subject_columns(subject))

    async def note_answer(self, job_id: str, message_id: int) -> bool:
        """Stores which message of ours shows how a job goes. Returns as `set_state` does."""
        return await self._change(job_id, {"answer": message_id})

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
            values["result"] = result_text(result)
        if result_message is not None:
            values["result_message"] = result_message
        if state is JobState.running:
            values["attempts"] = jobs.c.attempts + 1
        if state is JobState.delivering:
            values["delivering"] = values["updated"]
        if state.final:
            values |= {"token": None, "holder": None, "held_until": None}
        return await self._change(job_id, values)

    async def withdraw(self, job_id: str, words: str) -> bool:
        """Asks whoever holds a job to end it, telling its owner `words`. Returns whether it was unfinished."""
        async with self.engine.begin() as connection:
            change = update(jobs).where((jobs.c.id == job_id) & _OPEN).values(withdrawn=words)
            return (await connection.execute(change)).rowcount == 1

    async def renew(self) -> Renewal:
        """Says that this process lives, and learns what it holds."""
        async with self.engine.begin() as connection:
            until = await self.now(connection) + LEASE
            mine = _OPEN & (jobs.c.holder == self._holder)
            await connection.execute(update(jobs).where(mine).values(held_until=until))
            rows = (await connection.execute(select(jobs.c.id, jobs.c.withdrawn).where(mine))).all()
        withdrawn = {row.id: row.withdrawn for row in rows if row.withdrawn is not None}
        return Renewal(frozenset(row.id for row in rows), withdrawn)

    async def claim(self, most: int = 1000) -> list[Job]:
        """Takes over unfinished jobs whose holder is gone, oldest first. An SQLite file has one process to it:
        whatever another holder left there is free at once."""
        async with self.engine.begin() as connection:
            now = await self.now(connection)
            if self._alone:
                free = or_(jobs.c.holder.is_(None), jobs.c.holder != self._holder)
            else:
                free = or_(jobs.c.holder.is_(None), jobs.c.held_until < now)
            chosen = select(jobs.c.id).where(_OPEN & free).order_by(jobs.c.id).limit(most)
            ids = list(await connection.scalars(chosen.with_for_update(skip_locked=True)))
            taken = {"holder": self._holder, "held_until": now + LEASE}
            await connection.execute(update(jobs).where(jobs.c.id.in_(ids)).values(**taken))
            rows = await connection.execute(select(jobs).where(jobs.c.id.in_(ids)).order_by(jobs.c.id))
            return [job_of(row) for row in rows.mappings()]

    async def release(self, job_ids: Collection[str]) -> None:
        """Lets go of unfinished jobs, for another process or the next start to finish; what ran is queued."""
        mine = jobs.c.id.in_(job_ids) & _OPEN & (jobs.c.holder == self._holder)
        async with self.engine.begin() as connection:
            running = mine & (jobs.c.state == JobState.running.value)
            await connection.execute(update(jobs).where(running).values(state=JobState.queued.value))
            await connection.execute(update(jobs).where(mine).values(holder=None, held_until=None))

    async def unfinished(
        self, *, guild: int | None = None, channel: int | None = None, message: int | None = None
    ) -> list[Job]:
        """The jobs that are not over, oldest first: all, or those of a server, of a channel, or that have to
        do with a message (dreamed upon, replied to, or showing progress)."""
        condition: ColumnElement[bool] = _OPEN
        if guild is not None:
            condition &= jobs.c.guild == guild
        if channel is not None:
            condition &= jobs.c.channel == channel
        if message is not None:
            columns = (jobs.c.source_message, jobs.c.reply_to, jobs.c.answer)
            condition &= or_(*(column == message for column in columns))
        return await self._select(condition)

    async def by_result(self, message_id: int) -> Job | None:
        """The job whose result was delivered as that message."""
        found = await self._select(jobs.c.result_message == message_id)
        return found[0] if found else None

    @property
    def _alone(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    async def now(self, connection: AsyncConnection) -> datetime:
        """The clock that all processes share: the database's."""
        if self._alone:
            return datetime.now(UTC)
        now = await connection.scalar(select(func.clock_timestamp()))
        assert isinstance(now, datetime)
        return now

    async def _change(self, job_id: str, values: dict[str, Any]) -> bool:
        mine = (jobs.c.id == job_id) & _OPEN & (jobs.c.holder == self._holder)
        async with self.engine.begin() as connection:
            return (await connection.execute(update(jobs).where(mine).values(values))).rowcount == 1

    async def _select(self, condition: Any) -> list[Job]:
        async with self.engine.connect() as connection:
            rows = await connection.execute(select(jobs).where(condition).order_by(jobs.c.id))
            return [job_of(row) for row in rows.mappings()]


def _new_id() -> str:
    """20 characters that sort by the millisecond they were made in, and cannot be guessed."""
    number = time.time_ns() // 1_000_000 << 52 | secrets.randbits(52)
    return "".join(_DIGITS[number >> shift & 31] for shift in range(95, -1, -5))
