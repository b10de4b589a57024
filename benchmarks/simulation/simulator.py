"""Simulates the requests over the bot's own queue, with its limits and batches."""

import heapq
import statistics
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from benchmarks.simulation.device_speed import DeviceSpeed
from benchmarks.simulation.workload import SimulatedRequest
from dreambot.scheduler.fair_queue import LONG_SECONDS, JobAttributes, TwoClassQueue
from dreambot.scheduler.job_queue import QueueLimits


@dataclass(frozen=True)
class SimulationResult:
    """Of one evening. waits: seconds until each dream began; done: until it was done. busy: the devices'
    share. batch: mean size."""

    waits: list[float]
    done: list[float]
    refused: int
    busy: float
    batch: float

    @property
    def median(self) -> float:
        """Of the waits."""
        return statistics.median(self.waits)

    @property
    def late(self) -> float:
        """The wait that 95 % do not exceed."""
        return statistics.quantiles(self.waits, n=20)[-1]


class Simulation:
    """One evening over so many devices alike. A batch takes those in that wait when it begins. Films have
    no guests here, so that stills wait rather longer than in life."""

    def __init__(self, times: DeviceSpeed, devices: int, caps: QueueLimits) -> None:
        self._times, self._devices, self._caps = times, devices, caps
        self._turns: TwoClassQueue[int] = TwoClassQueue()
        self._people: Counter[int] = Counter()
        self._servers: Counter[int] = Counter()
        self._alike: Counter[Hashable] = Counter()
        self._refused = 0

    def run(self, asks: Sequence[SimulatedRequest]) -> SimulationResult:
        """From the first ask until the last dream is done."""
        waits, done, busy, batches = [], [], 0.0, 0
        idle = self._devices
        working: list[tuple[float, int, bool]] = []
        at, now, films = 0, 0.0, 0
        while at < len(asks) or working:
            if at < len(asks) and (not working or asks[at].when <= working[0][0]):
                now = asks[at].when
                self._ask(at, asks)
                at += 1
            else:
                now, _, film = heapq.heappop(working)
                films -= film
                idle += 1
            while idle and (batch := self._batch(asks, allow_long=films + 1 < self._devices)):
                seconds = self._times.seconds([asks[number].dream for number in batch])
                film = asks[batch[0]].dream.frames > 1
                films += film
                idle -= 1
                busy += seconds
                batches += 1
                heapq.heappush(working, (now + seconds, batch[0], film))
                waits += [now - asks[number].when for number in batch]
                done += [now + seconds - asks[number].when for number in batch]
        share = busy / self._devices / now
        return SimulationResult(waits, done, self._refused, share, len(waits) / max(1, batches))

    def _ask(self, number: int, asks: Sequence[SimulatedRequest]) -> None:
        ask, caps = asks[number], self._caps
        if (
            self._people[ask.person] >= caps.person
            or self._servers[ask.server] >= caps.server
            or len(self._turns) >= caps.total
        ):
            self._refused += 1
            return
        seconds = self._times.seconds([ask.dream])
        long = ask.dream.frames > 1 or seconds > LONG_SECONDS
        self._turns.put(number, JobAttributes(ask.person, ask.server, seconds, long))
        self._count(ask, 1)

    def _batch(self, asks: Sequence[SimulatedRequest], *, allow_long: bool) -> list[int]:
        first = self._turns.take(allow_long=allow_long or self._devices == 1)
        if first is None:
            return []
        batch = [first]
        self._count(asks[first], -1)
        alike = asks[first].dream.alike
        while alike and len(batch) < self._times.batch and self._alike[alike]:
            other = self._turns.take(lambda number: asks[number].dream.alike == alike)
            assert other is not None
            self._count(asks[other], -1)
            batch.append(other)
        return batch

    def _count(self, ask: SimulatedRequest, by: int) -> None:
        self._people[ask.person] += by
        self._servers[ask.server] += by
        self._alike[ask.dream.alike] += by
