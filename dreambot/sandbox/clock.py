"""The sandbox's clock: real time plus an offset that tests can advance."""

import asyncio
import time


class Clock:
    """Wall time in Unix seconds. `advance` moves it forward, and whoever sleeps on it wakes accordingly."""

    def __init__(self) -> None:
        self._offset = 0.0
        self._moved: asyncio.Event | None = None

    def now(self) -> float:
        """Unix seconds, as everyone in the sandbox sees them."""
        return time.time() + self._offset

    def advance(self, seconds: float) -> None:
        """Let `seconds` (≥ 0) pass at once."""
        if seconds < 0:
            raise ValueError(f"time runs forward only, got {seconds} s")
        self._offset += seconds
        if self._moved is not None:
            self._moved.set()
            self._moved = None

    async def sleep_until(self, moment: float) -> None:
        """Wait until `now()` ≥ `moment` (Unix seconds), whether time passes or is moved."""
        while (left := moment - self.now()) > 0:
            if self._moved is None:
                self._moved = asyncio.Event()
            try:
                await asyncio.wait_for(self._moved.wait(), left)
            except TimeoutError:
                continue
