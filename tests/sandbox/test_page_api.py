"""What the chat page asks, without a browser."""

import asyncio
import json
from typing import Any

import aiohttp

from dreambot.sandbox import Permission, Sandbox
from dreambot.sandbox.demo import create_demo_guild, serve
from tests.sandbox.conftest import PNG, Api, SandboxSetup, StartClient, eventually
from tests.sandbox.test_commands import dream
from tests.sandbox.test_interactions import commands
from tests.sandbox.test_modals import modals


async def ask(api: Api, path: str, body: Any = None, method: str = "POST") -> tuple[int, Any]:
    url = api.place.sandbox.url + "/api/page/" + path
    more = {"data": body} if isinstance(body, aiohttp.FormData) else {"json": body}
    async with api.session.request(method, url, **more) as response:
        return response.status, await response.json()


async def test_state_tells_who_is_there(place: SandboxSetup, api: Api, start: StartClient) -> None:
    assert (await ask(api, "state", method="GET"))[1]["bot"]["online"] is False
    await start(dream)
    status, body = await ask(api, "state", method="GET")
    assert (status, body["me"]["global_name"], body["bot"]["online"]) == (200, "Ada", True)
    assert [one["name"] for one in body["guilds"][0]["channels"]] == ["memes", "art"]
    assert [one["name"] for one in body["commands"][0]["options"]] == ["image", "layer", "intensity"]
    assert (await ask(api, "state?user=1", method="GET"))[0] == 400


async def test_a_person_dreams_a_picture_and_hears_of_it(
    place: SandboxSetup, api: Api, start: StartClient
) -> None:
    await start(dream)
    url = f"{place.sandbox.url}/api/page/socket?user={place.ada.id}"
    async with api.session.ws_connect(url) as socket:
        form = aiohttp.FormData()
        payload = {
            "user": str(place.ada.id),
            "channel_id": str(place.memes.id),
            "type": "slash",
            "name": "dream",
            "options": {"image": "file:picture", "intensity": "11"},
        }
        form.add_field("payload", json.dumps(payload))
        form.add_field("picture", PNG, filename="cat.png")
        status, body = await ask(api, "interactions", form)
        assert (status, body["ok"]) == (200, True)
        heard = []
        while not (heard and heard[-1]["d"].get("attachments")):
            heard.append(await socket.receive_json(timeout=60))
    assert [one["t"] for one in heard] == ["MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_UPDATE"]
    assert heard[-1]["d"]["interaction_metadata"]["name"] == "dream"
    assert heard[-1]["d"]["interaction_metadata"]["user"]["id"] == str(place.ada.id)
    status, messages = await ask(api, f"channels/{place.memes.id}/messages", method="GET")
    assert messages == [{**heard[-1]["d"], "attachments": messages[0]["attachments"]}]


async def test_ephemeral_messages_are_for_one_person(
    place: SandboxSetup, api: Api, start: StartClient
) -> None:
    await start(commands)
    grace = place.guild.add_member("Grace")
    asked = await place.ada.slash("layers", channel=place.memes, layer="x")
    await asked.follow_up()
    for user, seen in ((place.ada, 2), (grace, 1)):
        path = f"channels/{place.memes.id}/messages?user={user.id}"
        assert len((await ask(api, path, method="GET"))[1]) == seen


async def test_completions_and_mistakes_in_words(place: SandboxSetup, api: Api, start: StartClient) -> None:
    await start(commands)
    form = {"user": str(place.ada.id), "channel_id": str(place.memes.id), "name": "layers"}
    typed = {**form, "type": "autocomplete", "option": "layer", "value": "10", "options": {"loud": "tr"}}
    assert (await ask(api, "interactions", typed))[1] == {
        "choices": [{"name": "mixed10", "value": "mixed10"}]
    }
    status, body = await ask(api, "interactions", {**form, "type": "slash", "options": {}})
    assert (status, "needs “layer”" in body["error"]) == (400, True)
    status, body = await ask(api, "interactions", {**form, "type": "dance"})
    assert (status, body["error"]) == (400, "There is no interaction of type “dance”.")
    place.memes.revoke(Permission.SEND_MESSAGES, of=place.ada.id)
    post = aiohttp.FormData({"user": str(place.ada.id), "content": "x"}, default_to_multipart=True)
    status, body = await ask(api, f"channels/{place.memes.id}/messages", post)
    assert (status, "permission" in body["error"]) == (400, True)


async def test_a_silent_bot_is_told_after_three_seconds(place: SandboxSetup, api: Api) -> None:
    body = [{"name": "ping", "description": "Ping"}]
    await api("PUT", f"/applications/{place.sandbox.bot_id}/commands", body)
    url = f"{place.sandbox.url}/api/page/socket?user={place.ada.id}"
    async with api.session.ws_connect(url) as socket:
        await place.ada.slash("ping", channel=place.memes)
        place.sandbox.clock.advance(3)
        told = await socket.receive_json(timeout=60)
    assert (told["t"], told["d"]["message"]) == ("INTERACTION_FAILED", "The application did not respond")


async def test_posting_replying_and_deleting(place: SandboxSetup, api: Api) -> None:
    path = f"channels/{place.memes.id}/messages"
    form = aiohttp.FormData({"user": str(place.ada.id), "content": "look"})
    form.add_field("files[0]", PNG, filename="a.png")
    first = (await ask(api, path, form))[1]
    assert [one["filename"] for one in first["attachments"]] == ["a.png"]
    fields = {"user": str(place.ada.id), "content": "me", "reply_to": first["id"]}
    again = aiohttp.FormData(fields, default_to_multipart=True)
    assert (await ask(api, path, again))[1]["referenced_message"]["content"] == "look"
    assert (await ask(api, f"messages/{first['id']}?user={place.ada.id}", method="DELETE"))[0] == 200
    assert (await ask(api, f"messages/{first['id']}?user={place.ada.id}", method="DELETE"))[0] == 400


async def test_editing_an_own_message(place: SandboxSetup, api: Api, start: StartClient) -> None:
    client = await start(dream)
    grace = place.guild.add_member("Grace")
    post = await place.ada.post(place.memes, "before")
    path, body = f"messages/{post.id}", {"user": str(place.ada.id), "content": f"hi {grace.mention}"}
    status, message = await ask(api, path, body, method="PATCH")
    assert (status, message["content"]) == (200, f"hi {grace.mention}")
    assert [one["id"] for one in message["mentions"]] == [str(grace.id)]
    assert message["edited_timestamp"]
    await eventually(lambda: client.edits)
    assert client.edits[0].data["edited_timestamp"] == message["edited_timestamp"]
    for user, content, words in (
        (grace, "mine", "your own messages only"),
        (place.ada, " ", "needs some text"),
        (place.ada, "w" * 2001, "at most 2000 characters"),
    ):
        status, answer = await ask(api, path, {"user": str(user.id), "content": content}, method="PATCH")
        assert (status, words in answer["error"]) == (400, True)
    assert post.content == f"hi {grace.mention}"


async def test_state_says_what_each_member_is(place: SandboxSetup, api: Api) -> None:
    grace = place.guild.add_member("Grace")
    place.guild.add_role("moderators", permissions=Permission.MANAGE_MESSAGES).give(grace)
    body = (await ask(api, "state", method="GET"))[1]
    members = {one["id"]: one for one in body["guilds"][0]["members"]}
    assert members[str(grace.id)]["standing"] == "moderator"
    assert members[str(grace.id)]["roles"] == ["moderators"]
    assert members[str(place.ada.id)]["standing"] == "member"
    assert members[str(place.sandbox.bot_id)]["standing"] == "app"
    assert str(place.sandbox.bot_id) in {one["id"] for one in body["users"]}


async def test_files_outside_the_page_are_not_served(place: SandboxSetup, api: Api) -> None:
    for name in ("..%2fsandbox.py", "%2e%2e/sandbox.py", "nothing.js", ".hidden"):
        async with api.session.get(f"{place.sandbox.url}/page/{name}") as response:
            assert response.status == 404


async def test_the_small_world() -> None:
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


async def test_an_answer_tells_the_command_it_goes_back_to(
    place: SandboxSetup, api: Api, start: StartClient
) -> None:
    await start(modals)
    asked = await place.ada.slash("settings", channel=place.memes)
    await (await place.ada.submit(asked, {"loud": "3"})).response()
    opener = await (await place.ada.slash("opener", channel=place.memes)).response()
    pressed = await place.ada.press(opener, "Settings")
    await (await place.ada.submit(pressed, {"loud": "3"})).acknowledged()
    path = f"channels/{place.memes.id}/messages"
    messages = (await ask(api, path, method="GET"))[1]
    assert [one["interaction_metadata"].get("name") for one in messages] == ["settings", "opener"]
