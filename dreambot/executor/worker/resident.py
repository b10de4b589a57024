"""The networks that a worker keeps in memory."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

N = TypeVar("N")


class Resident(Generic[N]):
    """Keeps what was used last, as much as there is room for.

    What was asked for first is the default model: it goes last of all.
    """

    def __init__(self, room: float, size: Callable[[N], int], let_go: Callable[[], None]) -> None:
        """room: bytes. size: of a network, in bytes. let_go: called after some were dropped. What is in use
        at the moment is kept, even if it is larger than the room."""
        self._room = room
        self._size = size
        self._let_go = let_go
        self._kept: OrderedDict[Hashable, tuple[N, int]] = OrderedDict()
        self._first: Hashable = None

    @property
    def bytes(self) -> int:
        """What they take."""
        return sum(size for _, size in self._kept.values())

    def get(self, key: Hashable, load: Callable[[], N]) -> N:
        """The network of that key, loaded if it is not here."""
        if key not in self._kept:
            network = load()
            self._kept[key] = network, self._size(network)
            if self._first is None:
                self._first = key
        self._kept.move_to_end(key)
        self._make_room(key)
        return self._kept[key][0]

    def _make_room(self, newest: Hashable) -> None:
        dropped = False
        while self.bytes > self._room and len(self._kept) > 1:
            oldest = [key for key in self._kept if key not in (newest, self._first)]
            del self._kept[oldest[0] if oldest else self._first]
            dropped = True
        if dropped:
            self._let_go()
