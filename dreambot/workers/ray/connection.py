"""The connection to a worker that is a Ray actor."""

import asyncio
import contextlib
from collections.abc import Coroutine
from typing import Any

from dreambot import __version__, errors
from dreambot.workers.connection import NodeLost
from dreambot.workers.process import WorkerExited
from dreambot.workers.protocol import Message, Ready, StartFailed, message_from_bytes, message_to_bytes
from dreambot.workers.ray.cluster import Cluster, HostActor
from dreambot.workers.types import ExecutorStartError

_PREFETCH = 8
"""Messages that are fetched before they are received."""
_EXIT_TIMEOUT_S = 5.0


class RayConnection:
    """See `WorkerConnection`. The actor is killed when the connection is closed."""

    def __init__(self, cluster: Cluster, actor: HostActor, node: str) -> None:
        """Creates a connection to an actor that is not ready yet; see `start`.

        Args:
            cluster: where the actor runs.
            actor: the actor, which only this connection uses.
            node: the id of its machine.
        """
        self._cluster = cluster
        self._actor = actor
        self._node = node
        self._outgoing: asyncio.Queue[bytes] = asyncio.Queue()
        self._incoming: asyncio.Queue[bytes] = asyncio.Queue(_PREFETCH)
        self._tasks: list[asyncio.Task[None]] = []
        self._exit: WorkerExited | None = None
        self.gone: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self.ready: Ready

    @classmethod
    async def start(
        cls, cluster: Cluster, actor: HostActor, node: str, start_timeout: float
    ) -> "RayConnection":
        """Waits until an actor is warm.

        Args:
            cluster: where the actor runs.
            actor: the actor, which only this connection uses.
            node: the id of its machine.
            start_timeout: seconds, in which the device may have to become free.

        Raises:
            ExecutorStartError: the worker reports that it cannot work, or has another version.
            WorkerExited: it exited or took too long.
        """
        connection = cls(cluster, actor, node)
        try:
            async with asyncio.timeout(start_timeout):
                version, packet = await connection._call("hello")
        except TimeoutError as error:
            await connection.close()
            raise WorkerExited(f"the worker was not ready after {start_timeout:.0f} s") from error
        except BaseException:
            await connection.close()
            raise
        match message_from_bytes(packet):
            case Ready() as ready if version == __version__:
                connection.ready = ready
                connection._start_tasks()
                return connection
            case StartFailed(reason=reason):
                await connection.close()
                raise ExecutorStartError.of(errors.Message.from_json(reason))
            case _:
                await connection.close()
                raise ExecutorStartError("setup-ray-version", theirs=version, ours=__version__)

    @property
    def alive(self) -> bool:
        """See `WorkerConnection`."""
        return not self.gone.done()

    def post(self, message: Message) -> None:
        """See `WorkerConnection`.

        Args:
            message: for the worker.
        """
        self._outgoing.put_nowait(message_to_bytes(message))

    async def receive(self) -> Message:
        """See `WorkerConnection`.

        Raises:
            WorkerExited: the worker is gone.
            ProtocolError: it sent something that is not a message.
        """
        getting = asyncio.ensure_future(self._incoming.get())
        try:
            waits: list[asyncio.Future[Any]] = [getting, self.gone]
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            if getting.done():
                return message_from_bytes(getting.result())
        finally:
            getting.cancel()
        assert self._exit
        raise self._exit

    def kill(self) -> None:
        """See `WorkerConnection`."""
        self._cluster.kill(self._actor)

    async def close(self, grace: float = 2.0) -> int:
        """See `WorkerConnection`.

        Args:
            grace: is not used; an actor has nothing to finish.
        """
        # A worker that seems to be gone may still run our jobs.
        self.kill()
        if self.alive:
            with contextlib.suppress(WorkerExited, TimeoutError):
                async with asyncio.timeout(_EXIT_TIMEOUT_S):
                    while True:
                        await self._call("ping")
                        await asyncio.sleep(0.02)
        if self.alive:
            self.gone.set_result(0)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        return self.gone.result()

    def _start_tasks(self) -> None:
        self._tasks = [
            asyncio.create_task(self._run_until_exit(work)) for work in (self._send(), self._fetch())
        ]

    async def _run_until_exit(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except WorkerExited as error:
            if self.alive:
                self._exit = await self._classify_exit(error)
            if self.alive:
                self.gone.set_result(1)

    async def _send(self) -> None:
        # One after the other: Ray does not keep the order of concurrent calls.
        while True:
            await self._call("post", await self._outgoing.get())

    async def _fetch(self) -> None:
        while True:
            for packet in await self._call("fetch"):
                await self._incoming.put(packet)

    async def _call(self, method: str, *arguments: object) -> Any:
        return await self._cluster.call(getattr(self._actor, method), *arguments)

    async def _classify_exit(self, error: WorkerExited) -> WorkerExited:
        """Returns the error, as NodeLost if the worker's machine is gone, so that no job is blamed for it."""
        with contextlib.suppress(WorkerExited):
            if self._node not in {node.id for node in await self._cluster.nodes()}:
                return NodeLost("its machine left the cluster")
        return error
