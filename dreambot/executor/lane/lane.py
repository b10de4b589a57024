"""One device: its worker, and the jobs it is at."""

import asyncio
import logging
import time
from collections.abc import Callable, Iterable

from dreambot.executor.company import Fits, company
from dreambot.executor.estimate import Speed
from dreambot.executor.lane.blame import after_the_end
from dreambot.executor.lane.flight import Aboard, Flight
from dreambot.executor.lane.hearing import hear
from dreambot.executor.lane.keeper import Keeper
from dreambot.executor.link import Connect, Link, WorkerGone, WorkerLost
from dreambot.executor.protocol import Begin, Cancel, ProtocolError, Ready
from dreambot.executor.queue.queue import JobQueue
from dreambot.executor.run import Run
from dreambot.executor.state import DeviceState
from dreambot.executor.types import ExecutorUnfit
from dreambot.media.inputs import Inputs

log = logging.getLogger(__name__)

CANCEL_GRACE = 20.0
"""Seconds that a cancelled job's step may take to end before the worker is ended instead."""
DOORS_OPEN = 5.0
"""Seconds during which a batch takes others in. Then it is dreamed to its end, and whoever waits for
something else has a turn."""


class Lane:
    """Takes jobs off the queue and sees each through, whatever becomes of the worker. Jobs that the worker's
    end is not the fault of go back to the head of the queue; see `after_the_end`."""

    def __init__(
        self,
        name: str,
        connect: Connect,
        queue: JobQueue,
        *,
        time_budget: float,
        previews: bool,
        lost: Callable[[], None],
        all_lanes: Callable[[], Iterable["Lane"]] = tuple,
    ) -> None:
        """name: what the device is called in the log. connect: starts its worker. time_budget: see
        `flight.budget`. previews: whether to ask for pictures of work in progress. lost: called whenever the
        worker cannot be started again; the lane keeps trying. all_lanes: those that share the queue, for a
        job that another device could begin at once is no company."""
        self._queue = queue
        self._time_budget = time_budget
        self._previews = previews
        self._all_lanes = all_lanes
        self._keeper = Keeper(name, connect, lost)
        self._worker: Link | None = None
        self._aboard = Aboard()
        self._fetching: Run | None = None
        self._changed = asyncio.Event()
        self._resting = asyncio.Event()
        self._resting.set()
        self._ended_by_us = ""
        self._elsewhere = False
        self._guests_from = 0.0
        self.speed = Speed("cpu")

    async def start(self) -> None:
        """Starts the worker. Raises ExecutorUnfit if it does not come up."""
        try:
            ready = (await self._keeper.start()).ready
        except (WorkerGone, ProtocolError) as error:
            raise ExecutorUnfit(
                f"The process that dreams on {self.name} did not start ({error}); the log above says why."
            ) from error
        self.speed = Speed(ready.kind)

    async def serve(self) -> None:
        """Works until it is cancelled; gives back then what it was at."""
        while True:
            await self._work(await self._keeper.living())

    async def close(self) -> None:
        """Ends the worker."""
        await self._keeper.close()

    @property
    def name(self) -> str:
        """What the device is called in the log."""
        return self._keeper.name

    @name.setter
    def name(self, name: str) -> None:
        self._keeper.name = name

    @property
    def ready(self) -> Ready | None:
        """What the worker said of the device."""
        return self._keeper.ready

    @property
    def alive(self) -> bool:
        """Whether there is a worker."""
        return self._keeper.alive

    @property
    def seconds_down(self) -> float:
        """How long there has been no worker; 0 if there is one."""
        return self._keeper.seconds_down

    @property
    def idle(self) -> bool:
        """Whether it would begin a job at once."""
        return bool(self._worker and self._worker.alive and not self.runs and not self._elsewhere)

    @property
    def runs(self) -> tuple[Run, ...]:
        """The jobs at hand."""
        return (*self._aboard.runs, *((self._fetching,) if self._fetching else ()))

    @property
    def state(self) -> DeviceState:
        """How it is."""
        return DeviceState(
            name=self.name,
            kind=self.ready.kind if self.ready else "",
            device=self.ready.name if self.ready else "",
            alive=self.alive,
            jobs=tuple(run.job_id for run in self.runs),
            restarts=self._keeper.restarts,
            trouble=self._keeper.trouble,
            busy_seconds=self._aboard.busy_seconds,
            batch=0 if self._aboard.film else len(self._aboard),
        )

    def withdraw(self, run: Run) -> None:
        """Stops the job if it is at hand: after its step, or with the worker if that takes long."""
        flight = self._aboard.of(run.job_id)
        if flight and flight.run is run and self._worker:
            self._worker.post(Cancel(run.job_id))
            asyncio.get_running_loop().call_later(CANCEL_GRACE, self._end_if_still_at, flight)

    async def rests(self) -> None:
        """Returns when it has no job at hand."""
        await self._resting.wait()

    def stir(self) -> None:
        """Has it think again about what it can take."""
        self._changed.set()

    async def _work(self, worker: Link) -> None:
        """Until the worker is gone, or this is cancelled: what is at hand does not get lost either way."""
        self._worker, self._ended_by_us, self._elsewhere = worker, "", False
        error: Exception | None = None
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._feed(worker))
                group.create_task(self._listen(worker))
        except ExceptionGroup as errors:
            error = errors.exceptions[0]
            if not isinstance(error, (WorkerGone, ProtocolError)):
                log.exception("A fault of ours at work with %s; its worker is started again.", self.name)
        finally:
            self._worker = None
            crashed = error is not None and not self._ended_by_us and not isinstance(error, WorkerLost)
            why = self._ended_by_us or f"{error}{''.join(f', at job {run.job_id}' for run in self.runs)}"
            self._give_back(crashed)
        await self._keeper.ended(why, by_us=not crashed)

    async def _feed(self, worker: Link) -> None:
        while True:
            self._changed.clear()
            fits = self._company() if self._aboard else None
            if self._aboard and fits is None:
                await self._changed.wait()
            elif run := await self._take(fits):
                if await self._claimed(worker, run):
                    await self._begin(run, worker)
                elif self._aboard:
                    await self._changed.wait()
                else:
                    self._elsewhere = True
                    await worker.turn()
                    self._elsewhere = False

    async def _take(self, fits: Fits | None) -> Run | None:
        """The next job that fits, or None if something has changed before there is one."""
        taking = asyncio.ensure_future(self._queue.take(fits, by=self))
        changing = asyncio.ensure_future(self._changed.wait())
        try:
            await asyncio.wait([taking, changing], return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            if taking.done():
                self._queue.put_back(taking.result())
            raise
        finally:
            changing.cancel()
            taking.cancel()
        return taking.result() if taking.done() else None

    async def _claimed(self, worker: Link, run: Run) -> bool:
        """Whether the job may begin; if not, another device may take it meanwhile."""
        claimed = False
        try:
            claimed = await worker.claim()
        finally:
            if not claimed:
                self._queue.put_back(run)
        return claimed

    def _company(self) -> Fits | None:
        assert self.ready
        fits = company(self._aboard.runs, batch=self.ready.batch, speed=self.speed)
        return fits and (lambda run: fits(run) and self._has_room)

    @property
    def _has_room(self) -> bool:
        open_now = (
            time.monotonic() >= self._guests_from if self._aboard.film else self._aboard.seconds <= DOORS_OPEN
        )
        return open_now and not any(lane.idle for lane in self._all_lanes())

    async def _begin(self, run: Run, worker: Link) -> None:
        self._fetching = run
        self._resting.clear()
        for lane in self._all_lanes():
            if lane is not self:
                lane.stir()
        try:
            inputs = await run.source() if callable(run.source) else run.source
        except Exception as error:
            # The source could not be had: that is for the one who submitted it to explain.
            run.fail(error)
        else:
            if not run.settled:
                self._aboard.add(Flight(run, self.speed, self._time_budget, self._is_overdue))
                worker.post(_begin(run, inputs, self._previews))
        self._fetching = None
        self._has_fewer()

    async def _listen(self, worker: Link) -> None:
        while True:
            over = await hear(await worker.receive(), self._aboard, self.speed, self.withdraw)
            if over:
                self._land(over)

    def _land(self, flight: Flight) -> None:
        self._keeper.proved()
        self._aboard.land(flight)
        if self._aboard.film:
            # A film has at least half of the device's time: as long as its guest took, nobody else comes.
            self._guests_from = time.monotonic() + flight.elapsed
            asyncio.get_running_loop().call_later(flight.elapsed, self.stir)
        self._has_fewer()

    def _has_fewer(self) -> None:
        if not self.runs:
            self._resting.set()
        self.stir()

    def _give_back(self, crashed: bool) -> None:
        going = after_the_end(self._aboard.land_all(), crashed=crashed)
        if self._fetching and not self._fetching.settled:
            going.append(self._fetching)
        self._fetching = None
        for run in reversed(going):
            self._queue.put_back(run)
        self._has_fewer()

    def _is_overdue(self, flight: Flight) -> None:
        flight.overdue = True
        self._end_worker(f"job {flight.run.job_id} took longer than {flight.budget:.0f} s")

    def _end_if_still_at(self, flight: Flight) -> None:
        if flight in self._aboard:
            self._end_worker(f"the cancelled job {flight.run.job_id} did not stop")

    def _end_worker(self, why: str) -> None:
        if self._worker:
            self._ended_by_us = why
            self._worker.kill()


def _begin(run: Run, inputs: Inputs, previews: bool) -> Begin:
    return Begin(run.job_id, run.recipe.to_json(), previews, inputs.source, inputs.guide, inputs.mask)
