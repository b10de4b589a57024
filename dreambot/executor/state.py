"""What an executor says of its devices, for health checks and metrics."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DeviceState:
    """A device now.

    name: what it is called in the log. kind: "cpu", "cuda", "mps"; device: what people call it; both empty
    until its worker was ready once. jobs: the ids of those at hand. restarts: how often its worker ended and
    had to be started again. trouble: why it is not to be counted on at present. busy_seconds: how long it has
    had jobs at hand, in all. batch: how many jobs share it now.
    """

    name: str
    kind: str
    device: str
    alive: bool
    jobs: tuple[str, ...]
    restarts: int
    trouble: str | None
    busy_seconds: float
    batch: int
