"""The bot's web server: /healthz, /healthz/ready and /metrics for operators, and the gallery if it is on."""

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
"""Seconds that the database may take to answer; the callers of this server have a timeout as well."""

T = TypeVar("T")
U = TypeVar("U")


async def query_or_default(query: Callable[[], Awaitable[T]], otherwise: U) -> T | U:
    """Asks the database with a timeout of `DATABASE_TIMEOUT_S`.

    Args:
        query: the query.
        otherwise: the result if it fails or takes longer.
    """
    try:
        async with asyncio.timeout(DATABASE_TIMEOUT_S):
            return await query()
    except Exception as error:
        log.warning("The database does not answer: %s", error or type(error).__name__)
        return otherwise


class DeviceStatus(Protocol):
    """A device as it is now; see the executor's DeviceState."""

    @property
    def name(self) -> str:
        """Its name in the log."""

    @property
    def kind(self) -> str:
        """One of cpu, cuda and mps."""

    @property
    def alive(self) -> bool:
        """Whether its worker runs."""

    @property
    def jobs(self) -> Sequence[str]:
        """The ids of its active jobs."""

    @property
    def batch(self) -> int:
        """How many of them share a batch."""

    @property
    def restarts(self) -> int:
        """How often its worker was restarted."""

    @property
    def busy_seconds(self) -> float:
        """How long it has had active jobs, in total."""

    @property
    def check_problem(self) -> str:
        """What its self-check found; empty if it passed."""


@dataclass(frozen=True)
class BotStatus:
    """What the bot reports about itself. Each call returns at once; those to the store wait for the database.

    Attributes:
        working: False once the process cannot go on and should be restarted.
        taking: whether new jobs are accepted.
        shards: whether each shard of this process is connected, by id.
        devices: the devices.
        queue: how many jobs wait, and for how many seconds the oldest of them has.
        codec_deaths: how many codec processes exited during a task, by cause.
        store_alive: whether the database answers.
        unfinished: how many jobs are not finished, by state, of all processes with this database.
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
    """Returns which parts work.

    Args:
        watched: the bot.

    Returns:
        By name: `jobs` (False while the bot drains), `store`, `shard 0` …, `worker cuda:0` …, or `workers` if
        there is none.
    """
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
    """Returns the metrics and their content type.

    Args:
        registry: what was counted.
        watched: the bot.
        accepted: the request's Accept header.
    """
    unfinished = await query_or_default(watched.unfinished, None)
    encode, content_type = choose_encoder(accepted)
    return encode(_StatusCollector(registry, watched, unfinished)), content_type


@dataclass(frozen=True)
class _StatusCollector:
    """A registry, and what is read now. unfinished: None if the store does not answer."""

    registry: CollectorRegistry
    watched: BotStatus
    unfinished: UnfinishedJobs | None

    def collect(self) -> Iterable[Metric]:
        """Iterates over all metrics."""
        yield from self.registry.collect()
        yield from self._jobs()
        yield from self._devices()
        shards = {(str(shard),): connected for shard, connected in self.watched.shards().items()}
        yield _gauge("shard_up", "Whether the shard is connected", shards, "shard")
        deaths = {(how,): count for how, count in self.watched.codec_deaths().items()}
        yield _counter("codec_deaths", "Codec processes that exited during a task", deaths, "how")

    def _jobs(self) -> Iterable[Metric]:
        yield _gauge("store_up", "Whether the database answers", {(): self.unfinished is not None})
        unfinished = {(str(state),): count for state, count in (self.unfinished or {}).items()}
        yield _gauge("jobs_unfinished", "Unfinished jobs of all processes", unfinished, "state")
        length, oldest = self.watched.queue()
        yield _gauge("queue_length", "Jobs that wait for a device", {(): length})
        yield _gauge("queue_oldest_seconds", "How long the oldest of them has waited", {(): oldest})

    def _devices(self) -> Iterable[Metric]:
        devices = tuple(self.watched.devices())

        def each(value: Callable[[DeviceStatus], float]) -> dict[tuple[str, ...], float]:
            return {(one.name, one.kind): value(one) for one in devices}

        labels = ("device", "kind")
        yield _gauge("worker_up", "Whether the device's worker runs", each(lambda one: one.alive), *labels)
        yield _gauge("device_jobs", "Active jobs", each(lambda one: len(one.jobs)), *labels)
        yield _gauge("device_batch", "Jobs that share a batch", each(lambda one: one.batch), *labels)
        passed = each(lambda one: not one.check_problem)
        yield _gauge("device_self_check", "Whether the device passed its self-check", passed, *labels)
        busy = each(lambda one: one.busy_seconds)
        yield _counter("device_busy_seconds", "How long the device has had active jobs", busy, *labels)
        restarts = each(lambda one: one.restarts)
        yield _counter("worker_restarts", "How often the worker was restarted", restarts, *labels)


def _gauge(name: str, text: str, values: Mapping[L, float], *labels: str) -> Metric:
    return _with_samples(GaugeMetricFamily(f"dreambot_{name}", f"{text}.", labels=labels), values)


def _counter(name: str, text: str, values: Mapping[L, float], *labels: str) -> Metric:
    return _with_samples(CounterMetricFamily(f"dreambot_{name}", f"{text}.", labels=labels), values)


def _with_samples(family: GaugeMetricFamily | CounterMetricFamily, values: Mapping[L, float]) -> Metric:
    for labels, value in values.items():
        family.add_metric(labels, value)
    return family


_SAMPLE_INTERVAL_S = 0.5


@asynccontextmanager
async def web_server(
    host: str,
    port: int | None,
    watched: BotStatus,
    metrics: Metrics,
    applications: Mapping[str, web.Application] | None = None,
) -> AsyncIterator[int | None]:
    """Runs the server, and yields its port.

    Args:
        host: the address to listen at.
        port: 0 lets the system choose; None runs no server and yields None.
        watched: the bot.
        metrics: what was counted.
        applications: Path → application that answers below it.

    Raises:
        ConfigError: the port cannot be used.
    """
    if port is None:
        yield None
        return
    app = create_app(watched, metrics)
    for path, application in (applications or {}).items():
        app.router.add_get(path, _add_slash)
        app.add_subapp(path, application)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    sampling = asyncio.create_task(_sample_periodically(watched, metrics))
    try:
        site = web.TCPSite(runner, host, port)
        try:
            await site.start()
        except OSError as error:
            raise ConfigError("setup-http-port", port=str(port), reason=error.strerror) from error
        yield runner.addresses[0][1]
    finally:
        sampling.cancel()
        await asyncio.wait([sampling])
        await runner.cleanup()


async def _add_slash(request: web.Request) -> web.Response:
    # Relative: a reverse proxy may have another path.
    raise web.HTTPFound(f"{request.path.rpartition('/')[2]}/")


def create_app(watched: BotStatus, metrics: Metrics) -> web.Application:
    """Creates the application.

    - /healthz: 200 while the process can go on, 503 when it should be restarted.
    - /healthz/ready: 200 if every part works, else 503, and which ones do, in JSON.
    - /metrics: for Prometheus.

    Args:
        watched: the bot.
        metrics: what was counted.
    """

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
