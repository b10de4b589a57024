"""Takes jobs off the queue for one device and runs them on its worker."""

import asyncio
import logging
import time
from collections.abc import Callable, Iterable

from dreambot.media.picture import DreamInputs
from dreambot.scheduler.active_runs import (
    ActiveRun,
    ActiveRuns,
    attribute_crash,
    handle_message,
    join_filter,
    time_limit,
)
from dreambot.scheduler.cpu_sharing import relative_speed
from dreambot.scheduler.job_costs import JobCosts
from dreambot.scheduler.job_queue import JobQueue, RunFilter, device_model
from dreambot.scheduler.run import DeviceState, Run
from dreambot.workers.connection import ConnectWorker, NodeLost, WorkerConnection
from dreambot.workers.ipc import ProtocolError
from dreambot.workers.process import WorkerExited
from dreambot.workers.protocol import Cancel, Finished, Ready, StartJob, UseThreads
from dreambot.workers.supervisor import WorkerSupervisor
from dreambot.workers.types import ExecutorStartError

log = logging.getLogger(__name__)

CANCEL_TIMEOUT_S = 20.0
"""Seconds that the current step of a cancelled job may take before its worker is killed instead."""
BATCH_JOIN_WINDOW_S = 5.0
"""Seconds during which a batch accepts more jobs. After that it runs to its end, so that other jobs get a
turn."""


class DeviceWorker:
    """Takes jobs off the queue and sees each to its end, whatever happens to the worker.

    Jobs that did not cause the worker's end go back to the head of the queue; see `attribute_crash`.
    """

    def __init__(
        self,
        name: str,
        connect: ConnectWorker,
        queue: JobQueue,
        costs: JobCosts,
        *,
        time_budget: float,
        previews: bool,
        on_start_failed: Callable[[], None],
        on_change: Callable[[], None] = lambda: None,
        all_device_workers: Callable[[], Iterable["DeviceWorker"]] = tuple,
    ) -> None:
        """Creates a device worker that is not started.

        Args:
            name: the device's name in the log.
            connect: starts its worker.
            queue: where it takes jobs.
            costs: what was learned about jobs; it learns from those that finish.
            time_budget: the least time limit of a job in seconds, see `time_limit`.
            previews: whether to ask for previews.
            on_start_failed: called whenever the worker cannot be started again; it keeps trying.
            on_change: called before its worker is given a job, and when a job has ended or the worker is
                gone.
            all_device_workers: returns those that share the queue. A job that another device could start at
                once does not join a batch.
        """
        self._queue = queue
        self._costs = costs
        self._time_budget = time_budget
        self._previews = previews
        self._on_change = on_change
        self._all_device_workers = all_device_workers
        self._supervisor = WorkerSupervisor(name, connect, on_start_failed)
        self._worker: WorkerConnection | None = None
        self._active = ActiveRuns()
        self._threads = 0
        self._fetching: Run | None = None
        self._changed = asyncio.Event()
        self._idle_event = asyncio.Event()
        self._idle_event.set()
        self._kill_reason = ""
        self._interleave_from = 0.0

    async def start(self) -> None:
        """Starts the worker.

        Raises:
            ExecutorStartError: it does not start.
        """
        try:
            await self._supervisor.start()
        except (WorkerExited, ProtocolError) as error:
            raise ExecutorStartError("setup-worker-exited", device=self.name, reason=error) from error

    async def serve(self) -> None:
        """Runs jobs until it is cancelled; then it puts its active jobs back."""
        while True:
            await self._serve_worker(await self._supervisor.wait_for_worker())

    async def close(self) -> None:
        """Ends the worker."""
        await self._supervisor.close()

    @property
    def name(self) -> str:
        """The device's name in the log."""
        return self._supervisor.name

    @name.setter
    def name(self, name: str) -> None:
        """Changes the device's name in the log.

        Args:
            name: which no other device has.
        """
        self._supervisor.name = name

    @property
    def ready(self) -> Ready | None:
        """What the worker reported of the device; None before it was ready once."""
        return self._supervisor.ready

    @property
    def alive(self) -> bool:
        """Whether the worker runs."""
        return self._supervisor.alive

    @property
    def seconds_down(self) -> float:
        """How long there has been no worker; 0 if there is one."""
        return self._supervisor.seconds_down

    @property
    def idle(self) -> bool:
        """Whether it would start a job at once."""
        return bool(self._worker and self._worker.alive and not self.runs)

    @property
    def runs(self) -> tuple[Run, ...]:
        """The active jobs, with the one whose source is fetched."""
        return (*self._active.runs, *((self._fetching,) if self._fetching else ()))

    @property
    def dreaming(self) -> bool:
        """Whether its worker has a job."""
        return bool(self._active)

    def use_threads(self, count: int) -> None:
        """Changes the number of threads of its worker, whose `Ready.threads` is not 0.

        Args:
            count: at most `Ready.threads`.
        """
        assert self.ready
        for active in self._active:
            active.set_speed(relative_speed(count, self.ready.threads))
        if self._worker and count != self._threads:
            self._threads = count
            self._worker.post(UseThreads(count))

    @property
    def state(self) -> DeviceState:
        """The device as it is now."""
        return DeviceState(
            name=self.name,
            kind=self.ready.kind if self.ready else "",
            device=self.ready.name if self.ready else "",
            alive=self.alive,
            jobs=tuple(run.job_id for run in self.runs),
            restarts=self._supervisor.restarts,
            trouble=self._supervisor.trouble,
            busy_seconds=self._active.busy_seconds,
            batch=0 if self._active.has_video else len(self._active),
            check_problem=self.ready.problem if self.ready else "",
        )

    def withdraw(self, run: Run) -> None:
        """Stops a job if it is active: after its step, or with the worker if that takes long.

        Args:
            run: the job.
        """
        active = self._active.get(run.job_id)
        if active and active.run is run and self._worker:
            self._worker.post(Cancel(run.job_id))
            asyncio.get_running_loop().call_later(CANCEL_TIMEOUT_S, self._kill_if_still_running, active)

    def crash_worker(self) -> bool:
        """Kills the worker as if it had crashed, to try out the recovery. Returns False if there is none."""
        if self._worker is None or not self._worker.alive:
            return False
        self._worker.kill()
        return True

    async def wait_until_idle(self) -> None:
        """Returns when it has no active job."""
        await self._idle_event.wait()

    def wake(self) -> None:
        """Makes it check again which jobs it can take."""
        self._changed.set()

    async def _serve_worker(self, worker: WorkerConnection) -> None:
        """Runs jobs until the worker is gone or this is cancelled. No active job is lost either way."""
        self._worker, self._kill_reason, self._threads = worker, "", 0
        error: Exception | None = None
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._feed(worker))
                group.create_task(self._listen(worker))
        except ExceptionGroup as errors:
            error = errors.exceptions[0]
            if not isinstance(error, (WorkerExited, ProtocolError)):
                log.exception("An error of ours while %s was running; its worker is restarted.", self.name)
        finally:
            self._worker = None
            crashed = error is not None and not self._kill_reason and not isinstance(error, NodeLost)
            why = self._kill_reason or f"{error}{''.join(f', running job {run.job_id}' for run in self.runs)}"
            self._put_back_active(crashed)
        await self._supervisor.discard(why, intentional=not crashed)

    async def _feed(self, worker: WorkerConnection) -> None:
        while True:
            self._changed.clear()
            fits = self._join_filter() if self._active else None
            if self._active and fits is None:
                await self._changed.wait()
            elif run := await self._take(fits):
                await self._begin(run, worker)

    async def _take(self, fits: RunFilter | None) -> Run | None:
        """Takes the next job that fits, or returns None if something changed before there is one."""
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

    def _join_filter(self) -> RunFilter | None:
        assert self.ready
        fits = join_filter(
            self._active.runs, batch=self.ready.batch, costs=self._costs, model=device_model(self)
        )
        return fits and (lambda run: fits(run) and self._can_join)

    @property
    def _can_join(self) -> bool:
        open_now = (
            time.monotonic() >= self._interleave_from
            if self._active.has_video
            else self._active.seconds <= BATCH_JOIN_WINDOW_S
        )
        return open_now and not any(other.idle for other in self._all_device_workers())

    async def _begin(self, run: Run, worker: WorkerConnection) -> None:
        taken = time.monotonic()
        self._fetching = run
        self._idle_event.clear()
        for other in self._all_device_workers():
            if other is not self:
                other.wake()
        try:
            inputs = await run.source() if callable(run.source) else run.source
        except Exception as error:
            # The submitter explains why the source cannot be fetched.
            run.fail(error)
        else:
            if not run.settled:
                limit = time_limit(self._costs.of(run, device_model(self)).seconds, self._time_budget)
                self._active.add(ActiveRun(run, taken=taken, limit=limit, on_time_limit=self._on_time_limit))
                self._on_change()
                worker.post(_start_message(run, inputs, self._previews))
        self._fetching = None
        self._on_run_ended()

    async def _listen(self, worker: WorkerConnection) -> None:
        while True:
            message = await worker.receive()
            ended = await handle_message(message, self._active, self.withdraw)
            if ended:
                if isinstance(message, Finished):
                    speed = ended.mean_speed
                    seconds, device_seconds = (
                        ended.fetch_seconds + speed * taken for taken in (ended.elapsed, message.seconds)
                    )
                    self._costs.note(ended.run, device_model(self), seconds, device_seconds)
                self._end_run(ended)

    def _end_run(self, ended: ActiveRun) -> None:
        self._supervisor.mark_healthy()
        self._active.release(ended)
        if self._active.has_video:
            # A video gets at least half of the device's time: for as long as the still took, none is
            # interleaved.
            self._interleave_from = time.monotonic() + ended.elapsed
            asyncio.get_running_loop().call_later(ended.elapsed, self.wake)
        self._on_run_ended()

    def _on_run_ended(self) -> None:
        if not self.runs:
            self._idle_event.set()
        self._on_change()
        self.wake()

    def _put_back_active(self, crashed: bool) -> None:
        again = attribute_crash(self._active.release_all(), crashed=crashed)
        if self._fetching and not self._fetching.settled:
            again.append(self._fetching)
        self._fetching = None
        for run in reversed(again):
            self._queue.put_back(run)
        self._on_run_ended()

    def _on_time_limit(self, active: ActiveRun) -> None:
        active.overdue = True
        self._kill_worker(f"job {active.run.job_id} took longer than {active.limit:.0f} s")

    def _kill_if_still_running(self, active: ActiveRun) -> None:
        if active in self._active:
            self._kill_worker(f"the cancelled job {active.run.job_id} did not stop")

    def _kill_worker(self, why: str) -> None:
        if self._worker:
            self._kill_reason = why
            self._worker.kill()


def _start_message(run: Run, inputs: DreamInputs, previews: bool) -> StartJob:
    return StartJob(run.job_id, run.recipe.to_json(), previews, inputs.source, inputs.guide, inputs.mask)
