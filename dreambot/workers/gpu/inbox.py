"""Receives jobs and cancellations in a worker, and sends progress and results back."""

import io
import logging
import os
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable

from dreambot.engine.progress import Frame, Progress
from dreambot.errors import UserError
from dreambot.workers.ipc import ProtocolError, read_packet, write_packet
from dreambot.workers.protocol import (
    MAX_MESSAGE_BYTES,
    Cancel,
    Failed,
    FrameDone,
    Message,
    StartJob,
    StepDone,
    UseThreads,
    pack,
    unpack,
)
from dreambot.zoo.catalogue import WeightsError

log = logging.getLogger(__name__)


class Inbox(ABC):
    """Accepts messages at any time, from any thread, so that a cancellation is noticed during a step.

    Attributes:
        threads: How many threads the bot allows; 0 for all.
    """

    def __init__(self) -> None:
        self.threads = 0
        self._jobs: list[StartJob] = []
        self._arrival = threading.Condition()
        self._cancelled: set[str] = set()

    def put(self, message: Message) -> None:
        """Accepts a message.

        Args:
            message: from the bot.
        """
        with self._arrival:
            match message:
                case StartJob() as start:
                    self._cancelled.discard(start.job)
                    self._jobs.append(start)
                    self._arrival.notify()
                case Cancel(job=job):
                    self._cancelled.add(job)
                case UseThreads(count=count):
                    self.threads = count

    def next(self) -> StartJob:
        """Waits for the next job and takes it."""
        with self._arrival:
            self._arrival.wait_for(lambda: self._jobs)
            return self._jobs.pop(0)

    def next_now(self, fits: Callable[[StartJob], bool]) -> StartJob | None:
        """Takes the next job if one has arrived.

        Args:
            fits: which jobs may be taken.
        """
        with self._arrival:
            for index, start in enumerate(self._jobs):
                if fits(start):
                    return self._jobs.pop(index)
        return None

    def is_cancelled(self, job: str) -> bool:
        """Returns whether a job was cancelled.

        Args:
            job: its id.
        """
        return job in self._cancelled

    @abstractmethod
    def send(self, message: Message) -> None:
        """Sends a message to the bot; to be called on the main thread only.

        Args:
            message: for the bot.
        """


class PipeInbox(Inbox):
    """The worker's end of the pipes to the bot, read on a thread of its own. The process ends with them."""

    def __init__(self, requests: io.BufferedIOBase, responses: io.BufferedIOBase) -> None:
        """Starts reading.

        Args:
            requests: from the bot.
            responses: to the bot.
        """
        super().__init__()
        self._requests, self._responses = requests, responses
        threading.Thread(target=self._read_on, name="inbox", daemon=True).start()

    def send(self, message: Message) -> None:
        """See `Inbox`.

        Args:
            message: for the bot.
        """
        write_packet(self._responses, pack(message))

    def _read_on(self) -> None:
        try:
            while True:
                self.put(unpack(read_packet(self._requests, MAX_MESSAGE_BYTES)))
        except (OSError, EOFError):
            # The parent is gone: no one is waiting for the result.
            os._exit(0)
        except ProtocolError:
            log.exception("The bot violated the protocol.")
            os._exit(1)


PROGRESS_INTERVAL_S = 0.1
PREVIEW_INTERVAL_S = 0.7


class ProgressReporter:
    """Reports all frames of a job and, now and then, its steps."""

    def __init__(self, inbox: Inbox, start: StartJob) -> None:
        """Creates the reporter of a job.

        Args:
            inbox: where to send reports.
            start: the job.
        """
        self._inbox = inbox
        self._start = start
        self._last_progress = self._last_preview = time.monotonic()

    def report(self, step: Progress | Frame) -> None:
        """Reports a step or frame, unless the last step was reported a moment ago.

        Args:
            step: what was done.
        """
        job = self._start.job
        if isinstance(step, Frame):
            self._inbox.send(FrameDone(job, step.index, step.frames, step.rgb))
            return
        now = time.monotonic()
        if now - self._last_progress < PROGRESS_INTERVAL_S:
            return
        self._last_progress = now
        preview = None
        if self._start.previews and step.render_preview and now - self._last_preview >= PREVIEW_INTERVAL_S:
            preview, self._last_preview = step.render_preview(), now
        self._inbox.send(
            StepDone(
                job,
                step.fraction,
                step.octave,
                step.octaves,
                step.step,
                step.steps,
                float(step.objective),
                preview,
            )
        )


def failure_message(job: str, error: UserError) -> Failed:
    """Returns the answer to a job that fails.

    Args:
        job: its id.
        error: why it fails.
    """
    missing = error.network if isinstance(error, WeightsError) else ""
    return Failed(job, error.message.to_json(), missing)
