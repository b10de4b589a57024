"""A device as the queue and its estimates see it."""

from typing import Protocol

from dreambot.executor.protocol import Ready


class Device(Protocol):
    """What takes jobs off the queue."""

    @property
    def ready(self) -> Ready | None:
        """What it is, once that is known."""

    @property
    def alive(self) -> bool:
        """Whether it can work."""


def device_name(device: Device | None) -> str:
    """Its kind and its model: the same for devices that are as fast as one another."""
    ready = device.ready if device else None
    return f"{ready.kind} {ready.name}" if ready else "cpu"
