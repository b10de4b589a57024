"""The executors: one queue with a device worker for each device, and the executor of one machine."""

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import count
from pathlib import Path

from dreambot.recipe import Precision, Recipe
from dreambot.scheduler.device_worker import DeviceWorker
from dreambot.scheduler.job_costs import JobCosts
from dreambot.scheduler.job_queue import QueueLimits
from dreambot.scheduler.queue_monitor import QueueMonitor
from dreambot.scheduler.run import DeviceState, Run
from dreambot.workers.connection import (
    TORCH_ENGINE,
    ConnectWorker,
    WorkerConnection,
    WorkerProcess,
    WorkerSettings,
)
from dreambot.workers.protocol import Ready
from dreambot.workers.types import ExecutorStartError, FrameSink, InputsProvider, JobFailed

NO_DEVICE_TIMEOUT_S = 300.0
"""Seconds that people wait for devices of which none works."""


class DeviceExecutor(ABC):
    """See `Executor`. Used by one event loop, between `start` and `close`; which devices there are is for
    those who inherit from it to say, by `_make_device_worker` and `add` before or while it works."""

    def __init__(
        self,
        *,
        max_queue: int,
        time_budget: float,
        previews: bool,
        per_person: int = 20,
        per_server: int = 100,
    ) -> None:
        """max_queue, per_person, per_server: how many jobs may wait, in all and of one. time_budget: see
        `flight.budget`. previews: whether to ask for pictures of work in progress."""
        caps = QueueLimits(per_person, per_server, max_queue)
        self._places = QueueMonitor(caps, lambda: self._device_workers, JobCosts())
        self._queue = self._places.queue
        self._time_budget = time_budget
        self._previews = previews
        self._device_workers: list[DeviceWorker] = []
        self._serving: dict[DeviceWorker, asyncio.Task[None]] = {}
        self._open: set[Run] = set()
        self._closed = False

    @property
    def devices(self) -> tuple[Ready, ...]:
        """What the workers said of their devices."""
        return tuple(lane.ready for lane in self._device_workers if lane.ready)

    @property
    def device_workers(self) -> tuple[DeviceWorker, ...]:
        """The devices' device_workers, in the order of `device_states`."""
        return tuple(self._device_workers)

    @property
    def precision(self) -> Precision:
        """bf16 if every device is best at it. Known after `start`."""
        return "bf16" if {ready.precision for ready in self.devices} == {"bf16"} else "fp32"

    @abstractmethod
    async def start(self) -> None:
        """See `Executor`."""

    async def add(self, device_workers: Sequence[DeviceWorker]) -> None:
        """Starts device_workers, all at once, and has them work. Raises ExecutorStartError, and adds none
        then."""
        try:
            async with asyncio.TaskGroup() as group:
                for lane in device_workers:
                    group.create_task(lane.start())
        except BaseException as error:
            await asyncio.gather(*(lane.close() for lane in device_workers))
            if isinstance(error, BaseExceptionGroup):
                raise error.exceptions[0] from None
            raise
        for lane in device_workers:
            lane.name = self._distinct(lane.name)
            self._device_workers.append(lane)
            self._serving[lane] = asyncio.create_task(lane.serve())

    def _distinct(self, name: str) -> str:
        """The name, with a number where another device has it."""
        taken = {lane.name for lane in self._device_workers}
        others = (f"{name} {number}" for number in count(2))
        return name if name not in taken else next(other for other in others if other not in taken)

    async def remove(self, lane: DeviceWorker) -> None:
        """Ends a lane; the job it is on goes to another."""
        self._device_workers.remove(lane)
        task = self._serving.pop(lane)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await lane.close()

    async def close(self) -> None:
        """Cancels every job and ends every worker."""
        self._closed = True
        for run in tuple(self._open):
            run.cancel()
        for lane in tuple(self._device_workers):
            await self.remove(lane)
        self._places.close()

    def submit(
        self,
        job_id: str,
        recipe: Recipe,
        source: InputsProvider,
        *,
        owner: int | None = None,
        guild: int | None = None,
        accepted: bool = False,
        frames: FrameSink | None = None,
    ) -> Run:
        """See `Executor`."""
        if self._closed:
            raise JobFailed("errors-shutting-down")
        run = Run(
            job_id,
            recipe,
            source,
            owner=owner,
            guild=guild,
            accepted=accepted,
            withdraw=self._withdraw,
            frames=frames,
        )
        self._places.put(run)
        self._open.add(run)
        run.add_done_callback(self._open.discard)
        return run

    def pause(self) -> None:
        """See `Executor`."""
        self._queue.pause()

    def device_states(self) -> tuple[DeviceState, ...]:
        """How each device is, now."""
        return tuple(lane.state for lane in self._device_workers)

    def waiting(self) -> tuple[int, float]:
        """See `Executor`."""
        return len(self._queue), self._queue.oldest_wait

    async def drained(self, seconds: float) -> frozenset[str]:
        """Waits, at most so many seconds, until no device is at a job; then gives the ids of those that still
        are. A job whose worker ended meanwhile is not one of them: it waits again."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                for lane in tuple(self._device_workers):
                    await lane.rests()
        return frozenset(run.job_id for lane in self._device_workers for run in lane.runs if not run.settled)

    @property
    def learned(self) -> str:
        """See `Executor`."""
        return self._places.costs.to_json()

    def remember(self, learned: str) -> None:
        """See `Executor`."""
        self._places.costs = JobCosts.from_json(learned)

    def _make_device_worker(self, name: str, connect: ConnectWorker) -> DeviceWorker:
        """A lane for a device, not started."""
        return DeviceWorker(
            name,
            connect,
            self._queue,
            time_budget=self._time_budget,
            previews=self._previews,
            lost=self._on_start_failed,
            all_device_workers=lambda: self._device_workers,
        )

    def _withdraw(self, run: Run) -> None:
        self._queue.remove(run)
        for lane in self._device_workers:
            lane.withdraw(run)

    def _on_start_failed(self) -> None:
        """Lets nobody wait for devices that do not come back."""
        if all(lane.seconds_down > NO_DEVICE_TIMEOUT_S for lane in self._device_workers):
            for run in self._queue:
                self._queue.remove(run)
                run.fail(JobFailed("errors-cannot-dream"))


log = logging.getLogger(__name__)


class LocalExecutor(DeviceExecutor):
    """See `Executor`."""

    def __init__(
        self,
        devices: Sequence[str] = ("auto",),
        *,
        cpu_workers: int = 1,
        memory_gigabytes: float = 2.0,
        precision: str = "auto",
        cache: Path | None = None,
        weights_dir: Path | None = None,
        max_queue: int = 50,
        per_person: int = 20,
        per_server: int = 100,
        time_budget: float = 600.0,
        previews: bool = True,
        engine: str = TORCH_ENGINE,
    ) -> None:
        """devices: "auto", "cpu", "mps", "cuda:0" …, a worker for each; "auto" is all GPUs there are.
        cpu_workers: how many where it is the CPU, which they share. memory_gigabytes: what each gives to
        resident networks. precision: "auto", "fp32", "bf16". cache, weights_dir: as for `zoo.weights.pull`.
        engine: `module:attribute` in the worker; tests bring one without torch. The rest: see
        `DeviceExecutor`."""
        super().__init__(
            max_queue=max_queue,
            per_person=per_person,
            per_server=per_server,
            time_budget=time_budget,
            previews=previews,
        )
        self._workers = [
            WorkerSettings(device, precision, cache, weights_dir, engine, memory_gigabytes, cpu_workers)
            for device in devices
        ]

    async def start(self) -> None:
        """Returns when every worker is warm. Raises ExecutorStartError, and leaves no process then. Of
        GPUs that
        were found and not asked for, those that do not work are left out and reported."""
        asked = [
            self._make_device_worker(worker.device, _connect_function(worker)) for worker in self._workers
        ]
        await self.add(asked)
        found: list[WorkerSettings] = []
        for lane, worker in zip(asked, self._workers, strict=True):
            assert lane.ready
            if worker.device == "auto":
                lane.name = lane.ready.device
            found += _further_workers(worker, lane.ready)
        await asyncio.gather(*(self._try(worker) for worker in found))

    async def _try(self, worker: WorkerSettings) -> None:
        try:
            await self.add([self._make_device_worker(worker.device, _connect_function(worker))])
        except ExecutorStartError as error:
            log.error("Going on without %s: %s", worker.device, error)


def _further_workers(worker: WorkerSettings, ready: Ready) -> list[WorkerSettings]:
    """What else there is to start, once the first of a kind has said what there is."""
    if ready.kind == "cpu":
        return [replace(worker, device="cpu")] * (worker.workers - 1)
    if worker.device == "auto":
        return [replace(worker, device=f"{ready.kind}:{place}") for place in range(1, ready.devices)]
    return []


def _connect_function(settings: WorkerSettings) -> ConnectWorker:
    async def start() -> WorkerConnection:
        return await WorkerProcess.start(settings)

    return start
