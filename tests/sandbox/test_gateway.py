"""Login, intents, sharding and reconnecting."""

import asyncio
import json
import zlib
from typing import Any

import aiohttp
import discord
import pytest

from dreambot.sandbox import Permission, Sandbox, Upload
from tests.sandbox.conftest import PNG, SandboxEnv, StartClient, eventually


async def test_a_wrong_token_is_refused_at_login(env: SandboxEnv, patch_discord_urls: None) -> None:
    async with discord.Client(intents=discord.Intents.default()) as client:
        with pytest.raises(discord.LoginFailure):
            await client.login("not the token")


async def test_a_revoked_token_closes_with_4004(env: SandboxEnv, patch_discord_urls: None) -> None:
    async with discord.Client(intents=discord.Intents.default()) as client:
        await client.login(env.sandbox.bot_token)
        client.http.token = "revoked"
        with pytest.raises(discord.ConnectionClosed) as caught:
            await client.connect()
        assert caught.value.code == 4004


async def test_a_token_revoked_while_connected_ends_the_connection(
    env: SandboxEnv, start_client: StartClient
) -> None:
    client = await start_client()
    env.sandbox.revoke_bot_token()
    await eventually(client.is_closed)
    with pytest.raises(discord.LoginFailure):
        async with discord.Client(intents=discord.Intents.none()) as other:
            await other.login("old")


async def test_messages_of_other_webhooks_are_recognizable(
    env: SandboxEnv, start_client: StartClient
) -> None:
    client = await start_client()
    env.memes.post_by_webhook("news", "breaking", files=[Upload("a.png", PNG)])
    await eventually(lambda: client.received)
    assert (client.received[0].webhook_id is not None, client.received[0].author.bot) == (True, True)


async def test_message_content_not_granted_closes_with_4014(
    env: SandboxEnv, start_client: StartClient
) -> None:
    env.sandbox.grant_message_content(False)
    with pytest.raises(discord.PrivilegedIntentsRequired):
        await start_client()


@pytest.mark.parametrize("granted", [True, False])
async def test_content_is_hidden_without_the_intent(
    env: SandboxEnv, start_client: StartClient, granted: bool
) -> None:
    env.sandbox.grant_message_content(granted)
    intents = discord.Intents.default()
    intents.message_content = granted
    client = await start_client(intents=intents)
    assert client.application_flags.gateway_message_content_limited is granted
    mention = f"<@{env.sandbox.bot_id}>"
    hidden = await env.ada.post(env.memes, "secret", files=[PNG])
    await env.ada.post(env.memes, f"{mention} dream that", reply_to=hidden, files=[PNG])
    await env.ada.post(env.ada.dm_channel(), "direct", files=[PNG])
    await eventually(lambda: len(client.received) == 3)
    plain, mentioned, direct = client.received
    assert (plain.content, len(plain.attachments)) == (("secret", 1) if granted else ("", 0))
    assert (mentioned.content, len(mentioned.attachments)) == (f"{mention} dream that", 1)
    assert mentioned.reference is not None
    replied = mentioned.reference.resolved
    assert isinstance(replied, discord.Message)
    assert bool(replied.attachments) is granted
    assert (direct.content, direct.guild, len(direct.attachments)) == ("direct", None, 1)
    channel = client.get_channel(env.memes.id)
    assert isinstance(channel, discord.TextChannel)
    fetched = await channel.fetch_message(hidden.id)
    assert bool(fetched.attachments) is granted


async def test_edits_and_deletes_are_received(env: SandboxEnv, start_client: StartClient) -> None:
    client = await start_client()
    gone = asyncio.get_running_loop().create_future()

    @client.event
    async def on_message_delete(message: discord.Message) -> None:
        gone.set_result(message.content)

    post = await env.ada.post(env.memes, "one")
    await env.ada.edit(post, "two")
    await env.ada.delete(post)
    assert await asyncio.wait_for(gone, 100) == "two"
    assert [edit.message.content for edit in client.edits] == ["two"]


async def test_events_of_invisible_channels_are_not_sent(env: SandboxEnv, start_client: StartClient) -> None:
    client = await start_client()
    env.art.revoke(Permission.VIEW_CHANNEL)
    await env.ada.post(env.art, "unseen")
    await env.ada.post(env.memes, "seen")
    await eventually(lambda: client.received)
    assert [message.content for message in client.received] == ["seen"]
    channel = client.get_channel(env.art.id)
    assert isinstance(channel, discord.TextChannel)
    assert not channel.permissions_for(channel.guild.me).view_channel


async def test_a_closed_connection_resumes_without_losing_a_message(
    env: SandboxEnv, start_client: StartClient
) -> None:
    client = await start_client()
    resumed = asyncio.Event()

    @client.event
    async def on_resumed() -> None:
        resumed.set()

    env.sandbox.gateway.close(4000)
    await env.ada.post(env.memes, "while away")
    await asyncio.wait_for(resumed.wait(), 100)
    assert [message.content for message in client.received] == ["while away"]


async def test_an_invalid_session_identifies_again(env: SandboxEnv, start_client: StartClient) -> None:
    client = await start_client()
    first = client.ws.session_id
    env.sandbox.gateway.reconnect(invalid=False)
    await eventually(lambda: client.ws.session_id not in (None, first) and env.sandbox.world.bot_online, 20)
    await env.ada.post(env.memes, "again")
    await eventually(lambda: client.received)


async def test_shards_receive_only_their_guilds(env: SandboxEnv, patch_discord_urls: None) -> None:
    class Sharded(discord.AutoShardedClient):
        async def before_identify_hook(self, _shard: int | None, *, initial: bool = False) -> None:
            """Skips discord.py's delay of five seconds between shards."""

    env.sandbox.world.shards = 3
    guilds = [env.guild, *(env.sandbox.add_guild(f"guild {number}") for number in range(4))]
    client = Sharded(intents=discord.Intents.default(), guild_ready_timeout=0)
    async with client:
        await client.login(env.sandbox.bot_token)
        task = asyncio.create_task(client.connect())
        await env.sandbox.wait_until_bot_ready(shards=3)
        await asyncio.wait_for(client.wait_until_ready(), 100)
        assert client.shard_count == 3
        assert {guild.id for guild in client.guilds} == {guild.id for guild in guilds}
        assert {guild.shard_id for guild in client.guilds} == {(guild.id >> 22) % 3 for guild in guilds}
    await asyncio.gather(task, return_exceptions=True)


async def test_members_can_be_requested(env: SandboxEnv, start_client: StartClient) -> None:
    client = await start_client()
    guild = client.get_guild(env.guild.id)
    assert guild is not None
    found = await guild.query_members(user_ids=[env.ada.id])
    assert [member.name for member in found] == ["ada"]
    assert (await guild.fetch_member(env.ada.id)).display_name == "Ada"


async def gateway_close_code(
    sandbox: Sandbox, *frames: Any, query: str = "?v=10&encoding=json"
) -> int | None:
    """Sends frames without discord.py and returns the close code."""
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(sandbox.url + "/gateway" + query) as socket,
    ):
        for frame in frames:
            await socket.send_str(frame if isinstance(frame, str) else json.dumps(frame))
        while (await socket.receive(timeout=60)).type in (aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY):
            pass
        return socket.close_code


async def test_close_codes(env: SandboxEnv) -> None:
    sandbox = env.sandbox
    login: dict[str, Any] = {"token": sandbox.bot_token, "intents": 1, "properties": {}}
    identify = {"op": 2, "d": login}
    assert await gateway_close_code(sandbox, {"op": 3, "d": {}}) == 4003
    assert await gateway_close_code(sandbox, {"op": 99, "d": {}}) == 4001
    assert await gateway_close_code(sandbox, "not json") == 4002
    assert await gateway_close_code(sandbox, "[" * 4000) == 4002
    assert await gateway_close_code(sandbox, identify, identify) == 4005
    assert await gateway_close_code(sandbox, *[{"op": 1, "d": None}] * 121) == 4008
    assert await gateway_close_code(sandbox, {"op": 2, "d": {**login, "shard": [2, 2]}}) == 4010
    assert await gateway_close_code(sandbox, {"op": 2, "d": {**login, "intents": 1 << 40}}) == 4013
    assert await gateway_close_code(sandbox, query="?v=5") == 4012


async def test_a_test_can_wait_until_the_client_has_received_all_events(
    env: SandboxEnv, start_client: StartClient
) -> None:
    client = await start_client()
    posted = [await env.ada.post(env.memes, str(number)) for number in range(20)]
    await env.sandbox.gateway.wait_until_events_received()
    assert [message.id for message in client.cached_messages] == [message.id for message in posted]


async def test_a_client_that_does_not_confirm_its_events_is_reported(env: SandboxEnv) -> None:
    identify = {"token": env.sandbox.bot_token, "intents": 1, "properties": {}}
    url = env.sandbox.url + "/gateway?v=10&encoding=json"
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as socket:
        await socket.send_json({"op": 2, "d": identify})
        await eventually(lambda: env.sandbox.gateway.ready_shards)
        with pytest.raises(TimeoutError, match="confirms all events"):
            await env.sandbox.gateway.wait_until_events_received(0.2)


async def test_a_client_without_heartbeats_is_closed() -> None:
    async with Sandbox(heartbeat=0.1) as sandbox:
        identify = {"op": 2, "d": {"token": sandbox.bot_token, "intents": 1, "properties": {}}}
        assert await gateway_close_code(sandbox, identify) == 4009


async def test_frames_are_compressed_as_one_stream(env: SandboxEnv) -> None:
    inflate, frames = zlib.decompressobj(), []
    url = env.sandbox.url + "/gateway?v=10&encoding=json&compress=zlib-stream"
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as socket:
        identify = {"token": env.sandbox.bot_token, "intents": 1, "properties": {}}
        await socket.send_json({"op": 2, "d": identify})
        while len(frames) < 3:
            data = (await socket.receive(timeout=60)).data
            assert data.endswith(b"\x00\x00\xff\xff")
            frames.append(json.loads(inflate.decompress(data)))
    assert [frame.get("t") for frame in frames] == [None, "READY", "GUILD_CREATE"]
    assert frames[1]["d"]["guilds"] == [{"id": str(env.guild.id), "unavailable": True}]


async def test_changes_of_guilds_and_channels_are_received(
    env: SandboxEnv, start_client: StartClient
) -> None:
    client = await start_client()
    second = env.sandbox.add_guild("second")
    channel = second.add_channel("new")
    await eventually(lambda: client.get_channel(channel.id))
    seen = client.get_channel(channel.id)
    assert isinstance(seen, discord.TextChannel)
    assert seen.permissions_for(seen.guild.me).send_messages
    second.set_bot_permissions(Permission.VIEW_CHANNEL)
    second.set_everyone_permissions(Permission.VIEW_CHANNEL)
    await eventually(lambda: not seen.permissions_for(seen.guild.me).send_messages)
    second.time_out(seconds=60)
    await eventually(seen.guild.me.is_timed_out)
    channel.delete()
    await eventually(lambda: client.get_channel(channel.id) is None)
    second.remove_bot()
    await eventually(lambda: client.get_guild(second.id) is None)
