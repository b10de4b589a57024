"""Limits how much work runs at once, in total and per requester."""

import asyncio
import itertools
from collections import Counter
from collections.abc import AsyncIterator, Hashable, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar

_requester: ContextVar[Hashable] = ContextVar("requester", default=None)


def current_requester() -> Hashable:
    """Returns who the current task works for; None if no person was named."""
    return _requester.get()


@contextmanager
def requested_by(person: Hashable) -> Iterator[None]:
    """Makes the current task, and the tasks it creates inside the context, work for a person.

    Args:
        person: Discord id of the requester, or anything else that identifies a person.
    """
    token = _requester.set(person)
    try:
        yield
    finally:
        _requester.reset(token)


class FairSemaphore:
    """A semaphore shared fairly between keys.

    A free slot is given to the key that holds the fewest; of equals, to the one that was served longest ago,
    so that no key waits for all the work of another.
    """

    def __init__(self, total: int, per_key: int) -> None:
        """Starts with all slots free.

        Args:
            total: Number of slots.
            per_key: How many of them one key may hold. Work without a key (None) may hold all.
        """
        self._free = total
        self._per_key = per_key
        self._held: Counter[Hashable] = Counter()
        self._waiting: list[tuple[asyncio.Future[None], Hashable]] = []
        self._served: dict[Hashable, int] = {}
        self._grants = itertools.count(1)

    @asynccontextmanager
    async def hold(self, key: Hashable) -> AsyncIterator[None]:
        """Waits for a slot, and holds it inside the context.

        Args:
            key: Who the slot is for.
        """
        await self.acquire(key)
        try:
            yield
        finally:
            self.release(key)

    async def acquire(self, key: Hashable) -> None:
        """Waits for a slot.

        Args:
            key: Who the slot is for. Release it with the same key.
        """
        waiter = asyncio.get_running_loop().create_future(), key
        self._waiting.append(waiter)
        self._grant()
        try:
            await waiter[0]
        except BaseException:
            if waiter in self._waiting:
                self._waiting.remove(waiter)
            else:
                self.release(key)
            raise

    def release(self, key: Hashable) -> None:
        """Returns a slot.

        Args:
            key: As for `acquire`.
        """
        self._free += 1
        self._held[key] -= 1
        if not self._held[key]:
            del self._held[key]
        self._grant()
        if not self._held[key] and all(other != key for _, other in self._waiting):
            self._served.pop(key, None)

    def _grant(self) -> None:
        while self._free:
            ready = [
                waiter
                for waiter in self._waiting
                if waiter[1] is None or self._held[waiter[1]] < self._per_key
            ]
            if not ready:
                return
            chosen = min(ready, key=lambda waiter: (self._held[waiter[1]], self._served.get(waiter[1], 0)))
            self._waiting.remove(chosen)
            self._served[chosen[1]] = next(self._grants)
            self._free -= 1
            self._held[chosen[1]] += 1
            if not chosen[0].done():
                chosen[0].set_result(None)
