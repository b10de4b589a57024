"""The jobs, kept in the database."""

import logging
import secrets
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping, insert, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from dreambot.jobs.database import Database
from dreambot.jobs.schema import jobs
from dreambot.jobs.types import FINAL, Ask, Job, JobState
from dreambot.recipe import DreamRequest, Recipe, RecipeError

log = logging.getLogger(__name__)

TOKEN_LIFE = timedelta(minutes=15)
_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"


class JobStore:
    """What was asked for and what became of it. Used by the bot's process alone, between open and close."""

    def __init__(self, url: str) -> None:
        """url: as SQLAlchemy names databases, with an async driver. Raises DatabaseError."""
        self._database = Database(url)

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
        """Stores a new job. When this returns, it survives a power cut."""
        now = datetime.now(UTC)
        job = Job(
            id=_new_id(),
            ask=ask,
            state=JobState.received,
            attempts=0,
            recipe=None,
            error=None,
            result_message=None,
            created=now,
            updated=now,
        )
        values = {
            "id": job.id,
            "owner": ask.owner,
            "guild": ask.guild,
            "channel": ask.channel,
            "request": ask.request.model_dump_json(exclude_none=True),
            "spoiler": ask.spoiler,
            "application": ask.application,
            "token": ask.token,
            "source_message": ask.source_message,
            "state": job.state.value,
            "attempts": 0,
            "created": now,
            "updated": now,
        }
        async with self.engine.begin() as connection:
            await connection.execute(insert(jobs).values(values))
            expired = jobs.c.token.is_not(None) & (jobs.c.created < now - TOKEN_LIFE)
            await connection.execute(update(jobs).where(expired).values(token=None))
        return job

    async def get(self, job_id: str) -> Job | None:
        """The job of that id, if there is one."""
        found = await self._select(jobs.c.id == job_id)
        return found[0] if found else None

    async def set_state(
        self,
        job_id: str,
        state: JobState,
        *,
        recipe: Recipe | None = None,
        error: str | None = None,
        result_message: int | None = None,
    ) -> bool:
        """Moves a job on; what is None stays as it is. A final state erases the token, `running` counts an
        attempt. Returns False, and changes nothing, where the job is over already or unknown."""
        values: dict[str, Any] = {"state": state.value, "updated": datetime.now(UTC)}
        if recipe is not None:
            values["recipe"] = recipe.to_json()
        if error is not None:
            values["error"] = error
        if result_message is not None:
            values["result_message"] = result_message
        if state is JobState.running:
            values["attempts"] = jobs.c.attempts + 1
        if state.final:
            values["token"] = None
        open_job = (jobs.c.id == job_id) & jobs.c.state.not_in(FINAL)
        async with self.engine.begin() as connection:
            result = await connection.execute(update(jobs).where(open_job).values(values))
        return result.rowcount == 1

    async def unfinished(self) -> list[Job]:
        """The jobs that are not over, oldest first."""
        return await self._select(jobs.c.state.not_in(FINAL))

    async def by_result(self, message_id: int) -> Job | None:
        """The job whose result was delivered as that message."""
        found = await self._select(jobs.c.result_message == message_id)
        return found[0] if found else None

    async def _select(self, condition: Any) -> list[Job]:
        async with self.engine.connect() as connection:
            rows = await connection.execute(select(jobs).where(condition).order_by(jobs.c.id))
            return [_job(row) for row in rows.mappings()]


def _job(row: RowMapping) -> Job:
    ask = Ask(
        owner=row["owner"],
        guild=row["guild"],
        channel=row["channel"],
        request=DreamRequest.model_validate_json(row["request"]),
        spoiler=row["spoiler"],
        application=row["application"],
        token=row["token"],
        source_message=row["source_message"],
    )
    return Job(
        id=row["id"],
        ask=ask,
        state=JobState(row["state"]),
        attempts=row["attempts"],
        recipe=_recipe(row["recipe"]),
        error=row["error"],
        result_message=row["result_message"],
        created=row["created"],
        updated=row["updated"],
    )


def _recipe(text: str | None) -> Recipe | None:
    try:
        return Recipe.from_json(text) if text else None
    except RecipeError as error:
        log.warning("a stored recipe cannot be read any more: %s", error)
        return None


def _new_id() -> str:
    """20 characters that sort by the millisecond they were made in, and cannot be guessed."""
    number = time.time_ns() // 1_000_000 << 52 | secrets.randbits(52)
    return "".join(_DIGITS[number >> shift & 31] for shift in range(95, -1, -5))
