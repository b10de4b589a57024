"""The executor of one machine: a worker process for each device."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from dreambot.executor.devices import DeviceExecutor
from dreambot.executor.link import Connect, Link
from dreambot.executor.process import TORCH_ENGINE, WorkerProcess, WorkerSettings
from dreambot.executor.protocol import Ready
from dreambot.executor.types import ExecutorUnfit

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
        """Returns when every worker is warm. Raises ExecutorUnfit, and leaves no process then. Of GPUs that
        were found and not asked for, those that do not work are left out and reported."""
        asked = [self._lane(worker.device, _starting(worker)) for worker in self._workers]
        await self.add(asked)
        found: list[WorkerSettings] = []
        for lane, worker in zip(asked, self._workers, strict=True):
            assert lane.ready
            if worker.device == "auto":
                lane.name = lane.ready.device
            found += _more(worker, lane.ready)
        await asyncio.gather(*(self._try(worker) for worker in found))

    async def _try(self, worker: WorkerSettings) -> None:
        try:
            await self.add([self._lane(worker.device, _starting(worker))])
        except ExecutorUnfit as error:
            log.error("Going on without %s: %s", worker.device, error)


def _more(worker: WorkerSettings, ready: Ready) -> list[WorkerSettings]:
    """What else there is to start, once the first of a kind has said what there is."""
    if ready.kind == "cpu":
        return [replace(worker, device="cpu")] * (worker.workers - 1)
    if worker.device == "auto":
        return [replace(worker, device=f"{ready.kind}:{place}") for place in range(1, ready.devices)]
    return []


def _starting(settings: WorkerSettings) -> Connect:
    async def start() -> Link:
        return await WorkerProcess.start(settings)

    return start
