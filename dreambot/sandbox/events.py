"""The event bus: publishes changes to gateway sessions, chat pages and waiting tests."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from dreambot.sandbox.models import Channel, Guild, Interaction, Json, Message, User

T = TypeVar("T")


@dataclass(frozen=True)
class Event:
    """A change in the sandbox, named like the gateway event. Each listener encodes it as its own JSON."""

    name: str
    guild: Guild | None = None
    channel: Channel | None = None
    message: Message | None = None
    interaction: Interaction | None = None
    user: User | None = None
    data: Json = field(default_factory=dict)


class EventBus:
    """Calls the listeners of each event at once, in the order in which events are published."""

    def __init__(self) -> None:
        self._listeners: list[Callable[[Event], None]] = []
        self._changed: asyncio.Event | None = None

    def listen(self, listener: Callable[[Event], None]) -> Callable[[], None]:
        """Registers a listener.

        Args:
            listener: Called with each event.

        Returns:
            A function that removes the listener.
        """
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def publish(self, event: Event) -> None:
        """Passes an event to all listeners, and wakes those who wait.

        Args:
            event: The event.
        """
        for listener in tuple(self._listeners):
            listener(event)
        if self._changed is not None:
            self._changed.set()
            self._changed = None

    async def wait_for(self, condition: Callable[[], T | None], timeout: float, description: str) -> T:
        """Waits until a condition returns something other than None and False, and returns it.

        Args:
            condition: Called now and after each event.
            timeout: Seconds to wait.
            description: What is waited for, for the error message.

        Raises:
            TimeoutError: The condition was not met in time.
        """
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
