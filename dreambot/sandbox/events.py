"""The event bus: publishes what happens to gateway sessions, chat pages and waiting tests."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from dreambot.sandbox.models import Channel, Guild, Interaction, Json, Message, User

T = TypeVar("T")


@dataclass(frozen=True)
class Event:
    """One happening, named as the gateway names it. Each listener makes its own JSON of it."""

    name: str
    guild: Guild | None = None
    channel: Channel | None = None
    message: Message | None = None
    interaction: Interaction | None = None
    user: User | None = None
    data: Json = field(default_factory=dict)


class EventBus:
    """Passes events on at once, in the order they happen."""

    def __init__(self) -> None:
        self._listeners: list[Callable[[Event], None]] = []
        self._changed: asyncio.Event | None = None

    def listen(self, listener: Callable[[Event], None]) -> Callable[[], None]:
        """Call `listener` with each event; returns what ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def publish(self, event: Event) -> None:
        """Tell everyone."""
        for listener in tuple(self._listeners):
            listener(event)
        if self._changed is not None:
            self._changed.set()
            self._changed = None

    async def wait_for(self, condition: Callable[[], T | None], timeout: float, description: str) -> T:
        """Wait until `condition()` is neither None nor False, asking after each event, and return it.

        Raises TimeoutError saying `description` did not come within `timeout` seconds."""
        try:
            async with asyncio.timeout(timeout):
                while True:
                    found = condition()
                    if found is not None and found is not False:
                        return found
                    if self._changed is None:
                        self._changed = asyncio.Event()
                    await self._changed.wait()
        except TimeoutError:
            raise TimeoutError(f"{description} did not come within {timeout:g} s") from None
