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
"""Seconds before the next start, by the number of exits in a row: one or two crashes may be caused by a job,
more are caused by the device."""
HEALTHY_AFTER_S = 60.0
"""Seconds after which a worker that still runs counts as healthy, even without a job to prove it."""


class WorkerSupervisor:
    """Starts a worker, and starts it again when it has exited; with increasing pauses if it keeps exiting.

    Attributes:
        ready: The Ready message of the last worker that started.
        restarts: Number of workers that were replaced.
        trouble: Why the worker keeps exiting; None if it does not.
    """

    def __init__(self, name: str, connect: ConnectWorker, on_start_failed: Callable[[], None]) -> None:
        """Starts nothing yet.

        Args:
            name: Name of the device in the log.
            connect: Starts a worker.
            on_start_failed: Called after each start that failed.
        """
        self.name = name
        self._connect = connect
        self._on_start_failed = on_start_failed
        self._connection: WorkerConnection | None = None
        self._exits = 0
        self._down_since: float | None = None
        self.ready: Ready | None = None
        self.restarts = 0
        self.trouble: str | None = None

    @property
    def alive(self) -> bool:
        """Whether there is a running worker."""
        return self._connection is not None and self._connection.alive

    @property
    def seconds_down(self) -> float:
        """Seconds since there is no worker; 0 if there is one."""
        if self.alive or self._down_since is None:
            return 0.0
        return time.monotonic() - self._down_since

    async def start(self) -> WorkerConnection:
        """Starts the worker once.

        Raises:
            ExecutorStartError: The worker reports that it cannot work here.
            WorkerExited: It exited or took too long.
            ProtocolError: It violates the protocol.
        """
        connection = self._connection = await self._connect()
        self.ready = connection.ready
        self._down_since = None
        asyncio.get_running_loop().call_later(HEALTHY_AFTER_S, self._on_healthy, connection)
        log.info(
            "Dreaming on %s (%s), %s.",
            connection.ready.device,
            connection.ready.name,
            connection.ready.precision,
        )
        return connection

    async def wait_for_worker(self) -> WorkerConnection:
        """Returns a running worker; if none runs, starts it as often as necessary."""
        while True:
            if self._connection:
                if self._connection.alive:
                    return self._connection
                await self.discard("it exited")
            await asyncio.sleep(self._pause)
            try:
                return await self.start()
            except (ExecutorStartError, WorkerExited, ProtocolError) as error:
                self._record_exit(f"it does not start: {error}")
                self._on_start_failed()

    async def discard(self, why: str, *, intentional: bool = False) -> None:
        """Removes the worker, and ends it if it still runs.

        Args:
            why: For the log.
            intentional: The worker did not crash: it was ended to stop a job.
        """
        connection, self._connection = self._connection, None
        if connection is None:
            return
        status = await connection.close(grace=0)
        self.restarts += 1
        if intentional:
            self._down_since = self._down_since or time.monotonic()
            log.warning("The worker of %s was ended (%s); it is started again.", self.name, why)
        else:
            self._record_exit(f"{why}, status {status}")

    def mark_healthy(self) -> None:
        """Records that the worker did its work."""
        if self.trouble:
            log.warning("The worker of %s works again.", self.name)
        self._exits, self.trouble = 0, None

    async def close(self) -> None:
        """Ends the worker for good."""
        connection, self._connection = self._connection, None
        if connection:
            await connection.close()

    @property
    def _pause(self) -> float:
        return BACKOFF_S[min(max(0, self._exits - 1), len(BACKOFF_S) - 1)] if self._exits else 0.0

    def _record_exit(self, why: str) -> None:
        self._exits += 1
        self._down_since = self._down_since or time.monotonic()
        if self._pause and not self.trouble:
            log.error("The worker of %s keeps ending: %s. It will be started again.", self.name, why)
            self.trouble = why
        else:
            log.log(
                logging.DEBUG if self.trouble else logging.WARNING,
                "The worker of %s ended (%s); it is started again in %.0f s.",
                self.name,
                why,
                self._pause,
            )

    def _on_healthy(self, connection: WorkerConnection) -> None:
        if connection is self._connection and connection.alive:
            self.mark_healthy()
