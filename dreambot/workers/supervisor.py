"""Starts the worker of a device and restarts it, with backoff, when it exits."""

import asyncio
import logging
import time
from collections.abc import Callable

from dreambot.workers.connection import ConnectWorker, WorkerConnection
from dreambot.workers.ipc import ProtocolError
from dreambot.workers.process import WorkerExited
from dreambot.workers.protocol import Ready
from dreambot.workers.types import ExecutorStartError

log = logging.getLogger(__name__)

BACKOFF_S = (0.0, 0.0, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0)
"""Seconds before the next start of a worker that ended so many times in a row: a crash or two may be a job's
fault, more are the device's."""
HEALTHY_AFTER_S = 60.0
"""Seconds after which a worker that is still there counts as well, even if it had no job to prove it."""


class WorkerSupervisor:
    """Starts a worker, and starts it again when it ended; after growing pauses if it keeps ending."""

    def __init__(self, name: str, connect: ConnectWorker, lost: Callable[[], None]) -> None:
        """name: what the device is called in the log. lost: called whenever a start has failed."""
        self.name = name
        self._connect = connect
        self._lost = lost
        self._link: WorkerConnection | None = None
        self._deaths = 0
        self._down_since: float | None = None
        self.ready: Ready | None = None
        self.restarts = 0
        self.trouble: str | None = None

    @property
    def alive(self) -> bool:
        """Whether there is a worker."""
        return self._link is not None and self._link.alive

    @property
    def seconds_down(self) -> float:
        """How long there has been none; 0 if there is."""
        if self.alive or self._down_since is None:
            return 0.0
        return time.monotonic() - self._down_since

    async def start(self) -> WorkerConnection:
        """Starts the worker once. Raises ExecutorStartError, WorkerGone or ProtocolError."""
        link = self._link = await self._connect()
        self.ready = link.ready
        self._down_since = None
        asyncio.get_running_loop().call_later(HEALTHY_AFTER_S, self._on_healthy, link)
        log.info("Dreaming on %s (%s), %s.", link.ready.device, link.ready.name, link.ready.precision)
        return link

    async def living(self) -> WorkerConnection:
        """The worker, started again if there is none, as often as it takes."""
        while True:
            if self._link:
                if self._link.alive:
                    return self._link
                await self.ended("it ended")
            await asyncio.sleep(self._pause)
            try:
                return await self.start()
            except (ExecutorStartError, WorkerExited, ProtocolError) as error:
                self._count(f"it does not start: {error}")
                self._lost()

    async def ended(self, why: str, *, intentional: bool = False) -> None:
        """Clears away the worker, and ends it if it has not ended. intentional: no fault of its own."""
        link, self._link = self._link, None
        if link is None:
            return
        status = await link.close(grace=0)
        self.restarts += 1
        if intentional:
            self._down_since = self._down_since or time.monotonic()
            log.warning("The worker of %s was ended (%s); it is started again.", self.name, why)
        else:
            self._count(f"{why}, status {status}")

    def mark_healthy(self) -> None:
        """Takes note that the worker did what it should."""
        if self.trouble:
            log.warning("The worker of %s works again.", self.name)
        self._deaths, self.trouble = 0, None

    async def close(self) -> None:
        """Ends the worker for good."""
        link, self._link = self._link, None
        if link:
            await link.close()

    @property
    def _pause(self) -> float:
        return BACKOFF_S[min(max(0, self._deaths - 1), len(BACKOFF_S) - 1)] if self._deaths else 0.0

    def _count(self, why: str) -> None:
        self._deaths += 1
        self._down_since = self._down_since or time.monotonic()
        if self._pause and not self.trouble:
            log.error("The worker of %s keeps ending: %s. It is tried again and again.", self.name, why)
            self.trouble = why
        else:
            log.log(
                logging.DEBUG if self.trouble else logging.WARNING,
                "The worker of %s ended (%s); it is started again in %.0f s.",
                self.name,
                why,
                self._pause,
            )

    def _on_healthy(self, link: WorkerConnection) -> None:
        if link is self._link and link.alive:
            self.mark_healthy()
