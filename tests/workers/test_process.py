"""Child processes that start, exit, hang or violate the protocol."""

import logging
import os
import subprocess
import sys
from pathlib import Path
from typing import Self

import psutil
import pytest

from dreambot import logs
from dreambot.workers.ipc import Packet, ProtocolError
from dreambot.workers.process import ChildProcess, WorkerExited

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}


class Child(ChildProcess):
    """Runs `tests.workers.child`."""

    @classmethod
    async def start(cls, behaviour: str, timeout: float = 100.0) -> Self:
        return await cls._start("tests.workers.child", [behaviour], ENVIRONMENT, timeout)

    async def _wait_until_ready(self) -> None:
        await self.receive_packet(0)


async def test_packets_go_both_ways_and_output_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    child = await Child.start("echo")
    packet = Packet({"a": ["ü", None]}, [b"", bytes(2**20)])
    for _ in range(3):
        child.send_packet(packet)
    for _ in range(3):
        assert await child.receive_packet(2**20) == packet
    assert child.alive
    assert await child.close() != 0
    assert not child.alive
    with pytest.raises(WorkerExited):
        await child.receive_packet(2**20)
    lines = {record.getMessage(): record for record in caplog.records if record.name == "dreambot.worker"}
    assert lines["printed by a library"].levelno == logging.WARNING
    assert (lines["logged"].levelno, logs.job_id_of(lines["logged"])) == (logging.ERROR, "01h0")


@pytest.mark.parametrize(
    ("behaviour", "error", "match"),
    [
        ("exit", WorkerExited, "ended"),
        ("garbage", ProtocolError, "header of 4294967295 bytes"),
        ("long header", ProtocolError, "header of"),
        ("large", ProtocolError, "buffers of 1 bytes"),
    ],
)
async def test_a_child_that_does_not_start_properly_is_ended(
    behaviour: str, error: type[Exception], match: str
) -> None:
    with pytest.raises(error, match=match):
        await Child.start(behaviour)
    assert _children() == []


async def test_a_child_that_hangs_is_ended() -> None:
    with pytest.raises(WorkerExited, match="not ready"):
        await Child.start("hang", timeout=0.5)
    assert _children() == []


async def test_a_child_that_is_killed() -> None:
    child = await Child.start("echo")
    child.kill()
    with pytest.raises(WorkerExited):
        await child.receive_packet(0)
    assert await child.gone == -9
    assert await child.close() == -9


def _children() -> list[psutil.Process]:
    return [
        child
        for child in psutil.Process().children()
        if child.status() != psutil.STATUS_ZOMBIE and "tests.workers.child" in child.cmdline()
    ]


_LOWER_PRIORITY = """
import os, sys, threading
from dreambot.workers.environment import NICENESS, lower_priority
before = os.nice(0)
ends, started, ids = threading.Event(), threading.Event(), []
def wait():
    ids.append(threading.get_native_id())
    started.set()
    ends.wait()
thread = threading.Thread(target=wait)
thread.start()
started.wait()
lower_priority()
lowered = [os.getpriority(os.PRIO_PROCESS, which) for which in (0, ids[0])]
ends.set()
print(lowered == [min(19, before + NICENESS)] * 2)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the priority is that of the process")
def test_threads_that_were_started_before_get_the_lower_priority_too() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _LOWER_PRIORITY], env=ENVIRONMENT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "True\n"
