"""Publishes the queue position and the estimated time of waiting jobs.

Waiting jobs are simulated by list scheduling: the device that is free first takes the next job. People who
have not asked yet are left out, so a person with several jobs waiting may be overtaken and wait longer than
estimated.
"""

import asyncio
import time
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from heapq import heapify, heapreplace
from itertools import count
from typing import Generic, NamedTuple, TypeVar

from dreambot.engine.progress import Progress
from dreambot.scheduler.fair_queue import StartOrder
from dreambot.scheduler.job_costs import JobCost, JobCosts
from dreambot.scheduler.job_queue import Device, JobQueue, QueueLimits, device_model, leaves_room_for_short
from dreambot.scheduler.run import Run

T = TypeVar("T", bound=Hashable)


@dataclass
class DeviceSlot:
    """A device in the forecast. Times are seconds from now.

    Attributes:
        device: the device's kind and model, see `device_model`.
        free: when its active jobs will be done.
        interleave_from: when a short still can be interleaved with its video; None without a video, or if the
            video is not interleaved any more.
        long: whether it runs a long job.
        slowdown: how many times longer than usual jobs take there now, because the machine is busy.
    """

    device: str
    free: float = 0.0
    interleave_from: float | None = None
    long: bool = False
    slowdown: float = 1.0

    @property
    def next(self) -> float:
        """When it can take a job."""
        return self.free if self.interleave_from is None else min(self.free, self.interleave_from)

    def occupy(self, now: float, seconds: float, *, interleaved: bool) -> None:
        """Adds a job.

        Args:
            now: when it starts.
            seconds: how long it occupies the device.
            interleaved: whether it is interleaved with a video, which gets every other second of the device
                and so ends that much later.
        """
        if interleaved:
            self.free += seconds
            self.interleave_from = now + 2 * seconds
        else:
            self.free = now + seconds


class RunForecast(NamedTuple, Generic[T]):
    """When a waiting job will run.

    Attributes:
        item: the job.
        position: its 1-based start position.
        starts: seconds until it starts.
        done: seconds until it is done.
    """

    item: T
    position: int
    starts: float
    done: float


def forecast_runs(
    order: StartOrder[T], slots: Sequence[DeviceSlot], cost: Callable[[T, str], JobCost]
) -> Iterator[RunForecast[T]]:
    """Iterates over when every waiting job will run, videos last. Without devices it is empty.

    Args:
        order: the waiting jobs; it is used up.
        slots: the devices; they are changed.
        cost: what a job costs on a device of that kind and model.
    """
    positions = count(1)
    videos: dict[int, RunForecast[T]] = {}
    heap = [(slot.next, number) for number, slot in enumerate(slots)]
    heapify(heap)
    while heap and order:
        now, number = heap[0]
        slot = slots[number]
        interleaved = now < slot.free
        if interleaved and not _can_interleave_next(order, cost, slot.device):
            # The device can take nothing before its video ends.
            slot.interleave_from = None
            heapreplace(heap, (slot.free, number))
            continue
        slot.long = slot.long and interleaved
        if number in videos and not interleaved:
            yield videos.pop(number)._replace(done=now)
        long_running = sum(other.long for other in slots)
        item = order.pop(allow_long=not interleaved and leaves_room_for_short(long_running, len(slots)))
        expected = cost(item, slot.device)
        forecast = RunForecast(item, next(positions), now, now + expected.seconds * slot.slowdown)
        if expected.is_video:
            # It ends later by the stills that will be interleaved with it, which are not known yet.
            videos[number] = forecast
        else:
            yield forecast
        slot.occupy(now, expected.device_seconds * slot.slowdown, interleaved=interleaved)
        if not interleaved:
            slot.long = order.attributes[item].long
            slot.interleave_from = now if expected.is_video else None
        heapreplace(heap, (slot.next, number))
    for number, video in videos.items():
        yield video._replace(done=slots[number].free)


def _can_interleave_next(order: StartOrder[T], cost: Callable[[T, str], JobCost], device: str) -> bool:
    return bool(order.short) and not order.front and cost(order.short[0], device).can_interleave


MAX_IMMEDIATE = 50
"""With more waiting jobs than this, positions are published at most once in `UPDATE_INTERVAL_S`."""
UPDATE_INTERVAL_S = 1.0
_REFRESH_S = 5.0
"""Estimates of waiting jobs follow the running jobs this often, also while the queue does not change."""
_MIN_SLOWDOWN, _MAX_SLOWDOWN = 1.5, 30.0
"""The slowdown of a running job is applied to those after it from the first value on, up to the second."""
_RUNS_PER_SLICE = 100
"""After this many jobs the event loop gets its turn."""
_MIN_RELATIVE_CHANGE = 0.1
"""Estimates are published again when they changed by this share of themselves, and by a second."""


class QueueMonitor:
    """The queue of some devices, and the estimates for the jobs that wait in it. Used by one event loop."""

    def __init__(
        self,
        limits: QueueLimits,
        devices: Callable[[], Sequence[Device]],
        costs: JobCosts,
        clock: Callable[[], float] = time.monotonic,
        slowdown: Callable[[Device], float] = lambda device: 1.0,
    ) -> None:
        """Creates an empty queue.

        Args:
            limits: of the queue.
            devices: returns the present devices.
            costs: what was learned about jobs.
            clock: returns seconds.
            slowdown: returns how many times longer than alone jobs take on a device while all devices have
                one.
        """
        self._slowdown = slowdown
        self._costs = costs
        self._devices = devices
        self._clock = clock
        # When each waiting job is done, as it was published last.
        self._published: dict[Run, float | None] = {}
        self._update: asyncio.Task[None] | None = None
        self._refresh: asyncio.TimerHandle | None = None
        self._last_update = -UPDATE_INTERVAL_S
        self.queue = JobQueue(
            limits,
            self._on_change,
            expect=self._expect,
            devices=lambda: len(self._alive_devices()),
            clock=clock,
        )

    def put(self, run: Run) -> None:
        """Queues a job.

        Args:
            run: the job.

        Raises:
            QueueFull: the user, the server or the bot has too many waiting jobs.
        """
        run.add_done_callback(lambda run: self._published.pop(run, None))
        self.queue.put(run)

    def close(self) -> None:
        """Stops publishing."""
        if self._update:
            self._update.cancel()
        if self._refresh:
            self._refresh.cancel()

    def publish_all(self) -> None:
        """Publishes the positions and times of all waiting jobs now."""
        for _ in self._publish_in_slices():
            pass

    def _on_change(self) -> None:
        if not self._refresh and len(self.queue):
            self._refresh = asyncio.get_running_loop().call_later(_REFRESH_S, self._on_refresh)
        if self._update:
            return
        if len(self.queue) <= MAX_IMMEDIATE:
            self.publish_all()
        else:
            pause = self._last_update + UPDATE_INTERVAL_S - self._clock()
            self._update = asyncio.get_running_loop().create_task(self._publish_later(pause))

    def _on_refresh(self) -> None:
        self._refresh = None
        self._on_change()

    async def _publish_later(self, pause: float) -> None:
        await asyncio.sleep(max(0.0, pause))
        self._last_update = self._clock()
        for _ in self._publish_in_slices():
            await asyncio.sleep(0)
        self._update = None

    def _publish_in_slices(self) -> Iterator[None]:
        """Publishes what changed. Yields now and then, so that the event loop can do something else."""
        now = self._clock()
        slots = [self._slot(device, now) for device in self._alive_devices()]
        models = {slot.device for slot in slots}
        published: dict[Run, float | None] = {}
        known = all(
            run.seconds_left is not None or self._is_known(run, models)
            for run, started in self.queue.started.items()
            if not run.settled and started.by
        )
        for number, (run, position, eta) in enumerate(self._forecast(slots), start=1):
            # After a job whose cost was never measured, no estimate holds.
            known = known and self._is_known(run, models)
            if run in self.queue:
                published[run] = self._publish(run, position, eta if known else None, now)
            if number % _RUNS_PER_SLICE == 0:
                yield
        self._published = published

    def _forecast(self, slots: list[DeviceSlot]) -> Iterator[tuple[Run, int, float | None]]:
        """Iterates over all jobs, positions and seconds until they are done, which need a device."""
        if slots:
            for forecast in forecast_runs(self.queue.start_order(), slots, self._costs.of):
                yield forecast.item, forecast.position, forecast.done
        else:
            for position, run in enumerate(self.queue, start=1):
                yield run, position, None

    def _publish(self, run: Run, position: int, eta: float | None, now: float) -> float | None:
        """Publishes a job's position and time if they changed; returns when it is done, as published."""
        done_at = None if eta is None else now + eta
        before = self._published.get(run)
        if run in self._published and run.position == position and _nearly_equal(before, done_at, eta):
            return before
        run.publish(Progress(position=position, eta=eta))
        return done_at

    def _alive_devices(self) -> list[Device]:
        return [device for device in self._devices() if device.alive]

    def _is_known(self, run: Run, models: set[str]) -> bool:
        return all(self._costs.known(run, model) for model in models)

    def _slot(self, device: Device, now: float) -> DeviceSlot:
        model = device_model(device)
        # While jobs wait, all devices have one.
        usual = self._slowdown(device)
        slot, has_video, interleave_from = DeviceSlot(model, slowdown=usual), False, 0.0
        for run, started in self.queue.started.items():
            if started.by is not device or run.settled:
                continue
            cost = self._costs.of(run, model)
            if cost.is_video:
                # Interleaved stills say nothing about the video's own pace.
                left = (1 - run.fraction) * cost.device_seconds * usual
                has_video = True
            else:
                elapsed = now - started.at
                left = _remaining_seconds(cost.seconds * usual, elapsed, run.fraction)
                if run.seconds_left is not None:
                    # The job's own pace shows how busy the machine is.
                    left = run.seconds_left
                    slowdown = min(_MAX_SLOWDOWN, (elapsed + left) / cost.seconds)
                    if slowdown >= _MIN_SLOWDOWN * usual and self._costs.known(run, model):
                        slot.slowdown = max(slot.slowdown, slowdown)
                # After an interleaved still the video has the device to itself for as long.
                interleave_from = 2 * left
            slot.free = max(slot.free, left)
            slot.long = slot.long or started.waiting.attributes.long
        slot.interleave_from = interleave_from if has_video else None
        return slot

    def _expect(self, run: Run) -> float:
        """Returns the seconds of a device's time that a job is expected to take."""
        models = {device_model(device) for device in self._devices()} or {"cpu"}
        return sum(self._costs.of(run, model).device_seconds for model in models) / len(models)


def _remaining_seconds(total: float, elapsed: float, fraction: float) -> float:
    """Returns when a running job is done, in seconds: as expected at first, later by its pace."""
    if fraction > 0:
        return (1 - fraction) * ((1 - fraction) * total + elapsed)
    return max(total - elapsed, 0.05 * total)


def _nearly_equal(before: float | None, done_at: float | None, eta: float | None) -> bool:
    if before is None or done_at is None or eta is None:
        return before == done_at
    return abs(done_at - before) < max(1.0, _MIN_RELATIVE_CHANGE * eta)
