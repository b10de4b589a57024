"""One device: its worker process, and the job it is on."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress

from dreambot.executor.estimate import Speed, seconds_left
from dreambot.executor.link import Connect, Link, WorkerGone
from dreambot.executor.protocol import (
    Begin,
    Cancel,
    Failed,
    Finished,
    Framed,
    Progress,
    ProtocolError,
    Ready,
    Stopped,
)
from dreambot.executor.queue import JobQueue
from dreambot.executor.run import Run
from dreambot.executor.types import (
    Done,
    ExecutorUnfit,
    FrameSink,
    JobFailed,
    Running,
    TimeBudgetExceeded,
)
from dreambot.media.inputs import Inputs

log = logging.getLogger(__name__)

ATTEMPTS = 2
CANCEL_GRACE = 20.0
"""Seconds that a cancelled job's step may take to end before the worker is ended instead."""
_LONGEST_PAUSE = 60.0


class Lane:
    """Takes jobs off the queue, one at a time, and sees each through, whatever becomes of the worker."""

    def __init__(
        self,
        name: str,
        connect: Connect,
        queue: JobQueue,
        *,
        time_budget: float,
        previews: bool,
        lost: Callable[[], None],
    ) -> None:
        """name: what the device is called in the log. connect: starts its worker. time_budget: seconds a job
        may take. previews: whether to ask for pictures of work in progress. lost: called whenever the worker
        cannot be started again; the lane keeps trying."""
        self._lost = lost
        self.name = name
        self._connect = connect
        self._queue = queue
        self._time_budget = time_budget
        self._previews = previews
        self._worker: Link | None = None
        self._run: Run | None = None
        self._began = 0.0
        self._fraction = 0.0
        self.ready: Ready | None = None
        self.speed = Speed("cpu")

    async def start(self) -> None:
        """Starts the worker. Raises ExecutorUnfit if it does not come up."""
        try:
            await self._living_worker()
        except (WorkerGone, ProtocolError) as error:
            raise ExecutorUnfit(
                f"The process that dreams on {self.name} did not start ({error}); the log above says why."
            ) from error
        assert self.ready
        self.speed = Speed(self.ready.kind)

    async def serve(self) -> None:
        """Works until it is cancelled."""
        pause = 1.0
        while True:
            try:
                worker = await self._living_worker()
            except (ExecutorUnfit, WorkerGone, ProtocolError) as error:
                log.error("The worker of %s does not start: %s", self.name, error)
                self._lost()
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
                continue
            pause = 1.0
            run = await _unless(worker.gone, self._queue.take)
            if run:
                await self._see_through(run)
            else:
                log.warning("The idle worker of %s ended; it is started again.", self.name)

    async def close(self) -> None:
        """Gives up the job at hand and ends the worker."""
        if self._run:
            self._run.cancel()
        if self._worker:
            await self._worker.close()
            self._worker = None

    @property
    def alive(self) -> bool:
        """Whether there is a worker."""
        return self._worker is not None and self._worker.alive

    @property
    def seconds_left(self) -> float:
        """Until the job at hand is done; 0 without one."""
        if not self._run:
            return 0.0
        return seconds_left(
            self._fraction, time.monotonic() - self._began, self._run.recipe.flops, self.speed
        )

    def withdraw(self, run: Run) -> None:
        """Stops the job if it is the one at hand: after its step, or with the worker if that takes long."""
        if run is self._run and self._worker:
            self._worker.post(Cancel(run.job_id))
            asyncio.get_running_loop().call_later(CANCEL_GRACE, self._end_if_still_on, run)

    def _end_if_still_on(self, run: Run) -> None:
        if run is self._run and self._worker:
            log.warning("A cancelled dream did not stop; its worker is ended.")
            self._worker.kill()

    async def _living_worker(self) -> Link:
        if self._worker and not self._worker.alive:
            await self._worker.close()
            self._worker = None
        if not self._worker:
            self._worker = await self._connect()
            self.ready = self._worker.ready
            log.info("Dreaming on %s (%s), %s.", self.ready.device, self.ready.name, self.ready.precision)
        return self._worker

    async def _see_through(self, run: Run) -> None:
        self._run, self._fraction, self._began = run, 0.0, time.monotonic()
        try:
            inputs = await run.source() if callable(run.source) else run.source
            for attempt in range(1, ATTEMPTS + 1):
                worker = await self._living_worker()
                if run.settled:
                    return
                self._fraction, self._began = 0.0, time.monotonic()
                try:
                    async with asyncio.timeout(self._time_budget):
                        worker.post(_begin(run, inputs, self._previews))
                        await self._follow(run, worker)
                    return
                except TimeoutError:
                    await self._end_worker("took too long")
                    run.fail(TimeBudgetExceeded(_too_long(self._time_budget)))
                except (WorkerGone, ProtocolError) as error:
                    await self._end_worker(f"attempt {attempt} of job {run.job_id}: {error}")
            run.fail(
                JobFailed("The dream broke down twice, so I gave it up; another picture or layer may work.")
            )
        except (ExecutorUnfit, WorkerGone, ProtocolError) as error:
            log.error("The worker of %s does not start: %s", self.name, error)
            run.fail(JobFailed(CANNOT_DREAM))
        except Exception as error:
            # The source could not be had: that is for the one who submitted it to explain.
            run.fail(error)
        finally:
            self._run = None

    async def _follow(self, run: Run, worker: Link) -> None:
        while True:
            match await worker.receive():
                case Progress() as p:
                    self._fraction = p.fraction
                    eta = self.seconds_left
                    run.publish(
                        Running(p.fraction, p.octave, p.octaves, p.step, p.steps, p.objective, eta, p.picture)
                    )
                case Framed() as frame:
                    if run.frames and not run.settled:
                        await self._hand_out(run, run.frames, frame)
                case Finished() as finished:
                    self.speed.note(run.recipe.flops, finished.seconds)
                    run.finish(Done(finished.picture, finished.seconds, finished.plan))
                    return
                case Failed(reason=reason):
                    run.fail(JobFailed(reason))
                    return
                case Stopped():
                    return
                case other:
                    raise ProtocolError(f"{type(other).__name__} in the middle of a job")

    async def _hand_out(self, run: Run, sink: FrameSink, frame: Framed) -> None:
        try:
            await sink(frame.index, frame.frames, frame.picture)
        except Exception as error:
            # Nobody takes the film any more; the worker says so when it has stopped.
            run.fail(error)
            self.withdraw(run)

    async def _end_worker(self, why: str) -> None:
        worker, self._worker = self._worker, None
        if worker:
            status = await worker.close(grace=0)
            log.warning("The worker of %s ended (%s), status %s.", self.name, why, status)


CANNOT_DREAM = (
    "I cannot dream at the moment: the part of me that does is not coming up. Please try again later."
)


def _begin(run: Run, inputs: Inputs, previews: bool) -> Begin:
    return Begin(run.job_id, run.recipe.to_json(), previews, inputs.source, inputs.guide, inputs.mask)


def _too_long(budget: float) -> str:
    return (
        f"That dream took more than {budget:.0f} seconds, so I stopped it; "
        "a smaller picture or a lower intensity is quicker."
    )


async def _unless(gone: asyncio.Future[int], take: Callable[[], Awaitable[Run]]) -> Run | None:
    """What `take` gives, or None if the worker is gone before."""
    taking = asyncio.ensure_future(take())
    try:
        await asyncio.wait([taking, gone], return_when=asyncio.FIRST_COMPLETED)
    finally:
        if not taking.done():
            taking.cancel()
            with suppress(asyncio.CancelledError):
                await taking
    return taking.result() if not taking.cancelled() else None
