"""Interrupted gateway connections are resumed without losing an event."""

import asyncio
from collections.abc import Callable

import aiohttp
import discord
import pytest

from dreambot.sandbox import Sandbox
from tests.sandbox.conftest import Client, SandboxEnv, StartClient, eventually


def watched(client: Client) -> asyncio.Event:
    """Returns an event that is set when the client resumes."""
    resumed = asyncio.Event()

    async def on_resumed() -> None:
        resumed.set()

    client.event(on_resumed)
    return resumed


INTERRUPTIONS: dict[str, Callable[[Sandbox], None]] = {
    "op 7": lambda sandbox: sandbox.gateway.reconnect(),
    "op 9, resumable": lambda sandbox: sandbox.gateway.reconnect(invalid=True),
    "closed": lambda sandbox: sandbox.gateway.close(4000),
    "cut": lambda sandbox: sandbox.gateway.drop(),
}


@pytest.mark.parametrize("how", INTERRUPTIONS)
async def test_a_session_is_resumed_without_losing_events(
    env: SandboxEnv, start_client: StartClient, how: str
) -> None:
    client = await start_client()
    resumed, session = watched(client), client.ws.session_id
    await env.ada.post(env.memes, "before")
    INTERRUPTIONS[how](env.sandbox)
    for number in range(5):
        await env.ada.post(env.memes, str(number))
        await asyncio.sleep(0)
    await asyncio.wait_for(resumed.wait(), 100)
    await env.ada.post(env.memes, "after")
    await eventually(lambda: len(client.received) >= 7)
    assert [message.content for message in client.received] == ["before", "0", "1", "2", "3", "4", "after"]
    assert client.ws.session_id == session


async def test_a_command_used_while_disconnected_is_answered(
    env: SandboxEnv, start_client: StartClient
) -> None:
    def prepare(client: Client) -> None:
        @client.tree.command(description="Ping")
        async def ping(interaction: discord.Interaction) -> None:
            await interaction.response.send_message("pong")

    client = await start_client(prepare)
    resumed = watched(client)
    async with env.sandbox.gateway.offline():
        interaction = await env.ada.slash("ping", channel=env.memes)
        await env.ada.post(env.memes, "hello?")
        assert not env.sandbox.gateway.ready_shards
    assert (await interaction.response()).content == "pong"
    await asyncio.wait_for(resumed.wait(), 100)
    await eventually(lambda: client.received)


async def test_an_invalidated_session_identifies_again(env: SandboxEnv, start_client: StartClient) -> None:
    client = await start_client()
    first = client.ws.session_id
    async with env.sandbox.gateway.offline():
        env.sandbox.gateway.invalidate_sessions()
        await env.ada.post(env.memes, "lost")
    await eventually(lambda: client.ws.session_id not in (None, first) and env.sandbox.world.bot_online, 20)
    await env.ada.post(env.memes, "received")
    await eventually(lambda: client.received)
    assert [message.content for message in client.received] == ["received"]


async def test_a_session_can_be_resumed_for_five_minutes(env: SandboxEnv) -> None:
    url = env.sandbox.url + "/gateway?v=10&encoding=json"
    login = {"token": env.sandbox.bot_token, "intents": 513, "properties": {}}
    async with aiohttp.ClientSession() as http:
        async with http.ws_connect(url) as socket:
            await socket.send_json({"op": 2, "d": login})
            while (frame := await socket.receive_json(timeout=60)).get("t") != "READY":
                pass
            session = frame["d"]["session_id"]
            await socket.close(code=4000)
        for seconds, op in ((299, 0), (301, 9)):
            await eventually(lambda: not env.sandbox.gateway.connections)
            env.sandbox.clock.advance(seconds)
            await env.ada.post(env.memes, "x")
            async with http.ws_connect(url) as socket:
                resume = {"token": env.sandbox.bot_token, "session_id": session, "seq": frame["s"]}
                await socket.receive_json(timeout=60)
                await socket.send_json({"op": 6, "d": resume})
                answer = await socket.receive_json(timeout=60)
                assert answer["op"] == op, seconds
                await socket.close(code=4000)
