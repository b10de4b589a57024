"""Limits how much work runs at once, in total and per requester, and tracks who the current task works
for."""

import asyncio
import itertools
from collections import Counter
from collections.abc import AsyncIterator, Hashable, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar

_requester: ContextVar[Hashable] = ContextVar("asker", default=None)


def current_requester() -> Hashable:
    """The person for whom the current task works; None where nobody was named."""
    return _requester.get()


@contextmanager
def requested_by(person: Hashable) -> Iterator[None]:
    """Within this context, the current task and those that it creates work for a person.

    Args:
        person: Discord's id of who asked, or anything else that tells people apart.
    """
    token = _requester.set(person)
    try:
        yield
    finally:
        _requester.reset(token)


class FairSemaphore:
    """Slots for work. A free one goes to the key that holds the fewest; of equals, to the one that was served
    longest ago, so that no key waits for all the work of another."""

    def __init__(self, total: int, each: int) -> None:
        """Starts with all slots free.

        Args:
            total: How many slots there are.
            each: How many of them one key may hold. Work without a key (None) may take all.
        """
        self._free = total
        self._each = each
        self._held: Counter[Hashable] = Counter()
        self._waiting: list[tuple[asyncio.Future[None], Hashable]] = []
        self._served: dict[Hashable, int] = {}
        self._grants = itertools.count(1)

    @asynccontextmanager
    async def hold(self, key: Hashable) -> AsyncIterator[None]:
        """Waits for a slot, and holds it while the context is entered."""
        await self.take(key)
        try:
            yield
        finally:
            self.give(key)

    async def take(self, key: Hashable) -> None:
        """Waits for a slot. Whoever takes one gives it back with the same key."""
        waiter = asyncio.get_running_loop().create_future(), key
        self._waiting.append(waiter)
        self._grant()
        try:
            await waiter[0]
        except BaseException:
            if waiter in self._waiting:
                self._waiting.remove(waiter)
            else:
                self.give(key)
            raise

    def give(self, key: Hashable) -> None:
        """Gives a slot back."""
        self._free += 1
        self._held[key] -= 1
        if not self._held[key]:
            del self._held[key]
        self._grant()
        if not self._held[key] and all(other != key for _, other in self._waiting):
            self._served.pop(key, None)

    def _grant(self) -> None:
        while self._free:
            ready = [one for one in self._waiting if one[1] is None or self._held[one[1]] < self._each]
            if not ready:
                return
            chosen = min(ready, key=lambda one: (self._held[one[1]], self._served.get(one[1], 0)))
            self._waiting.remove(chosen)
            self._served[chosen[1]] = next(self._grants)
            self._free -= 1
            self._held[chosen[1]] += 1
            if not chosen[0].done():
                chosen[0].set_result(None)
