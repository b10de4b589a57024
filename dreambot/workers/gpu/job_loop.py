"""The worker's main loop: runs jobs or batches in turn, and short jobs between the steps of a video."""

import time
from collections.abc import Callable, Generator

from dreambot import logs
from dreambot.engine.progress import Frame, Progress
from dreambot.errors import UserError
from dreambot.media.picture import DreamInputs
from dreambot.recipe import Recipe
from dreambot.workers.gpu.batching import BatchRunner
from dreambot.workers.gpu.engine import BatchEngine, Engine
from dreambot.workers.gpu.inbox import Inbox, ProgressReporter, failure_message
from dreambot.workers.protocol import Finished, Message, StartJob, Stopped
from dreambot.workers.types import Pixels

DreamSteps = Generator[Progress | Frame, None, tuple[Pixels, str | None]]


def serve_jobs(inbox: Inbox, engine: Engine) -> None:
    """Dreams until the process ends. What no UserError explains is left to end it: after a fault of the
    driver or the like, only a new process is to be trusted."""
    batches = None
    if isinstance(engine, BatchEngine) and engine.ready.batch > 1:
        batches = BatchRunner(inbox, engine, engine.ready.batch)
    while True:
        begin = inbox.next()
        for left in batches.dream(begin) if batches else [begin]:
            inbox.send(_run_job(inbox, engine, left))


def _run_job(inbox: Inbox, engine: Engine, begin: StartJob) -> Message:
    def stop() -> bool:
        return inbox.is_cancelled(begin.job)

    def guests() -> float:
        """Dreams whoever came meanwhile; the seconds it took."""
        started = time.monotonic()
        while guest := inbox.next_now(lambda _: True):
            inbox.send(_run_job(inbox, engine, guest))
        return time.monotonic() - started

    started = time.monotonic()
    try:
        recipe = Recipe.from_json(begin.recipe)
        steps = engine.dream(DreamInputs(begin.source, begin.guide, begin.mask), recipe, stop)
        with logs.job_context(begin.job):
            dream, plan, others = _run_steps(
                steps, ProgressReporter(inbox, begin), guests if recipe.frames > 1 else _no_interleaving
            )
    except UserError as error:
        return Stopped(begin.job) if stop() else failure_message(begin.job, error)
    except Exception:
        if stop():
            return Stopped(begin.job)
        raise
    if stop():
        return Stopped(begin.job)
    return Finished(begin.job, time.monotonic() - started - others, plan, dream)


def _run_steps(
    steps: DreamSteps, teller: ProgressReporter, between: Callable[[], float]
) -> tuple[Pixels, str | None, float]:
    """Runs the dream to its end: (the dream, its plan, the seconds that others took between its steps)."""
    others = 0.0
    while True:
        try:
            step = next(steps)
        except StopIteration as end:
            dream, plan = end.value
            return dream, plan, others
        teller.tell(step)
        others += between()


def _no_interleaving() -> float:
    return 0.0
