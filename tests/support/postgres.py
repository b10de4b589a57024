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

# An unusual time zone, because times must be right in any. Nothing is synced, because no test cuts the power.
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
    """Returns the folder with PostgreSQL's programs, or None. Debian does not put them in the PATH."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=_version)
    return folders[-1].parent if folders else None


class PostgresServer:
    """A server on 127.0.0.1 that runs inside a `with` block, where it can be stopped and started.

    It keeps its data and port while stopped. It ends with the thread that started it, even if this process
    is killed.
    """

    def __init__(self) -> None:
        """Does not start the server yet."""
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
        self.stop(immediate=True)
        shutil.rmtree(self._folder)

    @property
    def url(self) -> str:
        """The SQLAlchemy URL of its first database, for `fresh_database`."""
        return URL.create(
            "postgresql+asyncpg", "dreambot", self._password, "127.0.0.1", self._port, "postgres"
        ).render_as_string(hide_password=False)

    def start(self) -> None:
        """Starts the server and waits until it accepts connections."""
        assert self._process is None
        if not self._port:
            with socket.create_server(("127.0.0.1", 0)) as probe:
                self._port = probe.getsockname()[1]
        settings = [word for name, value in _SETTINGS.items() for word in ("-c", f"{name}={value}")]
        setpriv = shutil.which("setpriv")
        end_with_parent = [setpriv, "--pdeathsig", "QUIT"] if setpriv else []
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    *end_with_parent,
                    self._bin / "postgres",
                    "-D",
                    self._data,
                    "-p",
                    str(self._port),
                    *settings,
                ],
                stdout=log,
                stderr=log,
                start_new_session=True,
                **self._unprivileged_user(),
            )
        deadline = time.monotonic() + _TIMEOUT_S
        while not self._ready():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop(immediate=True)
                raise RuntimeError(f"PostgreSQL did not start: {(self._folder / 'log').read_text()[-2000:]}")
            time.sleep(0.02)

    def stop(self, *, immediate: bool = False) -> None:
        """Stops the server if it runs. Connections are closed.

        Args:
            immediate: Whether it stops as in a crash, without a clean shutdown.
        """
        if self._process is None:
            return
        self._process.send_signal(signal.SIGQUIT if immediate else signal.SIGINT)
        self._process.wait(_TIMEOUT_S)
        self._process = None

    def _make_cluster(self) -> None:
        password_file = self._folder / "password"
        password_file.write_text(self._password)
        user = self._unprivileged_user()
        if user["user"] is not None:
            for path in (self._folder, password_file):
                os.chown(path, user["user"], user["group"])
        options = ["--no-sync", "--no-locale", "--encoding=UTF8", "--username=dreambot"]
        subprocess.run(
            [
                self._bin / "initdb",
                *options,
                "--auth=scram-sha-256",
                f"--pwfile={password_file}",
                "-D",
                self._data,
            ],
            check=True,
            stdout=subprocess.DEVNULL,
            **user,
        )

    def _unprivileged_user(self) -> dict[str, Any]:
        """Returns Popen arguments for another user if this one is root: PostgreSQL refuses to run as root."""
        user: dict[str, Any] = {"cwd": self._folder, "user": None}
        if os.geteuid() == 0:
            names = {entry.pw_name for entry in pwd.getpwall()}
            entry = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
            user |= {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
        return user

    def _ready(self) -> bool:
        try:
            lines = (self._data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        # A crashed server leaves its file behind.
        assert self._process
        return len(lines) > 7 and lines[0] == str(self._process.pid) and lines[7].strip() == "ready"


@asynccontextmanager
async def fresh_database(server: str) -> AsyncIterator[str]:
    """Creates an empty database and drops it at the end of the block.

    Args:
        server: The SQLAlchemy URL of a database of the server.

    Yields:
        The SQLAlchemy URL of the new database.
    """
    name = f"dreambot_{secrets.token_hex(6)}"
    await _execute(server, f"CREATE DATABASE {name}")
    try:
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        await _execute(server, f"DROP DATABASE {name} WITH (FORCE)")


async def cut_connections(url: str) -> None:
    """Terminates all connections to a database, as a network failure does."""
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
