"""The HTTP API of the chat page, without a browser."""

import asyncio
import json
from typing import Any

import aiohttp

from dreambot.sandbox import Permission, Sandbox
from dreambot.sandbox.demo import create_demo_guild, serve
from tests.sandbox.conftest import PNG, Api, SandboxEnv, StartClient, eventually
from tests.sandbox.test_commands import dream
from tests.sandbox.test_interactions import commands
from tests.sandbox.test_modals import modals


async def call_page_api(api: Api, path: str, body: Any = None, method: str = "POST") -> tuple[int, Any]:
    url = api.env.sandbox.url + "/api/page/" + path
    more = {"data": body} if isinstance(body, aiohttp.FormData) else {"json": body}
    async with api.session.request(method, url, **more) as response:
        return response.status, await response.json()


async def test_state_lists_users_channels_and_commands(
    env: SandboxEnv, api: Api, start_client: StartClient
) -> None:
    assert (await call_page_api(api, "state", method="GET"))[1]["bot"]["online"] is False
    await start_client(dream)
    status, body = await call_page_api(api, "state", method="GET")
    assert (status, body["me"]["global_name"], body["bot"]["online"]) == (200, "Ada", True)
    assert [one["name"] for one in body["guilds"][0]["channels"]] == ["memes", "art"]
    assert [one["name"] for one in body["commands"][0]["options"]] == ["image", "layer", "intensity"]
    assert (await call_page_api(api, "state?user=1", method="GET"))[0] == 400


async def test_a_user_runs_a_command_and_receives_its_events(
    env: SandboxEnv, api: Api, start_client: StartClient
) -> None:
    await start_client(dream)
    url = f"{env.sandbox.url}/api/page/socket?user={env.ada.id}"
    async with api.session.ws_connect(url) as socket:
        form = aiohttp.FormData()
        payload = {
            "user": str(env.ada.id),
            "channel_id": str(env.memes.id),
            "type": "slash",
            "name": "dream",
            "options": {"image": "file:picture", "intensity": "11"},
        }
        form.add_field("payload", json.dumps(payload))
        form.add_field("picture", PNG, filename="cat.png")
        status, body = await call_page_api(api, "interactions", form)
        assert (status, body["ok"]) == (200, True)
        received = []
        while not (received and received[-1]["d"].get("attachments")):
            received.append(await socket.receive_json(timeout=60))
    assert [one["t"] for one in received] == ["MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_UPDATE"]
    assert received[-1]["d"]["interaction_metadata"]["name"] == "dream"
    assert received[-1]["d"]["interaction_metadata"]["user"]["id"] == str(env.ada.id)
    status, messages = await call_page_api(api, f"channels/{env.memes.id}/messages", method="GET")
    assert messages == [{**received[-1]["d"], "attachments": messages[0]["attachments"]}]


async def test_ephemeral_messages_are_listed_for_one_user(
    env: SandboxEnv, api: Api, start_client: StartClient
) -> None:
    await start_client(commands)
    grace = env.guild.add_member("Grace")
    interaction = await env.ada.slash("layers", channel=env.memes, layer="x")
    await interaction.follow_up()
    for user, seen in ((env.ada, 2), (grace, 1)):
        path = f"channels/{env.memes.id}/messages?user={user.id}"
        assert len((await call_page_api(api, path, method="GET"))[1]) == seen


async def test_autocompletion_and_error_messages(
    env: SandboxEnv, api: Api, start_client: StartClient
) -> None:
    await start_client(commands)
    form = {"user": str(env.ada.id), "channel_id": str(env.memes.id), "name": "layers"}
    typed = {**form, "type": "autocomplete", "option": "layer", "value": "10", "options": {"loud": "tr"}}
    assert (await call_page_api(api, "interactions", typed))[1] == {
        "choices": [{"name": "mixed10", "value": "mixed10"}]
    }
    status, body = await call_page_api(api, "interactions", {**form, "type": "slash", "options": {}})
    assert (status, "needs “layer”" in body["error"]) == (400, True)
    status, body = await call_page_api(api, "interactions", {**form, "type": "dance"})
    assert (status, body["error"]) == (400, "There is no interaction of type “dance”.")
    env.memes.revoke(Permission.SEND_MESSAGES, of=env.ada.id)
    post = aiohttp.FormData({"user": str(env.ada.id), "content": "x"}, default_to_multipart=True)
    status, body = await call_page_api(api, f"channels/{env.memes.id}/messages", post)
    assert (status, "permission" in body["error"]) == (400, True)


async def test_a_missing_response_is_reported_after_three_seconds(env: SandboxEnv, api: Api) -> None:
    body = [{"name": "ping", "description": "Ping"}]
    await api("PUT", f"/applications/{env.sandbox.bot_id}/commands", body)
    url = f"{env.sandbox.url}/api/page/socket?user={env.ada.id}"
    async with api.session.ws_connect(url) as socket:
        await env.ada.slash("ping", channel=env.memes)
        env.sandbox.clock.advance(3)
        event = await socket.receive_json(timeout=60)
    assert (event["t"], event["d"]["message"]) == ("INTERACTION_FAILED", "The application did not respond")


async def test_posting_replying_and_deleting(env: SandboxEnv, api: Api) -> None:
    path = f"channels/{env.memes.id}/messages"
    form = aiohttp.FormData({"user": str(env.ada.id), "content": "look"})
    form.add_field("files[0]", PNG, filename="a.png")
    first = (await call_page_api(api, path, form))[1]
    assert [one["filename"] for one in first["attachments"]] == ["a.png"]
    fields = {"user": str(env.ada.id), "content": "me", "reply_to": first["id"]}
    again = aiohttp.FormData(fields, default_to_multipart=True)
    assert (await call_page_api(api, path, again))[1]["referenced_message"]["content"] == "look"
    assert (await call_page_api(api, f"messages/{first['id']}?user={env.ada.id}", method="DELETE"))[0] == 200
    assert (await call_page_api(api, f"messages/{first['id']}?user={env.ada.id}", method="DELETE"))[0] == 400


async def test_editing_the_users_own_message(env: SandboxEnv, api: Api, start_client: StartClient) -> None:
    client = await start_client(dream)
    grace = env.guild.add_member("Grace")
    post = await env.ada.post(env.memes, "before")
    path, body = f"messages/{post.id}", {"user": str(env.ada.id), "content": f"hi {grace.mention}"}
    status, message = await call_page_api(api, path, body, method="PATCH")
    assert (status, message["content"]) == (200, f"hi {grace.mention}")
    assert [one["id"] for one in message["mentions"]] == [str(grace.id)]
    assert message["edited_timestamp"]
    await eventually(lambda: client.edits)
    assert client.edits[0].data["edited_timestamp"] == message["edited_timestamp"]
    for user, content, message_part in (
        (grace, "mine", "your own messages only"),
        (env.ada, " ", "needs some text"),
        (env.ada, "w" * 2001, "at most 2000 characters"),
    ):
        status, answer = await call_page_api(
            api, path, {"user": str(user.id), "content": content}, method="PATCH"
        )
        assert (status, message_part in answer["error"]) == (400, True)
    assert post.content == f"hi {grace.mention}"


async def test_state_contains_the_rank_of_each_member(env: SandboxEnv, api: Api) -> None:
    grace = env.guild.add_member("Grace")
    env.guild.add_role("moderators", permissions=Permission.MANAGE_MESSAGES).give(grace)
    body = (await call_page_api(api, "state", method="GET"))[1]
    members = {one["id"]: one for one in body["guilds"][0]["members"]}
    assert members[str(grace.id)]["rank"] == "moderator"
    assert members[str(grace.id)]["roles"] == ["moderators"]
    assert members[str(env.ada.id)]["rank"] == "member"
    assert members[str(env.sandbox.bot_id)]["rank"] == "app"
    assert str(env.sandbox.bot_id) in {one["id"] for one in body["users"]}


async def test_files_outside_the_page_are_not_served(env: SandboxEnv, api: Api) -> None:
    for name in ("..%2fsandbox.py", "%2e%2e/sandbox.py", "nothing.js", ".hidden"):
        async with api.session.get(f"{env.sandbox.url}/page/{name}") as response:
            assert response.status == 404


async def test_the_demo_guild() -> None:
    async with Sandbox() as sandbox:
        world = create_demo_guild(sandbox)
        assert [channel.name for channel in world.guild.channels] == ["memes", "art", "nsfw"]
        assert world.nsfw.model.nsfw
        await world.ada.post(world.memes, "hello")


async def test_serving_ends_when_cancelled() -> None:
    task = asyncio.create_task(serve("127.0.0.1", 0))
    await asyncio.sleep(0.2)
    assert not task.done()
    task.cancel()
    await asyncio.wait({task}, timeout=100)
    assert task.cancelled()


async def test_a_response_names_the_original_command(
    env: SandboxEnv, api: Api, start_client: StartClient
) -> None:
    await start_client(modals)
    interaction = await env.ada.slash("settings", channel=env.memes)
    await (await env.ada.submit(interaction, {"loud": "3"})).response()
    opener = await (await env.ada.slash("opener", channel=env.memes)).response()
    pressed = await env.ada.press(opener, "Settings")
    await (await env.ada.submit(pressed, {"loud": "3"})).acknowledged()
    path = f"channels/{env.memes.id}/messages"
    messages = (await call_page_api(api, path, method="GET"))[1]
    assert [one["interaction_metadata"].get("name") for one in messages] == ["settings", "opener"]
