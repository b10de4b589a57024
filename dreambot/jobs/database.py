"""Opening the database: one bot to a folder, the schema brought up to date."""

import contextlib
import logging
import sqlite3
from importlib.resources import files
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from filelock import FileLock, Timeout
from sqlalchemy import Connection, event, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from dreambot.errors import UserError

_BUSY_MILLISECONDS = 10_000
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", f"busy_timeout={_BUSY_MILLISECONDS}")


class DatabaseError(UserError):
    """The database cannot be used; the message says why and what to do."""


class Database:
    """A database by its URL: SQLite with aiosqlite, or PostgreSQL where an async driver is installed."""

    def __init__(self, url: str) -> None:
        """Opens nothing yet. Raises DatabaseError when the URL is none."""
        try:
            self._url = make_url(url)
        except ArgumentError as error:
            # The URL may hold a password: it is not repeated.
            raise DatabaseError(
                "DREAMBOT_DATABASE_URL is not a database URL such as "
                "sqlite+aiosqlite:////var/lib/dreambot/dreambot.db."
            ) from error
        # At DEBUG it logs every value it binds, tokens included.
        logging.getLogger("aiosqlite").setLevel(logging.INFO)
        self._lock: FileLock | None = None
        self._engine: AsyncEngine | None = None

    @property
    def engine(self) -> AsyncEngine:
        """The engine of an open database."""
        if self._engine is None:
            raise RuntimeError("the database is not open")
        return self._engine

    async def open(self) -> None:
        """Locks the folder of an SQLite file, connects, and migrates. Raises DatabaseError."""
        self._lock_folder()
        try:
            # What is bound to a statement can be a secret: errors must not show it.
            self._engine = create_async_engine(self._url, hide_parameters=True)
            if self._url.get_backend_name() == "sqlite":
                event.listen(self._engine.sync_engine, "connect", _set_pragmas)
            async with self._engine.begin() as connection:
                await connection.run_sync(_migrate)
        except BaseException as error:
            await self.close()
            if isinstance(error, (SQLAlchemyError, OSError, sqlite3.Error)):
                where = self._url.render_as_string(hide_password=True)
                raise DatabaseError(f"The database {where} cannot be opened: {_words(error)}.") from error
            if isinstance(error, ImportError):
                raise DatabaseError(
                    f"The database driver {self._url.get_driver_name()} is not installed; "
                    "install it beside dreambot, or leave DREAMBOT_DATABASE_URL empty for SQLite."
                ) from error
            raise

    async def close(self) -> None:
        """Disconnects, and lets another bot have the folder."""
        if self._engine:
            await self._engine.dispose()
            self._engine = None
        if self._lock:
            self._lock.release()
            self._lock = None

    def _lock_folder(self) -> None:
        path = self._url.database
        if self._url.get_backend_name() != "sqlite" or not path or path == ":memory:":
            return
        folder = Path(path).absolute().parent
        lock = FileLock(folder / "dreambot.lock")
        try:
            folder.mkdir(parents=True, exist_ok=True)
            lock.acquire(blocking=False)
        except Timeout as error:
            raise DatabaseError(
                f"Another dreambot is at work in {folder}; stop it, or give this one "
                "a folder of its own with DREAMBOT_DATA_DIR."
            ) from error
        except OSError as error:
            raise DatabaseError(
                f"The data folder {folder} cannot be written to: {error.strerror}."
            ) from error
        self._lock = lock


def _set_pragmas(connection: Any, _record: object) -> None:
    with contextlib.closing(connection.cursor()) as cursor:
        for pragma in _PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")


def _migrate(connection: Connection) -> None:
    config = Config()
    folder = files("dreambot.jobs.migrations")
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        newest = ScriptDirectory.from_config(config).get_current_head()
        raise DatabaseError(
            f"The database was last used by a newer dreambot than this one, which knows it up to {newest}; "
            "install the newer one again, or set another DREAMBOT_DATA_DIR."
        ) from error


def _words(error: BaseException) -> str:
    cause = getattr(error, "orig", None) or error
    return str(cause).strip().rstrip(".") or type(cause).__name__
