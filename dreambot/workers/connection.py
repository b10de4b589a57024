"""The connection to a GPU worker: its interface, and the worker process on this machine."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Self

from dreambot import errors
from dreambot.workers.environment import worker_environment
from dreambot.workers.ipc import ProtocolError
from dreambot.workers.process import ChildProcess, WorkerExited
from dreambot.workers.protocol import MAX_MESSAGE_BYTES, Message, Ready, StartFailed, pack, unpack
from dreambot.workers.types import ExecutorStartError

log = logging.getLogger(__name__)

TORCH_ENGINE = "dreambot.workers.gpu.torch_engine:TorchEngine"


class NodeLost(WorkerExited):
    """The worker exited for a reason that no job caused: its machine left the cluster, for example."""


class WorkerConnection(Protocol):
    """A worker that is ready. One coroutine at a time may receive.

    Attributes:
        ready: What the worker reported about its device.
        gone: Done, with the exit status, once the worker has exited.
    """

    ready: Ready
    gone: asyncio.Future[int]

    @property
    def alive(self) -> bool:
        """Whether the worker runs."""

    def post(self, message: Message) -> None:
        """Sends without waiting.

        Args:
            message: The message.
        """

    async def receive(self) -> Message:
        """Waits for the next message.

        Raises:
            WorkerExited: The worker exited.
            ProtocolError: The worker violates the protocol.
        """

    def kill(self) -> None:
        """Ends the worker at once; `receive` then raises WorkerExited."""

    async def close(self, grace: float = 2.0) -> int:
        """Ends the worker and waits until it has exited.

        Args:
            grace: Seconds between the request to exit and killing it; 0 kills at once.

        Returns:
            The exit status, negative for a signal.
        """


ConnectWorker = Callable[[], Awaitable[WorkerConnection]]
"""Starts a worker and returns when it is warm. Raises ExecutorStartError if the worker reports that it cannot
work here, WorkerExited if it exited or took too long, and ProtocolError."""


async def start_again_after_crash(
    name: str, start: Callable[[bool], Awaitable[WorkerConnection]]
) -> WorkerConnection:
    """Starts a worker, once more if it ended before it was ready; see `EngineSettings.after_crash`.

    Args:
        name: The device, for the log.
        start: Starts a worker, as `ConnectWorker` does. It is told whether the last one ended.

    Raises:
        NodeLost: The machine is gone, or was at the second start.
        WorkerExited: Both ended.
    """
    try:
        return await start(False)
    except NodeLost:
        raise
    except WorkerExited as error:
        log.warning("The worker of %s ended before it was ready (%s); it is started again.", name, error)
        return await start(True)


@dataclass(frozen=True)
class WorkerSettings:
    """How to start a worker.

    Attributes:
        device: "auto", "cpu", "cuda:0", …
        precision: "auto", "fp32", "bf16" or "fp16".
        cache: Folder of downloaded weights; see `zoo.weights`.
        weights_dir: Folder of the operator's weights; see `zoo.weights`.
        engine: `module:attribute`; tests use an engine without torch.
        memory_gigabytes: For networks that stay loaded.
        workers: Number of workers that share the CPU, if it is the device.
        after_crash: Whether the last worker ended before it was ready; see `EngineSettings`.
        start_timeout: Seconds, in which the weights may have to be downloaded.
    """

    device: str
    precision: str = "auto"
    cache: Path | None = None
    weights_dir: Path | None = None
    engine: str = TORCH_ENGINE
    memory_gigabytes: float = 2.0
    workers: int = 1
    after_crash: bool = False
    start_timeout: float = 900.0

    def arguments(self) -> list[str]:
        """Returns the arguments of the worker's command line."""
        arguments = ["--device", self.device, "--precision", self.precision, "--engine", self.engine]
        arguments += ["--memory-gigabytes", str(self.memory_gigabytes), "--workers", str(self.workers)]
        if self.cache:
            arguments += ["--cache", str(self.cache)]
        if self.after_crash:
            arguments += ["--after-crash"]
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
                raise ExecutorStartError.of(errors.Message.from_json(reason))
            case other:
                raise ProtocolError(f"the worker began with {type(other).__name__}")

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
