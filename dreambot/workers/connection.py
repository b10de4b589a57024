"""The connection to a worker: its interface, and the local worker process behind it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Self

from dreambot.workers.environment import worker_environment
from dreambot.workers.ipc import ProtocolError
from dreambot.workers.process import ChildProcess, WorkerExited
from dreambot.workers.protocol import MAX_MESSAGE_BYTES, Message, Ready, StartFailed, pack, unpack
from dreambot.workers.types import ExecutorStartError


class NodeLost(WorkerExited):
    """It ended for a reason that no job can be blamed for: its machine left the cluster, or the like."""


class WorkerConnection(Protocol):
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


ConnectWorker = Callable[[], Awaitable[WorkerConnection]]
"""Starts a worker and returns when it is warm. Raises ExecutorStartError if it says it cannot work,
WorkerGone if
it ended or took too long, ProtocolError."""

TORCH_ENGINE = "dreambot.workers.gpu.torch_engine:TorchEngine"


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

    def arguments(self) -> list[str]:
        """Returns the arguments of the worker's command line."""
        arguments = ["--device", self.device, "--precision", self.precision, "--engine", self.engine]
        arguments += ["--memory-gigabytes", str(self.memory_gigabytes), "--workers", str(self.workers)]
        if self.cache:
            arguments += ["--cache", str(self.cache)]
        if self.weights_dir:
            arguments += ["--weights-dir", str(self.weights_dir)]
        return arguments


class WorkerProcess(ChildProcess):
    """A GPU worker on this machine; see `WorkerConnection`."""

    ready: Ready

    @classmethod
    async def start(cls, settings: WorkerSettings) -> Self:
        """Starts a worker and waits until it is warm.

        Args:
            settings: How to start it.

        Raises:
            ExecutorStartError: The worker reports that it cannot work here.
            WorkerExited: It ended or took too long.
            ProtocolError: Its first message is not a valid one.
        """
        return await cls._start(
            "dreambot.workers.gpu", settings.arguments(), worker_environment(), settings.start_timeout
        )

    async def _wait_until_ready(self) -> None:
        match await self.receive():
            case Ready() as ready:
                self.ready = ready
            case StartFailed(reason=reason):
                raise ExecutorStartError(reason)
            case other:
                raise ProtocolError(f"the worker began with {type(other).__name__}")

    async def claim(self) -> bool:
        """Returns True: the worker serves only this bot."""
        return True

    async def turn(self) -> None:
        """Returns at once: the worker serves only this bot."""

    def post(self, message: Message) -> None:
        """Sends without waiting.

        Args:
            message: The message.
        """
        self.send_packet(pack(message))

    async def receive(self) -> Message:
        """Waits for the next message.

        Raises:
            WorkerExited: The worker ended.
            ProtocolError: The worker violates the protocol.
        """
        return unpack(await self.receive_packet(MAX_MESSAGE_BYTES))
