"""What a device has for a bot, until the bot fetches it."""

import asyncio
import threading
from collections import deque

MOST = 16
"""Messages that may lie here; then the device waits. A film's frames could fill the memory otherwise."""


class Mailbox:
    """Filled by the engine's thread, emptied by the event loop it was made on."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._arrived = asyncio.Event()
        self._messages: deque[bytes] = deque()
        self._room = threading.Condition()
        self._closed = False

    def put(self, message: bytes) -> None:
        """Adds a message; waits for room. Drops it once the box is closed."""
        with self._room:
            self._room.wait_for(lambda: self._closed or len(self._messages) < MOST)
            if not self._closed:
                self._messages.append(message)
        self._loop.call_soon_threadsafe(self._arrived.set)

    async def take(self, patience: float) -> list[bytes]:
        """All that is here; waits at most `patience` seconds for a first one."""
        try:
            async with asyncio.timeout(patience):
                await self._arrived.wait()
        except TimeoutError:
            return []
        with self._room:
            messages = list(self._messages)
            self._messages.clear()
            self._arrived.clear()
            self._room.notify_all()
        return messages

    def close(self) -> None:
        """Nobody fetches any more: what is here and what comes is dropped, and nothing waits for room."""
        with self._room:
            self._closed = True
            self._messages.clear()
            self._room.notify_all()
