"""The executor of a Ray cluster: a device worker for each GPU, added and removed as nodes join and leave."""

import asyncio
import logging
import os
import time
from importlib.util import find_spec
from typing import TYPE_CHECKING

from dreambot.errors import UserError
from dreambot.extras import install_hint
from dreambot.scheduler.device_worker import DeviceWorker
from dreambot.scheduler.executor import DeviceExecutor
from dreambot.workers.connection import TORCH_ENGINE, ConnectWorker, NodeLost, WorkerConnection, WorkerExited
from dreambot.workers.ray import nodes
from dreambot.workers.ray.nodes import RayDevice, list_devices
from dreambot.workers.types import ExecutorStartError

if TYPE_CHECKING:
    from dreambot.workers.ray.cluster import Cluster

log = logging.getLogger(__name__)

WATCH_INTERVAL_S = 3.0
LEASE_S = 30.0
RETRY_AFTER_S = 30.0
"""Seconds after which a device that could not be worked with is tried again."""
START_TIMEOUT_S = 900.0


class RayExecutor(DeviceExecutor):
    """See `Executor`. Precision, weights and memory are each machine's own: see `own`."""

    def __init__(
        self,
        address: str = "auto",
        *,
        device: str = "auto",
        max_queue: int = 50,
        per_person: int = 20,
        per_server: int = 100,
        time_budget: float = 600.0,
        previews: bool = True,
        engine: str = TORCH_ENGINE,
        watch_every: float = WATCH_INTERVAL_S,
        lease: float = LEASE_S,
    ) -> None:
        """address: "auto" is the cluster that this machine has joined; or host:port. device: "auto" takes
        every GPU there is; "cpu" and "mps" take every machine. engine: `module:attribute` on the machines.
        watch_every: seconds between two looks at which machines there are. lease: seconds after which the
        machines stop the jobs of a bot that was killed. The rest: see `DeviceExecutor`."""
        super().__init__(
            max_queue=max_queue,
            per_person=per_person,
            per_server=per_server,
            time_budget=time_budget,
            previews=previews,
        )
        self._address = address
        self._device = device
        self._engine = engine
        self._watch_every = watch_every
        self._lease = lease
        self._cluster: Cluster | None = None
        self._watch: asyncio.Task[None] | None = None
        self._starting: dict[RayDevice, asyncio.Task[None]] = {}
        self._failed: dict[RayDevice, tuple[float, ExecutorStartError]] = {}
        self._at: dict[RayDevice, DeviceWorker] = {}

    async def start(self) -> None:
        """Returns when there is a connection and, if the cluster has devices, the first is warm; without any,
        jobs wait for one. Raises ExecutorStartError."""
        self._cluster = await _join_cluster(self._address)
        try:
            await self._look()
            while self._starting and not self._at:
                await asyncio.wait(self._starting.values(), return_when=asyncio.FIRST_COMPLETED)
            if not self._at:
                for _, error in self._failed.values():
                    if not isinstance(error.__cause__, NodeLost):
                        raise error
                log.warning("The Ray cluster has nothing to dream on yet; dreams wait until a machine joins.")
        except BaseException as error:
            await self.close()
            if isinstance(error, WorkerExited):
                raise ExecutorStartError("setup-ray-gone", reason=error) from error
            raise
        self._watch = asyncio.create_task(self._watch_loop())

    async def close(self) -> None:
        """See `Executor`."""
        if self._watch:
            self._watch.cancel()
        await _cancel_and_wait(*self._starting.values(), *([self._watch] if self._watch else []))
        await super().close()
        self._at.clear()
        cluster, self._cluster = self._cluster, None
        if cluster:
            await cluster.leave()

    async def _watch_loop(self) -> None:
        while True:
            await asyncio.sleep(self._watch_every)
            try:
                await self._look()
            except WorkerExited as error:
                log.warning("Which machines there are cannot be told: %s", error)

    async def _look(self) -> None:
        """Adds a lane for what is new, and takes away those of machines that are gone."""
        assert self._cluster
        there = list_devices(await self._cluster.nodes(), self._device)
        for place, lane in tuple(self._at.items()):
            if place not in there:
                log.warning("%s left the cluster.", place.name)
                del self._at[place]
                await self.remove(lane)
        for place, task in tuple(self._starting.items()):
            if place not in there:
                await _cancel_and_wait(task)
        now = time.monotonic()
        self._failed = {
            place: failed for place, failed in self._failed.items() if now - failed[0] < RETRY_AFTER_S
        }
        for place in there:
            if not any(place in known for known in (self._at, self._starting, self._failed)):
                self._starting[place] = asyncio.create_task(self._start(place))

    async def _start(self, place: RayDevice) -> None:
        lane = self._make_device_worker(place.name, self._connecting(place))
        try:
            await self.add([lane])
            self._at[place] = lane
        except ExecutorStartError as error:
            log.error("%s cannot be dreamed on, and is tried again later: %s", place.name, error)
            self._failed[place] = time.monotonic(), error
        finally:
            del self._starting[place]

    def _connecting(self, place: RayDevice) -> ConnectWorker:
        async def connect() -> WorkerConnection:
            assert self._cluster
            from dreambot.workers.ray.connection import RayConnection

            actor = await self._cluster.host(place, self._engine, self._lease)
            return await RayConnection.start(self._cluster, actor, place.node.id, START_TIMEOUT_S)

        return connect

    def _on_start_failed(self) -> None:
        """A machine may come at any time: whoever waits can go on waiting."""


async def _join_cluster(address: str) -> "Cluster":
    if not find_spec("ray"):
        raise ExecutorStartError("setup-ray-missing", hint=install_hint("ray"))
    if "://" in address:
        raise ExecutorStartError("setup-ray-client", address=address)
    try:
        known = nodes.joined_cluster_address() if address == "auto" else address
        if known:
            await asyncio.to_thread(nodes.check_reachable, known)
        nodes.set_ray_variables(known)
    except UserError as error:
        raise ExecutorStartError.of(error.message) from error
    # Seconds for which Ray goes on trying to connect.
    os.environ.setdefault("RAY_gcs_server_port_wait_time_s", "3")
    from dreambot.workers.ray.cluster import Cluster

    return await Cluster.join(address)


async def _cancel_and_wait(*tasks: asyncio.Task[None]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
