import asyncio
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, func, inspect, make_url, select, text

from dreambot.errors import UserError
from dreambot.jobs.database import Database
from dreambot.jobs.schema import jobs, metadata
from dreambot.jobs.store import JobStore
from tests.jobs.backends import both_databases
from tests.support import require
from tests.support.postgres import PostgresServer, postgres_bin_dir


@both_databases
async def test_the_migrations_make_the_schema(store: JobStore) -> None:
    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    async with store.database.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


@both_databases
async def test_the_migrations_make_the_indexes(store: JobStore) -> None:
    """Which rows an index is of, Alembic does not compare."""

    def indexes(connection: Connection) -> dict[str | None, str | None]:
        # A connection that was open before has to look again.
        connection.execute(select(jobs.c.id).limit(1))
        options = {
            index["name"]: index.get("dialect_options", {})
            for index in inspect(connection).get_indexes("jobs")
        }
        return {
            name: str(found.get("sqlite_where", found.get("postgresql_where")))
            for name, found in options.items()
        }

    async with store.database.engine.begin() as connection:
        migrated = await connection.run_sync(indexes)
        await connection.run_sync(metadata.drop_all)
        await connection.run_sync(metadata.create_all)
        assert await connection.run_sync(indexes) == migrated
        columns = ("result", "parent", "owner", "source", "guild", "channel")
        asked_by = {f"jobs_by_{column}" for column in columns}
        assert migrated.keys() == asked_by | {"jobs_unfinished"}


@pytest.mark.parametrize("backend", ["postgres"])
async def test_bots_may_start_at_once(url: str) -> None:
    stores = [JobStore(url) for _ in range(4)]
    await asyncio.gather(*(store.open() for store in stores))
    async with stores[0].database.engine.connect() as connection:
        assert await connection.scalar(select(func.count()).select_from(jobs)) == 0
        assert (await connection.execute(text("SELECT count(*) FROM alembic_version"))).scalar() == 1
    await asyncio.gather(*(store.close() for store in stores))


async def test_what_is_stored_is_on_the_disk(store: JobStore) -> None:
    async with store.database.engine.connect() as connection:
        pragmas = [
            await connection.exec_driver_sql(f"PRAGMA {name}")
            for name in ("journal_mode", "synchronous", "busy_timeout")
        ]
        assert [pragma.scalar() for pragma in pragmas] == ["wal", 2, 10_000]


async def test_a_second_bot_on_the_folder_is_told(store: JobStore, url: str) -> None:
    with pytest.raises(UserError, match=r"Another dreambot is using .*data. Stop it"):
        await JobStore(url).open()
    await store.close()
    again = JobStore(url)
    await again.open()
    await again.close()


@both_databases
async def test_a_newer_schema_is_left_alone(store: JobStore, url: str) -> None:
    async with store.database.engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    await store.close()
    with pytest.raises(UserError, match="newer dreambot"):
        await JobStore(url).open()


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("nonsense", "is not a database URL"),
        ("postgresql://me:hunter2@localhost:1/x", "cannot be opened: .*Connect"),
        ("postgresql://me:hunter2@localhost/x?nonsense=1", "cannot be opened: .*nonsense"),
        ("nosuch://me:hunter2@localhost/x", "cannot be opened: Can't load plugin"),
        ("sqlite+aiosqlite:////proc/none/dreambot.db", "is not writable"),
    ],
)
async def test_a_database_that_cannot_be_opened_is_explained(url: str, words: str) -> None:
    with pytest.raises(UserError, match=words) as raised:
        await Database(url, start_timeout=0.2).open()
    assert "hunter2" not in str(raised.value)


async def test_a_missing_driver_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "asyncpg", None)
    with pytest.raises(UserError, match=r"asyncpg is not installed\. `make setup LOCK=servers`.*Docker"):
        await JobStore("postgresql://me:hunter2@localhost/x").open()


async def test_a_wrong_password_is_explained(postgres_url: str) -> None:
    url = make_url(postgres_url).set(password="hunter2").render_as_string(hide_password=False)
    with pytest.raises(UserError, match=r"cannot be opened: .*password authentication failed") as raised:
        await JobStore(url).open()
    assert "hunter2" not in str(raised.value)


async def test_operators_may_write_urls_as_they_are_used_to(postgres_url: str) -> None:
    url = postgres_url.replace("postgresql+asyncpg", "postgres") + "?sslmode=disable"
    store = JobStore(url)
    await store.open()
    assert await store.alive()
    await store.close()
    assert not await store.alive()


async def test_a_database_may_start_after_the_bot() -> None:
    require("postgres", postgres_bin_dir() is not None)
    with PostgresServer() as server:
        server.stop()
        store = JobStore(server.url)
        opening = asyncio.create_task(store.open())
        await asyncio.sleep(0.3)
        assert not opening.done()
        server.start()
        await opening
        assert await store.alive()
        await store.close()


async def test_a_file_that_is_no_database_is_explained(tmp_path: Path, url: str) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/dreambot.db").write_text("x" * 5000)
    with pytest.raises(UserError, match="cannot be opened: file is not a database"):
        await JobStore(url).open()
