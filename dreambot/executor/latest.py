"""A value that changes, for readers who only care for the newest."""

import asyncio
from collections.abc import AsyncIterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Latest(Generic[T]):
    """Latest wins: a slow reader skips what it missed, so nothing piles up. Any number of readers."""

    def __init__(self) -> None:
        self._values: tuple[T, ...] = ()
        self._version = 0
        self._closed = False
        self._pulse = asyncio.Event()

    def put(self, value: T) -> None:
        """Replaces the value; nothing happens after `close`."""
        if not self._closed:
            self._values = (value,)
            self._version += 1
            self._wake()

    def close(self) -> None:
        """No more values: readers get the newest if they have not seen it, and end."""
        self._closed = True
        self._wake()

    def _wake(self) -> None:
        pulse, self._pulse = self._pulse, asyncio.Event()
        pulse.set()

    async def __aiter__(self) -> AsyncIterator[T]:
        seen = 0
        while True:
            if seen != self._version:
                seen = self._version
                yield self._values[0]
            elif self._closed:
                return
            else:
                await self._pulse.wait()
