"""Receives jobs and cancellations in a worker, and sends progress and results back."""

import os
import socket
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable

from dreambot.engine.progress import Frame, Progress
from dreambot.errors import UserError
from dreambot.workers import protocol
from dreambot.workers.protocol import (
    LENGTH_PREFIX,
    Cancel,
    Failed,
    FrameDone,
    Message,
    StartJob,
    pack,
    unpack,
    unpack_lengths,
)
from dreambot.zoo.catalogue import WeightsError


class Inbox(ABC):
    """Takes messages at any time, from any thread, so that a cancel is noticed during a step."""

    def __init__(self) -> None:
        self._begun: list[StartJob] = []
        self._arrival = threading.Condition()
        self._cancelled: set[str] = set()

    def put(self, message: Message) -> None:
        """Takes a message."""
        with self._arrival:
            match message:
                case StartJob() as begin:
                    self._cancelled.discard(begin.job)
                    self._begun.append(begin)
                    self._arrival.notify()
                case Cancel(job=job):
                    self._cancelled.add(job)

    def next(self) -> StartJob:
        """Waits for the next job."""
        with self._arrival:
            self._arrival.wait_for(lambda: self._begun)
            return self._begun.pop(0)

    def next_now(self, fits: Callable[[StartJob], bool]) -> StartJob | None:
        """The next job that fits, if one is there already."""
        with self._arrival:
            for place, begin in enumerate(self._begun):
                if fits(begin):
                    return self._begun.pop(place)
        return None

    def is_cancelled(self, job: str) -> bool:
        """Whether the job was cancelled."""
        return job in self._cancelled

    @abstractmethod
    def send(self, message: Message) -> None:
        """Sends an answer; from the main thread only."""


class PipeInbox(Inbox):
    """The worker's end of a pipe, read on a thread of its own. The process ends with the pipe."""

    def __init__(self, pipe: socket.socket) -> None:
        super().__init__()
        self._pipe = pipe
        threading.Thread(target=self._read_on, name="inbox", daemon=True).start()

    def send(self, message: Message) -> None:
        """See Inbox."""
        head, pixels = pack(message)
        self._pipe.sendall(head)
        for part in pixels:
            self._pipe.sendall(part)

    def _read_on(self) -> None:
        try:
            while True:
                self.put(self._receive())
        except (OSError, EOFError):
            # The parent is gone: nobody is waiting for whatever is being dreamed.
            os._exit(0)

    def _receive(self) -> Message:
        header, pixels = unpack_lengths(bytes(self._exactly(LENGTH_PREFIX.size)))
        return unpack(bytes(self._exactly(header)), self._exactly(pixels))

    def _exactly(self, count: int) -> bytearray:
        data = bytearray(count)
        view = memoryview(data)
        while view:
            got = self._pipe.recv_into(view)
            if not got:
                raise EOFError
            view = view[got:]
        return data


PROGRESS_INTERVAL_S = 0.1
PREVIEW_INTERVAL_S = 0.7


class ProgressReporter:
    """Tells of all frames of a job and, now and then, of its steps."""

    def __init__(self, inbox: Inbox, begin: StartJob) -> None:
        self._inbox = inbox
        self._begin = begin
        self._told = self._shown = time.monotonic()

    def tell(self, step: Progress | Frame) -> None:
        """It is done."""
        job = self._begin.job
        if isinstance(step, Frame):
            self._inbox.send(FrameDone(job, step.index, step.frames, step.rgb))
            return
        now = time.monotonic()
        if now - self._told < PROGRESS_INTERVAL_S:
            return
        self._told = now
        preview = None
        if self._begin.previews and step.render_preview and now - self._shown >= PREVIEW_INTERVAL_S:
            preview, self._shown = step.render_preview(), now
        self._inbox.send(
            protocol.Progress(
                job, step.fraction, step.octave, step.octaves, step.step, step.steps, step.objective, preview
            )
        )


def failure_message(job: str, error: UserError) -> Failed:
    """How a job is answered that an error of its own ends."""
    missing = error.network if isinstance(error, WeightsError) else ""
    return Failed(job, error.message.to_json(), missing)
