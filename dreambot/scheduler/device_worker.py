"""Takes jobs off the queue for one device and runs them on its worker."""

import asyncio
import logging
import time
from collections.abc import Callable, Iterable

from dreambot.media.picture import DreamInputs
from dreambot.scheduler.active_runs import (
    ActiveRun,
    ActiveRuns,
    RunFilter,
    attribute_crash,
    handle_message,
    join_filter,
)
from dreambot.scheduler.eta import DeviceSpeed
from dreambot.scheduler.job_queue import JobQueue
from dreambot.scheduler.run import DeviceState, Run
from dreambot.workers.connection import ConnectWorker, NodeLost, WorkerConnection, WorkerExited
from dreambot.workers.protocol import Cancel, ProtocolError, Ready, StartJob
from dreambot.workers.supervisor import WorkerSupervisor
from dreambot.workers.types import ExecutorStartError

log = logging.getLogger(__name__)

CANCEL_TIMEOUT_S = 20.0
"""Seconds that a cancelled job's step may take to end before the worker is ended instead."""
BATCH_JOIN_WINDOW_S = 5.0
"""Seconds during which a batch takes others in. Then it is dreamed to its end, and whoever waits for
something else has a turn."""


class DeviceWorker:
    """Takes jobs off the queue and sees each through, whatever becomes of the worker. Jobs that the worker's
    end is not the fault of go back to the head of the queue; see `after_the_end`."""

    def __init__(
        self,
        name: str,
        connect: ConnectWorker,
        queue: JobQueue,
        *,
        time_budget: float,
        previews: bool,
        lost: Callable[[], None],
        all_device_workers: Callable[[], Iterable["DeviceWorker"]] = tuple,
    ) -> None:
        """name: what the device is called in the log. connect: starts its worker. time_budget: see
        `flight.budget`. previews: whether to ask for pictures of work in progress. lost: called whenever the
        worker cannot be started again; the lane keeps trying. all_device_workers: those that share the
        queue, for a
        job that another device could begin at once is no company."""
        self._queue = queue
        self._time_budget = time_budget
        self._previews = previews
        self._all_device_workers = all_device_workers
        self._supervisor = WorkerSupervisor(name, connect, lost)
        self._worker: WorkerConnection | None = None
        self._active = ActiveRuns()
        self._fetching: Run | None = None
        self._changed = asyncio.Event()
        self._idle_event = asyncio.Event()
        self._idle_event.set()
        self._kill_reason = ""
        self._elsewhere = False
        self._interleave_from = 0.0
        self.speed = DeviceSpeed("cpu")

    async def start(self) -> None:
        """Starts the worker. Raises ExecutorStartError if it does not come up."""
        try:
            ready = (await self._supervisor.start()).ready
        except (WorkerExited, ProtocolError) as error:
            raise ExecutorStartError("setup-worker-exited", device=self.name, reason=error) from error
        self.speed = DeviceSpeed(ready.kind)

    async def serve(self) -> None:
        """Works until it is cancelled; gives back then what it was at."""
        while True:
            await self._work(await self._supervisor.living())

    async def close(self) -> None:
        """Ends the worker."""
        await self._supervisor.close()

    @property
    def name(self) -> str:
        """What the device is called in the log."""
        return self._supervisor.name

    @name.setter
    def name(self, name: str) -> None:
        self._supervisor.name = name

    @property
    def ready(self) -> Ready | None:
        """What the worker said of the device."""
        return self._supervisor.ready

    @property
    def alive(self) -> bool:
        """Whether there is a worker."""
        return self._supervisor.alive

    @property
    def seconds_down(self) -> float:
        """How long there has been no worker; 0 if there is one."""
        return self._supervisor.seconds_down

    @property
    def idle(self) -> bool:
        """Whether it would begin a job at once."""
        return bool(self._worker and self._worker.alive and not self.runs and not self._elsewhere)

    @property
    def runs(self) -> tuple[Run, ...]:
        """The jobs at hand."""
        return (*self._active.runs, *((self._fetching,) if self._fetching else ()))

    @property
    def state(self) -> DeviceState:
        """How it is."""
        return DeviceState(
            name=self.name,
            kind=self.ready.kind if self.ready else "",
            device=self.ready.name if self.ready else "",
            alive=self.alive,
            jobs=tuple(run.job_id for run in self.runs),
            restarts=self._supervisor.restarts,
            trouble=self._supervisor.trouble,
            busy_seconds=self._active.busy_seconds,
            batch=0 if self._active.film else len(self._active),
        )

    def withdraw(self, run: Run) -> None:
        """Stops the job if it is at hand: after its step, or with the worker if that takes long."""
        flight = self._active.of(run.job_id)
        if flight and flight.run is run and self._worker:
            self._worker.post(Cancel(run.job_id))
            asyncio.get_running_loop().call_later(CANCEL_TIMEOUT_S, self._kill_if_still_running, flight)

    async def rests(self) -> None:
        """Returns when it has no job at hand."""
        await self._idle_event.wait()

    def wake(self) -> None:
        """Has it think again about what it can take."""
        self._changed.set()

    async def _work(self, worker: WorkerConnection) -> None:
        """Until the worker is gone, or this is cancelled: what is at hand does not get lost either way."""
        self._worker, self._kill_reason, self._elsewhere = worker, "", False
        error: Exception | None = None
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._feed(worker))
                group.create_task(self._listen(worker))
        except ExceptionGroup as errors:
            error = errors.exceptions[0]
            if not isinstance(error, (WorkerExited, ProtocolError)):
                log.exception("A fault of ours at work with %s; its worker is started again.", self.name)
        finally:
            self._worker = None
            crashed = error is not None and not self._kill_reason and not isinstance(error, NodeLost)
            why = self._kill_reason or f"{error}{''.join(f', at job {run.job_id}' for run in self.runs)}"
            self._give_back(crashed)
        await self._supervisor.ended(why, intentional=not crashed)

    async def _feed(self, worker: WorkerConnection) -> None:
        while True:
            self._changed.clear()
            fits = self._join_filter() if self._active else None
            if self._active and fits is None:
                await self._changed.wait()
            elif run := await self._take(fits):
                if await self._claimed(worker, run):
                    await self._begin(run, worker)
                elif self._active:
                    await self._changed.wait()
                else:
                    self._elsewhere = True
                    await worker.turn()
                    self._elsewhere = False

    async def _take(self, fits: RunFilter | None) -> Run | None:
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

    async def _claimed(self, worker: WorkerConnection, run: Run) -> bool:
        """Whether the job may begin; if not, another device may take it meanwhile."""
        claimed = False
        try:
            claimed = await worker.claim()
        finally:
            if not claimed:
                self._queue.put_back(run)
        return claimed

    def _join_filter(self) -> RunFilter | None:
        assert self.ready
        fits = join_filter(self._active.runs, batch=self.ready.batch, speed=self.speed)
        return fits and (lambda run: fits(run) and self._can_accept)

    @property
    def _can_accept(self) -> bool:
        open_now = (
            time.monotonic() >= self._interleave_from
            if self._active.film
            else self._active.seconds <= BATCH_JOIN_WINDOW_S
        )
        return open_now and not any(lane.idle for lane in self._all_device_workers())

    async def _begin(self, run: Run, worker: WorkerConnection) -> None:
        self._fetching = run
        self._idle_event.clear()
        for lane in self._all_device_workers():
            if lane is not self:
                lane.wake()
        try:
            inputs = await run.source() if callable(run.source) else run.source
        except Exception as error:
            # The source could not be had: that is for the one who submitted it to explain.
            run.fail(error)
        else:
            if not run.settled:
                self._active.add(ActiveRun(run, self.speed, self._time_budget, self._on_time_limit))
                worker.post(_start_message(run, inputs, self._previews))
        self._fetching = None
        self._on_run_ended()

    async def _listen(self, worker: WorkerConnection) -> None:
        while True:
            over = await handle_message(await worker.receive(), self._active, self.speed, self.withdraw)
            if over:
                self._end_run(over)

    def _end_run(self, flight: ActiveRun) -> None:
        self._supervisor.mark_healthy()
        self._active.release(flight)
        if self._active.film:
            # A film has at least half of the device's time: as long as its guest took, nobody else comes.
            self._interleave_from = time.monotonic() + flight.elapsed
            asyncio.get_running_loop().call_later(flight.elapsed, self.wake)
        self._on_run_ended()

    def _on_run_ended(self) -> None:
        if not self.runs:
            self._idle_event.set()
        self.wake()

    def _give_back(self, crashed: bool) -> None:
        going = attribute_crash(self._active.release_all(), crashed=crashed)
        if self._fetching and not self._fetching.settled:
            going.append(self._fetching)
        self._fetching = None
        for run in reversed(going):
            self._queue.put_back(run)
        self._on_run_ended()

    def _on_time_limit(self, flight: ActiveRun) -> None:
        flight.overdue = True
        self._end_worker(f"job {flight.run.job_id} took longer than {flight.budget:.0f} s")

    def _kill_if_still_running(self, flight: ActiveRun) -> None:
        if flight in self._active:
            self._end_worker(f"the cancelled job {flight.run.job_id} did not stop")

    def _end_worker(self, why: str) -> None:
        if self._worker:
            self._kill_reason = why
            self._worker.kill()


def _start_message(run: Run, inputs: DreamInputs, previews: bool) -> StartJob:
    return StartJob(run.job_id, run.recipe.to_json(), previews, inputs.source, inputs.guide, inputs.mask)
