"""Who is next: first come, first served, up to a limit."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator

from dreambot.executor.run import Run
from dreambot.executor.types import QueueFull


class JobQueue:
    """The jobs that wait for a device."""

    def __init__(self, limit: int, changed: Callable[[], None]) -> None:
        """limit: how many may wait. changed: called whenever somebody's place may have changed."""
        self._limit = limit
        self._changed = changed
        self._waiting: deque[Run] = deque()
        self._arrival = asyncio.Event()
        self._paused = False

    def __iter__(self) -> Iterator[Run]:
        """In the order they will start."""
        return iter(tuple(self._waiting))

    def put(self, run: Run) -> None:
        """Appends a job. Raises QueueFull, but not for one that was accepted before."""
        if len(self._waiting) >= self._limit and not run.accepted:
            raise QueueFull(
                f"I already have {self._limit} dreams waiting, which is all I can remember; "
                "please ask again in a minute or two."
            )
        self._waiting.append(run)
        self._arrival.set()
        self._changed()

    def remove(self, run: Run) -> None:
        """Takes a job out, if it is there."""
        if run in self._waiting:
            self._waiting.remove(run)
            self._changed()

    def pause(self) -> None:
        """Gives no more jobs out."""
        self._paused = True

    async def take(self) -> Run:
        """Waits for the next job and takes it. A cancelled `take` loses none."""
        while not self._waiting or self._paused:
            self._arrival.clear()
            await self._arrival.wait()
        run = self._waiting.popleft()
        run.place = 0
        self._changed()
        return run
