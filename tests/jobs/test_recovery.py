"""A process keeps its hold on its jobs, also on those that arrive meanwhile and while it ends."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, select, update
from sqlalchemy.util import await_only

from dreambot.jobs.files import JobFiles, RetentionLimits
from dreambot.jobs.models import Job, JobRequest
from dreambot.jobs.recovery import JobRecovery
from dreambot.jobs.schema import jobs
from dreambot.jobs.storage import LocalStorage
from dreambot.jobs.store import JobStore
from dreambot.media.fetch import Fetcher

Make = Callable[..., JobRequest]


class _OneActiveJob:
    """At one job, and taking on no other."""

    def __init__(self, job: Job) -> None:
        self._job = job

    def active_job_ids(self) -> frozenset[str]:
        return frozenset({self._job.id})

    def resume(self, job: Job) -> None:
        pytest.fail("it took something on")

    def cancel_local(self, job_id: str, words: str | None) -> bool:
        return False

    def abandon(self, job_id: str) -> None:
        pytest.fail("it let its own job go")


@pytest.mark.parametrize("backend", ["postgres"])
async def test_nobody_takes_over_what_is_still_being_dreamed(
    store: JobStore, url: str, job_request: Make, tmp_path: Path
) -> None:
    other = JobStore(url)
    await other.open()
    mine, left = await store.create(job_request()), await store.create(job_request())
    await store.release([left.id])
    long_ago = datetime.now(UTC) - timedelta(minutes=1)
    async with store.database.engine.begin() as connection:
        await connection.execute(update(jobs).where(jobs.c.id == mine.id).values(held_until=long_ago))
    limits = RetentionLimits(timedelta(hours=1), timedelta(days=1), 10**9)
    async with Fetcher(frozenset()) as fetcher:
        recovery = JobRecovery(store, JobFiles(LocalStorage(tmp_path), fetcher, limits))
        holding = asyncio.create_task(recovery.hold(_OneActiveJob(mine)))
        until = long_ago
        async with asyncio.timeout(100):
            while until < datetime.now(UTC):
                await asyncio.sleep(0.02)
                async with store.database.engine.connect() as connection:
                    until = await connection.scalar(select(jobs.c.held_until).where(jobs.c.id == mine.id))
        assert [job.id for job in await other.claim()] == [left.id]
        holding.cancel()
    await other.close()


class _ActiveIds(set[str]):
    """The ids of the jobs of a process, and what it was asked to abandon."""

    def __init__(self) -> None:
        super().__init__()
        self.abandoned: list[str] = []

    def active_job_ids(self) -> frozenset[str]:
        return frozenset(self)

    def resume(self, job: Job) -> None:
        self.add(job.id)

    def cancel_local(self, job_id: str, words: str | None) -> bool:
        return False

    def abandon(self, job_id: str) -> None:
        self.abandoned.append(job_id)


@pytest.mark.parametrize("backend", ["postgres"])
async def test_a_job_that_arrives_while_leases_are_renewed_is_not_abandoned(
    store: JobStore, job_request: Make, tmp_path: Path
) -> None:
    active = _ActiveIds()

    arrived, started = asyncio.Event(), False

    async def accept() -> None:
        active.add((await store.create(job_request())).id)
        arrived.set()

    def before_commit(_: object) -> None:
        # The leases are read. On another connection a job is stored, and started, before they are returned.
        nonlocal started
        if not started:
            started = True
            await_only(accept())

    limits = RetentionLimits(timedelta(hours=1), timedelta(days=1), 10**9)
    async with Fetcher(frozenset()) as fetcher:
        recovery = JobRecovery(store, JobFiles(LocalStorage(tmp_path), fetcher, limits))
        event.listen(store.database.engine.sync_engine, "commit", before_commit)
        keeping = asyncio.create_task(recovery.keep(active))
        async with asyncio.timeout(100):
            await arrived.wait()
        # Long enough to look the job up.
        await asyncio.sleep(0.5)
        keeping.cancel()
    assert active.abandoned == []
    assert (await store.renew()).held == frozenset(active)
