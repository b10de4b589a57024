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
    """Runs jobs until the process ends.

    Errors other than UserError are not caught: after a driver fault only a new process can be trusted.

    Args:
        inbox: where jobs arrive and answers are sent.
        engine: runs them.
    """
    batches = None
    if isinstance(engine, BatchEngine) and engine.ready.batch > 1:
        batches = BatchRunner(inbox, engine, engine.ready.batch)
    while True:
        start = inbox.next()
        for left in batches.run(start) if batches else [start]:
            inbox.send(_run_job(inbox, engine, left))


def _run_job(inbox: Inbox, engine: Engine, start: StartJob) -> Message:
    def stop() -> bool:
        return inbox.is_cancelled(start.job)

    def run_interleaved() -> float:
        """Runs the jobs that arrived meanwhile; returns the seconds it took."""
        started = time.monotonic()
        while interleaved := inbox.next_now(lambda _: True):
            inbox.send(_run_job(inbox, engine, interleaved))
        return time.monotonic() - started

    started = time.monotonic()
    try:
        recipe = Recipe.from_json(start.recipe)
        steps = engine.dream(DreamInputs(start.source, start.guide, start.mask), recipe, stop)
        with logs.job_context(start.job):
            dream, plan, others = _run_steps(
                steps,
                lambda: engine.use_threads(recipe, inbox.threads),
                ProgressReporter(inbox, start),
                run_interleaved if recipe.dreamed_images > 1 else _no_interleaving,
            )
    except UserError as error:
        return Stopped(start.job) if stop() else failure_message(start.job, error)
    except Exception:
        if stop():
            return Stopped(start.job)
        raise
    if stop():
        return Stopped(start.job)
    return Finished(start.job, time.monotonic() - started - others, plan, dream)


def _run_steps(
    steps: DreamSteps, before: Callable[[], None], reporter: ProgressReporter, between: Callable[[], float]
) -> tuple[Pixels, str | None, float]:
    """Runs a dream to its end; returns it, its plan, and the seconds of jobs that ran between its steps."""
    others = 0.0
    while True:
        before()
        try:
            step = next(steps)
        except StopIteration as end:
            dream, plan = end.value
            return dream, plan, others
        reporter.report(step)
        others += between()


def _no_interleaving() -> float:
    return 0.0
