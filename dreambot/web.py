"""The operators' web server: /healthz, /healthz/ready and /metrics."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Protocol, TypeVar

from aiohttp import web
from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import choose_encoder

from dreambot.config import ConfigError
from dreambot.jobs.models import JobState
from dreambot.metrics import Metrics

log = logging.getLogger(__name__)

DATABASE_TIMEOUT_S = 2.0
"""Seconds that it may take; whoever asks us does not wait for ever either."""

T = TypeVar("T")
U = TypeVar("U")


async def query_or_default(ask: Callable[[], Awaitable[T]], otherwise: U) -> T | U:
    """What it says, or `otherwise` where it fails, or says nothing for two seconds."""
    try:
        async with asyncio.timeout(DATABASE_TIMEOUT_S):
            return await ask()
    except Exception as error:
        log.warning("The database does not answer: %s", error or type(error).__name__)
        return otherwise


class DeviceStatus(Protocol):
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
class BotStatus:
    """Questions, each answered at once; those to the store when the database has answered.

    working: False once it cannot go on and only waits for its end. taking: whether new jobs are taken.
    shards: those that this process is to open, by id, and whether each is connected. queue: how many jobs
    wait, and for how many seconds the oldest of them has. codec_deaths: how many codec processes ended at
    work, by how. unfinished: how many jobs are not over, by state, of all processes on one database.
    """

    working: Callable[[], bool]
    taking: Callable[[], bool]
    shards: Callable[[], Mapping[int, bool]]
    devices: Callable[[], Sequence[DeviceStatus]]
    queue: Callable[[], tuple[int, float]]
    codec_deaths: Callable[[], Mapping[str, int]]
    store_alive: Callable[[], Awaitable[bool]]
    unfinished: Callable[[], Awaitable[Mapping[JobState, int]]]


async def check_parts(watched: BotStatus) -> dict[str, bool]:
    """Each part by name: `jobs` (false while it drains), `store`, `shard 0` and so on, `worker cuda:0` and
    so on; `workers` where there is none."""
    shards = {f"shard {number}": connected for number, connected in sorted(watched.shards().items())}
    workers = {f"worker {device.name}": device.alive for device in watched.devices()}
    return {
        "jobs": watched.taking(),
        "store": await query_or_default(watched.store_alive, False),
        **shards,
        **(workers or {"workers": False}),
    }


UnfinishedJobs = Mapping[JobState, int]
L = TypeVar("L", bound=tuple[str, ...])


async def render_metrics(registry: CollectorRegistry, watched: BotStatus, accepted: str) -> tuple[bytes, str]:
    """The metrics and their content type. accepted: the request's Accept header."""
    unfinished = await query_or_default(watched.unfinished, None)
    encode, content_type = choose_encoder(accepted)
    return encode(_StatusCollector(registry, watched, unfinished)), content_type


@dataclass(frozen=True)
class _StatusCollector:
    """A registry, and what is read now. unfinished: None where the store does not answer."""

    registry: CollectorRegistry
    watched: BotStatus
    unfinished: UnfinishedJobs | None

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

        def each(value: Callable[[DeviceStatus], float]) -> dict[tuple[str, ...], float]:
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
    return _with_samples(GaugeMetricFamily(f"dreambot_{name}", f"{what}.", labels=labels), values)


def _counter(name: str, what: str, values: Mapping[L, float], *labels: str) -> Metric:
    return _with_samples(CounterMetricFamily(f"dreambot_{name}", f"{what}.", labels=labels), values)


def _with_samples(family: GaugeMetricFamily | CounterMetricFamily, values: Mapping[L, float]) -> Metric:
    for labels, value in values.items():
        family.add_metric(labels, value)
    return family


_SAMPLE_INTERVAL_S = 0.5


@asynccontextmanager
async def web_server(
    host: str, port: int | None, watched: BotStatus, metrics: Metrics
) -> AsyncIterator[int | None]:
    """Answers until the end; yields the port, which 0 leaves to the system. No port, no server.

    Raises ConfigError if the port cannot be had.
    """
    if port is None:
        yield None
        return
    runner = web.AppRunner(create_app(watched, metrics), access_log=None)
    await runner.setup()
    looking = asyncio.create_task(_sample_periodically(watched, metrics))
    try:
        site = web.TCPSite(runner, host, port)
        try:
            await site.start()
        except OSError as error:
            raise ConfigError("setup-http-port", port=port, reason=error.strerror) from error
        yield runner.addresses[0][1]
    finally:
        looking.cancel()
        await asyncio.wait([looking])
        await runner.cleanup()


def create_app(watched: BotStatus, metrics: Metrics) -> web.Application:
    """/healthz: 200 while the process can go on, 503 when it should be started again.
    /healthz/ready: 200 if every part works, else 503, and which do, in JSON.
    /metrics: for Prometheus."""

    async def live(_: web.Request) -> web.Response:
        good = watched.working()
        return web.Response(text="ok\n" if good else "over\n", status=200 if good else 503)

    async def ready(_: web.Request) -> web.Response:
        found = await check_parts(watched)
        good = all(found.values())
        return web.json_response({"ready": good, "parts": found}, status=200 if good else 503)

    async def all_metrics(request: web.Request) -> web.Response:
        text, kind = await render_metrics(metrics.registry, watched, request.headers.get("Accept", ""))
        return web.Response(body=text, headers={"Content-Type": kind})

    app = web.Application()
    app.router.add_get("/healthz", live)
    app.router.add_get("/healthz/ready", ready)
    app.router.add_get("/metrics", all_metrics)
    return app


async def _sample_periodically(watched: BotStatus, metrics: Metrics) -> None:
    while True:
        due = time.monotonic() + _SAMPLE_INTERVAL_S
        await asyncio.sleep(_SAMPLE_INTERVAL_S)
        metrics.loop_late(max(0.0, time.monotonic() - due))
        for device in watched.devices():
            if device.batch:
                metrics.batched(device.batch)
