"""Messages over REST: accepted and refused requests, and error codes."""

import asyncio
import io
from typing import Any

import discord
import pytest

from dreambot.sandbox import Permission
from dreambot.sandbox.driver.channels import ChannelHandle, MessageHandle
from tests.sandbox.conftest import PNG, Api, SandboxEnv, StartClient


def channel_of(client: discord.Client, env: SandboxEnv) -> discord.TextChannel:
    channel = client.get_channel(env.memes.id)
    assert isinstance(channel, discord.TextChannel)
    return channel


async def test_history_comes_in_pages_newest_first(env: SandboxEnv, start_client: StartClient) -> None:
    client = await start_client()
    posts = [await env.ada.post(env.memes, str(number)) for number in range(12)]
    channel = channel_of(client, env)
    assert [message.content async for message in channel.history(limit=3)] == ["11", "10", "9"]
    before = discord.Object(posts[4].id)
    assert [message.content async for message in channel.history(limit=2, before=before)] == ["3", "2"]
    after = discord.Object(posts[9].id)
    found = [message.content async for message in channel.history(after=after, oldest_first=True)]
    assert found == ["10", "11"]


async def test_send_edit_reply_delete(env: SandboxEnv, start_client: StartClient) -> None:
    client = await start_client()
    channel = channel_of(client, env)
    sent = await channel.send("one", file=discord.File(io.BytesIO(PNG), "a b.png", spoiler=True))
    assert [one.filename for one in sent.attachments] == ["SPOILER_a_b.png"]
    assert await sent.attachments[0].read() == PNG
    edited = await sent.edit(content="two", attachments=[discord.File(io.BytesIO(PNG[:100]), "c.png")])
    assert (edited.content, [one.filename for one in edited.attachments]) == ("two", ["c.png"])
    kept = await edited.add_files(discord.File(io.BytesIO(b"words"), "d.txt"))
    assert [one.filename for one in kept.attachments] == ["c.png", "d.txt"]
    assert (kept.attachments[1].content_type, kept.attachments[1].width) == (
        "text/plain; charset=utf-8",
        None,
    )
    post = await env.ada.post(env.memes, "hello")
    answer = await (await channel.fetch_message(post.id)).reply("you too")
    assert answer.reference is not None
    assert answer.reference.message_id == post.id
    await sent.delete()
    with pytest.raises(discord.NotFound) as caught:
        await channel.fetch_message(sent.id)
    assert caught.value.code == 10008
    with pytest.raises(discord.Forbidden) as forbidden:
        await (await channel.fetch_message(post.id)).edit(content="mine now")
    assert forbidden.value.code == 50005


async def test_a_forward_copies_a_message_that_the_bot_can_read(
    env: SandboxEnv, start_client: StartClient
) -> None:
    client = await start_client()
    post = await env.ada.post(env.memes, "hello", files=[PNG])
    hall, closed = env.guild.add_channel("hall"), env.guild.add_channel("closed")
    hidden = await env.ada.post(closed, "secret")
    closed.revoke(Permission.VIEW_CHANNEL)
    target = client.get_partial_messageable(hall.id, guild_id=env.guild.id)

    def forward_of(message: MessageHandle, channel: ChannelHandle) -> discord.MessageReference:
        kind = discord.MessageReferenceType.forward
        return discord.MessageReference(message_id=message.id, channel_id=channel.id, type=kind)

    sent = await target.send(reference=forward_of(post, env.memes), nonce="once")
    again = await target.send(reference=forward_of(post, env.memes), nonce="once")
    assert sent.id == again.id
    assert sent.content == ""
    assert sent.message_snapshots[0].content == "hello"
    assert await sent.message_snapshots[0].attachments[0].read() == PNG
    for content, reference, code in (
        ("with words", forward_of(post, env.memes), 50035),
        (None, forward_of(hidden, closed), 50001),
        (None, forward_of(hidden, env.memes), 50035),
    ):
        with pytest.raises(discord.HTTPException) as caught:
            await target.send(content, reference=reference)
        assert caught.value.code == code
    await env.ada.delete(post)
    assert (await target.fetch_message(sent.id)).message_snapshots


async def test_a_picture_in_an_embed_is_not_listed_twice(env: SandboxEnv, start_client: StartClient) -> None:
    client = await start_client()
    embed = discord.Embed(title="Dream").set_image(url="attachment://dream.png")
    sent = await channel_of(client, env).send(embed=embed, file=discord.File(io.BytesIO(PNG), "dream.png"))
    assert sent.attachments == []
    url = sent.embeds[0].image.url
    assert url is not None
    assert await client.http.get_from_cdn(url) == PNG


async def test_components_v2_show_an_uploaded_picture(env: SandboxEnv, start_client: StartClient) -> None:
    client = await start_client()
    view = discord.ui.LayoutView()
    gallery: discord.ui.MediaGallery[Any] = discord.ui.MediaGallery()
    gallery.add_item(media="attachment://dream.png", description="eyes")
    button: discord.ui.Button[Any] = discord.ui.Button(label="Again", custom_id="again")
    row: discord.ui.ActionRow[Any] = discord.ui.ActionRow(button)
    view.add_item(discord.ui.Container(discord.ui.TextDisplay("# Dream"), gallery, row))
    await channel_of(client, env).send(view=view, file=discord.File(io.BytesIO(PNG), "dream.png"))
    seen = await env.memes.wait_for_message()
    assert (list(seen.buttons), seen.text, len(seen.media)) == (["Again"], "# Dream", 1)
    media = seen.components[0]["components"][1]["items"][0]["media"]
    assert media["url"].startswith(env.sandbox.url)
    assert media["width"] == 80


async def test_the_same_nonce_sends_once(env: SandboxEnv, start_client: StartClient) -> None:
    client = await start_client()
    channel = channel_of(client, env)
    first = await channel.send("once", nonce="job-1")
    again = await channel.send("twice", nonce="job-1")
    other = await channel.send("other", nonce="job-2")
    assert (again.id, again.content) == (first.id, "once")
    assert other.id != first.id
    env.sandbox.clock.advance(3600)
    assert (await channel.send("much later", nonce="job-1")).id != first.id


@pytest.mark.parametrize(
    ("taken", "code"),
    [
        (Permission.VIEW_CHANNEL, 50001),
        (Permission.SEND_MESSAGES, 50013),
        (Permission.ATTACH_FILES, 50013),
    ],
)
async def test_missing_permissions_are_refused(
    env: SandboxEnv, start_client: StartClient, taken: Permission, code: int
) -> None:
    client = await start_client()
    env.memes.revoke(taken)
    with pytest.raises(discord.Forbidden) as caught:
        await channel_of(client, env).send("x", file=discord.File(io.BytesIO(PNG), "x.png"))
    assert caught.value.code == code
    env.memes.allow(taken)
    await channel_of(client, env).send("x", file=discord.File(io.BytesIO(PNG), "x.png"))


async def test_history_needs_read_message_history(env: SandboxEnv, api: Api) -> None:
    post = await env.ada.post(env.memes, "old")
    env.memes.revoke(Permission.READ_MESSAGE_HISTORY)
    messages = f"/channels/{env.memes.id}/messages"
    assert await api("GET", messages) == (200, [])
    assert (await api("GET", f"{messages}/{post.id}"))[1]["code"] == 50001
    reply = {"content": "x", "message_reference": {"message_id": str(post.id)}}
    assert (await api("POST", messages, reply))[1]["code"] == 160002


async def test_a_bot_in_a_timeout_cannot_send(env: SandboxEnv, api: Api) -> None:
    env.guild.time_out(seconds=60)
    messages = f"/channels/{env.memes.id}/messages"
    assert (await api("POST", messages, {"content": "x"}))[1]["code"] == 50013
    env.sandbox.clock.advance(61)
    assert (await api("POST", messages, {"content": "x"}))[0] == 200


async def test_files_over_the_limit_are_refused(env: SandboxEnv, api: Api) -> None:
    env.sandbox.set_upload_limit(1000)
    messages = f"/channels/{env.memes.id}/messages"
    status, body = await api.upload("POST", messages, {}, ("big.bin", bytes(1001)))
    assert (status, body["code"]) == (413, 40005)
    assert (await api.upload("POST", messages, {}, ("fits.bin", bytes(1000))))[0] == 200


async def test_unknown_objects_and_routes(env: SandboxEnv, api: Api) -> None:
    assert (await api("GET", "/channels/1"))[1]["code"] == 10003
    assert (await api("GET", "/guilds/1"))[1]["code"] == 10004
    assert (await api("GET", "/users/1"))[1]["code"] == 10013
    assert await api("GET", "/nonsense") == (404, {"message": "404: Not Found", "code": 0})
    assert (await api("DELETE", "/users/@me"))[0] == 405
    assert (await api("GET", "/users/@me", token="wrong"))[0] == 401
    env.memes.delete()
    assert (await api("POST", f"/channels/{env.memes.id}/messages", {"content": "x"}))[1]["code"] == 10003


def row(*components: dict[str, Any]) -> dict[str, Any]:
    return {"components": [{"type": 1, "components": list(components)}], "content": "x"}


def button(**more: Any) -> dict[str, Any]:
    return {"type": 2, "style": 1, "label": "x", "custom_id": "a", **more}


def select(**more: Any) -> dict[str, Any]:
    options = [{"label": "x", "value": "x"}]
    return {"type": 3, "custom_id": "s", "options": options, **more}


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"content": "x" * 2001}, "content"),
    ({"content": "x", "nonce": "n" * 26}, "nonce"),
    ({"content": "x", "attachments": [{"id": 0}]}, "attachments.0.id"),
    ({"embeds": [{"title": "x" * 257}]}, "embeds.0.title"),
    ({"embeds": [{"description": "x" * 4097}]}, "embeds.0.description"),
    ({"embeds": [{"description": "x" * 4000}, {"description": "x" * 4000}]}, "embeds"),
    ({"embeds": [{"title": "x"}] * 11}, "embeds"),
    ({"embeds": [{"fields": [{"name": "x"}]}]}, "embeds.0.fields.0.value"),
    ({"embeds": [{"image": {"url": "file:///etc/passwd"}}]}, "embeds.0.image.url"),
    ({**row(button()), "components": [{"type": 1, "components": []}]}, "components.0.components"),
    (row(*[button(custom_id=str(number)) for number in range(6)]), "components.0.components"),
    (row(button(), button()), "components.0.components.1.custom_id"),
    (row(button(custom_id="c" * 101)), "components.0.components.0.custom_id"),
    (row(button(label="l" * 81)), "components.0.components.0.label"),
    (row(button(label=None)), "components.0.components.0.label"),
    (row(button(custom_id=None)), "components.0.components.0.custom_id"),
    (row(button(style=5, url="https://x.org")), "components.0.components.0"),
    (row(button(style=9)), "components.0.components.0.style"),
    (row(select(), button()), "components.0.components"),
    (row(select(options=[])), "components.0.components.0.options"),
    (row(select(max_values=2)), "components.0.components.0.options"),
    ({"content": "x", "components": [{"type": 10, "content": "x"}]}, "components.0.type"),
    ({"content": "x", "components": row(button())["components"] * 6}, "components"),
    ({"flags": 1 << 15, "content": "x", "components": [{"type": 10, "content": "x"}]}, "content"),
    ({"flags": 1 << 15, "components": [{"type": 10, "content": "x" * 4001}]}, "components.0.content"),
    ({"flags": 1 << 15, "components": [{"type": 10, "content": "x"}] * 41}, "components"),
    (
        {
            "flags": 1 << 15,
            "components": [{"type": 12, "items": [{"media": {"url": "attachment://not.png"}}]}],
        },
        "components.0.items.0.media",
    ),
    ({"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}}, "allowed_mentions"),
    ({"content": "x", "message_reference": {"message_id": "1"}}, "message_reference"),
]


@pytest.mark.parametrize(("body", "where"), REFUSED, ids=[where for _, where in REFUSED])
async def test_errors_are_reported_at_their_field(
    env: SandboxEnv, api: Api, body: dict[str, Any], where: str
) -> None:
    status, answer = await api("POST", f"/channels/{env.memes.id}/messages", body)
    assert (status, answer["code"], answer["message"]) == (400, 50035, "Invalid Form Body")
    at = answer["errors"]
    for key in where.split("."):
        at = at[key]
    assert at["_errors"][0]["code"]
    assert env.memes.messages == []


@pytest.mark.parametrize("body", [{}, {"content": " "}, {"content": None, "embeds": [], "components": []}])
async def test_empty_messages_are_refused(env: SandboxEnv, api: Api, body: dict[str, Any]) -> None:
    assert (await api("POST", f"/channels/{env.memes.id}/messages", body))[1]["code"] == 50006


@pytest.mark.parametrize("depth", [100, 300, 900, 3_000, 100_000])
@pytest.mark.parametrize("pair", ["[]", '{"a":}'])
async def test_deeply_nested_bodies_are_refused(env: SandboxEnv, api: Api, depth: int, pair: str) -> None:
    opening, closing = pair[:-1], pair[-1]
    nested = opening * depth + "1" + closing * depth
    token = {"Authorization": f"Bot {env.sandbox.bot_token}", "Content-Type": "application/json"}
    for method, path in (
        ("POST", f"/channels/{env.memes.id}/messages"),
        ("PUT", f"/applications/{env.sandbox.bot_id}/commands"),
    ):
        for body in (nested, f'{{"content": "x", "components": {nested}, "embeds": {nested}}}'):
            async with api.session.request(
                method, env.sandbox.api + path, data=body, headers=token
            ) as answer:
                assert answer.status == 400


async def test_invalid_json_is_refused(env: SandboxEnv, api: Api) -> None:
    messages = f"/channels/{env.memes.id}/messages"
    url, token = env.sandbox.api + messages, {"Authorization": f"Bot {env.sandbox.bot_token}"}
    json_type = {**token, "Content-Type": "application/json"}
    async with api.session.post(url, data=b"{", headers=json_type) as answer:
        assert (answer.status, (await answer.json())["code"]) == (400, 50109)
        assert answer.headers["Content-Type"] == "application/json"
    async with api.session.post(url, data=b"x", headers={**token, "Content-Type": "text/plain"}) as answer:
        assert (answer.status, (await answer.json())["code"]) == (400, 50035)


async def test_more_than_ten_files_are_refused(env: SandboxEnv, api: Api) -> None:
    files = [(f"{number}.txt", b"x") for number in range(11)]
    messages = f"/channels/{env.memes.id}/messages"
    assert (await api.upload("POST", messages, {}, *files))[1]["code"] == 50035
    assert (await api.upload("POST", messages, {}, *files[:10]))[0] == 200


async def test_suppressed_mentions_do_not_count(env: SandboxEnv, api: Api) -> None:
    messages = f"/channels/{env.memes.id}/messages"
    body = {"content": f"{env.ada.mention} @everyone"}
    assert len((await api("POST", messages, body))[1]["mentions"]) == 1
    quiet = {**body, "allowed_mentions": {"parse": []}}
    answer = (await api("POST", messages, quiet))[1]
    assert (answer["mentions"], answer["mention_everyone"]) == ([], False)


async def test_direct_messages_can_be_refused(env: SandboxEnv, start_client: StartClient) -> None:
    client = await start_client()
    user = await client.fetch_user(env.ada.id)
    await user.send("hi")
    assert [message.content for message in env.ada.dm_channel().messages] == ["hi"]
    env.ada.refuse_direct_messages()
    with pytest.raises(discord.Forbidden) as caught:
        await user.send("hi again")
    assert caught.value.code == 50007


@pytest.mark.parametrize("limit", ["0", "101", "x"])
async def test_history_limit_is_checked(env: SandboxEnv, api: Api, limit: str) -> None:
    status, body = await api("GET", f"/channels/{env.memes.id}/messages?limit={limit}")
    assert (status, body["code"], list(body["errors"])) == (400, 50035, ["limit"])


async def test_typing_is_received(env: SandboxEnv, start_client: StartClient) -> None:
    client = await start_client()
    seen = asyncio.get_running_loop().create_future()

    @client.event
    async def on_typing(channel: discord.TextChannel, user: discord.Member, _when: object) -> None:
        seen.set_result((channel.name, user.name))

    env.ada.start_typing(env.memes)
    assert await asyncio.wait_for(seen, 100) == ("memes", "ada")
    async with channel_of(client, env).typing():
        assert env.sandbox.requests.matching("POST", "/typing$")
