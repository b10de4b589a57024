"""What the bot can be asked about itself at any moment."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from dreambot.jobs.types import JobState


class Device(Protocol):
    """A device now; see the executor's DeviceState."""

    @property
    def name(self) -> str:
        """What it is called in the log."""

    @property
    def kind(self) -> str:
        """cpu, cuda, mps."""

    @property
    def alive(self) -> bool:
        """Whether its worker runs."""

    @property
    def jobs(self) -> Sequence[str]:
        """The ids of those at hand."""

    @property
    def batch(self) -> int:
        """How many of them it dreams at once."""

    @property
    def restarts(self) -> int:
        """How often its worker was started again."""

    @property
    def busy_seconds(self) -> float:
        """How long it had jobs at hand, in all."""


@dataclass(frozen=True)
class Watched:
    """Questions, each answered at once; those to the store when the database has answered.

    working: False once it cannot go on and only waits for its end. taking: whether new jobs are taken.
    shards: those that this process is to open, by id, and whether each is connected. queue: how many jobs
    wait, and for how many seconds the oldest of them has. codec_deaths: how many codec processes ended at
    work, by how. unfinished: how many jobs are not over, by state, of all processes on one database.
    """

    working: Callable[[], bool]
    taking: Callable[[], bool]
    shards: Callable[[], Mapping[int, bool]]
    devices: Callable[[], Sequence[Device]]
    queue: Callable[[], tuple[int, float]]
    codec_deaths: Callable[[], Mapping[str, int]]
    store_alive: Callable[[], Awaitable[bool]]
    unfinished: Callable[[], Awaitable[Mapping[JobState, int]]]
