"""Rate limits and planned faults."""

import asyncio
import time

import aiohttp
import discord
import pytest

from dreambot.sandbox import Fault, Sandbox
from tests.sandbox.conftest import PNG, Api, SandboxEnv, StartClient
from tests.sandbox.test_messages import channel_of


async def test_a_429_with_via_is_retried_after_its_delay(env: SandboxEnv, start_client: StartClient) -> None:
    client = await start_client()
    env.sandbox.faults.plan(Fault.RATE_LIMITED, "POST", "/messages$", times=2, retry_after=0.1)
    began = time.monotonic()
    await channel_of(client, env).send("at last")
    assert time.monotonic() - began > 0.2
    assert [one.status for one in env.sandbox.requests.matching("POST", "/messages$")] == [429, 429, 200]


async def test_a_429_without_via_is_a_ban(env: SandboxEnv, start_client: StartClient) -> None:
    client = await start_client()
    env.sandbox.faults.plan(Fault.BANNED, "POST", "/messages$")
    with pytest.raises(discord.HTTPException) as caught:
        await channel_of(client, env).send("x")
    assert caught.value.status == 429


async def test_a_500_is_retried(env: SandboxEnv, start_client: StartClient) -> None:
    client = await start_client()
    env.sandbox.faults.plan(Fault.SERVER_ERROR, "POST", "/messages$")
    await channel_of(client, env).send("x")
    assert len(env.memes.messages) == 1


async def test_a_planned_413(env: SandboxEnv, start_client: StartClient) -> None:
    client = await start_client()
    env.sandbox.faults.plan(Fault.TOO_LARGE, "POST", "/messages$")
    with pytest.raises(discord.HTTPException) as caught:
        await channel_of(client, env).send("x")
    assert (caught.value.status, caught.value.code) == (413, 40005)


@pytest.mark.parametrize(("fault", "arrived"), [(Fault.DROP_BEFORE, 0), (Fault.DROP_AFTER, 1)])
async def test_dropped_sockets(
    env: SandboxEnv, start_client: StartClient, fault: Fault, arrived: int
) -> None:
    client = await start_client()
    env.sandbox.faults.plan(fault, "POST", "/messages$")
    with pytest.raises((aiohttp.ClientError, OSError)):
        await channel_of(client, env).send("x", nonce="1")
    assert len(env.memes.messages) == arrived
    assert env.sandbox.requests.matching("POST", "/messages$")[-1].status is None
    await channel_of(client, env).send("x", nonce="1")
    assert len(env.memes.messages) == 1


async def test_buckets_are_used_up_and_separate() -> None:
    async with Sandbox() as sandbox, aiohttp.ClientSession() as session:
        channel = sandbox.add_guild().add_channel("memes")
        headers = {"Authorization": f"Bot {sandbox.bot_token}"}
        url = f"{sandbox.api}/channels/{channel.id}/messages"

        async def send() -> tuple[int, "aiohttp.typedefs.CIMultiDictProxy[str]", float]:
            async with session.post(url, json={"content": "x"}, headers=headers) as response:
                body = await response.json()
                return response.status, response.headers, body.get("retry_after", 0)

        for left in (4, 3, 2, 1, 0):
            status, got, _ = await send()
            assert (status, got["X-RateLimit-Remaining"], got["X-RateLimit-Limit"]) == (200, str(left), "5")
        status, got, retry_after = await send()
        assert status == 429
        assert got["Via"]
        assert got["X-RateLimit-Scope"] == "user"
        assert 0 < retry_after <= 5
        assert float(got["X-RateLimit-Reset-After"]) == pytest.approx(retry_after, abs=0.1)
        other = sandbox.add_guild().add_channel("art")
        elsewhere = url.replace(str(channel.id), str(other.id))
        async with session.post(elsewhere, json={"content": "x"}, headers=headers) as response:
            assert response.status == 200


async def test_global_limit_of_fifty_requests_per_second() -> None:
    async with Sandbox() as sandbox, aiohttp.ClientSession() as session:
        headers = {"Authorization": f"Bot {sandbox.bot_token}"}
        channels = [sandbox.add_guild().add_channel("memes") for _ in range(150)]

        async def get_channel(number: int) -> tuple[int, str | None]:
            async with session.get(f"{sandbox.api}/channels/{number}", headers=headers) as response:
                return response.status, response.headers.get("X-RateLimit-Global")

        answers = await asyncio.gather(*(get_channel(channel.id) for channel in channels))
        assert answers.count((200, None)) >= 50
        assert answers.count((429, "true")) > 0


async def test_the_log_records_requests_and_their_times(env: SandboxEnv, api: Api) -> None:
    received = []
    env.sandbox.requests.on_finished = received.append
    await api("POST", f"/channels/{env.memes.id}/messages", {"content": "hello"})
    (request,) = env.sandbox.requests.matching("POST", "/messages$")
    assert received == [request]
    assert (request.json, request.status, request.content_type) == (
        {"content": "hello"},
        200,
        "application/json",
    )
    assert request.answered_at is not None
    assert 0 <= request.answered_at - request.received_at < 60
    assert request.response_json["content"] == "hello"


async def test_a_slow_request_is_done_later(env: SandboxEnv, api: Api) -> None:
    messages = f"/channels/{env.memes.id}/messages"
    env.sandbox.faults.plan(Fault.SLOW, "POST", "/messages$", delay=1)
    slow = asyncio.create_task(api("POST", messages, {"content": "first sent"}))
    await asyncio.sleep(0.05)
    await api("POST", messages, {"content": "second sent"})
    await slow
    assert [message.content for message in env.memes.messages] == ["second sent", "first sent"]


async def test_the_cdn_can_fail_too(env: SandboxEnv, api: Api) -> None:
    url = (await env.ada.post(env.memes, files=[PNG])).attachments[0].url
    env.sandbox.faults.plan(Fault.UNAVAILABLE, "GET", "^/attachments/")
    # aiohttp itself retries a GET once on a reused connection.
    env.sandbox.faults.plan(Fault.DROP_BEFORE, "GET", "^/attachments/", times=2)
    async with api.session.get(url) as response:
        assert response.status == 503
    with pytest.raises(aiohttp.ClientError):
        await api.session.get(url)
    async with api.session.get(url) as response:
        assert response.status == 200
