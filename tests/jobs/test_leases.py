import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from itertools import chain

import pytest
from sqlalchemy import update

from dreambot.jobs.models import Job, JobRequest, JobState
from dreambot.jobs.schema import jobs
from dreambot.jobs.store import JobStore
from tests.jobs.backends import both_databases

Make = Callable[..., JobRequest]
postgres = pytest.mark.parametrize("backend", ["postgres"])


@pytest.fixture
async def other(store: JobStore, url: str) -> AsyncIterator[JobStore]:
    """Another process's store, on the same database."""
    other = JobStore(url)
    await other.open()
    yield other
    await other.close()


async def fall_silent(store: JobStore) -> None:
    """As if every holder had said nothing for a lease."""
    async with store.database.engine.begin() as connection:
        await connection.execute(update(jobs).values(held_until=datetime.now(UTC) - timedelta(seconds=1)))


async def state(store: JobStore, job: Job) -> JobState:
    found = await store.get(job.id)
    assert found
    return found.state


@postgres
async def test_a_living_process_keeps_its_jobs(store: JobStore, other: JobStore, job_request: Make) -> None:
    job = await store.create(job_request())
    assert await other.claim() == []
    await fall_silent(store)
    assert (await store.renew()).held == {job.id}
    assert await other.claim() == []
    assert not await other.set_state(job.id, JobState.queued)
    assert await state(store, job) is JobState.received
    assert (await other.renew()).held == frozenset()


@postgres
async def test_a_silent_process_loses_its_jobs(store: JobStore, other: JobStore, job_request: Make) -> None:
    made = [await store.create(job_request()) for _ in range(3)]
    await store.set_state(made[1].id, JobState.running)
    await store.set_state(made[2].id, JobState.done)
    await fall_silent(store)
    assert [job.id for job in await other.claim()] == [made[0].id, made[1].id]
    # It was only slow, and has to find out.
    assert not await store.set_state(made[1].id, JobState.delivering)
    assert not await store.set_progress_message(made[1].id, 5)
    assert (await store.renew()).held == frozenset()
    assert await state(store, made[1]) is JobState.running
    assert await other.set_state(made[1].id, JobState.delivering)
    assert (await other.renew()).held == {made[0].id, made[1].id}
    assert await store.claim() == []


@postgres
async def test_its_own_jobs_are_not_claimed_again(store: JobStore, job_request: Make) -> None:
    await store.create(job_request())
    await fall_silent(store)
    assert await store.claim() == []


@postgres
async def test_leases_end_by_the_database_clock(
    store: JobStore, other: JobStore, job_request: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine whose clock is an hour fast takes nothing away."""

    class Fast(datetime):
        @classmethod
        def now(cls, tz: object = None) -> "Fast":
            return cls.fromtimestamp(datetime.now(UTC).timestamp() + 3600, UTC)

    await store.create(job_request())
    monkeypatch.setattr("dreambot.jobs.store.datetime", Fast)
    assert await other.claim() == []


@postgres
async def test_a_job_is_claimed_once(store: JobStore, url: str, job_request: Make) -> None:
    made = [await store.create(job_request()) for _ in range(60)]
    await store.release([job.id for job in made])
    rivals = [JobStore(url) for _ in range(4)]
    await asyncio.gather(*(rival.open() for rival in rivals))

    async def greedy(rival: JobStore) -> list[str]:
        got: list[str] = []
        while batch := await rival.claim(most=5):
            got += [job.id for job in batch]
        return got

    got = await asyncio.gather(*map(greedy, rivals))
    assert sorted(chain.from_iterable(got)) == sorted(job.id for job in made)
    assert [(await rival.renew()).held for rival in rivals] == [frozenset(ids) for ids in got]
    await asyncio.gather(*(rival.close() for rival in rivals))


@both_databases
async def test_what_is_released_can_be_taken_up(store: JobStore, job_request: Make) -> None:
    made = [await store.create(job_request()) for _ in range(3)]
    await store.set_state(made[0].id, JobState.running)
    await store.set_state(made[1].id, JobState.delivering)
    await store.set_state(made[2].id, JobState.failed)
    await store.release([job.id for job in made])
    assert (await store.renew()).held == frozenset()
    assert not await store.set_state(made[0].id, JobState.running)
    claimed = await store.claim()
    assert [(job.id, job.state, job.attempts) for job in claimed] == [
        (made[0].id, JobState.queued, 1),
        (made[1].id, JobState.delivering, 0),
    ]
    assert await store.set_state(made[0].id, JobState.running)


async def test_an_earlier_life_on_the_same_file_is_over(store: JobStore, url: str, job_request: Make) -> None:
    job = await store.create(job_request())
    await store.close()
    again = JobStore(url)
    await again.open()
    assert [found.id for found in await again.claim()] == [job.id]
    assert await again.claim() == []
    await again.close()


@both_databases
async def test_a_job_can_be_withdrawn(store: JobStore, job_request: Make) -> None:
    made = [await store.create(job_request()) for _ in range(3)]
    await store.set_state(made[2].id, JobState.done)
    assert await store.withdraw(made[0].id, "You left.")
    assert await store.withdraw(made[1].id, "")
    assert not await store.withdraw(made[2].id, "")
    assert not await store.withdraw("no such job", "")
    renewal = await store.renew()
    assert renewal.withdrawn == {made[0].id: "You left.", made[1].id: ""}
    assert renewal.held == {made[0].id, made[1].id}


@postgres
async def test_the_holder_learns_what_another_process_withdrew(
    store: JobStore, other: JobStore, job_request: Make
) -> None:
    job = await store.create(job_request())
    assert await other.withdraw(job.id, "The server was left.")
    assert (await other.renew()).withdrawn == {}
    assert (await store.renew()).withdrawn == {job.id: "The server was left."}
