"""The worker's end of the pipe."""

import os
import queue
import socket
import threading

from dreambot.executor.protocol import LENGTHS, Begin, Cancel, Message, lengths, pack, unpack


class Inbox:
    """Reads on a thread of its own, so that a cancel and the parent's end are noticed during a step."""

    def __init__(self, pipe: socket.socket) -> None:
        self._pipe = pipe
        self._begun: queue.SimpleQueue[Begin] = queue.SimpleQueue()
        self._cancelled: set[str] = set()
        threading.Thread(target=self._read_on, name="inbox", daemon=True).start()

    def next(self) -> Begin:
        """Waits for the next job."""
        return self._begun.get()

    def is_cancelled(self, job: str) -> bool:
        """Whether the job was cancelled."""
        return job in self._cancelled

    def send(self, message: Message) -> None:
        """Sends an answer; from the main thread only."""
        head, pixels = pack(message)
        self._pipe.sendall(head)
        for part in pixels:
            self._pipe.sendall(part)

    def _read_on(self) -> None:
        try:
            while True:
                match self._receive():
                    case Begin() as begin:
                        self._cancelled.clear()
                        self._begun.put(begin)
                    case Cancel(job=job):
                        self._cancelled.add(job)
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
