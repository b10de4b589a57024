"""The executor of one machine: a worker process for each device."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from dreambot.executor.lane import CANNOT_DREAM, Lane
from dreambot.executor.process import TORCH_ENGINE, WorkerSettings
from dreambot.executor.protocol import Ready
from dreambot.executor.queue import JobQueue
from dreambot.executor.run import Run
from dreambot.executor.types import FrameSink, JobFailed, Queued, Source
from dreambot.recipe import Precision, Recipe


class LocalExecutor:
    """See `Executor`. Used by one event loop, between `start` and `close`."""

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
        "bf16". cache, weights_dir: as for `zoo.weights.pull`. max_queue: how many jobs may wait. time_budget:
        seconds after which a job is stopped. engine: `module:attribute` in the worker; tests bring one
        without torch."""
        self._queue = JobQueue(max_queue, self._tell_places)
        self._lanes = [
            Lane(
                WorkerSettings(device, precision, cache, weights_dir, engine),
                self._queue,
                time_budget=time_budget,
                previews=previews,
                lost=self._one_lost,
            )
            for device in devices
        ]
        self._serving: list[asyncio.Task[None]] = []
        self._open: set[Run] = set()
        self._closed = False

    @property
    def devices(self) -> tuple[Ready, ...]:
        """What the workers said of their devices."""
        return tuple(lane.ready for lane in self._lanes if lane.ready)

    @property
    def precision(self) -> Precision:
        """bf16 if every device is best at it. Known after `start`."""
        return "bf16" if all(ready.precision == "bf16" for ready in self.devices) else "fp32"

    async def start(self) -> None:
        """Returns when every worker is warm. Raises ExecutorUnfit, and leaves no process then."""
        try:
            async with asyncio.TaskGroup() as group:
                for lane in self._lanes:
                    group.create_task(lane.start())
        except BaseException as error:
            await self.close()
            if isinstance(error, BaseExceptionGroup):
                raise error.exceptions[0] from None
            raise
        self._serving = [asyncio.create_task(lane.serve()) for lane in self._lanes]

    async def close(self) -> None:
        """Cancels every job and ends every worker."""
        self._closed = True
        for run in tuple(self._open):
            run.cancel()
        for task in self._serving:
            task.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)
        await asyncio.gather(*(lane.close() for lane in self._lanes))

    def submit(
        self,
        job_id: str,
        recipe: Recipe,
        source: Source,
        *,
        owner: int | None = None,
        frames: FrameSink | None = None,
    ) -> Run:
        """Queues a job; `source` may be a function that fetches the pictures when the job's turn comes;
        of a film, `frames` gets the frames. Raises QueueFull, and JobFailed once it is closed."""
        if self._closed:
            raise JobFailed("I am shutting down; please ask again in a minute.")
        run = Run(job_id, recipe, source, owner=owner, withdraw=self._withdraw, frames=frames)
        self._queue.put(run)
        self._open.add(run)
        run.when_settled(self._open.discard)
        return run

    def _withdraw(self, run: Run) -> None:
        self._queue.remove(run)
        for lane in self._lanes:
            lane.withdraw(run)

    def _tell_places(self) -> None:
        speed = sum(lane.speed.flops_per_second for lane in self._lanes)
        ahead = sum(lane.seconds_left for lane in self._lanes) / len(self._lanes)
        for place, run in enumerate(self._queue, start=1):
            ahead += run.recipe.flops / speed
            run.publish(Queued(place, ahead))

    def _one_lost(self) -> None:
        """Lets nobody wait for devices that do not come back."""
        if not any(lane.alive for lane in self._lanes):
            for run in self._queue:
                self._queue.remove(run)
                run.fail(JobFailed(CANNOT_DREAM))
