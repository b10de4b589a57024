"""A bot whose status is set by a test."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dreambot.jobs.models import JobState
from dreambot.web import BotStatus


@dataclass
class FakeDevice:
    """A device of a fake bot."""

    name: str = "cpu"
    kind: str = "cpu"
    alive: bool = True
    jobs: Sequence[str] = ()
    batch: int = 0
    restarts: int = 0
    busy_seconds: float = 0.0
    check_problem: str = ""


@dataclass
class FakeBot:
    """The values that `watched` reports. lost: the database raises."""

    working: bool = True
    taking: bool = True
    shards: dict[int, bool] = field(default_factory=lambda: {0: True, 1: True})
    devices: list[FakeDevice] = field(default_factory=lambda: [FakeDevice()])
    queue: tuple[int, float] = (0, 0.0)
    codec_deaths: dict[str, int] = field(default_factory=dict)
    unfinished: dict[JobState, int] = field(default_factory=dict)
    lost: bool = False

    @property
    def watched(self) -> BotStatus:
        """The status of this bot."""
        return BotStatus(
            working=lambda: self.working,
            taking=lambda: self.taking,
            shards=lambda: self.shards,
            devices=lambda: self.devices,
            queue=lambda: self.queue,
            codec_deaths=lambda: self.codec_deaths,
            store_alive=self._alive,
            unfinished=self._unfinished,
        )

    async def _alive(self) -> bool:
        return not self.lost

    async def _unfinished(self) -> Mapping[JobState, int]:
        if self.lost:
            raise ConnectionError("no database")
        return self.unfinished
