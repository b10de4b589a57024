"""The database: opened by one bot to a folder or by several on a server, its schema brought up to date, and
asked again when it was lost for a while."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from alembic.migration import MigrationContext
from filelock import FileLock
from sqlalchemy import URL, Connection, DateTime, event, func, make_url, select
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from dreambot.extras import how_to_add
from dreambot.jobs.folder_lock import lock_folder
from dreambot.jobs.lost import DatabaseError, DatabaseLost, transient
from dreambot.jobs.migrate import migrate
from dreambot.jobs.patience import TEN_MINUTES, GaveUp, Patience, in_words

log = logging.getLogger(__name__)

T = TypeVar("T")

_START_PATIENCE = 30.0
"""A machine that starts may have its bot up before its database."""
_BUSY_MILLISECONDS = 10_000
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", f"busy_timeout={_BUSY_MILLISECONDS}")
# Connections are few, for several bots may share a server. A network that swallows everything is found out by
# the timeouts (seconds), a connection that died in the pool by the ping.
_POSTGRESQL: dict[str, Any] = {
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
        self, url: str, patience: float = TEN_MINUTES, start_patience: float = _START_PATIENCE
    ) -> None:
        """Opens nothing yet. patience, start_patience: seconds for which a database that cannot be reached is
        asked again, later and at the start. Raises DatabaseError when the URL is none."""
        try:
            self._url = _for_asyncpg(make_url(url))
        except ArgumentError as error:
            # The URL may hold a password: it is not repeated.
            raise DatabaseError(
                "DREAMBOT_DATABASE_URL is not a database URL such as postgresql://user:password@host/name."
            ) from error
        # At DEBUG it logs every value it binds, tokens included.
        logging.getLogger("aiosqlite").setLevel(logging.INFO)
        self._patience = Patience("the database", patience, transient)
        self._start_patience = start_patience
        self._lock: FileLock | None = None
        self._engine: AsyncEngine | None = None

    @property
    def engine(self) -> AsyncEngine:
        """The engine of an open database."""
        if self._engine is None:
            raise RuntimeError("the database is not open")
        return self._engine

    @property
    def alone(self) -> bool:
        """Whether one process has it to itself."""
        return _is_sqlite(self._url)

    async def now(self, connection: AsyncConnection) -> datetime:
        """The clock that all its processes share."""
        if self.alone:
            return datetime.now(UTC)
        clock = func.clock_timestamp(type_=DateTime(timezone=True))
        return (await connection.execute(select(clock))).scalar_one()

    async def open(self) -> None:
        """Locks the folder of an SQLite file, connects, and migrates. Raises DatabaseError."""
        if self.alone:
            self._lock = lock_folder(self._url.database)
        self._patience.begin()
        try:
            self._engine = _engine(self._url)
            await self.run(_nothing, 0.0 if self.alone else self._start_patience)
            await _migrate(self._url)
        except BaseException as error:
            await self.close()
            self._explain(error)
            raise

    async def revision(self) -> str | None:
        """Which schema a database has that is not open, changing nothing; None if it has none. Raises
        DatabaseError."""
        if self.alone and not _is_there(self._url):
            return None
        try:
            engine = _engine(self._url)
            try:
                async with engine.connect() as connection:
                    return await connection.run_sync(_revision)
            finally:
                await engine.dispose()
        except Exception as error:
            self._explain(error)
            raise

    def _explain(self, error: BaseException) -> None:
        """Raises DatabaseError in its place, if it says why the database cannot be used."""
        if isinstance(error, ImportError):
            raise DatabaseError(_missing(self._url)) from error
        cause = error.__cause__ if isinstance(error, DatabaseLost) else error
        if isinstance(cause, SQLAlchemyError | OSError | TypeError | ValueError):
            where = self._url.render_as_string(hide_password=True)
            raise DatabaseError(f"The database {where} cannot be opened: {in_words(cause)}.") from cause

    async def close(self) -> None:
        """Disconnects, and lets another bot have the folder. Whoever waits for a lost database is told so."""
        self._patience.end()
        if self._engine:
            await self._engine.dispose()
            self._engine = None
        if self._lock:
            self._lock.release()
            self._lock = None

    async def run(self, work: Callable[[AsyncConnection], Awaitable[T]], patience: float | None = None) -> T:
        """Does `work` in a transaction; where the database is lost or full meanwhile, again from its
        beginning, for `patience` seconds. The answer to a commit can be lost too: work that was done may be
        done once more. Raises DatabaseLost, and what `work` raises."""

        async def attempt() -> T:
            async with self.engine.begin() as connection:
                return await work(connection)

        try:
            return await self._patience.keep_trying(attempt, patience)
        except GaveUp as error:
            raise DatabaseLost(
                "I cannot reach my memory at the moment; please try again in a minute."
            ) from error.cause

    async def alive(self) -> bool:
        """Whether the database answers within two seconds."""
        try:
            async with asyncio.timeout(2), self.engine.connect() as connection:
                await connection.execute(select(1))
        except Exception as error:
            log.debug("the database does not answer: %r", error)
            return False
        return True


def _engine(url: URL, **options: Any) -> AsyncEngine:
    # What is bound to a statement can be a secret: errors must not show it.
    if not _is_sqlite(url):
        return create_async_engine(url, hide_parameters=True, **{**_POSTGRESQL, **options})
    # It has one writer at a time, and waiting here is quicker than its own polling.
    engine = create_async_engine(url, hide_parameters=True, pool_size=1, max_overflow=0)
    event.listen(engine.sync_engine, "connect", _set_pragmas)
    return engine


async def _migrate(url: URL) -> None:
    """In a connection of its own, which may take as long as large tables do, or another bot's migration."""
    engine = _engine(url, connect_args={"timeout": 5})
    try:
        async with engine.begin() as connection:
            await migrate(connection)
    finally:
        await engine.dispose()


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


async def _nothing(connection: AsyncConnection) -> None:
    await connection.execute(select(1))


def _is_sqlite(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"


def _is_there(url: URL) -> bool:
    return Path(url.database or "").is_file()


def _for_asyncpg(url: URL) -> URL:
    """The URL as operators have it, in the words of our driver."""
    if url.drivername in {"postgres", "postgresql"}:
        url = url.set(drivername="postgresql+asyncpg")
    if url.drivername == "postgresql+asyncpg" and "sslmode" in url.query:
        query = dict(url.query)
        query["ssl"] = query.pop("sslmode")
        url = url.set(query=query)
    return url


def _missing(url: URL) -> str:
    driver = url.get_driver_name()
    how = how_to_add("postgres") if driver == "asyncpg" else "Install it beside dreambot."
    return f"The database driver {driver} is not installed. {how} Without DREAMBOT_DATABASE_URL it is SQLite."


def _set_pragmas(connection: Any, _record: object) -> None:
    with contextlib.closing(connection.cursor()) as cursor:
        for pragma in _PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
