"""The database goes away in the middle of the work."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url

from dreambot.errors import UserError
from dreambot.jobs.database import DatabaseUnavailable
from dreambot.jobs.models import Job, JobRequest, JobState, Result, SourceImage, UrlSource
from dreambot.jobs.store import JobStore
from tests.support import require
from tests.support.full_disk import limit_file_size
from tests.support.postgres import PostgresServer, cut_connections, fresh_database, postgres_bin_dir
from tests.support.proxy import TcpProxy, proxy_to

Make = Callable[..., JobRequest]
WAY = (JobState.queued, JobState.running, JobState.delivering, JobState.done)
RESULT = Result("abc/dream.png", "png", 1.5)
BIG = SourceImage(UrlSource("https://a.test/" + 10_000 * "a"), "a long way", False, None)


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """A server that may be stopped."""
    require("postgres", postgres_bin_dir() is not None)
    with PostgresServer() as server:
        yield server


@pytest.fixture
def give_up_soon(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Shortens the timeout of the creations that follow."""
    return lambda: monkeypatch.setattr("dreambot.jobs.store._CREATE_TIMEOUT_S", 2.0)


@pytest.fixture
async def remote(server: PostgresServer) -> AsyncIterator[JobStore]:
    """A store on that server."""
    async with fresh_database(server.url) as url:
        store = JobStore(url)
        await store.open()
        yield store
        await store.close()


@pytest.fixture
async def wire(postgres_url: str) -> AsyncIterator[TcpProxy]:
    """A proxy between a store and its database."""
    url = make_url(postgres_url)
    async with proxy_to(url.host or "", url.port or 0) as proxy:
        yield proxy


@pytest.fixture
async def wired(postgres_url: str, wire: TcpProxy) -> AsyncIterator[JobStore]:
    """A store at the end of the wire."""
    url = make_url(postgres_url).set(host="127.0.0.1", port=wire.port)
    store = JobStore(url.render_as_string(hide_password=False))
    await store.open()
    yield store
    wire.down = False
    await store.close()


async def walk(store: JobStore, job: Job) -> None:
    for state in WAY:
        result = RESULT if state is JobState.delivering else None
        assert await store.set_state(job.id, state, result=result)


async def found(store: JobStore, job: Job) -> Job:
    job_now = await store.get(job.id)
    assert job_now
    return job_now


@pytest.mark.parametrize("crash", [True, False])
async def test_a_server_that_restarts_is_waited_for(
    server: PostgresServer, remote: JobStore, job_request: Make, give_up_soon: Callable[[], None], crash: bool
) -> None:
    made = [await remote.create(job_request()) for _ in range(10)]
    server.stop(immediate=crash)
    assert not await remote.alive()
    walks = [asyncio.create_task(walk(remote, job)) for job in made]
    await asyncio.sleep(0.3)
    give_up_soon()
    with pytest.raises(UserError, match="cannot save anything"):
        await remote.create(job_request())
    assert not any(task.done() for task in walks)
    server.start()
    await asyncio.gather(*walks)
    assert await remote.alive()
    assert await remote.unfinished() == []
    assert [((await found(remote, job)).state, (await found(remote, job)).attempts) for job in made] == [
        (JobState.done, 1)
    ] * 10


@pytest.mark.parametrize("backend", ["postgres"])
async def test_cut_connections_lose_and_double_nothing(store: JobStore, url: str, job_request: Make) -> None:
    made = await asyncio.gather(*(store.create(job_request()) for _ in range(40)))
    walks = asyncio.gather(*(walk(store, job) for job in made))
    while not walks.done():
        await cut_connections(url)
        await asyncio.sleep(0.03)
    await walks
    jobs = [await found(store, job) for job in made]
    assert {(job.state, job.attempts, job.result) for job in jobs} == {(JobState.done, 1, RESULT)}


async def test_an_attempt_is_counted_once_though_the_answer_was_lost(
    wired: JobStore, wire: TcpProxy, job_request: Make
) -> None:
    job = await wired.create(job_request())
    for state in WAY:
        wire.cut_after(b"COMMIT")
        assert await wired.set_state(job.id, state)
    assert ((await found(wired, job)).state, (await found(wired, job)).attempts) == (JobState.done, 1)
    assert not await wired.set_state(job.id, JobState.failed)


async def test_a_job_is_stored_once_though_the_answer_was_lost(
    wired: JobStore, wire: TcpProxy, job_request: Make
) -> None:
    wire.cut_after(b"COMMIT")
    job = await wired.create(job_request())
    assert await wired.unfinished() == [job]
    assert (await wired.renew()).held == {job.id}


async def test_jobs_are_claimed_though_the_answer_was_lost(
    wired: JobStore, wire: TcpProxy, job_request: Make
) -> None:
    made = [await wired.create(job_request()) for _ in range(3)]
    await wired.release([job.id for job in made])
    wire.cut_after(b"COMMIT")
    assert await wired.claim() == made
    assert await wired.claim() == []


async def test_what_was_not_promised_is_not_done(
    wired: JobStore, wire: TcpProxy, job_request: Make, give_up_soon: Callable[[], None]
) -> None:
    """The row was written, but the response was lost."""
    wire.cut_after(b"COMMIT", stay_down=True)
    give_up_soon()
    with pytest.raises(UserError, match="cannot save anything"):
        await wired.create(job_request())
    wire.down = False
    [job] = await wired.unfinished()
    assert job.state is JobState.received
    assert (await wired.renew()).held == frozenset()
    assert (await found(wired, job)).state is JobState.cancelled


async def test_the_timeout_ends_the_wait(
    wired: JobStore, wire: TcpProxy, postgres_url: str, job_request: Make
) -> None:
    url = make_url(postgres_url).set(host="127.0.0.1", port=wire.port).render_as_string(hide_password=False)
    store = JobStore(url, timeout=0.5)
    await store.open()
    job = await store.create(job_request())
    wire.down = True
    wire.cut()
    with pytest.raises(DatabaseUnavailable, match="my database"):
        await store.set_state(job.id, JobState.queued)
    wire.down = False
    assert await store.set_state(job.id, JobState.queued)
    await store.close()


async def test_closing_ends_the_waiting(wired: JobStore, wire: TcpProxy, job_request: Make) -> None:
    job = await wired.create(job_request())
    wire.down = True
    wire.cut()
    waiting = asyncio.create_task(wired.set_state(job.id, JobState.queued))
    await asyncio.sleep(0.3)
    await wired.close()
    with pytest.raises(DatabaseUnavailable):
        await waiting


async def test_a_full_disk_is_waited_for(
    store: JobStore, job_request: Make, give_up_soon: Callable[[], None], tmp_path: Path
) -> None:
    made = [await store.create(job_request()) for _ in range(5)]
    grown = max(path.stat().st_size for path in (tmp_path / "data").iterdir())
    with limit_file_size(grown):
        give_up_soon()
        with pytest.raises(UserError, match="cannot save anything"):
            await store.create(job_request(owner=1, source=BIG))
        walks = asyncio.gather(*(walk(store, job) for job in made))
        await asyncio.sleep(0.3)
        assert not walks.done()
    await walks
    jobs = [await found(store, job) for job in made]
    assert {(job.state, job.attempts, job.result) for job in jobs} == {(JobState.done, 1, RESULT)}
    await store.renew()
    assert await store.unfinished() == []


async def test_a_locked_file_is_waited_for(
    monkeypatch: pytest.MonkeyPatch, url: str, job_request: Make, tmp_path: Path
) -> None:
    monkeypatch.setattr("dreambot.jobs.database._PRAGMAS", ("journal_mode=WAL", "busy_timeout=10"))
    store = JobStore(url)
    await store.open()
    job = await store.create(job_request())
    backup = sqlite3.connect(tmp_path / "data/dreambot.db", isolation_level=None)
    backup.execute("BEGIN IMMEDIATE")
    walking = asyncio.create_task(walk(store, job))
    await asyncio.sleep(0.5)
    assert not walking.done()
    backup.execute("ROLLBACK")
    backup.close()
    await walking
    assert (await found(store, job)).attempts == 1
    await store.close()
