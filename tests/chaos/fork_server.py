"""Forks bots from one process that has imported everything: `python -m tests.chaos.fork_server`.

A bot takes two seconds of one core to import what it needs; a thousand of them would take most of an
hour. Orders come as lines of JSON on stdin (`env`, `log`), and for each bot two lines go out: `started`,
and `exited` with its status as `os.waitstatus_to_exitcode` gives it.
"""

import asyncio
import gc
import json
import os
import random
import select
import signal
import sys
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any

import cogs.autodream
import cogs.dream  # noqa: F401
from dreambot import logs
from dreambot.bot import client
from dreambot.config import load_settings
from dreambot.jobs import recovery, store
from dreambot.scheduler.executor import LocalExecutor
from tests.chaos import kill_points
from tests.support.fake_engine import ENGINE

REAL_ENGINE = "CHAOS_REAL_ENGINE"
LEASE = "CHAOS_LEASE"
"""Seconds after which a silent process is taken for dead, where several share a database."""


def run_bot() -> int:
    """Runs one bot process."""
    settings = load_settings()
    logs.configure("INFO")
    kill_points.install_kill_points()
    if lease := float(os.environ.get(LEASE, "0")):
        store.LEASE, recovery.RENEW_INTERVAL_S = timedelta(seconds=lease), lease / 3
    executor = None
    if not os.environ.get(REAL_ENGINE):
        executor = LocalExecutor(("cpu",), engine=ENGINE, max_queue=settings.queue_size)
    return asyncio.run(_with_stack_dumps(client.run_bot(settings, executor)))


async def _with_stack_dumps(running: Coroutine[Any, Any, int]) -> int:
    """On SIGUSR1 the log says what every task is waiting for."""

    def explain() -> None:
        for task in asyncio.all_tasks():
            task.print_stack(file=sys.stderr)

    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, explain)
    return await running


def main() -> None:
    """Forks until stdin ends, and then kills what is left."""
    gc.freeze()
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(writing)
    living: set[int] = set()
    while True:
        ready, _, _ = select.select([0, reading], [], [])
        if reading in ready:
            os.read(reading, 4096)
            _reap(living)
        if 0 in ready:
            line = sys.stdin.buffer.raw.readline()
            if not line:
                break
            pid = _fork_bot(json.loads(line))
            living.add(pid)
            _report({"started": pid})
    for pid in living:
        os.kill(pid, signal.SIGKILL)


def _fork_bot(order: dict[str, Any]) -> int:
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setsid()
        log = os.open(order["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.dup2(log, 1)
        os.dup2(log, 2)
        os.closerange(3, 64)
        random.seed()
        os.environ.update(order["env"])
        status = run_bot()
        sys.stdout.flush()
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stderr.flush()
        os._exit(status)


def _reap(living: set[int]) -> None:
    for pid in tuple(living):
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            living.discard(pid)
            _report({"exited": pid, "status": os.waitstatus_to_exitcode(status)})


def _report(what: dict[str, int]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
