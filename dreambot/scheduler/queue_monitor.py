"""Publishes the queue position and estimated time of waiting jobs, and learns from finished ones."""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence

from dreambot.engine.progress import Progress
from dreambot.scheduler.eta import DeviceSlot, forecast_runs
from dreambot.scheduler.job_costs import DeviceTimeMeter, JobCosts
from dreambot.scheduler.job_queue import Device, JobQueue, QueueLimits, device_model
from dreambot.scheduler.run import Run
from dreambot.scheduler.two_class_queue import Lookahead

MAX_IMMEDIATE = 50
"""With more jobs waiting than this, places are told at most once in `SELDOM` seconds."""
UPDATE_INTERVAL_S = 1.0
_REFRESH_S = 5.0
"""Estimates of those who wait follow the running jobs this often, also while the queue does not change."""
_MIN_SLOWDOWN, _MAX_SLOWDOWN = 1.5, 30.0
"""The slowdown of a running job is applied to those after it from the first value on, up to the second."""
_RUNS_PER_SLICE = 100
"""So many jobs are reckoned before the event loop has its turn."""
_MIN_RELATIVE_CHANGE = 0.1
"""Estimates are told anew when they are off by this share of themselves, or by a second."""


class QueueMonitor:
    """The queue of some devices, and the estimates for those who wait in it. Used by one event loop."""

    def __init__(
        self,
        caps: QueueLimits,
        devices: Callable[[], Sequence[Device]],
        costs: JobCosts,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """devices: those that there are now. costs: what was learned, in an earlier life perhaps."""
        self.costs = costs
        self._devices = devices
        self._clock = clock
        self._told: dict[Run, float | None] = {}
        self._due: asyncio.Task[None] | None = None
        self._refresh: asyncio.TimerHandle | None = None
        self._last = -UPDATE_INTERVAL_S
        self.queue = JobQueue(
            caps, self._changed, expect=self._expect, devices=lambda: len(self._alive()), clock=clock
        )
        self._meter = DeviceTimeMeter(self.queue.started, clock)

    def put(self, run: Run) -> None:
        """Queues a job, and learns from it when it is done. Raises QueueFull."""
        run.add_done_callback(self._settled)
        self.queue.put(run)

    def close(self) -> None:
        """Tells nobody any more."""
        if self._due:
            self._due.cancel()
        if self._refresh:
            self._refresh.cancel()

    def tell(self) -> None:
        """Tells everybody now."""
        for _ in self._update_in_slices():
            pass

    def _changed(self) -> None:
        self._meter.look()
        if not self._refresh and len(self.queue):
            self._refresh = asyncio.get_running_loop().call_later(_REFRESH_S, self._refresh_estimates)
        if self._due:
            return
        if len(self.queue) <= MAX_IMMEDIATE:
            self.tell()
        else:
            pause = self._last + UPDATE_INTERVAL_S - self._clock()
            self._due = asyncio.get_running_loop().create_task(self._update_later(pause))

    def _refresh_estimates(self) -> None:
        self._refresh = None
        self._changed()

    async def _update_later(self, pause: float) -> None:
        await asyncio.sleep(max(0.0, pause))
        self._last = self._clock()
        for _ in self._update_in_slices():
            await asyncio.sleep(0)
        self._due = None

    def _update_in_slices(self) -> Iterator[None]:
        """Tells those whose place or time is another; stops now and then, where others may do something."""
        now = self._clock()
        course = self.queue.course()
        slots = [self._slot(device, now) for device in self._alive()]
        told: dict[Run, float | None] = {}
        names = {slot.device for slot in slots}
        known = all(
            run.seconds_left is not None or self._known(run, names)
            for run, started in self.queue.started.items()
            if not run.settled and started.by
        )
        for number, (run, place, eta) in enumerate(self._ahead(course, slots), start=1):
            # After a job whose cost nobody has measured yet, no estimate holds.
            known = known and self._known(run, names)
            if run in self.queue:
                told[run] = self._tell(run, place, eta if known else None, now)
            if number % _RUNS_PER_SLICE == 0:
                yield
        self._told = told

    def _ahead(
        self, course: Lookahead[Run], slots: list[DeviceSlot]
    ) -> Iterator[tuple[Run, int, float | None]]:
        """Everybody's place and the seconds until they are done, which are unknown without devices."""
        if slots:
            for ahead in forecast_runs(course, slots, self.costs.of, self.queue.newcomers()):
                yield ahead.item, ahead.place, ahead.done
        else:
            for place, run in enumerate(self.queue, start=1):
                yield run, place, None

    def _tell(self, run: Run, place: int, eta: float | None, now: float) -> float | None:
        """Tells one, if it is news; returns the moment that they know of."""
        moment = None if eta is None else now + eta
        if run in self._told and run.place == place and _nearly_equal(self._told[run], moment, eta):
            return self._told[run]
        run.publish(Progress(position=place, eta=eta))
        return moment

    def _alive(self) -> list[Device]:
        return [device for device in self._devices() if device.alive]

    def _known(self, run: Run, devices: set[str]) -> bool:
        return all(self.costs.known(run, device) for device in devices)

    def _slot(self, device: Device, now: float) -> DeviceSlot:
        name = device_model(device)
        slot, film, guests = DeviceSlot(name), False, 0.0
        for run, started in self.queue.started.items():
            if started.by is device and not run.settled:
                cost = self.costs.of(run, name)
                whole = cost.device_seconds if cost.film else cost.lasts
                elapsed = self._meter.taken(run) if cost.film else now - started.at
                left = _remaining_seconds(whole, elapsed, run.fraction)
                if run.seconds_left is not None and not cost.film:
                    # The job's own pace shows what else the machine does now.
                    left = run.seconds_left
                    slowdown = min(_MAX_SLOWDOWN, (elapsed + left) / whole)
                    if slowdown >= _MIN_SLOWDOWN and self.costs.known(run, name):
                        slot.slowdown = max(slot.slowdown, slowdown)
                slot.free = max(slot.free, left)
                slot.long = slot.long or started.waiting.terms.long
                film = film or cost.film
                # After a film's guest the film has as long to itself.
                guests = guests if cost.film else 2 * left
        slot.interleave_from = guests if film else None
        return slot

    def _expect(self, run: Run) -> float:
        """Seconds of a device's time that a job will take."""
        names = {device_model(device) for device in self._devices()} or {"cpu"}
        return sum(self.costs.of(run, name).device_seconds for name in names) / len(names)

    def _settled(self, run: Run) -> None:
        self._told.pop(run, None)
        self._meter.look()
        started = self.queue.started.get(run)
        if run.done and started:
            lasted, occupied = self._clock() - started.at, self._meter.taken(run)
            self.costs.note(run, device_model(started.by), lasted, occupied)


def _remaining_seconds(lasts: float, elapsed: float, fraction: float) -> float:
    """Seconds until a running job is done: as expected at first, as it goes later on."""
    if fraction > 0:
        return (1 - fraction) * ((1 - fraction) * lasts + elapsed)
    return max(lasts - elapsed, 0.05 * lasts)


def _nearly_equal(known: float | None, moment: float | None, eta: float | None) -> bool:
    if known is None or moment is None or eta is None:
        return known == moment
    return abs(moment - known) < max(1.0, _MIN_RELATIVE_CHANGE * eta)
