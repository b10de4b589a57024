"""Starts one codec process and sends requests to it."""

import asyncio
from typing import Self

from dreambot.workers.environment import codec_environment
from dreambot.workers.ipc import Packet, ProtocolError
from dreambot.workers.process import ChildProcess, WorkerExited

START_TIMEOUT_S = 60.0


class CodecProcess(ChildProcess):
    """A process that handles one request at a time."""

    @classmethod
    async def start(cls, memory_limit: int) -> Self:
        """Starts a process.

        Args:
            memory_limit: Bytes of address space that it may use.

        Raises:
            WorkerExited: It cannot be started.
        """
        return await cls._start(
            "dreambot.workers.codec_worker", [str(memory_limit)], codec_environment(), START_TIMEOUT_S
        )

    async def call(self, request: Packet, *, timeout: float, max_bytes: int) -> Packet:
        """Sends a request and waits for the response. After any exception the process must be closed.

        Args:
            request: The request.
            timeout: Seconds.
            max_bytes: Limit on all buffers of the response together.

        Raises:
            TimeoutError: There was no response in time.
            WorkerExited: The process ended, or violated the protocol.
        """
        async with asyncio.timeout(timeout):
            self.send_packet(request)
            try:
                await self._writer.drain()
            except OSError as error:
                raise WorkerExited("the process ended before it had read the request") from error
            return await self._receive(max_bytes)

    async def _wait_until_ready(self) -> None:
        await self._receive(0)

    async def _receive(self, max_bytes: int) -> Packet:
        try:
            return await self.receive_packet(max_bytes)
        except ProtocolError as error:
            raise WorkerExited(f"the process sent {error}") from error
