"""A temporary PostgreSQL server with its own port, folder and user."""

import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Self

import asyncpg
from sqlalchemy import URL, make_url

# An unusual zone and nothing synced: clocks are to agree anywhere, and no test cuts the power.
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",
    "full_page_writes": "off",
    "shared_buffers": "16MB",
    "timezone": "Asia/Kathmandu",
}
_TIMEOUT_S = 60.0


def postgres_bin_dir() -> Path | None:
    """The folder with PostgreSQL's programs, if they are installed: Debian keeps them off the PATH."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=_version)
    return folders[-1].parent if folders else None


class PostgresServer:
    """A server on 127.0.0.1, running in a `with` block, which may be stopped and started within.

    Once stopped it keeps its data and its port. It ends with the thread that started it, whatever happens to
    this process.
    """

    def __init__(self) -> None:
        """Starts nothing yet."""
        self._process: subprocess.Popen[bytes] | None = None
        self._password = secrets.token_hex(16)
        self._port = 0

    def __enter__(self) -> Self:
        bin_folder = postgres_bin_dir()
        assert bin_folder, "PostgreSQL is not installed"
        self._bin = bin_folder
        self._folder = Path(tempfile.mkdtemp(prefix="dreambot-postgres-"))
        self._data = self._folder / "data"
        try:
            self._make_cluster()
            self.start()
        except BaseException:
            shutil.rmtree(self._folder)
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop(at_once=True)
        shutil.rmtree(self._folder)

    @property
    def url(self) -> str:
        """Its first database, as SQLAlchemy names it, for `fresh_database`."""
        return URL.create(
            "postgresql+asyncpg", "dreambot", self._password, "127.0.0.1", self._port, "postgres"
        ).render_as_string(hide_password=False)

    def start(self) -> None:
        """Starts it, and waits until it answers."""
        assert self._process is None
        if not self._port:
            with socket.create_server(("127.0.0.1", 0)) as chosen:
                self._port = chosen.getsockname()[1]
        settings = [word for name, value in _SETTINGS.items() for word in ("-c", f"{name}={value}")]
        setpriv = shutil.which("setpriv")
        end_with_us = [setpriv, "--pdeathsig", "QUIT"] if setpriv else []
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [*end_with_us, self._bin / "postgres", "-D", self._data, "-p", str(self._port), *settings],
                stdout=log,
                stderr=log,
                start_new_session=True,
                **self._as_somebody(),
            )
        deadline = time.monotonic() + _TIMEOUT_S
        while not self._ready():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop(at_once=True)
                raise RuntimeError(f"PostgreSQL did not start: {(self._folder / 'log').read_text()[-2000:]}")
            time.sleep(0.02)

    def stop(self, *, at_once: bool = False) -> None:
        """Stops it, if it runs. at_once: as a crash would, instead of in good order; connections are cut
        either way."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGQUIT if at_once else signal.SIGINT)
        self._process.wait(_TIMEOUT_S)
        self._process = None

    def _make_cluster(self) -> None:
        words = self._folder / "password"
        words.write_text(self._password)
        somebody = self._as_somebody()
        if somebody["user"] is not None:
            for path in (self._folder, words):
                os.chown(path, somebody["user"], somebody["group"])
        options = ["--no-sync", "--no-locale", "--encoding=UTF8", "--username=dreambot"]
        subprocess.run(
            [self._bin / "initdb", *options, "--auth=scram-sha-256", f"--pwfile={words}", "-D", self._data],
            check=True,
            stdout=subprocess.DEVNULL,
            **somebody,
        )

    def _as_somebody(self) -> dict[str, Any]:
        """PostgreSQL refuses to run as root."""
        somebody: dict[str, Any] = {"cwd": self._folder, "user": None}
        if os.geteuid() == 0:
            names = {entry.pw_name for entry in pwd.getpwall()}
            entry = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
            somebody |= {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
        return somebody

    def _ready(self) -> bool:
        try:
            lines = (self._data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        # A crashed one leaves its file behind.
        assert self._process
        return len(lines) > 7 and lines[0] == str(self._process.pid) and lines[7].strip() == "ready"


@asynccontextmanager
async def fresh_database(server: str) -> AsyncIterator[str]:
    """An empty database on the server with that URL, for as long as the block lasts. Yields its URL, as
    SQLAlchemy wants it."""
    name = f"dreambot_{secrets.token_hex(6)}"
    await _execute(server, f"CREATE DATABASE {name}")
    try:
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        await _execute(server, f"DROP DATABASE {name} WITH (FORCE)")


async def cut_connections(url: str) -> None:
    """Ends every connection to a database, as a network that fails would."""
    await _execute(
        url,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )


async def _execute(url: str, statement: str) -> None:
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await asyncpg.connect(plain)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def _version(program: Path) -> int:
    found = re.search(r"\d+", program.parent.parent.name)
    return int(found.group()) if found else 0
