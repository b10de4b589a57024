"""Reads the stored jobs from beside the bot."""

import asyncio
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import asyncpg

RowReader = Callable[[], list[dict[str, Any]]]


def sqlite_rows(database: Path) -> RowReader:
    """Reads an SQLite file, from a copy: what a killed bot left open stays open."""

    def rows() -> list[dict[str, Any]]:
        if not database.exists():
            return []
        with tempfile.TemporaryDirectory() as folder:
            for file in database.parent.glob(f"{database.name}*"):
                if not file.name.endswith("-shm"):
                    shutil.copy(file, folder)
            with closing(sqlite3.connect(Path(folder) / database.name)) as connection:
                connection.row_factory = sqlite3.Row
                try:
                    return [dict(row) for row in connection.execute("SELECT * FROM jobs")]
                except sqlite3.OperationalError:
                    return []

    return rows


def postgres_rows(url: str) -> RowReader:
    """Reads a PostgreSQL database; what was read last while it does not answer."""
    last: list[dict[str, Any]] = []

    async def read() -> list[dict[str, Any]]:
        connection = await asyncpg.connect(url.replace("+asyncpg", ""), timeout=5)
        try:
            return [dict(row) for row in await connection.fetch("SELECT * FROM jobs")]
        finally:
            await connection.close()

    def rows() -> list[dict[str, Any]]:
        nonlocal last
        try:
            with ThreadPoolExecutor(1) as elsewhere:
                last = elsewhere.submit(asyncio.run, read()).result()
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            pass
        return last

    return rows
