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
    """The result of one evening.

    Attributes:
        waits: seconds from each request to the start of its dream.
        done: seconds from each request to its result.
        refused: how many requests were refused.
        busy: the share of the time that the devices were busy, 0 to 1.
        batch: the mean batch size.
    """

    waits: list[float]
    done: list[float]
    refused: int
    busy: float
    batch: float

    @property
    def median(self) -> float:
        """The median wait in seconds."""
        return statistics.median(self.waits)

    @property
    def late(self) -> float:
        """The 95th percentile of the waits in seconds."""
        return statistics.quantiles(self.waits, n=20)[-1]


class Simulation:
    """One evening with several equal devices.

    Jobs join a batch only when it starts, and no stills are interleaved with videos, so stills wait a little
    longer than with the real bot.
    """

    def __init__(self, times: DeviceSpeed, devices: int, limits: QueueLimits) -> None:
        """Creates an empty simulation.

        Args:
            times: how long a device takes.
            devices: how many there are.
            limits: how many jobs may wait.
        """
        self._times, self._devices, self._limits = times, devices, limits
        self._queue: TwoClassQueue[int] = TwoClassQueue()
        self._by_person: Counter[int] = Counter()
        self._by_server: Counter[int] = Counter()
        self._by_batch_key: Counter[Hashable] = Counter()
        self._refused = 0

    def run(self, requests: Sequence[SimulatedRequest]) -> SimulationResult:
        """Simulates the time from the first request until the last dream is done.

        Args:
            requests: in order of time.
        """
        waits, done, busy, batches = [], [], 0.0, 0
        idle = self._devices
        working: list[tuple[float, int, bool]] = []
        at, now, videos = 0, 0.0, 0
        while at < len(requests) or working:
            if at < len(requests) and (not working or requests[at].time <= working[0][0]):
                now = requests[at].time
                self._submit(at, requests)
                at += 1
            else:
                now, _, video = heapq.heappop(working)
                videos -= video
                idle += 1
            while idle and (batch := self._batch(requests, allow_long=videos + 1 < self._devices)):
                seconds = self._times.seconds([requests[number].dream for number in batch])
                video = requests[batch[0]].dream.frames > 1
                videos += video
                idle -= 1
                busy += seconds
                batches += 1
                heapq.heappush(working, (now + seconds, batch[0], video))
                waits += [now - requests[number].time for number in batch]
                done += [now + seconds - requests[number].time for number in batch]
        share = busy / self._devices / now
        return SimulationResult(waits, done, self._refused, share, len(waits) / max(1, batches))

    def _submit(self, number: int, requests: Sequence[SimulatedRequest]) -> None:
        request, limits = requests[number], self._limits
        if (
            self._by_person[request.person] >= limits.person
            or self._by_server[request.server] >= limits.server
            or len(self._queue) >= limits.total
        ):
            self._refused += 1
            return
        seconds = self._times.seconds([request.dream])
        long = request.dream.frames > 1 or seconds > LONG_SECONDS
        self._queue.put(number, JobAttributes(request.person, request.server, seconds, long))
        self._count(request, 1)

    def _batch(self, requests: Sequence[SimulatedRequest], *, allow_long: bool) -> list[int]:
        first = self._queue.take(allow_long=allow_long or self._devices == 1)
        if first is None:
            return []
        batch = [first]
        self._count(requests[first], -1)
        key = requests[first].dream.batch_key
        while key and len(batch) < self._times.batch and self._by_batch_key[key]:
            other = self._queue.take(lambda number: requests[number].dream.batch_key == key)
            assert other is not None
            self._count(requests[other], -1)
            batch.append(other)
        return batch

    def _count(self, request: SimulatedRequest, by: int) -> None:
        self._by_person[request.person] += by
        self._by_server[request.server] += by
        self._by_batch_key[request.dream.batch_key] += by
