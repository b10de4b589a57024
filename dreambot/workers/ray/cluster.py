"""The connection of this process to a Ray cluster. Blocking calls run on threads of their own.

Only this module and `connection.py` import Ray in the bot.
"""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

import ray
from ray.actor import ActorHandle
from ray.exceptions import ActorDiedError, ActorUnavailableError, ActorUnschedulableError, RayError
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

from dreambot.workers.connection import NodeLost
from dreambot.workers.process import WorkerExited
from dreambot.workers.ray.host import Host
from dreambot.workers.ray.nodes import Node, RayDevice
from dreambot.workers.types import ExecutorStartError

NAMESPACE = "dreambot"
_THREADS = 4

HostActor = ActorHandle[Host]


@dataclass(frozen=True)
class Cluster:
    """The connection of this process to Ray, which has one at most.

    Attributes:
        ours: whether `join` made it; otherwise it is left open.
    """

    ours: bool
    _threads: ThreadPoolExecutor

    @classmethod
    async def join(cls, address: str) -> "Cluster":
        """Connects to a cluster.

        Args:
            address: "auto" for the cluster that this machine has joined, or host:port.

        Raises:
            ExecutorStartError: it cannot; the message says what to do.
        """
        threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="ray")
        cluster = cls(not ray.is_initialized(), threads)
        if cluster.ours:
            try:
                await cluster._run(_connect, address)
            except ExecutorStartError:
                threads.shutdown(wait=False)
                raise
        return cluster

    async def nodes(self) -> list[Node]:
        """Returns the present machines.

        Raises:
            WorkerExited: the cluster does not answer.
        """
        try:
            return [_node_from_row(row) for row in await self._run(ray.nodes) if row["Alive"]]
        except RayError as error:
            raise WorkerExited(f"the cluster does not answer: {error}") from error

    async def start_host(self, device: RayDevice, engine: str, *, after_crash: bool = False) -> HostActor:
        """Creates the actor of a device. It starts as soon as the device is free.

        Ray repeats nothing by itself: how often a job is tried is decided by the bot alone.

        Args:
            device: where it runs.
            engine: `module:attribute`, see `load_engine`.
            after_crash: see `EngineSettings`.

        Raises:
            WorkerExited: Ray cannot create it.
        """
        options = ray.remote(Host).options(
            max_restarts=0,
            max_task_retries=0,
            num_gpus=device.gpus,
            num_cpus=device.cpus,
            scheduling_strategy=NodeAffinitySchedulingStrategy(device.node.id, soft=False),
        )
        try:
            actor: HostActor = await self._run(options.remote, engine, device.device, after_crash)
        except (RayError, ValueError) as error:
            raise WorkerExited(f"its actor cannot be created: {error}") from error
        return actor

    async def call(self, method: Any, *arguments: object) -> Any:
        """Calls a method of an actor and returns what it returns.

        Args:
            method: of an actor handle.
            arguments: for the method.

        Raises:
            NodeLost: the actor's machine is gone.
            WorkerExited: only the actor is gone, or the method failed.
        """
        try:
            return await (await self._run(method.remote, *arguments))
        except ActorUnschedulableError as error:
            raise NodeLost("its machine left the cluster") from error
        except ActorUnavailableError as error:
            # Ray would know about a crash; the cause is the machine or the network.
            raise NodeLost("it does not answer") from error
        except ActorDiedError as error:
            raise WorkerExited(_death_reason(error)) from error
        except RayError as error:
            raise WorkerExited(f"Ray says {type(error).__name__}: {error}") from error

    def kill(self, actor: HostActor) -> None:
        """Ends an actor's process soon.

        Args:
            actor: the actor, which may have ended.
        """
        self._threads.submit(ray.kill, actor)

    async def leave(self) -> None:
        """Ends the connection."""
        if self.ours:
            await self._run(ray.shutdown)
        self._threads.shutdown(wait=False)

    async def _run(self, call: Callable[..., Any], *arguments: object) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._threads, partial(call, *arguments))


def _connect(address: str) -> None:
    # On a thread Ray warns that it does not handle SIGTERM, which is what we want.
    logging.getLogger("ray._private.worker").setLevel(logging.ERROR)
    try:
        ray.init(address, namespace=NAMESPACE, log_to_driver=False, configure_logging=False)
    except Exception as error:
        raise _connect_error(address, error) from error


def _connect_error(address: str, error: Exception) -> ExecutorStartError:
    text = f"{error} {error.__cause__ or ''}"
    if "authentic" in text.lower() or "AuthToken" in text:
        return ExecutorStartError("setup-ray-token", address=address)
    if "ersion mismatch" in text:
        return ExecutorStartError("setup-ray-versions", address=address, reason=" ".join(str(error).split()))
    if "No node info found" in text or "any running Ray instance" in text:
        return ExecutorStartError("setup-ray-not-joined", address=address)
    return ExecutorStartError("setup-ray-join", address=address, reason=" ".join(text.split())[:600])


def _node_from_row(row: dict[str, Any]) -> Node:
    resources = row["Resources"]
    return Node(
        row["NodeID"],
        row["NodeManagerAddress"],
        gpus=int(resources.get("GPU", 0)),
        cpus=int(resources.get("CPU", 0)),
    )


def _death_reason(error: ActorDiedError) -> str:
    """Returns the line of Ray's explanation that gives the reason."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return next((line for line in lines if line.startswith("The actor")), "the actor died")
