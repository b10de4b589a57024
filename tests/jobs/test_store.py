import asyncio
import logging
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import update
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from dreambot.errors import UserError
from dreambot.jobs.schema import jobs, metadata
from dreambot.jobs.store import JobStore
from dreambot.jobs.types import Ask, JobState
from dreambot.recipe import DreamRequest, SourceFacts, resolve
from tests.support.recipes import some_models

Make = Callable[..., Ask]

RECIPE = resolve(
    DreamRequest(preset="classic"),
    SourceFacts(300, 300),
    seed=1,
    models=some_models,
    precision="fp32",
    max_pixels=10**6,
)


async def test_a_job_comes_back_as_it_was_stored(store: JobStore, url: str, ask: Make) -> None:
    job = await store.create(ask())
    await store.close()
    again = JobStore(url)
    await again.open()
    assert await again.get(job.id) == job
    assert await again.get("no such job") is None
    await again.close()


async def test_ids_are_short_and_in_order(store: JobStore, ask: Make) -> None:
    ids = []
    for _ in range(5):
        ids.append((await store.create(ask())).id)
        await asyncio.sleep(0.002)
    assert ids == sorted(set(ids))
    assert all(len(job_id) <= 25 and job_id.isalnum() for job_id in ids)


async def test_a_job_moves_on_until_it_is_over(store: JobStore, ask: Make) -> None:
    job = await store.create(ask())
    assert await store.set_state(job.id, JobState.queued, recipe=RECIPE)
    assert await store.set_state(job.id, JobState.running)
    assert [found.id for found in await store.unfinished()] == [job.id]
    assert await store.set_state(job.id, JobState.done, result_message=77)
    assert not await store.set_state(job.id, JobState.failed, error="too late")
    assert not await store.set_state("no such job", JobState.failed)

    found = await store.by_result(77)
    assert found is not None
    assert (found.id, found.state, found.attempts, found.error) == (job.id, JobState.done, 1, None)
    assert found.recipe == RECIPE
    assert found.updated > found.created
    assert await store.unfinished() == []
    assert await store.by_result(78) is None


@pytest.mark.parametrize("state", [JobState.done, JobState.failed, JobState.cancelled])
async def test_the_token_is_erased_when_the_job_is_over(store: JobStore, ask: Make, state: JobState) -> None:
    job = await store.create(ask())
    await store.set_state(job.id, state)
    found = await store.get(job.id)
    assert found
    assert found.ask.token is None


async def test_an_expired_token_is_erased(store: JobStore, ask: Make) -> None:
    old, young = await store.create(ask()), await store.create(ask())
    long_ago = datetime.now(UTC) - timedelta(minutes=16)
    async with store.engine.begin() as connection:
        await connection.execute(update(jobs).where(jobs.c.id == old.id).values(created=long_ago))
    await store.create(ask())
    assert [found and found.ask.token for found in [await store.get(old.id), await store.get(young.id)]] == [
        None,
        "a-secret-token",
    ]


async def test_the_token_is_never_logged(
    store: JobStore, ask: Make, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    job = await store.create(ask())
    async with store.engine.begin() as connection:
        await connection.exec_driver_sql("DROP TABLE jobs")
    with pytest.raises(Exception, match="no such table") as raised:
        await store.create(ask())
    assert "a-secret-token" not in repr(job) + str(raised.value) + caplog.text


async def test_jobs_can_be_stored_at_once(store: JobStore, ask: Make) -> None:
    made = await asyncio.gather(*(store.create(ask(owner=i)) for i in range(20)))
    await asyncio.gather(*(store.set_state(job.id, JobState.queued) for job in made))
    assert {job.state for job in await store.unfinished()} == {JobState.queued}


async def test_what_is_stored_is_on_the_disk(store: JobStore, tmp_path: Path) -> None:
    async with store.engine.connect() as connection:
        pragmas = [
            await connection.exec_driver_sql(f"PRAGMA {name}")
            for name in ("journal_mode", "synchronous", "busy_timeout")
        ]
        assert [pragma.scalar() for pragma in pragmas] == ["wal", 2, 10_000]


async def test_a_second_bot_on_the_folder_is_told(store: JobStore, url: str, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"Another dreambot is at work in .*data; stop it"):
        await JobStore(url).open()
    await store.close()
    again = JobStore(url)
    await again.open()
    await again.close()


async def test_a_newer_schema_is_left_alone(store: JobStore, url: str, tmp_path: Path) -> None:
    await store.close()
    with sqlite3.connect(tmp_path / "data/dreambot.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(UserError, match="newer dreambot"):
        await JobStore(url).open()


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("nonsense", "is not a database URL"),
        ("postgresql+asyncpg://me:hunter2@localhost/x", "driver asyncpg is not installed"),
        ("nosuch://me:hunter2@localhost/x", "cannot be opened: Can't load plugin"),
        ("sqlite+aiosqlite:////proc/none/dreambot.db", "cannot be written to"),
    ],
)
async def test_a_database_that_cannot_be_opened_is_explained(url: str, words: str) -> None:
    with pytest.raises(UserError, match=words) as raised:
        await JobStore(url).open()
    assert "hunter2" not in str(raised.value)


async def test_a_file_that_is_no_database_is_explained(tmp_path: Path, url: str) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/dreambot.db").write_text("x" * 5000)
    with pytest.raises(UserError, match="cannot be opened: file is not a database"):
        await JobStore(url).open()


def test_the_schema_is_good_for_postgresql_too() -> None:
    for table in metadata.sorted_tables:
        assert "CREATE TABLE" in str(CreateTable(table).compile(dialect=postgresql.dialect()))
        for index in table.indexes:
            assert "CREATE INDEX" in str(CreateIndex(index).compile(dialect=postgresql.dialect()))


async def test_the_migrations_make_the_schema(store: JobStore) -> None:
    async with store.engine.connect() as connection:
        differences = await connection.run_sync(
            lambda plain: compare_metadata(MigrationContext.configure(plain), metadata)
        )
    assert differences == []
