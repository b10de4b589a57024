"""A codec process's side of a film: the requests that make it, one after another."""

import time
from collections.abc import Generator

import numpy as np

from dreambot.media.encode import Encoded
from dreambot.media.film import Film
from dreambot.media.film_plan import FilmPlan
from dreambot.media.wire import Message

# A request that takes longer is answered with "not done yet", so that no film is too long for its time limit
WORK_SECONDS = 2.0


class FilmTasks:
    """The film that this process is making."""

    def __init__(self) -> None:
        """None yet."""
        self._film: Film | None = None
        self._finishing: Generator[None, None, Encoded] | None = None

    def begin(self, request: Message) -> Message:
        """Begins one, in place of any before it."""
        self._film = Film(FilmPlan(**request.values["plan"]), request.values["limit"])
        self._finishing = None
        return Message({})

    def add(self, request: Message) -> Message:
        """Adds a frame."""
        assert self._film is not None
        shape = request.values["height"], request.values["width"], 3
        self._film.add(np.frombuffer(request.buffers[0], np.uint8).reshape(shape), request.values["ms"])
        return Message({})

    def finish(self, request: Message) -> Message:
        """Works on the end of the film for a while; answers with the file once it is done."""
        assert self._film is not None
        self._finishing = self._finishing or self._film.finish()
        until = time.monotonic() + WORK_SECONDS
        while time.monotonic() < until:
            try:
                next(self._finishing)
            except StopIteration as end:
                file: Encoded = end.value
                described = {"format": file.format, "extension": file.extension}
                return Message(
                    {"done": True, **described, "height": file.height, "width": file.width}, [file.data]
                )
        return Message({"done": False})
