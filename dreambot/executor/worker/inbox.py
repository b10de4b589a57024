"""What comes to a worker, and the way back."""

import os
import socket
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable

from dreambot.executor.protocol import LENGTHS, Begin, Cancel, Message, lengths, pack, unpack


class Inbox(ABC):
    """Takes messages at any time, from any thread, so that a cancel is noticed during a step."""

    def __init__(self) -> None:
        self._begun: list[Begin] = []
        self._arrival = threading.Condition()
        self._cancelled: set[str] = set()

    def put(self, message: Message) -> None:
        """Takes a message."""
        with self._arrival:
            match message:
                case Begin() as begin:
                    self._cancelled.discard(begin.job)
                    self._begun.append(begin)
                    self._arrival.notify()
                case Cancel(job=job):
                    self._cancelled.add(job)

    def next(self) -> Begin:
        """Waits for the next job."""
        with self._arrival:
            self._arrival.wait_for(lambda: self._begun)
            return self._begun.pop(0)

    def next_now(self, fits: Callable[[Begin], bool]) -> Begin | None:
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
        header, pixels = lengths(bytes(self._exactly(LENGTHS.size)))
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
