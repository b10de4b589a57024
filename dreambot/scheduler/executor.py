"""The executors: one queue with a device worker for each device, and the executor of one machine."""

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Literal

from dreambot.recipe import Precision, Recipe
from dreambot.scheduler.cpu_sharing import (
    available_memory,
    count_cpu_workers,
    cpu_quota,
    divide_threads,
    relative_speed,
)
from dreambot.scheduler.device_worker import DeviceWorker
from dreambot.scheduler.job_costs import JobCosts
from dreambot.scheduler.job_queue import Device, QueueLimits
from dreambot.scheduler.queue_monitor import QueueMonitor
from dreambot.scheduler.run import DeviceState, Run
from dreambot.workers.connection import (
    TORCH_ENGINE,
    ConnectWorker,
    WorkerConnection,
    WorkerProcess,
    WorkerSettings,
    start_again_after_crash,
)
from dreambot.workers.protocol import Ready
from dreambot.workers.types import ExecutorStartError, FrameSink, InputsProvider, JobFailed

log = logging.getLogger(__name__)

NO_DEVICE_TIMEOUT_S = 300.0
"""Seconds that jobs wait for devices none of which works."""


class DeviceExecutor(ABC):
    """See `Executor`. Used by one event loop, between `start` and `close`.

    Subclasses decide which devices there are: they call `_make_device_worker` and `add`, before or while jobs
    run.
    """

    def __init__(
        self,
        *,
        max_queue: int,
        time_budget: float,
        previews: bool,
        per_person: int = 20,
        per_server: int = 100,
    ) -> None:
        """Creates an executor without devices.

        Args:
            max_queue: how many jobs may wait in total.
            time_budget: the least time limit of a job in seconds, see `time_limit`.
            previews: whether to ask for previews.
            per_person: how many jobs of one person may wait.
            per_server: how many jobs of one server may wait.
        """
        limits = QueueLimits(per_person, per_server, max_queue)
        self._costs = JobCosts()
        self._monitor = QueueMonitor(
            limits, lambda: self._device_workers, self._costs, slowdown=self._slowdown
        )
        self._queue = self._monitor.queue
        self._time_budget = time_budget
        self._previews = previews
        self._device_workers: list[DeviceWorker] = []
        self._serving: dict[DeviceWorker, asyncio.Task[None]] = {}
        self._open: set[Run] = set()
        self._closed = False

    @property
    def devices(self) -> tuple[Ready, ...]:
        """What the workers reported of their devices."""
        return tuple(worker.ready for worker in self._device_workers if worker.ready)

    @property
    def device_workers(self) -> tuple[DeviceWorker, ...]:
        """The device workers, in the order of `device_states`."""
        return tuple(self._device_workers)

    @property
    def precision(self) -> Precision:
        """fp32 unless every device prefers 16 bits; then bf16 unless all prefer fp16. Known after `start`.

        A device without bf16 dreams such recipes in fp16.
        """
        preferred = {ready.precision for ready in self.devices}
        if not preferred or "fp32" in preferred:
            return "fp32"
        return "fp16" if preferred == {"fp16"} else "bf16"

    @abstractmethod
    async def start(self) -> None:
        """See `Executor`."""

    async def add(self, device_workers: Sequence[DeviceWorker]) -> None:
        """Starts device workers, all at once, and lets them take jobs.

        Args:
            device_workers: device workers that are not started.

        Raises:
            ExecutorStartError: one does not start; then none is added.
        """
        try:
            async with asyncio.TaskGroup() as group:
                for worker in device_workers:
                    group.create_task(worker.start())
        except BaseException as error:
            await asyncio.gather(*(worker.close() for worker in device_workers))
            if isinstance(error, BaseExceptionGroup):
                raise error.exceptions[0] from None
            raise
        for worker in device_workers:
            worker.name = self._distinct(worker.name)
            self._device_workers.append(worker)
            self._serving[worker] = asyncio.create_task(worker.serve())

    def _distinct(self, name: str) -> str:
        """Returns the name, with a number if another device has it."""
        taken = {worker.name for worker in self._device_workers}
        others = (f"{name} {number}" for number in count(2))
        return name if name not in taken else next(other for other in others if other not in taken)

    async def remove(self, worker: DeviceWorker) -> None:
        """Ends a device worker. Another one runs its active jobs.

        Args:
            worker: one of `device_workers`.
        """
        self._device_workers.remove(worker)
        task = self._serving.pop(worker)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await worker.close()

    async def close(self) -> None:
        """Cancels every job and ends every worker."""
        self._closed = True
        for run in tuple(self._open):
            run.cancel()
        for worker in tuple(self._device_workers):
            await self.remove(worker)
        self._monitor.close()

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
        """See `Executor`.

        Args:
            job_id: the job's id, as in the log.
            recipe: what to dream.
            source: the pictures, or a function that fetches them when the job starts.
            owner: the user it counts for in the fair order, or None.
            guild: the server it counts for in the fair order, or None.
            accepted: whether it was accepted before, so that no queue is too full for it.
            frames: takes the frames of a video.

        Raises:
            QueueFull: the user, the server or the bot has too many waiting jobs.
            JobFailed: the executor is closed.
        """
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
        self._monitor.put(run)
        self._open.add(run)
        run.add_done_callback(self._open.discard)
        return run

    def crash_workers(self) -> int:
        """Kills every worker as if it had crashed, to try out the recovery. Returns how many there were."""
        return sum(worker.crash_worker() for worker in self._device_workers)

    def pause(self) -> None:
        """See `Executor`."""
        self._queue.pause()

    def device_states(self) -> tuple[DeviceState, ...]:
        """See `Executor`."""
        return tuple(worker.state for worker in self._device_workers)

    def waiting(self) -> tuple[int, float]:
        """See `Executor`."""
        return len(self._queue), self._queue.oldest_wait

    async def drained(self, seconds: float) -> frozenset[str]:
        """Waits until no device has an active job.

        Args:
            seconds: how long to wait at most.

        Returns:
            The ids of the jobs that are still active. A job whose worker exited meanwhile is not one of them:
            it waits again.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                for worker in tuple(self._device_workers):
                    await worker.wait_until_idle()
        runs = (run for worker in self._device_workers for run in worker.runs)
        return frozenset(run.job_id for run in runs if not run.settled)

    @property
    def learned(self) -> str:
        """See `Executor`."""
        return self._costs.to_json()

    def remember(self, learned: str) -> None:
        """See `Executor`.

        Args:
            learned: what `learned` returned; text that cannot be read is ignored.
        """
        self._costs.load(learned)

    def _make_device_worker(self, name: str, connect: ConnectWorker) -> DeviceWorker:
        return DeviceWorker(
            name,
            connect,
            self._queue,
            self._costs,
            time_budget=self._time_budget,
            previews=self._previews,
            on_start_failed=self._on_start_failed,
            on_change=self._share_threads,
            all_device_workers=lambda: self._device_workers,
        )

    def _share_threads(self) -> None:
        """Divides the threads of the CPU between the workers that have jobs."""
        dreaming = [worker for worker in self._sharing() if worker.dreaming]
        for number, worker in enumerate(dreaming):
            assert worker.ready
            worker.use_threads(divide_threads(worker.ready.threads, len(dreaming))[number])

    def _slowdown(self, device: Device) -> float:
        """Returns how many times longer than alone jobs take on a device while all devices have one."""
        if not device.ready or not device.ready.threads:
            return 1.0
        share = device.ready.threads / len(self._sharing() or [device])
        return 1 / relative_speed(max(1.0, share), device.ready.threads)

    def _sharing(self) -> list[DeviceWorker]:
        """Returns the workers that share the threads of the CPU."""
        return [
            worker
            for worker in self._device_workers
            if worker.alive and worker.ready and worker.ready.threads
        ]

    def _withdraw(self, run: Run) -> None:
        self._queue.remove(run)
        for worker in self._device_workers:
            worker.withdraw(run)

    def _on_start_failed(self) -> None:
        """Fails the waiting jobs if no device has worked for a long time."""
        if all(worker.seconds_down > NO_DEVICE_TIMEOUT_S for worker in self._device_workers):
            for run in self._queue:
                self._queue.remove(run)
                run.fail(JobFailed("errors-cannot-dream"))


class LocalExecutor(DeviceExecutor):
    """Runs jobs in worker processes of this machine. See `Executor`."""

    def __init__(
        self,
        devices: Sequence[str] = ("auto",),
        *,
        cpu_workers: int | Literal["auto"] = 1,
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
        """Creates an executor that starts its workers in `start`.

        Args:
            devices: "auto", "cpu", "mps", "cuda:0" …, each with a worker of its own; "auto" is all GPUs that
                work, if there are any; "cuda" is all GPUs that work.
            cpu_workers: how many workers share the CPU, if that is the device; for "auto" see
                `count_cpu_workers`. They share its threads as they have jobs.
            memory_gigabytes: what each worker gives to resident networks.
            precision: "auto", "fp32", "bf16" or "fp16".
            cache: the folder of downloaded weights, or None for the default.
            weights_dir: a folder with the operator's own weights, or None.
            max_queue: how many jobs may wait in total.
            per_person: how many jobs of one person may wait.
            per_server: how many jobs of one server may wait.
            time_budget: the least time limit of a job in seconds, see `time_limit`.
            previews: whether to ask for previews.
            engine: `module:attribute` in the worker; tests use an engine without torch.
        """
        super().__init__(
            max_queue=max_queue,
            per_person=per_person,
            per_server=per_server,
            time_budget=time_budget,
            previews=previews,
        )
        self._auto = cpu_workers == "auto" and len(devices) == 1
        workers = cpu_workers if isinstance(cpu_workers, int) else 1
        self._workers = [
            WorkerSettings(device, precision, cache, weights_dir, engine, memory_gigabytes, workers)
            for device in devices
        ]
        self._starting_more: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Starts the workers and waits until they are warm.

        GPUs that "auto" or "cuda" found and that do not work are left out and logged.

        Raises:
            ExecutorStartError: a device that was asked for does not work. Then no process is left.
        """
        requested = [
            self._make_device_worker(settings.device, _connect_function(settings))
            for settings in self._workers
        ]
        await self.add(requested)
        more: list[WorkerSettings] = []
        for worker, settings in zip(requested, self._workers, strict=True):
            assert worker.ready
            if settings.device in ("auto", "cuda"):
                worker.name = worker.ready.device
            more += _further_workers(settings, worker.ready)
        await asyncio.gather(*(self._try_to_add(settings) for settings in more))
        first = requested[0].ready
        if self._auto and first and first.kind == "cpu":
            self._starting_more = asyncio.create_task(self._add_cpu_workers(self._workers[0], first))

    async def close(self) -> None:
        """Cancels every job and ends every worker."""
        if self._starting_more:
            self._starting_more.cancel()
            await asyncio.gather(self._starting_more, return_exceptions=True)
        await super().close()

    async def _add_cpu_workers(self, settings: WorkerSettings, first: Ready) -> None:
        """Adds the further workers of "auto", one after the other, while the first one dreams already."""
        workers = count_cpu_workers(
            first, settings.memory_gigabytes, memory=available_memory(), quota=cpu_quota()
        )
        log.info("Workers that share the CPU: %d.", workers)
        for _ in range(workers - 1):
            await self._try_to_add(replace(settings, device="cpu"))

    async def _try_to_add(self, settings: WorkerSettings) -> None:
        try:
            await self.add([self._make_device_worker(settings.device, _connect_function(settings))])
        except ExecutorStartError as error:
            log.error("Going on without %s: %s", settings.device, error)


def _further_workers(settings: WorkerSettings, ready: Ready) -> list[WorkerSettings]:
    """Returns the workers to start after the first of a kind has reported how many devices there are."""
    if ready.kind == "cpu":
        return [replace(settings, device="cpu")] * (settings.workers - 1)
    if settings.device in ("auto", "cuda"):
        names = [f"{ready.kind}:{number}" for number in range(ready.devices)]
        return [
            replace(settings, device=name) for name in names if ready.devices > 1 and name != ready.device
        ]
    return []


def _connect_function(settings: WorkerSettings) -> ConnectWorker:
    """Returns the function that starts a worker, and that starts it again on the device it first got."""
    device = settings.device

    async def start(after_crash: bool) -> WorkerConnection:
        # "auto" could now be another GPU, which has a worker of its own.
        return await WorkerProcess.start(replace(settings, device=device, after_crash=after_crash))

    async def connect() -> WorkerConnection:
        nonlocal device
        worker = await start_again_after_crash(device, start)
        device = worker.ready.device
        return worker

    return connect
