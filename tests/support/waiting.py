"""What the executors' tests do again and again."""

import asyncio
from collections.abc import Callable

import psutil

from dreambot.scheduler.run import Run


async def until_running(run: Run) -> None:
    """Waits until a device is at it."""
    async for event in run.events():
        if event.running:
            return


def workers() -> list[psutil.Process]:
    """The worker processes that this one started and that have not ended."""
    return [child for child in psutil.Process().children() if "dreambot.workers.gpu" in _command_line(child)]


def _command_line(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        return ""


async def until(true: Callable[[], object], seconds: float = 100.0) -> None:
    """Waits until it is. TimeoutError."""
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110 — nothing tells of it
            await asyncio.sleep(0.01)
