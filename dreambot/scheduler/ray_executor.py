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
from dreambot.workers.connection import (
    TORCH_ENGINE,
    ConnectWorker,
    NodeLost,
    WorkerConnection,
    start_again_after_crash,
)
from dreambot.workers.process import WorkerExited
from dreambot.workers.ray import nodes
from dreambot.workers.ray.nodes import RayDevice, list_devices
from dreambot.workers.types import ExecutorStartError

if TYPE_CHECKING:
    from dreambot.workers.ray.cluster import Cluster

log = logging.getLogger(__name__)

WATCH_INTERVAL_S = 3.0
RETRY_AFTER_S = 30.0
"""Seconds after which a device that could not be used is tried again."""
START_TIMEOUT_S = 900.0


class RayExecutor(DeviceExecutor):
    """Runs jobs on the machines of a Ray cluster. See `Executor`.

    Precision, weights and memory are settings of each machine, see `node_engine_settings`.
    """

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
    ) -> None:
        """Creates an executor that connects in `start`.

        Args:
            address: "auto" for the cluster that this machine has joined, or host:port.
            device: "auto" takes every GPU; "cpu" and "mps" take every machine.
            max_queue: how many jobs may wait in total.
            per_person: how many jobs of one person may wait.
            per_server: how many jobs of one server may wait.
            time_budget: the least time limit of a job in seconds, see `time_limit`.
            previews: whether to ask for previews.
            engine: `module:attribute` on the machines.
            watch_every: seconds between two looks at which machines there are.
        """
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
        self._cluster: Cluster | None = None
        self._watch: asyncio.Task[None] | None = None
        self._starting: dict[RayDevice, asyncio.Task[None]] = {}
        self._failed: dict[RayDevice, tuple[float, ExecutorStartError]] = {}
        self._workers: dict[RayDevice, DeviceWorker] = {}

    async def start(self) -> None:
        """Connects and waits until the first device is warm. If the cluster has none, jobs wait for one.

        Raises:
            ExecutorStartError: the cluster cannot be joined, or its devices cannot be used.
        """
        self._cluster = await _join_cluster(self._address)
        try:
            await self._update_devices()
            while self._starting and not self._workers:
                await asyncio.wait(self._starting.values(), return_when=asyncio.FIRST_COMPLETED)
            if not self._workers:
                for _, error in self._failed.values():
                    if not isinstance(error.__cause__, NodeLost):
                        raise error
                log.warning("The Ray cluster has no devices yet; jobs wait until a machine joins.")
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
        self._workers.clear()
        cluster, self._cluster = self._cluster, None
        if cluster:
            await cluster.leave()

    async def _watch_loop(self) -> None:
        while True:
            await asyncio.sleep(self._watch_every)
            try:
                await self._update_devices()
            except WorkerExited as error:
                log.warning("The machines of the cluster cannot be listed: %s", error)

    async def _update_devices(self) -> None:
        """Adds a device worker for each new device, and removes those of machines that are gone."""
        assert self._cluster
        present = list_devices(await self._cluster.nodes(), self._device)
        for device, worker in tuple(self._workers.items()):
            if device not in present:
                log.warning("%s left the cluster.", device.name)
                del self._workers[device]
                await self.remove(worker)
        for device, task in tuple(self._starting.items()):
            if device not in present:
                await _cancel_and_wait(task)
        now = time.monotonic()
        self._failed = {
            device: failed for device, failed in self._failed.items() if now - failed[0] < RETRY_AFTER_S
        }
        for device in present:
            if not any(device in known for known in (self._workers, self._starting, self._failed)):
                self._starting[device] = asyncio.create_task(self._start_device(device))

    async def _start_device(self, device: RayDevice) -> None:
        worker = self._make_device_worker(device.name, self._connect_function(device))
        try:
            await self.add([worker])
            self._workers[device] = worker
        except ExecutorStartError as error:
            log.error("%s cannot be used; it is tried again later: %s", device.name, error)
            self._failed[device] = time.monotonic(), error
        finally:
            del self._starting[device]

    def _connect_function(self, device: RayDevice) -> ConnectWorker:
        async def connect() -> WorkerConnection:
            assert self._cluster
            from dreambot.workers.ray.connection import RayConnection

            async def start(after_crash: bool) -> WorkerConnection:
                assert self._cluster
                actor = await self._cluster.start_host(device, self._engine, after_crash=after_crash)
                return await RayConnection.start(self._cluster, actor, device.node.id, START_TIMEOUT_S)

            return await start_again_after_crash(device.name, start)

        return connect

    def _on_start_failed(self) -> None:
        """Does nothing: a machine may join at any time, so jobs go on waiting."""


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
    # How long Ray tries to connect, in seconds.
    os.environ.setdefault("RAY_gcs_server_port_wait_time_s", "3")
    # Ray's own handler of SIGTERM prints a stack trace and aborts the process three seconds later.
    os.environ.setdefault("RAY_DISABLE_FAILURE_SIGNAL_HANDLER", "1")
    from dreambot.workers.ray.cluster import Cluster

    return await Cluster.join(address)


async def _cancel_and_wait(*tasks: asyncio.Task[None]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
