"""Opens, locks and migrates the database, and retries transactions while it is unavailable.

An SQLite file belongs to one bot; a PostgreSQL server is shared by several.
"""

import asyncio
import contextlib
import errno
import logging
import os
import sqlite3
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from datetime import UTC, datetime
from functools import wraps
from importlib.resources import files
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.runtime.migration import MigrationInfo
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from filelock import FileLock, Timeout
from sqlalchemy import (
    URL,
    Connection,
    DateTime,
    Executable,
    RowMapping,
    Select,
    event,
    func,
    make_url,
    select,
)
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, InternalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from dreambot.errors import UserError
from dreambot.extras import install_hint
from dreambot.jobs.retry import RETRY_TIMEOUT_S, Retrier, RetriesExhausted, describe_error

# Connection, resources (a full disk), locks and deadlocks, an operator's hand, the system below. See
# PostgreSQL's manual, appendix A.
_TRANSIENT_SQLSTATE_CLASSES = frozenset({"08", "40", "53", "55", "57", "58"})
# A server that became the other's standby for a moment.
_READ_ONLY_SQLSTATE = "25006"
_TRANSIENT_SQLITE_CODES = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_PROTOCOL,
    }
)


class DatabaseError(UserError):
    """The database cannot be used; the message says why and what to do."""


class DatabaseUnavailable(DatabaseError):
    """The database could not be reached, or written to, within the timeout.

    Whether the last change was made is not known.
    """


def is_transient(error: Exception) -> bool:
    """Whether the same may succeed in a while.

    Args:
        error: What went wrong.
    """
    if not isinstance(error, DBAPIError):
        return isinstance(error, OSError | PoolTimeoutError)
    if error.connection_invalidated:
        return True
    state = getattr(error.orig, "sqlstate", None)
    if state:
        return state[:2] in _TRANSIENT_SQLSTATE_CLASSES or state == _READ_ONLY_SQLSTATE
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        # The lower byte is the kind, the others say more.
        return code & 0xFF in _TRANSIENT_SQLITE_CODES
    # asyncpg was torn off in the middle of something; but what it cannot encode, it never will.
    return isinstance(error, InterfaceError | InternalError) and not isinstance(
        getattr(error.orig, "__cause__", None), ValueError
    )


def lock_data_folder(database: str | None) -> FileLock | None:
    """Locks the folder of an SQLite file, and creates it when needed.

    Args:
        database: Path of the file, or `:memory:`.

    Returns:
        The lock; None where there is no file.

    Raises:
        DatabaseError: Another bot holds the lock, or the folder cannot be written to.
    """
    if not database or database == ":memory:":
        return None
    folder = Path(database).absolute().parent
    lock = FileLock(folder / "dreambot.lock")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire(blocking=False)
    except Timeout as error:
        # The library reports missing permissions like a lock that is held.
        if not (os.access(folder, os.W_OK | os.X_OK) and os.access(lock.lock_file, os.W_OK)):
            raise DatabaseError(
                "setup-folder-not-writable", folder=folder, reason=os.strerror(errno.EACCES)
            ) from error
        raise DatabaseError("setup-folder-in-use", folder=folder) from error
    except OSError as error:
        raise DatabaseError("setup-folder-not-writable", folder=folder, reason=error.strerror) from error
    return lock


_MIGRATION_LOCK_ID = 0xD2EA_B07
"""Any number, but the same in every dreambot."""


async def migrate(connection: AsyncConnection) -> None:
    """Creates or migrates the tables, in the connection's transaction.

    Args:
        connection: An open connection.

    Raises:
        DatabaseError: A newer dreambot migrated the database before.
    """
    if connection.dialect.name == "postgresql":
        await connection.execute(select(func.pg_advisory_xact_lock(_MIGRATION_LOCK_ID)))
    await connection.run_sync(_upgrade_to_head)


def latest_revision() -> str:
    """Returns the schema revision of this dreambot."""
    return _script_directory().get_current_head() or ""


def is_known_revision(revision: str) -> bool:
    """Whether a revision is of this dreambot, or of an older one.

    Args:
        revision: A schema revision.
    """
    return revision in {script.revision for script in _script_directory().walk_revisions()}


def _script_directory() -> ScriptDirectory:
    return ScriptDirectory.from_config(_alembic_config())


def _alembic_config() -> Config:
    config = Config()
    folder = files("dreambot.jobs.migrations")
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    return config


def _upgrade_to_head(connection: Connection) -> None:
    config = _alembic_config()
    config.attributes["connection"] = connection
    empty = _current_revision(connection) is None
    if not empty:
        config.attributes["on_version_apply"] = _log_migration
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise DatabaseError("setup-database-newer", revision=latest_revision()) from error
    if empty:
        log.info("created the tables of an empty database, revision %s", latest_revision())


def _log_migration(*, step: MigrationInfo, **_: object) -> None:
    assert step.up_revision_id
    script = _script_directory().get_revision(step.up_revision_id)
    log.info("migrated the database to revision %s: %s", script.revision, script.doc.rstrip("."))


log = logging.getLogger(__name__)

T = TypeVar("T")

_START_TIMEOUT_S = 30.0
"""A machine that starts may have its bot up before its database."""
_BUSY_TIMEOUT_MS = 10_000
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", f"busy_timeout={_BUSY_TIMEOUT_MS}")
# Connections are few, for several bots may share a server. A network that swallows everything is found out by
# the timeouts (seconds), a connection that died in the pool by the ping.
_POSTGRESQL_OPTIONS: dict[str, Any] = {
    "pool_size": 5,
    "max_overflow": 5,
    "pool_timeout": 10,
    "pool_pre_ping": True,
    "connect_args": {
        "timeout": 5,
        "command_timeout": 20,
        "server_settings": {"application_name": "dreambot"},
    },
}


class Database:
    """A database by its URL: SQLite with aiosqlite, or PostgreSQL with asyncpg."""

    def __init__(
        self, url: str, timeout: float = RETRY_TIMEOUT_S, start_timeout: float = _START_TIMEOUT_S
    ) -> None:
        """Opens nothing yet.

        Args:
            url: A URL of SQLAlchemy.
            timeout: Seconds for which a lost database is waited for.
            start_timeout: The same at the start.

        Raises:
            DatabaseError: It is no such URL.
        """
        try:
            self._url = _asyncpg_url(make_url(url))
        except ArgumentError as error:
            # The URL may hold a password: it is not repeated.
            raise DatabaseError("setup-database-url") from error
        # At DEBUG it logs every value it binds, tokens included.
        logging.getLogger("aiosqlite").setLevel(logging.INFO)
        self._retrier = Retrier("the database", timeout, is_transient)
        self._start_timeout = start_timeout
        self._lock: FileLock | None = None
        self._engine: AsyncEngine | None = None

    @property
    def engine(self) -> AsyncEngine:
        """The engine of the open database."""
        if self._engine is None:
            raise RuntimeError("the database is not open")
        return self._engine

    @property
    def alone(self) -> bool:
        """Whether one process has the database to itself."""
        return _is_sqlite(self._url)

    @property
    def path(self) -> Path | None:
        """The file of an SQLite database; None for a server, or for a database in memory."""
        name = self._url.database
        return Path(name) if self.alone and name and name != ":memory:" else None

    async def now(self, connection: AsyncConnection) -> datetime:
        """Reads the clock that all processes share.

        Args:
            connection: An open connection.
        """
        if self.alone:
            return datetime.now(UTC)
        clock = func.clock_timestamp(type_=DateTime(timezone=True))
        return (await connection.execute(select(clock))).scalar_one()

    async def open(self) -> None:
        """Locks the folder of an SQLite file, connects, and migrates.

        Raises:
            DatabaseError: The database cannot be used.
        """
        if self.alone:
            self._lock = lock_data_folder(self._url.database)
        self._retrier.begin()
        try:
            self._engine = _create_engine(self._url)
            await self.run(_ping, 0.0 if self.alone else self._start_timeout)
            await _run_migrations(self._url)
        except BaseException as error:
            await self.close()
            self._explain(error)
            raise

    async def revision(self) -> str | None:
        """Returns the schema revision of a database that is not open, or None. Changes nothing.

        Raises:
            DatabaseError: The database cannot be used.
        """
        try:
            if self.alone and not _file_exists(self._url):
                return None
            engine = _create_engine(self._url)
            try:
                async with engine.connect() as connection:
                    return await connection.run_sync(_current_revision)
            finally:
                await engine.dispose()
        except Exception as error:
            self._explain(error)
            raise

    def _explain(self, error: BaseException) -> None:
        """Raises DatabaseError in place of an error, if that says why the database cannot be used."""
        if isinstance(error, ImportError):
            raise _missing_driver_error(self._url) from error
        cause = error.__cause__ if isinstance(error, DatabaseUnavailable) else error
        if isinstance(cause, SQLAlchemyError | OSError | TypeError | ValueError):
            where = self._url.render_as_string(hide_password=True)
            raise DatabaseError(
                "setup-database-unreachable", place=where, reason=describe_error(cause)
            ) from cause

    async def close(self) -> None:
        """Disconnects and releases the folder. Calls that wait for a lost database fail."""
        self._retrier.end()
        if self._engine:
            await self._engine.dispose()
            self._engine = None
        if self._lock:
            self._lock.release()
            self._lock = None

    async def run(self, work: Callable[[AsyncConnection], Awaitable[T]], timeout: float | None = None) -> T:
        """Runs `work` in a transaction.

        While the database is lost or full, it is run again from its beginning. The response to a commit can
        be lost, too, so work that was committed may run again.

        Args:
            work: Takes the connection.
            timeout: Seconds for which it is tried; None is the database's own.

        Raises:
            DatabaseUnavailable: The time is over, or the database was closed.
        """

        async def attempt() -> T:
            async with self.engine.begin() as connection:
                return await work(connection)

        try:
            return await self._retrier.call(attempt, timeout)
        except RetriesExhausted as error:
            raise DatabaseUnavailable("errors-database-unreachable") from error.cause

    async def fetch_all(self, query: Select[Any]) -> Sequence[RowMapping]:
        """Returns the rows of a query, as `run` does.

        Args:
            query: A SELECT.
        """

        async def work(connection: AsyncConnection) -> Sequence[RowMapping]:
            rows: Sequence[RowMapping] = (await connection.execute(query)).mappings().all()
            return rows

        return await self.run(work)

    async def fetch_value(self, query: Select[Any]) -> Any:
        """Returns the first column of a query's first row, or None, as `run` does.

        Args:
            query: A SELECT.
        """

        async def work(connection: AsyncConnection) -> Any:
            return await connection.scalar(query)

        return await self.run(work)

    async def execute(self, statement: Executable) -> int:
        """Runs a change that may as well be made twice, as `run` does.

        Args:
            statement: An INSERT, UPDATE or DELETE.

        Returns:
            The number of changed rows.
        """

        async def work(connection: AsyncConnection) -> int:
            return (await connection.execute(statement)).rowcount

        return await self.run(work)

    async def alive(self) -> bool:
        """Whether the database answers within two seconds."""
        try:
            async with asyncio.timeout(2), self.engine.connect() as connection:
                await connection.execute(select(1))
        except Exception as error:
            log.debug("the database does not answer: %r", error)
            return False
        return True


class _HasDatabase(Protocol):
    _database: Database


StoreT = TypeVar("StoreT", bound=_HasDatabase)
P = ParamSpec("P")


def transaction(
    method: Callable[Concatenate[StoreT, AsyncConnection, P], Awaitable[T]],
) -> Callable[Concatenate[StoreT, P], Coroutine[Any, Any, T]]:
    """Decorates a method of a store: each call is a transaction of its database, see `Database.run`.

    Args:
        method: Takes the connection as its first argument, which callers leave out. It may run more than
            once.
    """

    @wraps(method)
    async def call(self: StoreT, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await self._database.run(lambda connection: method(self, connection, *args, **kwargs))

    return call


def _create_engine(url: URL, **options: Any) -> AsyncEngine:
    # What is bound to a statement can be a secret: errors must not show it.
    if not _is_sqlite(url):
        return create_async_engine(url, hide_parameters=True, **{**_POSTGRESQL_OPTIONS, **options})
    # It has one writer at a time, and waiting here is quicker than its own polling.
    engine = create_async_engine(url, hide_parameters=True, pool_size=1, max_overflow=0)
    event.listen(engine.sync_engine, "connect", _set_pragmas)
    return engine


async def _run_migrations(url: URL) -> None:
    """Migrates in a connection of its own, which may wait for large tables or another bot's migration."""
    engine = _create_engine(url, connect_args={"timeout": 5})
    if _is_sqlite(url):
        # Python's driver begins no transaction before CREATE and ALTER: half a migration could be left.
        event.listen(engine.sync_engine, "connect", _leave_transactions_to_us)
        event.listen(engine.sync_engine, "begin", _begin)
    try:
        async with engine.begin() as connection:
            await migrate(connection)
    finally:
        await engine.dispose()


def _current_revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


async def _ping(connection: AsyncConnection) -> None:
    await connection.execute(select(1))


def _is_sqlite(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"


def _file_exists(url: URL) -> bool:
    return Path(url.database or "").is_file()


def _asyncpg_url(url: URL) -> URL:
    """The URL with our driver and its name for `sslmode`."""
    if url.drivername in {"postgres", "postgresql"}:
        url = url.set(drivername="postgresql+asyncpg")
    if url.drivername == "postgresql+asyncpg" and "sslmode" in url.query:
        query = dict(url.query)
        query["ssl"] = query.pop("sslmode")
        url = url.set(query=query)
    return url


def _missing_driver_error(url: URL) -> DatabaseError:
    driver = url.get_driver_name()
    hint = install_hint("postgres") if driver == "asyncpg" else "Install it beside dreambot."
    return DatabaseError("setup-database-driver", driver=driver, hint=hint)


def _leave_transactions_to_us(connection: Any, _record: object) -> None:
    connection.isolation_level = None


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _set_pragmas(connection: Any, _record: object) -> None:
    with contextlib.closing(connection.cursor()) as cursor:
        for pragma in _PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
