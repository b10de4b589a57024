"""One job after another."""

import time
from collections.abc import Generator

from dreambot.errors import UserError
from dreambot.executor.protocol import Begin, Failed, Finished, Framed, Message, Progress, Stopped
from dreambot.executor.types import Pixels
from dreambot.executor.worker.engine import Engine, EngineFrame, EngineStep
from dreambot.executor.worker.inbox import Inbox
from dreambot.media.inputs import Inputs
from dreambot.recipe import Recipe

PROGRESS_EVERY = 0.1
PREVIEW_EVERY = 0.7


def serve(inbox: Inbox, engine: Engine) -> None:
    """Dreams until the process ends. What no UserError explains is left to end it: after a fault of the
    driver or the like, only a new process is to be trusted."""
    while True:
        begin = inbox.next()
        inbox.send(_answer(inbox, engine, begin))


def _answer(inbox: Inbox, engine: Engine, begin: Begin) -> Message:
    def stop() -> bool:
        return inbox.is_cancelled(begin.job)

    started = time.monotonic()
    try:
        recipe = Recipe.from_json(begin.recipe)
        inputs = Inputs(begin.source, begin.guide, begin.mask)
        dream, plan = _report(inbox, engine.dream(inputs, recipe, stop), begin.previews)
    except UserError as error:
        return Stopped() if stop() else Failed(str(error))
    except Exception:
        if stop():
            return Stopped()
        raise
    return Stopped() if stop() else Finished(time.monotonic() - started, plan, dream)


def _report(
    inbox: Inbox,
    steps: Generator[EngineStep | EngineFrame, None, tuple[Pixels, str | None]],
    previews: bool,
) -> tuple[Pixels, str | None]:
    """Runs the dream to its end, telling of all its frames and, now and then, of its steps."""
    told = shown = time.monotonic()
    while True:
        try:
            step = next(steps)
        except StopIteration as end:
            result: tuple[Pixels, str | None] = end.value
            return result
        if isinstance(step, EngineFrame):
            inbox.send(Framed(step.index, step.frames, step.rgb))
            continue
        now = time.monotonic()
        if now - told < PROGRESS_EVERY:
            continue
        preview = step.preview() if previews and now - shown >= PREVIEW_EVERY else None
        told, shown = now, now if preview is not None else shown
        inbox.send(
            Progress(step.fraction, step.octave, step.octaves, step.step, step.steps, step.objective, preview)
        )
