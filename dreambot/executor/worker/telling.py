"""What is told of a job while it is dreamed."""

import time

from dreambot.errors import UserError
from dreambot.executor.protocol import Begin, Failed, Framed, Progress
from dreambot.executor.worker.engine import EngineFrame, EngineStep
from dreambot.executor.worker.inbox import Inbox
from dreambot.zoo.errors import WeightsError

PROGRESS_EVERY = 0.1
PREVIEW_EVERY = 0.7


class Teller:
    """Tells of all frames of a job and, now and then, of its steps."""

    def __init__(self, inbox: Inbox, begin: Begin) -> None:
        self._inbox = inbox
        self._begin = begin
        self._told = self._shown = time.monotonic()

    def tell(self, step: EngineStep | EngineFrame) -> None:
        """It is done."""
        job = self._begin.job
        if isinstance(step, EngineFrame):
            self._inbox.send(Framed(job, step.index, step.frames, step.rgb))
            return
        now = time.monotonic()
        if now - self._told < PROGRESS_EVERY:
            return
        self._told = now
        preview = None
        if self._begin.previews and now - self._shown >= PREVIEW_EVERY:
            preview, self._shown = step.preview(), now
        self._inbox.send(
            Progress(
                job, step.fraction, step.octave, step.octaves, step.step, step.steps, step.objective, preview
            )
        )


def failed(job: str, error: UserError) -> Failed:
    """How a job is answered that an error of its own ends."""
    missing = error.network if isinstance(error, WeightsError) else ""
    return Failed(job, str(error), missing)
