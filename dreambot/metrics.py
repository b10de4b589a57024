"""Prometheus metrics of the bot: counters and histograms, gateway shards, requests by route.

Imports neither discord.py nor other modules of dreambot. `Metrics` is created once and passed to code that
counts; what is read at scrape time (queue, devices) is in `dreambot.web`.
"""

import asyncio
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from importlib.metadata import version
from platform import python_version
from types import SimpleNamespace
from typing import Any, Literal

import aiohttp
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from yarl import URL

DeliveryMethod = Literal["edit", "late", "reply"]
"""How a dream reached people: by editing the answer to their command, by a message after the command's token
was over, by a reply to their message."""

DeliveryFailure = Literal["deleted", "no_way_in", "too_large", "discord", "connection", "other"]
"""Why it did not: the message was deleted; the channel is gone or closed; no file is small enough; Discord
refused otherwise; Discord could not be reached; anything else."""

_WAIT_BUCKETS = (0.1, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200)
_DREAM_BUCKETS = (0.25, 0.5, 1, 2, 3, 5, 7, 10, 15, 20, 30, 60, 120, 300, 600)
# Discord gives up after 3 s; the promise is 0.25 s.
_ACKNOWLEDGEMENT_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.5, 1, 2, 3, 5)
_REQUEST_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30)
_DELAY_BUCKETS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 3)
_BATCH_BUCKETS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32)


class Metrics:
    """Counters and histograms in a registry of their own. Every label has few values: no ids, no words of
    people's. Methods are cheap, never fail and never wait; one event loop's."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._moves = self._counter("jobs", "Jobs that came into a state", "kind", "state")
        self._waits = self._histogram("queue_wait_seconds", "From queued to running", _WAIT_BUCKETS)
        self._dreams = self._histogram(
            "dream_seconds", "Seconds of a device for a dream", _DREAM_BUCKETS, "model"
        )
        self._batches = self._histogram(
            "batch_size", "Jobs that a working device is at, at a look", _BATCH_BUCKETS
        )
        self._acknowledgements = self._histogram(
            "acknowledgement_seconds",
            "From an interaction's arrival to the end of our first answer to it",
            _ACKNOWLEDGEMENT_BUCKETS,
            "kind",
        )
        self._deliveries = self._counter("deliveries", "Dreams that reached people", "way")
        self._failures = self._counter("delivery_failures", "Dreams that did not reach people", "reason")
        self._requests = self._counter(
            "discord_requests", "Requests to Discord that were answered", "method", "route", "status"
        )
        self._request_seconds = self._histogram(
            "discord_request_seconds",
            "From a request to its answer's head",
            _REQUEST_BUCKETS,
            "method",
            "route",
        )
        self._reconnects = self._counter("gateway_reconnects", "Shards connected again", "shard")
        self._delays = self._histogram("loop_delay_seconds", "How late the event loop is", _DELAY_BUCKETS)
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

    def delivered(self, way: DeliveryMethod) -> None:
        """A dream reached the people who asked for it."""
        self._deliveries.labels(way).inc()

    def delivery_failed(self, reason: DeliveryFailure) -> None:
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


_INTERACTION_TIMEOUT_S = 60.0
"""Seconds after which an interaction has no first answer to wait for; Discord gives it three."""


class GatewayMonitor:
    """Hears every event that the client dispatches."""

    def __init__(self, metrics: Metrics, shards: Iterable[int]) -> None:
        """shards: the ids of those that are to be connected."""
        self._metrics = metrics
        self._connected = dict.fromkeys(shards, False)
        self._known: set[int] = set()
        self._arrived: OrderedDict[int, tuple[float, str]] = OrderedDict()

    @property
    def shards(self) -> Mapping[int, bool]:
        """Which are connected."""
        return dict(self._connected)

    def heard(self, event: str, args: tuple[Any, ...]) -> None:
        """To be called with what `Client.dispatch` is called with, as it is called."""
        match event, args:
            case (("shard_ready" | "shard_resumed"), (int(shard), *_)):
                if shard in self._known and not self._connected[shard]:
                    self._metrics.reconnected(shard)
                self._known.add(shard)
                self._connected[shard] = True
            case "shard_disconnect", (int(shard), *_):
                self._connected[shard] = False
            case "interaction", (interaction, *_):
                self._note(interaction.id, interaction.type.name)

    def answered(self, interaction: int) -> None:
        """The first answer to that interaction is through. A second one is nothing."""
        arrival = self._arrived.pop(interaction, None)
        if arrival:
            at, kind = arrival
            self._metrics.acknowledged(kind, time.monotonic() - at)

    def _note(self, interaction: int, kind: str) -> None:
        now = time.monotonic()
        self._arrived[interaction] = now, kind
        while now - next(iter(self._arrived.values()))[0] > _INTERACTION_TIMEOUT_S:
            self._arrived.popitem(last=False)


# What the addresses of our requests are made of. A word that is not here does not get through.
_KNOWN_SEGMENT = re.compile(
    r"@me|@original|applications|attachments|bot|callback|channels|commands|emojis|gateway|guilds"
    r"|interactions|members|messages|oauth2|permissions|threads|typing|users|webhooks"
)
_TOKEN_PARENTS = frozenset({"webhooks", "interactions"})
_MAX_SEGMENTS = 9
CALLBACK_ROUTE = "/interactions/{id}/{token}/callback"


def route_of(address: URL, base: URL) -> str:
    """`/channels/{id}/messages` and the like; `gateway` for a WebSocket, `elsewhere` for other hosts than
    the API's. base: the API's address."""
    if address.scheme in {"ws", "wss"}:
        return "gateway"
    start = base.path.rstrip("/") + "/"
    if address.origin() != base.origin() or not address.path.startswith(start):
        return "elsewhere"
    parts = address.path.removeprefix(start).split("/")
    known = [_segment_template(parts, place) for place in range(min(len(parts), _MAX_SEGMENTS))]
    return "/" + "/".join(known)


def _segment_template(parts: list[str], place: int) -> str:
    part = parts[place]
    if place >= 2 and parts[place - 2] in _TOKEN_PARENTS and parts[place - 1].isdecimal():
        return "{token}"
    if part.isdecimal():
        return "{id}"
    return part if _KNOWN_SEGMENT.fullmatch(part) else "{word}"


def request_trace(metrics: Metrics, api: str, answered: Callable[[int], None]) -> aiohttp.TraceConfig:
    """What discord.py's client takes as `http_trace`. api: its base address. answered: told the id of each
    interaction whose callback Discord has answered."""
    base = URL(api)

    async def begin(_: aiohttp.ClientSession, context: SimpleNamespace, params: Any) -> None:
        context.began = time.monotonic()

    def count(context: SimpleNamespace, method: str, route: str, status: str) -> None:
        metrics.requested(method, route, status, time.monotonic() - context.began)

    async def end(
        _: aiohttp.ClientSession, context: SimpleNamespace, params: aiohttp.TraceRequestEndParams
    ) -> None:
        route = route_of(params.url, base)
        count(context, params.method, route, str(params.response.status))
        if route == CALLBACK_ROUTE:
            answered(int(params.url.path.split("/")[-3]))

    async def broken(
        _: aiohttp.ClientSession, context: SimpleNamespace, params: aiohttp.TraceRequestExceptionParams
    ) -> None:
        cancelled = isinstance(params.exception, asyncio.CancelledError)
        count(context, params.method, route_of(params.url, base), "cancelled" if cancelled else "dropped")

    trace = aiohttp.TraceConfig()
    trace.on_request_start.append(begin)
    trace.on_request_end.append(end)
    trace.on_request_exception.append(broken)
    return trace
