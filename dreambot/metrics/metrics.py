"""Everything that is counted as it happens."""

from importlib.metadata import version
from platform import python_version
from typing import Literal

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector

Way = Literal["edit", "late", "reply"]
"""How a dream reached people: by editing the answer to their command, by a message after the command's token
was over, by a reply to their message."""

Failure = Literal["deleted", "no_way_in", "too_large", "discord", "connection", "other"]
"""Why it did not: the message was deleted; the channel is gone or closed; no file is small enough; Discord
refused otherwise; Discord could not be reached; anything else."""

_WAITS = (0.1, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200)
_DREAMS = (0.25, 0.5, 1, 2, 3, 5, 7, 10, 15, 20, 30, 60, 120, 300, 600)
# Discord gives up after 3 s; the promise is 0.25 s.
_ACKNOWLEDGEMENTS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.5, 1, 2, 3, 5)
_REQUESTS = (0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30)
_DELAYS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 3)
_BATCHES = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32)


class Metrics:
    """Counters and histograms in a registry of their own. Every label has few values: no ids, no words of
    people's. Methods are cheap, never fail and never wait; one event loop's."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._moves = self._counter("jobs", "Jobs that came into a state", "kind", "state")
        self._waits = self._histogram("queue_wait_seconds", "From queued to running", _WAITS)
        self._dreams = self._histogram("dream_seconds", "Seconds of a device for a dream", _DREAMS, "model")
        self._batches = self._histogram("batch_size", "Jobs that a working device is at, at a look", _BATCHES)
        self._acknowledgements = self._histogram(
            "acknowledgement_seconds",
            "From an interaction's arrival to the end of our first answer to it",
            _ACKNOWLEDGEMENTS,
            "kind",
        )
        self._deliveries = self._counter("deliveries", "Dreams that reached people", "way")
        self._failures = self._counter("delivery_failures", "Dreams that did not reach people", "reason")
        self._requests = self._counter(
            "discord_requests", "Requests to Discord that were answered", "method", "route", "status"
        )
        self._request_seconds = self._histogram(
            "discord_request_seconds", "From a request to its answer's head", _REQUESTS, "method", "route"
        )
        self._reconnects = self._counter("gateway_reconnects", "Shards connected again", "shard")
        self._delays = self._histogram("loop_delay_seconds", "How late the event loop is", _DELAYS)
        about = Gauge("dreambot_build_info", "What runs", ("version", "python"), registry=self.registry)
        about.labels(version("dreambot"), python_version()).set(1)
        ProcessCollector(registry=self.registry)

    def job_moved(self, kind: str, state: str) -> None:
        """A job came into a state. kind: one word for each sort of job."""
        self._moves.labels(kind, state).inc()

    def waited(self, seconds: float) -> None:
        """A job's turn came, that many seconds after it was queued."""
        self._waits.observe(seconds)

    def dreamed(self, model: str, seconds: float) -> None:
        """A job's dream is done. model: the name in its recipe. seconds: the device's, as `Done` says."""
        self._dreams.labels(model).observe(seconds)

    def batched(self, jobs: int) -> None:
        """Somebody looked at a device and found it at that many jobs; 1 is one by itself."""
        self._batches.observe(jobs)

    def acknowledged(self, kind: str, seconds: float) -> None:
        """An interaction got its first answer, or Discord's refusal of it. kind: discord.py's word for it."""
        self._acknowledgements.labels(kind).observe(seconds)

    def delivered(self, way: Way) -> None:
        """A dream reached the people who asked for it."""
        self._deliveries.labels(way).inc()

    def delivery_failed(self, reason: Failure) -> None:
        """A finished dream was given up."""
        self._failures.labels(reason).inc()

    def requested(self, method: str, route: str, status: str, seconds: float) -> None:
        """Discord answered a request. route: a template, without ids. status: HTTP's, `dropped` where no
        answer came, `cancelled` where we no longer wanted it."""
        self._requests.labels(method, route, status).inc()
        self._request_seconds.labels(method, route).observe(seconds)

    def reconnected(self, shard: int) -> None:
        """A shard that had lost its connection has it again."""
        self._reconnects.labels(str(shard)).inc()

    def loop_late(self, seconds: float) -> None:
        """The event loop did something that much later than it should have."""
        self._delays.observe(seconds)

    def _counter(self, name: str, what: str, *labels: str) -> Counter:
        return Counter(f"dreambot_{name}", f"{what}.", labels, registry=self.registry)

    def _histogram(self, name: str, what: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
        return Histogram(f"dreambot_{name}", f"{what}.", labels, registry=self.registry, buckets=buckets)
