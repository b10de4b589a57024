"""The connection to a worker that is a Ray actor."""

import asyncio
import contextlib
import uuid
from collections.abc import Coroutine
from typing import Any

from dreambot import __version__, errors
from dreambot.workers.connection import NodeLost, WorkerExited
from dreambot.workers.protocol import Message, Ready, StartFailed
from dreambot.workers.ray.cluster import Cluster, HostActor
from dreambot.workers.ray.host import pack_bytes, unpack_bytes
from dreambot.workers.types import ExecutorStartError

_PREFETCH = 8
"""Messages that may be here before they are asked for."""
_EXIT_TIMEOUT_S = 5.0


class RayConnection:
    """See `Link`. The actor may be at other bots' jobs too, in turn with ours."""

    def __init__(self, cluster: Cluster, actor: HostActor, node: str) -> None:
        """node: the id of its machine."""
        self._cluster = cluster
        self._actor = actor
        self._node = node
        # Of this link alone: what was said to one that broke is not for the next.
        self._client = uuid.uuid4().hex
        self._lease = 0.0
        self._outgoing: asyncio.Queue[bytes] = asyncio.Queue()
        self._incoming: asyncio.Queue[bytes] = asyncio.Queue(_PREFETCH)
        self._tasks: list[asyncio.Task[None]] = []
        self._end: WorkerExited | None = None
        self.gone: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self.ready: Ready

    @classmethod
    async def start(
        cls, cluster: Cluster, actor: HostActor, node: str, start_timeout: float
    ) -> "RayConnection":
        """A link to an actor that is warm. start_timeout: seconds, in which its device may have to become
        free. Raises ExecutorStartError if it cannot work, WorkerGone if it ended or took too long."""
        link = cls(cluster, actor, node)
        try:
            async with asyncio.timeout(start_timeout):
                version, link._lease, packet = await link._call("hello")
        except TimeoutError as error:
            await link.close()
            raise WorkerExited(f"the worker was not ready after {start_timeout:.0f} s") from error
        except BaseException:
            await link.close()
            raise
        match unpack_bytes(packet):
            case Ready() as ready if version == __version__:
                link.ready = ready
                link._begin()
                return link
            case StartFailed(reason=reason):
                await link.close()
                raise ExecutorStartError.of(errors.Message.from_json(reason))
            case _:
                await link.close()
                raise ExecutorStartError("setup-ray-version", theirs=version, ours=__version__)

    @property
    def alive(self) -> bool:
        """See Link."""
        return not self.gone.done()

    async def claim(self) -> bool:
        """See Link."""
        return bool(await self._call("claim"))

    async def turn(self) -> None:
        """See Link."""
        await self._call("turn")

    def post(self, message: Message) -> None:
        """See Link."""
        self._outgoing.put_nowait(pack_bytes(message))

    async def receive(self) -> Message:
        """See Link."""
        getting = asyncio.ensure_future(self._incoming.get())
        try:
            waits: list[asyncio.Future[Any]] = [getting, self.gone]
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            if getting.done():
                return unpack_bytes(getting.result())
        finally:
            getting.cancel()
        assert self._end
        raise self._end

    def kill(self) -> None:
        """See Link. It ends for the other bots, too."""
        self._cluster.kill(self._actor)

    async def close(self, grace: float = 2.0) -> int:
        """See Link. With a grace the actor goes on for the other bots, if there are any; without, it ends."""
        if self.alive:
            last = True
            if grace:
                with contextlib.suppress(WorkerExited, TimeoutError):
                    async with asyncio.timeout(grace):
                        last = await self._call("leave")
            if last:
                self.kill()
                # The next that asks for this device must not find the one that is dying.
                with contextlib.suppress(WorkerExited, TimeoutError):
                    async with asyncio.timeout(_EXIT_TIMEOUT_S):
                        while True:
                            await self._call("alive")
            if self.alive:
                self.gone.set_result(0)
        elif isinstance(self._end, NodeLost):
            # It may be there after all, and at our jobs.
            self._cluster.tell(self._actor.leave, self._client)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        return self.gone.result()

    def _begin(self) -> None:
        self._tasks = [
            asyncio.create_task(self._run_until_exit(work))
            for work in (self._send(), self._fetch(), self._renew())
        ]

    async def _run_until_exit(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except WorkerExited as error:
            if self.alive:
                self._end = await self._classify_exit(error)
            if self.alive:
                self.gone.set_result(1)

    async def _send(self) -> None:
        # One after the other: Ray promises no order to calls that are under way at once.
        while True:
            await self._call("post", await self._outgoing.get())

    async def _fetch(self) -> None:
        while True:
            for packet in await self._call("fetch"):
                await self._incoming.put(packet)

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(self._lease / 4)
            await self._call("alive")

    async def _call(self, method: str, *arguments: object) -> Any:
        return await self._cluster.call(getattr(self._actor, method), self._client, *arguments)

    async def _classify_exit(self, error: WorkerExited) -> WorkerExited:
        """A worker that went with its machine was not ended by a job."""
        with contextlib.suppress(WorkerExited):
            if self._node not in {node.id for node in await self._cluster.nodes()}:
                return NodeLost("its machine left the cluster")
        return error
