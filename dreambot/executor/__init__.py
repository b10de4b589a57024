"""Runs jobs on devices. The asyncio side, which never imports torch; the worker is a process of its own.

Begin reading at `run.py`, `local.py` and `lane.py`.
"""

from dreambot.executor.local import LocalExecutor
from dreambot.executor.run import Executor, Run
from dreambot.executor.types import (
    Done,
    Event,
    ExecutorUnfit,
    JobCancelled,
    JobFailed,
    Pixels,
    Queued,
    QueueFull,
    Running,
    Source,
    TimeBudgetExceeded,
)

__all__ = [
    "Done",
    "Event",
    "Executor",
    "ExecutorUnfit",
    "JobCancelled",
    "JobFailed",
    "LocalExecutor",
    "Pixels",
    "QueueFull",
    "Queued",
    "Run",
    "Running",
    "Source",
    "TimeBudgetExceeded",
]
