"""How machines and bots join a cluster, and the messages if they cannot."""

import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from dreambot.scheduler.ray_executor import RayExecutor
from dreambot.workers.types import ExecutorStartError
from tests.scheduler.ray.cluster import RAY, ROOT
from tests.support import require

# A minimal bot that prints how its start went.
BOT = """
import asyncio, os, signal, sys
from dreambot.workers.types import ExecutorStartError
from dreambot.scheduler.ray_executor import RayExecutor

async def main():
    terminated = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, terminated.set)
    executor = RayExecutor(sys.argv[1])
    try:
        await executor.start()
    except ExecutorStartError as error:
        print(error)
        return
    print("joined,", len(executor.devices), "devices")
    os.kill(os.getpid(), signal.SIGTERM)
    await terminated.wait()
    await executor.close()
    print("and left after SIGTERM")

asyncio.run(main())
"""


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder with a short path, for sockets."""
    with tempfile.TemporaryDirectory(prefix="dr", dir="/tmp", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def environment(home: Path, **more: str) -> dict[str, str]:
    """Returns our environment without variables of Ray and dreambot."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("RAY_", "DREAMBOT_"))}
    return {**ours, "HOME": str(home), "RAY_TMPDIR": str(home), "PYTHONPATH": str(ROOT), **more}


@contextmanager
def worker(*options: str, env: dict[str, str]) -> Iterator["subprocess.Popen[str]"]:
    """Runs `dreambot worker`, ends it with SIGTERM, and checks that no process is left."""
    command = [sys.executable, "-m", "dreambot", "worker", *options]
    process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        yield process
    finally:
        family = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGTERM)
        output, _ = process.communicate(timeout=120)
        _, alive = psutil.wait_procs(family, timeout=60)
    assert process.returncode == 0, output
    assert alive == []


def bot(address: str, env: dict[str, str]) -> str:
    """Returns what a bot prints when it joins the cluster."""
    command = [sys.executable, "-c", BOT, address]
    return subprocess.run(command, env=env, stdout=subprocess.PIPE, text=True, timeout=120, check=True).stdout


def free_ports() -> int:
    """Returns the first of many ports that are probably free."""
    while True:
        first = random.randrange(20000, 30000)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", first)):
                return first


def test_a_bot_needs_the_clusters_token(home: Path) -> None:
    require("ray", RAY)
    port = free_ports()
    address = f"127.0.0.1:{port}"
    env = environment(home, DREAMBOT_TOKEN="a bot's token")
    options = ("--head", "--ip", "127.0.0.1", "--first-port", str(port), "--no-devices")
    with worker(*options, env=env) as head:
        assert head.stdout
        assert str(home / ".ray" / "auth_token") in head.stdout.readline()
        while "runtime started" not in head.stdout.readline():
            assert head.poll() is None
        assert (home / ".ray" / "auth_token").stat().st_mode & 0o777 == 0o600
        rays = psutil.Process(head.pid).children(recursive=True)
        assert not any("DREAMBOT_TOKEN" in process.environ() for process in rays)
        listened = [connection.laddr for ray in rays for connection in ray.net_connections(kind="tcp")]
        assert {ip.removeprefix("::ffff:") for ip, _ in listened} == {"127.0.0.1"}

        assert bot("auto", env) == "joined, 0 devices\nand left after SIGTERM\n"
        wrong = environment(home, RAY_AUTH_TOKEN="f" * 64)
        assert "does not know our token" in bot(address, wrong)


@pytest.mark.parametrize(
    ("address", "output"),
    [
        ("127.0.0.1:9", "cannot be reached .*dreambot worker --head"),
        ("ray://example.org:10001", "--no-devices"),
        ("example.org", "HOST:PORT"),
    ],
)
async def test_an_invalid_address_is_reported_at_once(address: str, output: str) -> None:
    with pytest.raises(ExecutorStartError, match=output):
        await RayExecutor(address).start()


@pytest.mark.parametrize(
    ("options", "output"),
    [
        ((), "either --head"),
        (("--head", "--address", "127.0.0.1:9"), "either --head"),
        (("--address", "127.0.0.1:9"), "cannot be reached"),
        (("--address", "nowhere"), "HOST:PORT"),
    ],
)
def test_a_machine_that_cannot_join_is_told_why(options: tuple[str, ...], output: str, home: Path) -> None:
    require("ray", RAY)
    command = [sys.executable, "-m", "dreambot", "worker", *options]
    done = subprocess.run(
        command, env=environment(home), capture_output=True, text=True, timeout=200, check=False
    )
    assert done.returncode == 2
    assert output in done.stderr
    assert "Traceback" not in done.stderr


def test_a_machine_without_the_token_is_told_where_to_get_it(home: Path) -> None:
    require("ray", RAY)
    with socket.create_server(("127.0.0.1", 0)) as head:
        address = f"127.0.0.1:{head.getsockname()[1]}"
        command = [sys.executable, "-m", "dreambot", "worker", "--address", address]
        done = subprocess.run(
            command, env=environment(home), capture_output=True, text=True, timeout=200, check=False
        )
    assert done.returncode == 2
    assert "Copy" in done.stderr
    assert "auth_token" in done.stderr
