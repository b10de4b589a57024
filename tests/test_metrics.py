"""Metrics of shards, interactions and requests to Discord."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import SimpleNamespace

import aiohttp
import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import generate_latest
from yarl import URL

from dreambot.metrics import GatewayMonitor, Metrics, request_trace, route_of


def _interaction(number: int) -> tuple[SimpleNamespace]:
    return (SimpleNamespace(id=number, type=SimpleNamespace(name="application_command")),)


def test_a_shard_is_connected_from_ready_to_disconnect() -> None:
    monitor = GatewayMonitor(Metrics(), (3, 4))
    assert monitor.shards == {3: False, 4: False}
    monitor.heard("shard_connect", (3,))
    assert not monitor.shards[3]
    monitor.heard("shard_ready", (3,))
    assert monitor.shards == {3: True, 4: False}
    monitor.heard("shard_disconnect", (3,))
    assert not monitor.shards[3]
    monitor.heard("shard_resumed", (3,))
    assert monitor.shards[3]


def test_a_first_connection_is_not_a_reconnect() -> None:
    metrics = Metrics()
    monitor = GatewayMonitor(metrics, (0,))

    def reconnects() -> float | None:
        return metrics.registry.get_sample_value("dreambot_gateway_reconnects_total", {"shard": "0"})

    monitor.heard("shard_ready", (0,))
    assert not reconnects()
    monitor.heard("shard_disconnect", (0,))
    monitor.heard("shard_disconnect", (0,))
    monitor.heard("shard_ready", (0,))
    assert reconnects() == 1


def test_an_interaction_is_acknowledged_once(monkeypatch: pytest.MonkeyPatch) -> None:
    metrics, now = Metrics(), [1000.0]
    monkeypatch.setattr("dreambot.metrics.time", SimpleNamespace(monotonic=lambda: now[0]))
    monitor = GatewayMonitor(metrics, (0,))
    monitor.heard("interaction", _interaction(5))
    now[0] += 0.2
    monitor.answered(5)
    monitor.answered(5)
    monitor.answered(6)

    def value(of: str) -> float | None:
        name = f"dreambot_acknowledgement_seconds_{of}"
        return metrics.registry.get_sample_value(name, {"kind": "application_command"})

    assert value("count") == 1
    assert value("sum") == pytest.approx(0.2)


def test_unanswered_interactions_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    metrics, now = Metrics(), [1000.0]
    monkeypatch.setattr("dreambot.metrics.time", SimpleNamespace(monotonic=lambda: now[0]))
    monitor = GatewayMonitor(metrics, (0,))
    for number in range(1000):
        monitor.heard("interaction", _interaction(number))
    now[0] += 100
    monitor.heard("interaction", _interaction(5000))
    monitor.answered(7)
    labels = {"kind": "application_command"}
    assert not metrics.registry.get_sample_value("dreambot_acknowledgement_seconds_count", labels)


API = "https://discord.com/api/v10"
TOKEN = "aW50ZXJhY3Rpb246MTIz.x-Y_z"


@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("/channels/12/messages/34", "/channels/{id}/messages/{id}"),
        (f"/interactions/12/{TOKEN}/callback", "/interactions/{id}/{token}/callback"),
        ("/interactions/12/callback/callback", "/interactions/{id}/{token}/callback"),
        (f"/webhooks/12/{TOKEN}/messages/@original", "/webhooks/{id}/{token}/messages/@original"),
        ("/webhooks/12/34", "/webhooks/{id}/{token}"),
        ("/gateway/bot", "/gateway/bot"),
        ("/channels/12/messages/34/reactions/🦄/@me", "/channels/{id}/messages/{id}/{word}/{word}/@me"),
    ],
)
def test_a_route_has_no_ids(path: str, route: str) -> None:
    assert route_of(URL(API + path + "?wait=true&secret=1"), URL(API)) == route


def test_other_addresses_have_fixed_names() -> None:
    assert route_of(URL("wss://gateway.discord.gg/?v=10"), URL(API)) == "gateway"
    assert route_of(URL("https://cdn.discordapp.com/attachments/1/2/cat.png"), URL(API)) == "elsewhere"
    assert route_of(URL("https://discord.com/other/1"), URL(API)) == "elsewhere"


@given(st.lists(st.text("abcABC019._-~@{}", min_size=1, max_size=30), max_size=15))
def test_routes_consist_of_known_words(parts: list[str]) -> None:
    route = route_of(URL(API) / "webhooks" / "/".join(parts), URL(API))
    assert len(route.split("/")) <= 10
    assert all(re.fullmatch(r"@?[a-z0-9]+|\{(id|token|word)\}", part) for part in route.split("/")[1:])
    assert not any(len(part) > 8 and part in route and not part.isalpha() for part in parts)


async def _callback(request: web.Request) -> web.Response:
    return web.Response(status=int(request.query.get("status", "204")))


async def _hang_up(request: web.Request) -> web.Response:
    assert request.transport
    request.transport.abort()
    return web.Response()


async def _slow(_: web.Request) -> web.Response:
    await asyncio.sleep(60)
    return web.Response()


@asynccontextmanager
async def _discord() -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_post("/api/v10/interactions/{id}/{token}/callback", _callback)
    app.router.add_get("/api/v10/channels/{id}", _hang_up)
    app.router.add_get("/api/v10/users/@me", _slow)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/api/v10"
    await runner.cleanup()


async def test_requests_are_counted_by_outcome() -> None:
    metrics, answered = Metrics(), list[int]()
    async with _discord() as api:
        trace = request_trace(metrics, api, answered.append)
        async with aiohttp.ClientSession(trace_configs=[trace]) as session:
            await session.post(f"{api}/interactions/9912345678/{TOKEN}/callback")
            await session.post(f"{api}/interactions/9912345679/{TOKEN}/callback?status=404")
            with pytest.raises(aiohttp.ClientError):
                await session.get(f"{api}/channels/5", headers={"Authorization": "Bot secret"})
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.2):
                    await session.get(f"{api}/users/@me")

    def count(method: str, route: str, status: str) -> float | None:
        labels = {"method": method, "route": route, "status": status}
        return metrics.registry.get_sample_value("dreambot_discord_requests_total", labels)

    assert answered == [9912345678, 9912345679]
    assert count("POST", "/interactions/{id}/{token}/callback", "204") == 1
    assert count("POST", "/interactions/{id}/{token}/callback", "404") == 1
    assert count("GET", "/users/@me", "cancelled") == 1
    assert count("GET", "/channels/{id}", "dropped") == 1
    text = generate_latest(metrics.registry).decode()
    assert TOKEN not in text
    assert "secret" not in text
    assert "99123456" not in text
