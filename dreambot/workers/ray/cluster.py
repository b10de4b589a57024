"""The connection of this process to a Ray cluster. Blocking calls run on threads of their own.

With `connection.py`, the only module of the bot that imports Ray.
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

from dreambot.workers.connection import NodeLost, WorkerExited
from dreambot.workers.ray.host import Host
from dreambot.workers.ray.nodes import Node, RayDevice
from dreambot.workers.types import ExecutorStartError

NAMESPACE = "dreambot"
_THREADS = 4

HostActor = ActorHandle[Host]


@dataclass(frozen=True)
class Cluster:
    """A process has one connection to Ray at most: one that somebody else has made is used, and left open."""

    ours: bool
    _threads: ThreadPoolExecutor

    @classmethod
    async def join(cls, address: str) -> "Cluster":
        """Connects. address: "auto", or host:port. Raises ExecutorStartError, with what to do about it."""
        threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="ray")
        cluster = cls(not ray.is_initialized(), threads)
        if cluster.ours:
            try:
                await cluster._do(_connect, address)
            except ExecutorStartError:
                threads.shutdown(wait=False)
                raise
        return cluster

    async def nodes(self) -> list[Node]:
        """The machines that are there now. Raises WorkerGone if the cluster does not answer."""
        try:
            return [_node_from_row(row) for row in await self._do(ray.nodes) if row["Alive"]]
        except RayError as error:
            raise WorkerExited(f"the cluster does not answer: {error}") from error

    async def host(self, place: RayDevice, engine: str, lease: float) -> HostActor:
        """The host of a device, made if there is none: all the bots of a cluster share it. Ray tries nothing
        again by itself: how often a job is tried is for the bot alone to say. lease: see Host."""
        options = ray.remote(Host).options(
            name=place.host_name(engine),
            namespace=NAMESPACE,
            get_if_exists=True,
            lifetime="detached",
            max_restarts=0,
            max_task_retries=0,
            num_gpus=place.gpus,
            num_cpus=place.cpus,
            scheduling_strategy=NodeAffinitySchedulingStrategy(place.node.id, soft=False),
        )
        try:
            actor: HostActor = await self._do(options.remote, engine, place.device, lease)
        except (RayError, ValueError) as error:
            raise WorkerExited(f"its actor cannot be made: {error}") from error
        return actor

    async def call(self, method: Any, *arguments: object) -> Any:
        """What an actor's method returns. Raises WorkerLost if its machine is gone, WorkerGone if only the
        actor is."""
        try:
            return await (await self._do(method.remote, *arguments))
        except ActorUnschedulableError as error:
            raise NodeLost("its machine left the cluster") from error
        except ActorUnavailableError as error:
            # Of one that crashed Ray would know; it is the machine or the network.
            raise NodeLost("it does not answer") from error
        except ActorDiedError as error:
            raise WorkerExited(_death_reason(error)) from error
        except KeyError as error:
            raise NodeLost("it had not heard of us for too long") from error
        except RayError as error:
            raise WorkerExited(f"Ray says {type(error).__name__}: {error}") from error

    def tell(self, method: Any, *arguments: object) -> None:
        """Calls an actor's method, and does not care what becomes of that."""
        self._threads.submit(method.remote, *arguments)

    def kill(self, actor: HostActor) -> None:
        """Ends an actor, soon."""
        self._threads.submit(ray.kill, actor)

    async def leave(self) -> None:
        """Ends the connection."""
        if self.ours:
            await self._do(ray.shutdown)
        self._threads.shutdown(wait=False)

    async def _do(self, call: Callable[..., Any], *arguments: object) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._threads, partial(call, *arguments))


def _connect(address: str) -> None:
    # Ray warns that it leaves SIGTERM alone, as we want it to: that comes from being on a thread.
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
    """The one line of Ray's explanation that says it."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return next((line for line in lines if line.startswith("The actor")), "the actor died")
