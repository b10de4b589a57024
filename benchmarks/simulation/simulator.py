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
        waits: Seconds until each dream started.
        done: Seconds until each dream was finished.
        refused: Number of refused requests.
        busy: Share of the time that devices were busy.
        batch: Mean batch size.
    """

    waits: list[float]
    done: list[float]
    refused: int
    busy: float
    batch: float

    @property
    def median(self) -> float:
        """Median wait in seconds."""
        return statistics.median(self.waits)

    @property
    def late(self) -> float:
        """95th percentile of the waits in seconds."""
        return statistics.quantiles(self.waits, n=20)[-1]


class Simulation:
    """Simulates an evening on identical devices.

    A batch contains the dreams that wait when it starts. No runs are interleaved with videos, so still images
    wait a little longer than in reality.
    """

    def __init__(self, times: DeviceSpeed, devices: int, caps: QueueLimits) -> None:
        """Creates a simulation.

        Args:
            times: Speed of a device.
            devices: Number of devices.
            caps: Limits of the queue.
        """
        self._times, self._devices, self._caps = times, devices, caps
        self._queue: TwoClassQueue[int] = TwoClassQueue()
        self._people: Counter[int] = Counter()
        self._servers: Counter[int] = Counter()
        self._by_batch_key: Counter[Hashable] = Counter()
        self._refused = 0

    def run(self, requests: Sequence[SimulatedRequest]) -> SimulationResult:
        """Runs from the first request until the last dream is finished.

        Args:
            requests: The evening in order of time.
        """
        waits, done, busy, batches = [], [], 0.0, 0
        idle = self._devices
        working: list[tuple[float, int, bool]] = []
        index, now, videos = 0, 0.0, 0
        while index < len(requests) or working:
            if index < len(requests) and (not working or requests[index].when <= working[0][0]):
                now = requests[index].when
                self._submit(index, requests)
                index += 1
            else:
                now, _, is_video = heapq.heappop(working)
                videos -= is_video
                idle += 1
            while idle and (batch := self._batch(requests, allow_long=videos + 1 < self._devices)):
                seconds = self._times.seconds([requests[number].dream for number in batch])
                is_video = requests[batch[0]].dream.frames > 1
                videos += is_video
                idle -= 1
                busy += seconds
                batches += 1
                heapq.heappush(working, (now + seconds, batch[0], is_video))
                waits += [now - requests[number].when for number in batch]
                done += [now + seconds - requests[number].when for number in batch]
        share = busy / self._devices / now
        return SimulationResult(waits, done, self._refused, share, len(waits) / max(1, batches))

    def _submit(self, number: int, requests: Sequence[SimulatedRequest]) -> None:
        request, caps = requests[number], self._caps
        if (
            self._people[request.person] >= caps.person
            or self._servers[request.server] >= caps.server
            or len(self._queue) >= caps.total
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
        batch_key = requests[first].dream.batch_key
        while batch_key and len(batch) < self._times.batch and self._by_batch_key[batch_key]:
            other = self._queue.take(lambda number: requests[number].dream.batch_key == batch_key)
            assert other is not None
            self._count(requests[other], -1)
            batch.append(other)
        return batch

    def _count(self, request: SimulatedRequest, by: int) -> None:
        self._people[request.person] += by
        self._servers[request.server] += by
        self._by_batch_key[request.dream.batch_key] += by
