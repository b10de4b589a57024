"""The connection to a worker: its interface, and the local worker process behind it."""

import asyncio
import contextlib
import logging
import os
import socket
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from dreambot import errors
from dreambot.errors import DreambotError
from dreambot.workers.environment import worker_environment
from dreambot.workers.protocol import (
    LENGTH_PREFIX,
    Message,
    ProtocolError,
    Ready,
    StartFailed,
    pack,
    parse_log_line,
    unpack,
    unpack_lengths,
)
from dreambot.workers.types import ExecutorStartError


class WorkerExited(DreambotError):
    """The worker ended, by itself or by our hand."""


class NodeLost(WorkerExited):
    """It ended for a reason that no job can be blamed for: its machine left the cluster, or the like."""


class WorkerConnection(Protocol):
    """A worker that has said Ready. One reader at a time. gone: done, with a status, when it has ended."""

    ready: Ready
    gone: asyncio.Future[int]

    @property
    def alive(self) -> bool:
        """Whether it runs."""

    def post(self, message: Message) -> None:
        """Sends without waiting."""

    async def receive(self) -> Message:
        """The next message. Raises WorkerGone, or ProtocolError where the worker has gone mad."""

    def kill(self) -> None:
        """Ends it at once; `receive` will raise WorkerGone."""

    async def close(self, grace: float = 2.0) -> int:
        """Asks it to end, ends it after `grace` seconds, and waits until it has. Returns the exit status."""


ConnectWorker = Callable[[], Awaitable[WorkerConnection]]
"""Starts a worker and returns when it is warm. Raises ExecutorStartError if it says it cannot work,
WorkerGone if
it ended or took too long, ProtocolError."""

log = logging.getLogger(__name__)
worker_log = logging.getLogger("dreambot.worker")

TORCH_ENGINE = "dreambot.workers.gpu.torch_engine:TorchEngine"
_STREAM_LIMIT = 1 << 20


@dataclass(frozen=True)
class WorkerSettings:
    """device: "auto", "cpu", "cuda:0" … precision: "auto", "fp32", "bf16". cache, weights_dir: as for
    `zoo.weights.pull`. engine: `module:attribute`, which tests set to an engine without torch.
    memory_gigabytes: for networks that are kept. workers: how many share the processor, where it is the
    device. start_timeout: seconds, in which the weights may have to be downloaded."""

    device: str
    precision: str = "auto"
    cache: Path | None = None
    weights_dir: Path | None = None
    engine: str = TORCH_ENGINE
    memory_gigabytes: float = 2.0
    workers: int = 1
    start_timeout: float = 900.0

    def command(self, pipe: int) -> list[str]:
        """The command line. -P: no module of the current folder may take the place of ours."""
        command = [sys.executable, "-P", "-m", "dreambot.workers.gpu"]
        command += ["--parent", str(os.getpid()), "--pipe", str(pipe)]
        command += ["--device", self.device, "--precision", self.precision, "--engine", self.engine]
        command += ["--memory-gigabytes", str(self.memory_gigabytes), "--workers", str(self.workers)]
        if self.cache:
            command += ["--cache", str(self.cache)]
        if self.weights_dir:
            command += ["--weights-dir", str(self.weights_dir)]
        return command


class WorkerProcess:
    """A started worker; see `Link`."""

    def __init__(
        self,
        process: asyncio.subprocess.Process,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        output: asyncio.StreamReader,
        output_closer: asyncio.StreamWriter,
    ) -> None:
        self._process = process
        self._output_closer = output_closer
        self._reader = reader
        self._writer = writer
        self._log = asyncio.create_task(_forward_log(output))
        self.gone: asyncio.Future[int] = asyncio.create_task(process.wait())
        self.ready: Ready

    @classmethod
    async def start(cls, settings: WorkerSettings) -> "WorkerProcess":
        """A worker that is warm. Raises ExecutorStartError if it says it cannot work, WorkerGone if it
        ended or
        took too long."""
        worker = await cls._spawn(settings)
        try:
            async with asyncio.timeout(settings.start_timeout):
                await worker._greet()
        except TimeoutError as error:
            await worker.close(grace=0)
            raise WorkerExited(f"the worker was not ready after {settings.start_timeout:.0f} s") from error
        except BaseException:
            await worker.close(grace=0)
            raise
        return worker

    @classmethod
    async def _spawn(cls, settings: WorkerSettings) -> "WorkerProcess":
        ours, theirs = socket.socketpair()
        # Not asyncio's own pipe: `wait` would wait for its end too, which a grandchild could put off.
        output, printed = socket.socketpair()
        with theirs, printed:
            reader, writer = await asyncio.open_connection(sock=ours, limit=_STREAM_LIMIT)
            lines, unused = await asyncio.open_connection(sock=output)
            try:
                process = await asyncio.create_subprocess_exec(
                    *settings.command(theirs.fileno()),
                    pass_fds=[theirs.fileno()],
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=printed.fileno(),
                    stderr=asyncio.subprocess.STDOUT,
                    # Ctrl-C in a terminal is for the bot, which then closes its workers.
                    process_group=0,
                    env=worker_environment(),
                )
            except BaseException as error:
                writer.close()
                unused.close()
                if isinstance(error, OSError):
                    raise WorkerExited(f"no process can be started: {error}") from error
                raise
        return cls(process, reader, writer, lines, unused)

    async def _greet(self) -> None:
        match await self.receive():
            case Ready() as ready:
                self.ready = ready
            case StartFailed(reason=reason):
                raise ExecutorStartError.of(errors.Message.from_json(reason))
            case other:
                raise ProtocolError(f"the worker began with {type(other).__name__}")

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return not self.gone.done()

    def post(self, message: Message) -> None:
        """Sends without waiting."""
        head, pixels = pack(message)
        self._writer.write(head)
        for part in pixels:
            self._writer.write(part)

    async def receive(self) -> Message:
        """The next message. Raises WorkerGone, or ProtocolError where the process has gone mad."""
        try:
            header, pixels = unpack_lengths(await self._reader.readexactly(LENGTH_PREFIX.size))
            return unpack(await self._reader.readexactly(header), await self._reader.readexactly(pixels))
        except (asyncio.IncompleteReadError, OSError) as error:
            raise WorkerExited("the worker ended") from error

    def kill(self) -> None:
        """Ends it at once; `receive` will raise WorkerGone."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()

    async def close(self, grace: float = 2.0) -> int:
        """Asks it to end, ends it after `grace` seconds, and waits until it has. Returns the exit status."""
        if self.alive and grace:
            with contextlib.suppress(ProcessLookupError):
                self._process.terminate()
            await asyncio.wait([self.gone], timeout=grace)
        if self.alive:
            self.kill()
        status = await self.gone
        self._writer.close()
        # Its last words; a grandchild could hold on to the other end for ever.
        await asyncio.wait([self._log], timeout=1)
        self._log.cancel()
        self._output_closer.close()
        return status


async def _forward_log(output: asyncio.StreamReader) -> None:
    """Hands on what the worker prints: its own log lines at their level and for their job, all else as a
    warning."""
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
        printed = parse_log_line(text)
        worker_log.log(printed.level, "%s", printed.text, extra={"job": printed.job} if printed.job else None)
