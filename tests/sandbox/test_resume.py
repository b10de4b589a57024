"""Interrupted gateway connections are resumed without losing an event."""

import asyncio
from collections.abc import Callable

import aiohttp
import discord
import pytest

from dreambot.sandbox import Sandbox
from tests.sandbox.conftest import Client, SandboxSetup, StartClient, eventually


def watched(client: Client) -> asyncio.Event:
    """Set whenever the client resumed."""
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
async def test_a_session_is_resumed_and_misses_nothing(
    place: SandboxSetup, start: StartClient, how: str
) -> None:
    client = await start()
    resumed, session = watched(client), client.ws.session_id
    await place.ada.post(place.memes, "before")
    INTERRUPTIONS[how](place.sandbox)
    for number in range(5):
        await place.ada.post(place.memes, str(number))
        await asyncio.sleep(0)
    await asyncio.wait_for(resumed.wait(), 100)
    await place.ada.post(place.memes, "after")
    await eventually(lambda: len(client.heard) >= 7)
    assert [message.content for message in client.heard] == ["before", "0", "1", "2", "3", "4", "after"]
    assert client.ws.session_id == session


async def test_a_command_used_while_the_line_was_down_is_answered(
    place: SandboxSetup, start: StartClient
) -> None:
    def prepare(client: Client) -> None:
        @client.tree.command(description="Ping")
        async def ping(interaction: discord.Interaction) -> None:
            await interaction.response.send_message("pong")

    client = await start(prepare)
    resumed = watched(client)
    async with place.sandbox.gateway.away():
        asked = await place.ada.slash("ping", channel=place.memes)
        await place.ada.post(place.memes, "hello?")
        assert not place.sandbox.gateway.ready_shards
    assert (await asked.response()).content == "pong"
    await asyncio.wait_for(resumed.wait(), 100)
    await eventually(lambda: client.heard)


async def test_a_forgotten_session_starts_anew(place: SandboxSetup, start: StartClient) -> None:
    client = await start()
    first = client.ws.session_id
    async with place.sandbox.gateway.away():
        place.sandbox.gateway.invalidate_sessions()
        await place.ada.post(place.memes, "lost")
    await eventually(lambda: client.ws.session_id not in (None, first) and place.sandbox.world.bot_online, 20)
    await place.ada.post(place.memes, "heard")
    await eventually(lambda: client.heard)
    assert [message.content for message in client.heard] == ["heard"]


async def test_a_session_waits_five_minutes(place: SandboxSetup) -> None:
    url = place.sandbox.url + "/gateway?v=10&encoding=json"
    login = {"token": place.sandbox.bot_token, "intents": 513, "properties": {}}
    async with aiohttp.ClientSession() as http:
        async with http.ws_connect(url) as socket:
            await socket.send_json({"op": 2, "d": login})
            while (frame := await socket.receive_json(timeout=60)).get("t") != "READY":
                pass
            session = frame["d"]["session_id"]
            await socket.close(code=4000)
        for seconds, op in ((299, 0), (301, 9)):
            await eventually(lambda: not place.sandbox.gateway.connections)
            place.sandbox.clock.advance(seconds)
            await place.ada.post(place.memes, "x")
            async with http.ws_connect(url) as socket:
                resume = {"token": place.sandbox.bot_token, "session_id": session, "seq": frame["s"]}
                await socket.receive_json(timeout=60)
                await socket.send_json({"op": 6, "d": resume})
                answer = await socket.receive_json(timeout=60)
                assert answer["op"] == op, seconds
                await socket.close(code=4000)
