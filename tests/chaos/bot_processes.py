"""Starts, kills and waits for bot processes: the tests' side of the fork server."""

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests.chaos import kill_points

ROOT = Path(__file__).parents[2]


@dataclass
class BotProcess:
    """One bot process. exited: its exit status, negative for a signal."""

    pid: int
    exited: "asyncio.Future[int]" = field(repr=False)

    def kill(self, target: str = kill_points.BOT) -> None:
        """Ends it with SIGKILL, or what `target` says of it."""
        with contextlib.suppress(psutil.NoSuchProcess):
            kill_points.kill(target, self.pid)

    def signal(self, number: int) -> None:
        """Sends a signal."""
        os.kill(self.pid, number)

    async def wait_for_exit(self, timeout: float = 100.0) -> int:
        """Waits for its end."""
        return await asyncio.wait_for(asyncio.shield(self.exited), timeout)


class BotLauncher:
    """Bots forked from one process; the folder for temporary files is what all their processes share."""

    def __init__(self, process: asyncio.subprocess.Process, folder: Path) -> None:
        self._process, self._folder = process, folder
        self._launched: asyncio.Queue[int] = asyncio.Queue()
        self._exits: dict[int, asyncio.Future[int]] = {}
        self._reading = asyncio.create_task(self._read())

    async def launch(self, env: dict[str, str], log: Path) -> BotProcess:
        """Starts a bot with more in its environment."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps({"env": env, "log": str(log)}).encode() + b"\n")
        pid = await asyncio.wait_for(self._launched.get(), 60)
        return BotProcess(pid, self._exits[pid])

    def orphans(self) -> list[psutil.Process]:
        """Everything that bots started and that is not one's own process group's business any more."""
        mine = {os.getpid(), self._process.pid}
        found = []
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                ours = process.pid not in mine and process.environ().get("TMPDIR") == str(self._folder)
                if ours and process.status() != psutil.STATUS_ZOMBIE:
                    found.append(process)
        return found

    async def close(self) -> None:
        """Ends every bot that is left."""
        assert self._process.stdin
        self._process.stdin.close()
        await self._process.wait()
        await self._reading

    async def _read(self) -> None:
        assert self._process.stdout
        async for line in self._process.stdout:
            told = json.loads(line)
            if "started" in told:
                self._exits[told["started"]] = asyncio.get_running_loop().create_future()
                self._launched.put_nowait(told["started"])
            else:
                self._exits[told["exited"]].set_result(told["status"])


@asynccontextmanager
async def bot_launcher(folder: Path) -> AsyncIterator[BotLauncher]:
    """A launcher whose children put temporary files in `folder`."""
    await asyncio.to_thread(folder.mkdir, parents=True)
    bare = {key: value for key, value in os.environ.items() if not key.startswith("DREAMBOT_")}
    env = bare | {"PYTHONPATH": str(ROOT), "TMPDIR": str(folder), "OMP_NUM_THREADS": "1"}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.chaos.fork_server"),
        cwd=folder,
        env=env,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    launcher = BotLauncher(process, folder)
    try:
        yield launcher
    finally:
        await launcher.close()
