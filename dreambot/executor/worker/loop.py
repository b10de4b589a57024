"""One job or batch of jobs after another; between two steps of a film, whatever else has begun."""

import time
from collections.abc import Callable, Generator

from dreambot import logs
from dreambot.errors import UserError
from dreambot.executor.protocol import Begin, Finished, Message, Stopped
from dreambot.executor.types import Pixels
from dreambot.executor.worker.engine import BatchEngine, Engine, EngineFrame, EngineStep
from dreambot.executor.worker.inbox import Inbox
from dreambot.executor.worker.telling import Teller, failed
from dreambot.executor.worker.together import Batches
from dreambot.media.inputs import Inputs
from dreambot.recipe import Recipe

Steps = Generator[EngineStep | EngineFrame, None, tuple[Pixels, str | None]]


def serve(inbox: Inbox, engine: Engine) -> None:
    """Dreams until the process ends. What no UserError explains is left to end it: after a fault of the
    driver or the like, only a new process is to be trusted."""
    batches = None
    if isinstance(engine, BatchEngine) and engine.ready.batch > 1:
        batches = Batches(inbox, engine, engine.ready.batch)
    while True:
        begin = inbox.next()
        for left in batches.dream(begin) if batches else [begin]:
            inbox.send(_answer(inbox, engine, left))


def _answer(inbox: Inbox, engine: Engine, begin: Begin) -> Message:
    def stop() -> bool:
        return inbox.is_cancelled(begin.job)

    def guests() -> float:
        """Dreams whoever came meanwhile; the seconds it took."""
        started = time.monotonic()
        while guest := inbox.next_now(lambda _: True):
            inbox.send(_answer(inbox, engine, guest))
        return time.monotonic() - started

    started = time.monotonic()
    try:
        recipe = Recipe.from_json(begin.recipe)
        steps = engine.dream(Inputs(begin.source, begin.guide, begin.mask), recipe, stop)
        with logs.job(begin.job):
            dream, plan, others = _run(steps, Teller(inbox, begin), guests if recipe.frames > 1 else _none)
    except UserError as error:
        return Stopped(begin.job) if stop() else failed(begin.job, error)
    except Exception:
        if stop():
            return Stopped(begin.job)
        raise
    if stop():
        return Stopped(begin.job)
    return Finished(begin.job, time.monotonic() - started - others, plan, dream)


def _run(steps: Steps, teller: Teller, between: Callable[[], float]) -> tuple[Pixels, str | None, float]:
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


def _none() -> float:
    return 0.0
