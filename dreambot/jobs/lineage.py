"""What became of what: dreams of dreams, and who dreamed what when."""

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncConnection

from dreambot.jobs.database import Database
from dreambot.jobs.rows import job_of
from dreambot.jobs.schema import jobs
from dreambot.jobs.types import Job, JobState

_DONE = jobs.c.state == JobState.done.value
_LONGEST = 100


class Lineage:
    """Looks into the finished jobs. Everything raises DatabaseLost as the job store does."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_result(self, message: int) -> Job | None:
        """The job whose result was delivered as that message."""
        return await self._first(jobs.c.result_message == message)

    async def line(self, job: Job) -> list[Job]:
        """A job and those it goes back to, the first of them last; at most a hundred."""
        line = [job]
        while len(line) < _LONGEST:
            parent = await self._before(line[-1])
            if parent is None or parent in line:
                break
            line.append(parent)
        return line

    async def _before(self, job: Job) -> Job | None:
        """What a job goes on from: by a button, or as the picture that it was asked to dream."""
        if job.ask.parent:
            return await self._first(jobs.c.id == job.ask.parent)
        message = job.ask.subject.message if job.ask.subject else None
        return await self.of_result(message) if message else None

    async def children(self, job_id: str) -> list[Job]:
        """The dreams that go on from a job's result, oldest first."""
        return await self._jobs((jobs.c.parent == job_id) & _DONE, newest_first=False)

    async def dreams(
        self, owner: int, *, guild: int | None = None, channel: int | None = None, most: int = 25
    ) -> list[Job]:
        """What a person dreamed, newest first; in one server or channel alone."""
        where = (jobs.c.owner == owner) & _DONE
        if guild is not None:
            where &= jobs.c.guild == guild
        if channel is not None:
            where &= jobs.c.channel == channel
        return await self._jobs(where, most=most)

    async def last_recipe_of(self, owner: int) -> Job | None:
        """A person's last dream."""
        found = await self._jobs((jobs.c.owner == owner) & _DONE & jobs.c.recipe.is_not(None), most=1)
        return found[0] if found else None

    async def results_from(self, message: int) -> list[Job]:
        """The dreams upon the picture of a message."""
        return await self._jobs((jobs.c.source_message == message) & _DONE)

    async def _first(self, where: ColumnElement[bool]) -> Job | None:
        found = await self._jobs(where, most=1)
        return found[0] if found else None

    async def _jobs(
        self, where: ColumnElement[bool], *, most: int = _LONGEST, newest_first: bool = True
    ) -> list[Job]:
        order = jobs.c.id.desc() if newest_first else jobs.c.id
        chosen = select(jobs).where(where).order_by(order).limit(most)

        async def work(connection: AsyncConnection) -> list[Job]:
            return [job_of(row) for row in (await connection.execute(chosen)).mappings()]

        return await self._database.run(work)
