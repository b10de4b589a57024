"""The sandbox's clock: real time plus an offset that tests can advance."""

import asyncio
import time


class Clock:
    """Wall time in Unix seconds. `advance` moves it forward and wakes the tasks that sleep on it."""

    def __init__(self) -> None:
        self._offset = 0.0
        self._moved: asyncio.Event | None = None

    def now(self) -> float:
        """Returns the sandbox's time in Unix seconds."""
        return time.time() + self._offset

    def advance(self, seconds: float) -> None:
        """Moves the clock forward.

        Args:
            seconds: At least 0.

        Raises:
            ValueError: `seconds` is negative.
        """
        if seconds < 0:
            raise ValueError(f"time runs forward only, got {seconds} s")
        self._offset += seconds
        if self._moved is not None:
            self._moved.set()
            self._moved = None

    async def sleep_until(self, moment: float) -> None:
        """Waits until a time is reached, by real time or by `advance`.

        Args:
            moment: Unix seconds.
        """
        while (left := moment - self.now()) > 0:
            if self._moved is None:
                self._moved = asyncio.Event()
            try:
                await asyncio.wait_for(self._moved.wait(), left)
            except TimeoutError:
                continue
