"""What the executors' tests do again and again."""

import psutil

from dreambot.executor import Run, Running


async def until_running(run: Run) -> None:
    """Waits until a device is at it."""
    async for event in run.events():
        if isinstance(event, Running):
            return


def workers() -> list[psutil.Process]:
    """The worker processes that this one started."""
    return [
        child
        for child in psutil.Process().children()
        if "dreambot.executor.worker" in " ".join(child.cmdline())
    ]
