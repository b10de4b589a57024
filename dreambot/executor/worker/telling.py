"""What is told of a job while it is dreamed."""

import time

from dreambot.executor.protocol import Begin, Framed, Progress
from dreambot.executor.worker.engine import EngineFrame, EngineStep
from dreambot.executor.worker.inbox import Inbox

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
