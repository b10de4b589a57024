"""A worker as the event loop sees it: a process of this machine, or an actor of a cluster."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

from dreambot.errors import DreambotError
from dreambot.executor.protocol import Message, Ready


class WorkerGone(DreambotError):
    """The worker ended, by itself or by our hand."""


class WorkerLost(WorkerGone):
    """It ended for a reason that no job can be blamed for: its machine left the cluster, or the like."""


class Link(Protocol):
    """A worker that has said Ready. One reader at a time. gone: done, with a status, when it has ended."""

    ready: Ready
    gone: asyncio.Future[int]

    @property
    def alive(self) -> bool:
        """Whether it runs."""

    async def claim(self) -> bool:
        """Whether a job may begin now. It may not while another bot is at the device, or its turn has come;
        then `turn` waits for ours. Raises WorkerGone."""

    async def turn(self) -> None:
        """Waits until it is our turn at the device. Raises WorkerGone."""

    def post(self, message: Message) -> None:
        """Sends without waiting."""

    async def receive(self) -> Message:
        """The next message. Raises WorkerGone, or ProtocolError where the worker has gone mad."""

    def kill(self) -> None:
        """Ends it at once; `receive` will raise WorkerGone."""

    async def close(self, grace: float = 2.0) -> int:
        """Asks it to end, ends it after `grace` seconds, and waits until it has. Returns the exit status."""


Connect = Callable[[], Awaitable[Link]]
"""Starts a worker and returns when it is warm. Raises ExecutorUnfit if it says it cannot work, WorkerGone if
it ended or took too long, ProtocolError."""
