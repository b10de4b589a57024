"""Child processes: started, spoken to in packets over their standard streams, watched and ended.

Codec processes and the GPU workers of this machine are both of this kind.
"""

import asyncio
import contextlib
import json
import logging
import os
import socket
import sys
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from dreambot import logs
from dreambot.errors import DreambotError
from dreambot.workers.ipc import Packet, encode_packet, receive_packet

_STREAM_LIMIT = 2**20
_LAST_OUTPUT_TIMEOUT_S = 1.0

worker_log = logging.getLogger("dreambot.worker")


_LOG_LEVELS = logging.getLevelNamesMapping()


class WorkerExited(DreambotError):
    """The child process ended, by itself or because it was killed, or could not be started."""


class ChildProcess(ABC):
    """A child process that exchanges packets with us.

    It belongs to the event loop that started it. One coroutine at a time may receive.

    Attributes:
        gone: Done once the process has ended; its result is the exit status, negative for a signal.
    """

    def __init__(
        self,
        process: asyncio.subprocess.Process,
        packets: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        output: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    ) -> None:
        """Use a subclass's `start`.

        Args:
            process: The process.
            packets: The streams of its stdin and stdout.
            output: The stream of its stderr, and the writer that closes it.
        """
        self._process = process
        self._reader, self._writer = packets
        lines, self._output_closer = output
        self._log = asyncio.create_task(_forward_log(lines))
        self.gone: asyncio.Future[int] = asyncio.create_task(process.wait())

    @classmethod
    async def _start(
        cls, module: str, arguments: Sequence[str], environment: Mapping[str, str], timeout: float
    ) -> Self:
        """Runs `python -m module PARENT_PID ARGUMENTS…` and waits until it is ready.

        Raises:
            WorkerExited: It cannot be started, ended, or was not ready within `timeout` seconds.
        """
        child = await cls._spawn(module, arguments, environment)
        try:
            async with asyncio.timeout(timeout):
                await child._wait_until_ready()
        except TimeoutError as error:
            await child.close(grace=0)
            raise WorkerExited(f"the process was not ready within {timeout:g} s") from error
        except BaseException:
            await child.close(grace=0)
            raise
        return child

    @classmethod
    async def _spawn(cls, module: str, arguments: Sequence[str], environment: Mapping[str, str]) -> Self:
        # Not asyncio's own pipes: `Process.wait` would wait until they are read to the end as well, which a
        # grandchild or a full buffer can delay.
        ours, theirs = socket.socketpair()
        output, stderr = socket.socketpair()
        with theirs, stderr:
            packets = await asyncio.open_connection(sock=ours, limit=_STREAM_LIMIT)
            lines = await asyncio.open_connection(sock=output)
            try:
                process = await asyncio.create_subprocess_exec(
                    # -P: no module in the current folder may replace a module of dreambot.
                    *(sys.executable, "-P", "-m", module, str(os.getpid()), *arguments),
                    stdin=theirs.fileno(),
                    stdout=theirs.fileno(),
                    stderr=stderr.fileno(),
                    # Ctrl-C in a terminal is for the bot, which then ends its children.
                    process_group=0,
                    env=environment,
                )
            except BaseException as error:
                packets[1].close()
                lines[1].close()
                if isinstance(error, OSError):
                    raise WorkerExited(f"no process can be started: {error}") from error
                raise
        return cls(process, packets, lines)

    @abstractmethod
    async def _wait_until_ready(self) -> None:
        """Receives the child's first packet."""

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the process runs, as far as the event loop knows."""
        return self._process.returncode is None

    def send_packet(self, packet: Packet) -> None:
        """Sends without waiting.

        Args:
            packet: The packet.
        """
        for part in encode_packet(packet):
            self._writer.write(part)

    async def receive_packet(self, max_bytes: int) -> Packet:
        """Waits for the next packet.

        Args:
            max_bytes: Limit on all its buffers together.

        Raises:
            WorkerExited: The process ended.
            ProtocolError: It sent something that is not a packet, or too large a one.
        """
        try:
            return await receive_packet(self._reader, max_bytes)
        except (asyncio.IncompleteReadError, OSError) as error:
            raise WorkerExited("the process ended") from error

    def kill(self) -> None:
        """Kills the process; receiving from it then raises WorkerExited."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()

    async def close(self, grace: float = 2.0) -> int:
        """Ends the process and waits until it has ended.

        Args:
            grace: Seconds between SIGTERM and SIGKILL; 0 kills at once.

        Returns:
            The exit status, negative for a signal.
        """
        if self.alive and grace:
            with contextlib.suppress(ProcessLookupError):
                self._process.terminate()
            await asyncio.wait([self.gone], timeout=grace)
        if self.alive:
            self.kill()
        status = await self.gone
        self._writer.close()
        # Log its last lines, but not for ever: a grandchild may keep the other end open.
        await asyncio.wait([self._log], timeout=_LAST_OUTPUT_TIMEOUT_S)
        self._log.cancel()
        self._output_closer.close()
        return status


@dataclass(frozen=True)
class LogLine:
    """A line of a child's stderr.

    Attributes:
        level: As in `logging`.
        text: The message, traceback included.
        job: The id of the job it is about, if any.
    """

    level: int
    text: str
    job: str | None = None


class JsonLogFormatter(logging.Formatter):
    """Formats a record, traceback included, as one line that `parse_log_line` reads."""

    def format(self, record: logging.LogRecord) -> str:
        """Returns the line.

        Args:
            record: The record.
        """
        text = super().format(record)
        return json.dumps({"level": record.levelname, "job": logs.job_id_of(record), "text": text})


def parse_log_line(line: str) -> LogLine:
    """Parses a line of a child's stderr.

    Args:
        line: A line from JsonLogFormatter; anything else, such as the output of a library, is a warning.
    """
    try:
        values = json.loads(line)
        return LogLine(_LOG_LEVELS[values["level"]], str(values["text"]), values["job"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return LogLine(logging.WARNING, line)


async def _forward_log(output: asyncio.StreamReader) -> None:
    """Logs each line that the child prints, its own log records at their level and for their job."""
    while True:
        try:
            line = await output.readline()
        except ValueError:  # A line longer than the buffer, which readline has dropped.
            continue
        except OSError:
            return
        if not line:
            return
        text = line.decode("utf-8", "replace").rstrip()
        parsed = parse_log_line(text)
        worker_log.log(parsed.level, "%s", parsed.text, extra={"job": parsed.job} if parsed.job else None)
