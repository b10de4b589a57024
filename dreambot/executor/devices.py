"""What every executor of ours is: one queue, and a lane for each device."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import suppress
from itertools import count

from dreambot.executor.lane.lane import Lane
from dreambot.executor.link import Connect
from dreambot.executor.protocol import Ready
from dreambot.executor.queue.learning import Costs
from dreambot.executor.queue.places import Places
from dreambot.executor.queue.queue import Caps
from dreambot.executor.run import Run
from dreambot.executor.state import DeviceState
from dreambot.executor.types import FrameSink, JobFailed, Source
from dreambot.recipe import Precision, Recipe

PATIENCE = 300.0
"""Seconds that people wait for devices of which none works."""
CANNOT_DREAM = (
    "I cannot dream at the moment: the part of me that does is not coming up. Please try again later."
)


class DeviceExecutor(ABC):
    """See `Executor`. Used by one event loop, between `start` and `close`; which devices there are is for
    those who inherit from it to say, by `_lane` and `add` before or while it works."""

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
        caps = Caps(per_person, per_server, max_queue)
        self._places = Places(caps, lambda: self._lanes, Costs())
        self._queue = self._places.queue
        self._time_budget = time_budget
        self._previews = previews
        self._lanes: list[Lane] = []
        self._serving: dict[Lane, asyncio.Task[None]] = {}
        self._open: set[Run] = set()
        self._closed = False

    @property
    def devices(self) -> tuple[Ready, ...]:
        """What the workers said of their devices."""
        return tuple(lane.ready for lane in self._lanes if lane.ready)

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """The devices' lanes, in the order of `lanes_state`."""
        return tuple(self._lanes)

    @property
    def precision(self) -> Precision:
        """bf16 if every device is best at it. Known after `start`."""
        return "bf16" if {ready.precision for ready in self.devices} == {"bf16"} else "fp32"

    @abstractmethod
    async def start(self) -> None:
        """See `Executor`."""

    async def add(self, lanes: Sequence[Lane]) -> None:
        """Starts lanes, all at once, and has them work. Raises ExecutorUnfit, and adds none then."""
        try:
            async with asyncio.TaskGroup() as group:
                for lane in lanes:
                    group.create_task(lane.start())
        except BaseException as error:
            await asyncio.gather(*(lane.close() for lane in lanes))
            if isinstance(error, BaseExceptionGroup):
                raise error.exceptions[0] from None
            raise
        for lane in lanes:
            lane.name = self._distinct(lane.name)
            self._lanes.append(lane)
            self._serving[lane] = asyncio.create_task(lane.serve())

    def _distinct(self, name: str) -> str:
        """The name, with a number where another device has it."""
        taken = {lane.name for lane in self._lanes}
        others = (f"{name} {number}" for number in count(2))
        return name if name not in taken else next(other for other in others if other not in taken)

    async def remove(self, lane: Lane) -> None:
        """Ends a lane; the job it is on goes to another."""
        self._lanes.remove(lane)
        task = self._serving.pop(lane)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await lane.close()

    async def close(self) -> None:
        """Cancels every job and ends every worker."""
        self._closed = True
        for run in tuple(self._open):
            run.cancel()
        for lane in tuple(self._lanes):
            await self.remove(lane)
        self._places.close()

    def submit(
        self,
        job_id: str,
        recipe: Recipe,
        source: Source,
        *,
        owner: int | None = None,
        guild: int | None = None,
        accepted: bool = False,
        frames: FrameSink | None = None,
    ) -> Run:
        """See `Executor`."""
        if self._closed:
            raise JobFailed("I am shutting down; please ask again in a minute.")
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
        run.when_settled(self._open.discard)
        return run

    def pause(self) -> None:
        """See `Executor`."""
        self._queue.pause()

    def lanes_state(self) -> tuple[DeviceState, ...]:
        """How each device is, now."""
        return tuple(lane.state for lane in self._lanes)

    def waiting(self) -> tuple[int, float]:
        """See `Executor`."""
        return len(self._queue), self._queue.oldest_wait

    async def drained(self, seconds: float) -> frozenset[str]:
        """Waits, at most so many seconds, until no device is at a job; then gives the ids of those that still
        are. A job whose worker ended meanwhile is not one of them: it waits again."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                for lane in tuple(self._lanes):
                    await lane.rests()
        return frozenset(run.job_id for lane in self._lanes for run in lane.runs if not run.settled)

    @property
    def learnt(self) -> str:
        """See `Executor`."""
        return self._places.costs.to_json()

    def remember(self, learnt: str) -> None:
        """See `Executor`."""
        self._places.costs = Costs.from_json(learnt)

    def _lane(self, name: str, connect: Connect) -> Lane:
        """A lane for a device, not started."""
        return Lane(
            name,
            connect,
            self._queue,
            time_budget=self._time_budget,
            previews=self._previews,
            lost=self._one_lost,
            all_lanes=lambda: self._lanes,
        )

    def _withdraw(self, run: Run) -> None:
        self._queue.remove(run)
        for lane in self._lanes:
            lane.withdraw(run)

    def _one_lost(self) -> None:
        """Lets nobody wait for devices that do not come back."""
        if all(lane.seconds_down > PATIENCE for lane in self._lanes):
            for run in self._queue:
                self._queue.remove(run)
                run.fail(JobFailed(CANNOT_DREAM))
