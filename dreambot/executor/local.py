"""The executor of one machine: a worker process for each device."""

from collections.abc import Sequence
from pathlib import Path

from dreambot.executor.devices import DeviceExecutor
from dreambot.executor.link import Connect, Link
from dreambot.executor.process import TORCH_ENGINE, WorkerProcess, WorkerSettings


class LocalExecutor(DeviceExecutor):
    """See `Executor`."""

    def __init__(
        self,
        devices: Sequence[str] = ("auto",),
        *,
        precision: str = "auto",
        cache: Path | None = None,
        weights_dir: Path | None = None,
        max_queue: int = 50,
        time_budget: float = 600.0,
        previews: bool = True,
        engine: str = TORCH_ENGINE,
    ) -> None:
        """devices: "auto", "cpu", "mps", "cuda:0" …, a worker for each. precision: "auto", "fp32",
        "bf16". cache, weights_dir: as for `zoo.weights.pull`. engine: `module:attribute` in the worker; tests
        bring one without torch. The rest: see `DeviceExecutor`."""
        super().__init__(max_queue=max_queue, time_budget=time_budget, previews=previews)
        self._workers = [WorkerSettings(device, precision, cache, weights_dir, engine) for device in devices]

    async def start(self) -> None:
        """Returns when every worker is warm. Raises ExecutorUnfit, and leaves no process then."""
        await self.add([self._lane(worker.device, _starting(worker)) for worker in self._workers])


def _starting(settings: WorkerSettings) -> Connect:
    async def start() -> Link:
        return await WorkerProcess.start(settings)

    return start
