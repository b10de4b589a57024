"""/metrics: what was counted, and what is so at this moment."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import choose_encoder

from dreambot.jobs.types import JobState
from dreambot.web.store import unless_down
from dreambot.web.watched import Device, Watched

Unfinished = Mapping[JobState, int]
L = TypeVar("L", bound=tuple[str, ...])


async def scrape(registry: CollectorRegistry, watched: Watched, accepted: str) -> tuple[bytes, str]:
    """The metrics and their content type. accepted: the request's Accept header."""
    unfinished = await unless_down(watched.unfinished, None)
    encode, content_type = choose_encoder(accepted)
    return encode(_Everything(registry, watched, unfinished)), content_type


@dataclass(frozen=True)
class _Everything:
    """A registry, and what is read now. unfinished: None where the store does not answer."""

    registry: CollectorRegistry
    watched: Watched
    unfinished: Unfinished | None

    def collect(self) -> Iterable[Metric]:
        """All metrics."""
        yield from self.registry.collect()
        yield from self._jobs()
        yield from self._devices()
        shards = {(str(shard),): connected for shard, connected in self.watched.shards().items()}
        yield _gauge("shard_up", "Whether it is connected", shards, "shard")
        deaths = {(how,): count for how, count in self.watched.codec_deaths().items()}
        yield _counter("codec_deaths", "Codec processes that ended at work", deaths, "how")

    def _jobs(self) -> Iterable[Metric]:
        yield _gauge("store_up", "Whether the database answers", {(): self.unfinished is not None})
        unfinished = {(str(state),): count for state, count in (self.unfinished or {}).items()}
        yield _gauge("jobs_unfinished", "Jobs that are not over, of all processes", unfinished, "state")
        length, oldest = self.watched.queue()
        yield _gauge("queue_length", "Jobs that wait for a device", {(): length})
        yield _gauge("queue_oldest_seconds", "How long the oldest of them has waited", {(): oldest})

    def _devices(self) -> Iterable[Metric]:
        devices = tuple(self.watched.devices())

        def each(value: Callable[[Device], float]) -> dict[tuple[str, ...], float]:
            return {(one.name, one.kind): value(one) for one in devices}

        labels = ("device", "kind")
        yield _gauge("worker_up", "Whether the device's worker runs", each(lambda one: one.alive), *labels)
        yield _gauge("device_jobs", "Jobs that it has at hand", each(lambda one: len(one.jobs)), *labels)
        yield _gauge("device_batch", "Jobs that it dreams at once", each(lambda one: one.batch), *labels)
        busy = each(lambda one: one.busy_seconds)
        yield _counter("device_busy_seconds", "How long it had jobs at hand", busy, *labels)
        restarts = each(lambda one: one.restarts)
        yield _counter("worker_restarts", "How often its worker was started again", restarts, *labels)


def _gauge(name: str, what: str, values: Mapping[L, float], *labels: str) -> Metric:
    return _filled(GaugeMetricFamily(f"dreambot_{name}", f"{what}.", labels=labels), values)


def _counter(name: str, what: str, values: Mapping[L, float], *labels: str) -> Metric:
    return _filled(CounterMetricFamily(f"dreambot_{name}", f"{what}.", labels=labels), values)


def _filled(family: GaugeMetricFamily | CounterMetricFamily, values: Mapping[L, float]) -> Metric:
    for labels, value in values.items():
        family.add_metric(labels, value)
    return family
