"""Requests to Discord, counted by route: an address with everything taken out that is an id or a secret."""

import asyncio
import re
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import aiohttp
from yarl import URL

from dreambot.metrics.metrics import Metrics

# What the addresses of our requests are made of. A word that is not here does not get through.
_WORD = re.compile(
    r"@me|@original|applications|attachments|bot|callback|channels|commands|emojis|gateway|guilds"
    r"|interactions|members|messages|oauth2|permissions|threads|typing|users|webhooks"
)
_TOKENED = frozenset({"webhooks", "interactions"})
_DEPTH = 9
CALLBACK = "/interactions/{id}/{token}/callback"


def route_of(address: URL, base: URL) -> str:
    """`/channels/{id}/messages` and the like; `gateway` for a WebSocket, `elsewhere` for other hosts than
    the API's. base: the API's address."""
    if address.scheme in {"ws", "wss"}:
        return "gateway"
    start = base.path.rstrip("/") + "/"
    if address.origin() != base.origin() or not address.path.startswith(start):
        return "elsewhere"
    parts = address.path.removeprefix(start).split("/")
    known = [_template(parts, place) for place in range(min(len(parts), _DEPTH))]
    return "/" + "/".join(known)


def _template(parts: list[str], place: int) -> str:
    part = parts[place]
    if place >= 2 and parts[place - 2] in _TOKENED and parts[place - 1].isdecimal():
        return "{token}"
    if part.isdecimal():
        return "{id}"
    return part if _WORD.fullmatch(part) else "{word}"


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
        if route == CALLBACK:
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
