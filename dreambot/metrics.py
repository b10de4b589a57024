"""Prometheus metrics of the bot: counters and histograms, gateway shards, requests by route.

Imports neither discord.py nor other modules of dreambot. `Metrics` is created once and passed to the code
that counts. What is read at scrape time (queue, devices) is in `dreambot.web`.
"""

import asyncio
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from platform import python_version
from types import SimpleNamespace
from typing import Any, Literal

import aiohttp
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from yarl import URL

from dreambot import __version__

DeliveryMethod = Literal["edit", "late", "reply"]
"""How a dream was delivered: by editing the answer to a command, by a message after the command's token had
expired, or by a reply to a message."""

DeliveryFailure = Literal["deleted", "no_way_in", "too_large", "discord", "connection", "other"]
"""Why a dream was not delivered: the message was deleted; the channel is gone or closed; no file is small
enough; Discord refused for another reason; Discord could not be reached; anything else."""

_WAIT_BUCKETS = (0.1, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200)
_DREAM_BUCKETS = (0.25, 0.5, 1, 2, 3, 5, 7, 10, 15, 20, 30, 60, 120, 300, 600)
# Discord gives up after 3 s; the target is 0.25 s.
_ACKNOWLEDGEMENT_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.5, 1, 2, 3, 5)
_REQUEST_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30)
_DELAY_BUCKETS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 3)
_BATCH_BUCKETS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32)


class Metrics:
    """Counters and histograms in a registry of their own.

    Every label has few values: no ids and no text of users. Methods are cheap, do not fail and do not wait.
    Used by one event loop.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._moves = self._counter("jobs", "Jobs that entered a state", "kind", "state")
        self._waits = self._histogram("queue_wait_seconds", "From queued to running", _WAIT_BUCKETS)
        self._dreams = self._histogram("dream_seconds", "Device time of a dream", _DREAM_BUCKETS, "model")
        self._batches = self._histogram("batch_size", "Active jobs of a busy device, sampled", _BATCH_BUCKETS)
        self._acknowledgements = self._histogram(
            "acknowledgement_seconds",
            "From an interaction's arrival to the end of our first answer to it",
            _ACKNOWLEDGEMENT_BUCKETS,
            "kind",
        )
        self._deliveries = self._counter("deliveries", "Delivered dreams", "way")
        self._failures = self._counter("delivery_failures", "Dreams that could not be delivered", "reason")
        self._requests = self._counter(
            "discord_requests", "Answered requests to Discord", "method", "route", "status"
        )
        self._request_seconds = self._histogram(
            "discord_request_seconds",
            "From a request to the head of its response",
            _REQUEST_BUCKETS,
            "method",
            "route",
        )
        self._reconnects = self._counter("gateway_reconnects", "Shards that reconnected", "shard")
        self._delays = self._histogram("loop_delay_seconds", "How late the event loop is", _DELAY_BUCKETS)
        about = Gauge(
            "dreambot_build_info", "Versions of what runs", ("version", "python"), registry=self.registry
        )
        about.labels(__version__, python_version()).set(1)
        ProcessCollector(registry=self.registry)

    def job_moved(self, kind: str, state: str) -> None:
        """Counts a job that entered a state.

        Args:
            kind: of the job, such as "dream".
            state: the new state.
        """
        self._moves.labels(kind, state).inc()

    def waited(self, seconds: float) -> None:
        """Records how long a job waited.

        Args:
            seconds: from queued to running.
        """
        self._waits.observe(seconds)

    def dreamed(self, model: str, seconds: float) -> None:
        """Records the device time of a finished dream.

        Args:
            model: the name in its recipe.
            seconds: see `Done`.
        """
        self._dreams.labels(model).observe(seconds)

    def batched(self, jobs: int) -> None:
        """Records a sample of a busy device.

        Args:
            jobs: how many it runs; 1 is a job alone.
        """
        self._batches.observe(jobs)

    def acknowledged(self, kind: str, seconds: float) -> None:
        """Records the first answer to an interaction, also if Discord refused it.

        Args:
            kind: discord.py's name of the interaction's type.
            seconds: from its arrival to the end of the answer.
        """
        self._acknowledgements.labels(kind).observe(seconds)

    def delivered(self, way: DeliveryMethod) -> None:
        """Counts a delivered dream.

        Args:
            way: how it was delivered.
        """
        self._deliveries.labels(way).inc()

    def delivery_failed(self, reason: DeliveryFailure) -> None:
        """Counts a finished dream that could not be delivered.

        Args:
            reason: why.
        """
        self._failures.labels(reason).inc()

    def requested(self, method: str, route: str, status: str, seconds: float) -> None:
        """Records a request to Discord.

        Args:
            method: of HTTP.
            route: a template without ids, see `route_of`.
            status: of HTTP; `dropped` if no answer came, `cancelled` if the answer was no longer needed.
            seconds: from the request to the head of the response.
        """
        self._requests.labels(method, route, status).inc()
        self._request_seconds.labels(method, route).observe(seconds)

    def reconnected(self, shard: int) -> None:
        """Counts a shard that has its connection again.

        Args:
            shard: its id.
        """
        self._reconnects.labels(str(shard)).inc()

    def loop_late(self, seconds: float) -> None:
        """Records by how much the event loop was late.

        Args:
            seconds: after the time that was due.
        """
        self._delays.observe(seconds)

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(f"dreambot_{name}", f"{text}.", labels, registry=self.registry)

    def _histogram(self, name: str, text: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
        return Histogram(f"dreambot_{name}", f"{text}.", labels, registry=self.registry, buckets=buckets)


_INTERACTION_TIMEOUT_S = 60.0
"""Seconds after which an interaction will not get a first answer; Discord allows three."""


class GatewayMonitor:
    """Follows every event that the client dispatches, to measure shards and acknowledgements."""

    def __init__(self, metrics: Metrics, shards: Iterable[int]) -> None:
        """Creates a monitor; no shard is connected yet.

        Args:
            metrics: where to count.
            shards: the ids of the shards of this process.
        """
        self._metrics = metrics
        self._connected = dict.fromkeys(shards, False)
        self._known: set[int] = set()
        self._arrived: OrderedDict[int, tuple[float, str]] = OrderedDict()

    @property
    def shards(self) -> Mapping[int, bool]:
        """Whether each shard is connected."""
        return dict(self._connected)

    def heard(self, event: str, args: tuple[Any, ...]) -> None:
        """Takes an event; to be called whenever `Client.dispatch` is, with the same arguments.

        Args:
            event: its name.
            args: its arguments.
        """
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
        """Records the first answer to an interaction; further answers are ignored.

        Args:
            interaction: its id.
        """
        arrival = self._arrived.pop(interaction, None)
        if arrival:
            at, kind = arrival
            self._metrics.acknowledged(kind, time.monotonic() - at)

    def _note(self, interaction: int, kind: str) -> None:
        now = time.monotonic()
        self._arrived[interaction] = now, kind
        while now - next(iter(self._arrived.values()))[0] > _INTERACTION_TIMEOUT_S:
            self._arrived.popitem(last=False)


# The words in the paths of our requests. Other words are replaced.
_KNOWN_SEGMENT = re.compile(
    r"@me|@original|applications|attachments|bot|callback|channels|commands|emojis|gateway|guilds"
    r"|interactions|members|messages|oauth2|permissions|threads|typing|users|webhooks"
)
_TOKEN_PARENTS = frozenset({"webhooks", "interactions"})
_MAX_SEGMENTS = 9
CALLBACK_ROUTE = "/interactions/{id}/{token}/callback"


def route_of(address: URL, base: URL) -> str:
    """Returns the route of a request, such as `/channels/{id}/messages`.

    Args:
        address: of the request.
        base: the API's base address.

    Returns:
        The route without ids; `gateway` for a WebSocket, `elsewhere` for other hosts than the API's.
    """
    if address.scheme in {"ws", "wss"}:
        return "gateway"
    start = base.path.rstrip("/") + "/"
    if address.origin() != base.origin() or not address.path.startswith(start):
        return "elsewhere"
    parts = address.path.removeprefix(start).split("/")
    known = [_segment_template(parts, index) for index in range(min(len(parts), _MAX_SEGMENTS))]
    return "/" + "/".join(known)


def _segment_template(parts: list[str], index: int) -> str:
    part = parts[index]
    if index >= 2 and parts[index - 2] in _TOKEN_PARENTS and parts[index - 1].isdecimal():
        return "{token}"
    if part.isdecimal():
        return "{id}"
    return part if _KNOWN_SEGMENT.fullmatch(part) else "{word}"


def request_trace(metrics: Metrics, api: str, answered: Callable[[int], None]) -> aiohttp.TraceConfig:
    """Returns a trace for discord.py's `http_trace` that records every request.

    Args:
        metrics: where to record them.
        api: the API's base address.
        answered: called with the id of each interaction whose callback Discord has answered.
    """
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
