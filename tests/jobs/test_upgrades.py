"""Databases of every earlier revision, with rows in every table, are upgraded and used; backups."""

import asyncio
import contextlib
import json
import logging
import re
import shlex
import shutil
import sqlite3
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Boolean, Column, Connection, DateTime, MetaData, Numeric, insert, select
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from dreambot.errors import UserError
from dreambot.guilds.looks import LookOwner
from dreambot.guilds.store import GuildStore
from dreambot.jobs.database import Database
from dreambot.jobs.files import create_job_files
from dreambot.jobs.forwards import Forwards
from dreambot.jobs.history import Comparisons, JobHistory
from dreambot.jobs.key_value import KeyValueStore
from dreambot.jobs.models import JobState
from dreambot.jobs.personal_data import PersonalData
from dreambot.jobs.statistics import JobStatistics
from dreambot.jobs.store import JobStore
from dreambot.media.fetch import Fetcher
from tests.jobs.backends import both_databases
from tests.support import require
from tests.support.postgres import postgres_bin_dir
from tests.support.recipes import make_recipe

ROOT = Path(__file__).parents[2]

ALEMBIC = Config()
ALEMBIC.set_main_option("script_location", "dreambot:jobs/migrations")
REVISIONS = [script.revision for script in ScriptDirectory.from_config(ALEMBIC).walk_revisions()][::-1]
TIME = datetime(2026, 1, 2, 3, 4, 5)
PERSON, GUILD, CHANNEL, MESSAGE = 2**63 - 1, 11, 12, 14
RECIPE = make_recipe().to_json()
SOURCE = json.dumps({"attachment": "https://cdn.example/cat.jpg", "filename": "cat.jpg", "size": 5})
IMAGE = json.dumps(
    {"source": SOURCE, "label": "a cat", "spoiler": False, "message": MESSAGE, "person": PERSON}
)

# What rows hold, as far as the revision has such columns. Columns that are not named are NULL, or a value of
# their type where NULL is not allowed, so that revisions to come are covered, too.
VALUES: Mapping[str, Mapping[str, Any]] = {
    "jobs": {
        "owner": PERSON,
        "guild": GUILD,
        "channel": CHANNEL,
        "request": '{"layer":"mixed4"}',
        "token": "a-secret-token",
        "recipe": RECIPE,
        "source": SOURCE,
        "label": "a cat",
        "source_message": MESSAGE,
        "source_person": PERSON,
        "guide": IMAGE,
        "sound": IMAGE,
        "locale": "de",
        "press": "deeper",
        "bounds": "{}",
        "caption": "a caption",
        "pictures": 1,
    },
    "channels": {"id": CHANNEL, "autodream": 0.5, "rules": "{}", "look": "eyes"},
    "guilds": {"id": GUILD, "settings": '{"intensity":7}'},
    "people": {"id": PERSON, "settings": '{"previews":false}'},
    "blocks": {"guild": GUILD, "person": 99},
    "autodreams": {"channel": CHANNEL},
    "meta": {"key": "key", "value": "value"},
    "comparisons": {"message": 21, "channel": CHANNEL, "person": PERSON, "job": "job-done", "dream": 24},
    "looks": {"scope": "person", "owner": PERSON, "key": "mine", "name": "Mine", "recipe": RECIPE},
    "forwards": {
        "message": 24,
        "job": "job-done",
        "guild": GUILD,
        "channel": CHANNEL,
        "hall": 31,
        "forward": 32,
    },
}


def job_rows() -> list[dict[str, Any]]:
    """One job for each state."""
    rows: list[dict[str, Any]] = []
    for state in JobState:
        delivered = {"result_message": 24, "token": None} if state is JobState.done else {}
        rows.append({**VALUES["jobs"], "id": f"job-{state}", "state": str(state), **delivered})
    return rows


def complete(columns: Mapping[str, Column[Any]], values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of the columns that exist, and something in every other one that must not be NULL."""
    row = {name: value for name, value in values.items() if name in columns}
    for name, column in columns.items():
        if name in row or column.nullable or column.server_default is not None:
            continue
        if column.primary_key and column.autoincrement is True:
            continue
        kind = column.type
        if isinstance(kind, DateTime):
            row[name] = TIME
        elif isinstance(kind, Boolean):
            row[name] = False
        else:
            row[name] = 0 if kind.python_type in (int, float) or isinstance(kind, Numeric) else "x"
    return row


def fill(connection: Connection, revision: str) -> None:
    """Makes a database of a revision, with rows in every table."""
    ALEMBIC.attributes["connection"] = connection
    command.upgrade(ALEMBIC, revision)
    metadata = MetaData()
    metadata.reflect(connection)
    for table in metadata.sorted_tables:
        if table.name == "alembic_version":
            continue
        rows = job_rows() if table.name == "jobs" else [dict(VALUES.get(table.name, {}))]
        for row in rows:
            connection.execute(insert(table).values(complete(dict(table.columns), row)))


def contents(connection: Connection) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table."""
    metadata = MetaData()
    metadata.reflect(connection)
    found = {}
    for table in metadata.sorted_tables:
        rows = connection.execute(select(table).order_by(*table.primary_key.columns)).mappings()
        found[table.name] = [dict(row) for row in rows]
    found.pop("alembic_version")
    return found


async def run_sync(engine: AsyncEngine, function: Any, *arguments: Any) -> Any:
    async with engine.begin() as connection:
        return await connection.run_sync(function, *arguments)


@both_databases
@pytest.mark.parametrize("revision", REVISIONS)
async def test_a_database_of_an_earlier_version_is_upgraded_and_used(
    url: str, revision: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "data").mkdir(exist_ok=True)
    engine = create_async_engine(url)
    await run_sync(engine, fill, revision)
    before = await run_sync(engine, contents)
    await engine.dispose()

    caplog.set_level(logging.INFO, "dreambot.jobs.database")
    store = JobStore(url)
    await store.open()
    later = REVISIONS[REVISIONS.index(revision) + 1 :]
    assert [record.args and record.args[0] for record in caplog.records] == later

    after = await run_sync(store.database.engine, contents)
    for table, rows in before.items():
        kept = [{name: row[name] for name in old} for old, row in zip(rows, after[table], strict=True)]
        assert kept == rows, table

    await use_jobs(store, before)
    await use_settings(store, before, tmp_path / "data/files")
    await store.close()


async def use_jobs(store: JobStore, before: Mapping[str, list[dict[str, Any]]]) -> None:
    """Reads and finishes the jobs."""
    unfinished = {job.id: job for job in await store.claim()}
    assert unfinished.keys() == {f"job-{state}" for state in JobState if not state.final}
    history = JobHistory(store.database)
    for row in before["jobs"]:
        job = unfinished.get(row["id"]) or await store.get(row["id"])
        assert job
        assert (job.state, job.spec.owner, job.spec.reply_target.channel) == (row["state"], PERSON, CHANNEL)
        assert job.spec.reply_target.token == (None if job.state is JobState.done else "a-secret-token")
        assert job.recipe == make_recipe()
        assert job.spec.request.layer is not None
        assert job.spec.reply_target.since.replace(tzinfo=None) == row.get("since", row["created"])
        if "source" in row:
            assert job.spec.source
            assert job.spec.source.label == "a cat"
        for made_of in ("guide", "sound"):
            assert (getattr(job.spec, made_of) is not None) == (made_of in row)
    done = await history.find_by_result(24)
    assert done
    assert done.state is JobState.done
    for job_id in unfinished:
        assert await store.set_state(job_id, JobState.failed, error="sorry")
    states = await JobStatistics(store.database).states(done.created)
    assert states == {JobState.failed: len(unfinished) + 1, JobState.done: 1, JobState.cancelled: 1}


async def use_settings(store: JobStore, before: Mapping[str, list[dict[str, Any]]], folder: Path) -> None:
    """Reads what belongs to servers and people, and erases the person."""
    database, settings = store.database, GuildStore(store.database)
    assert await KeyValueStore(database).get("key") == "value"
    assert (await settings.autodream(CHANNEL)).chance == 0.5
    assert (await settings.guild(GUILD)).intensity == (7 if "guilds" in before else 11)
    assert (await settings.person(PERSON)).previews == ("people" not in before)
    assert await settings.blocked(GUILD, 99) == ("blocks" in before)
    looks = await settings.looks.all_of([LookOwner("person", PERSON)])
    assert [look.recipe for look in looks] == ([make_recipe()] if "looks" in before else [])
    assert len(await Comparisons(database).showing([24])) == len(before.get("comparisons", []))
    assert len(await Forwards(database).find([24])) == len(before.get("forwards", []))
    async with Fetcher(frozenset()) as fetcher:
        files = create_job_files(folder, None, fetcher, sources_hours=1, results_days=1, gigabytes=1)
        personal = PersonalData(database, files)
        assert len((await personal.export(PERSON))["dreams"]) == len(JobState)
        assert await personal.erase(PERSON)
        assert (await personal.export(PERSON))["dreams"] == []


@both_databases
async def test_an_upgrade_that_fails_changes_nothing(url: str, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir(exist_ok=True)
    engine = create_async_engine(url)
    await run_sync(engine, fill, "0001")
    async with engine.begin() as connection:
        # In the way of revision 0005.
        await connection.exec_driver_sql("CREATE TABLE comparisons (message INTEGER PRIMARY KEY)")
    before = await run_sync(engine, contents)
    with pytest.raises(UserError, match=r"already exists"):
        await JobStore(url).open()
    assert await Database(url).revision() == "0001"
    assert await run_sync(engine, contents) == before
    async with engine.begin() as connection:
        await connection.exec_driver_sql("DROP TABLE comparisons")
    await engine.dispose()
    store = JobStore(url)
    await store.open()
    assert len(await store.claim()) == 4
    await store.close()


@both_databases
async def test_an_empty_database_is_one_line_in_the_log(url: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "dreambot.jobs.database")
    for _ in range(2):
        store = JobStore(url)
        await store.open()
        await store.close()
    assert caplog.messages == [f"created the tables of an empty database, revision {REVISIONS[-1]}"]


def documented(program: str) -> list[str]:
    """The words of the line in the operator's guide that begins with a program."""
    lines = (ROOT / "docs" / "operators.md").read_text("utf-8").splitlines()
    [line] = [line.strip() for line in lines if line.startswith(f"    {program} ")]
    return shlex.split(line, comments=True)


async def execute(*words: str | Path, cwd: Path) -> None:
    process = await asyncio.create_subprocess_exec(*words, cwd=cwd, stderr=asyncio.subprocess.PIPE)
    _, said = await asyncio.wait_for(process.communicate(), 60)
    assert (process.returncode, said) == (0, b"")


async def test_a_running_sqlite_database_is_backed_up_and_restored(url: str, tmp_path: Path) -> None:
    require("sqlite3", shutil.which("sqlite3") is not None)
    store = await open_filled(url, tmp_path)
    [withdrawn] = [job.id for job in await store.claim() if job.state is JobState.queued]
    async with store.database.engine.begin() as connection:
        # A change that is not committed yet, while the backup is made.
        await connection.exec_driver_sql("UPDATE jobs SET caption = 'too late'")
        program, database, command = documented("sqlite3")
        assert database.endswith("/dreambot.db")
        await execute(program, tmp_path / "data/dreambot.db", command, cwd=tmp_path)
        [container] = [words[-1] for words in [documented("docker exec")]]
        with contextlib.closing(sqlite3.connect(tmp_path / "data/dreambot.db")) as other:
            other.execute(container.replace("/data/", f"{tmp_path}/"))
    assert await store.withdraw(withdrawn, "after the backup")
    await store.close()
    for backup in ("dreambot-backup.db", "backup.db"):
        # As the guide says: without the -wal and -shm of the old file.
        shutil.rmtree(tmp_path / "data")
        (tmp_path / "data").mkdir()
        shutil.copy(tmp_path / backup, tmp_path / "data/dreambot.db")
        again = JobStore(url)
        await again.open()
        job = await again.get(withdrawn)
        assert job
        assert (job.withdrawn, job.caption) == (None, "a caption")
        assert len(await again.unfinished()) == 4
        await again.close()


@pytest.mark.parametrize("backend", ["postgres"])
async def test_a_running_postgresql_database_is_backed_up_and_restored(url: str, tmp_path: Path) -> None:
    programs = postgres_bin_dir()
    require("pg_dump", programs is not None and (programs / "pg_dump").exists())
    assert programs
    plain = url.replace("+asyncpg", "")
    store = await open_filled(url, tmp_path)
    before = await run_sync(store.database.engine, contents)
    dump = [re.sub(r"postgresql://\S+", plain, word) for word in documented("pg_dump")]
    await execute(programs / dump[0], *dump[1:], cwd=tmp_path)
    async with store.database.engine.begin() as connection:
        await connection.exec_driver_sql("DELETE FROM jobs")
    await store.close()
    restore = [re.sub(r"postgresql://\S+", plain, word) for word in documented("pg_restore")]
    await execute(programs / restore[0], *restore[1:], cwd=tmp_path)
    again = JobStore(url)
    await again.open()
    assert await run_sync(again.database.engine, contents) == before
    await again.close()


async def open_filled(url: str, tmp_path: Path) -> JobStore:
    """Opens a database of this version with rows in every table."""
    (tmp_path / "data").mkdir(exist_ok=True)
    engine = create_async_engine(url)
    await run_sync(engine, fill, REVISIONS[-1])
    await engine.dispose()
    store = JobStore(url)
    await store.open()
    return store
