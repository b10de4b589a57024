"""User actions besides posting: reactions, forwards, stickers, roles, selecting users and channels."""

import asyncio
from typing import Any

import discord
import pytest

from dreambot.sandbox import Permission, RejectedByClient
from tests.sandbox.conftest import PNG, Api, Client, SandboxEnv, StartClient, eventually

EYE = "👁️"


class SelectView(discord.ui.View):
    def __init__(self) -> None:
        super().__init__(timeout=None)
        kinds: list[Any] = [
            discord.ui.UserSelect(custom_id="people", max_values=2),
            discord.ui.RoleSelect(custom_id="roles"),
            discord.ui.MentionableSelect(custom_id="any"),
            discord.ui.ChannelSelect(custom_id="places", channel_types=[discord.ChannelType.text]),
        ]
        for item in kinds:
            item.callback = self.callback_for(item)
            self.add_item(item)

    @staticmethod
    def callback_for(item: Any) -> Any:
        async def callback(interaction: discord.Interaction) -> None:
            shown = " ".join(f"{type(one).__name__}:{one.name}" for one in item.values)
            await interaction.response.send_message(shown, ephemeral=True)

        return callback


def select_commands(client: Client) -> None:
    @client.tree.command(description="SelectView")
    async def picks(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("here", view=SelectView())

    @client.tree.context_menu(name="Dream avatar")
    async def avatar(interaction: discord.Interaction, user: discord.Member) -> None:
        data = await user.display_avatar.read()
        await interaction.response.send_message(f"{user.name} {data[:4]!r} {len(user.roles)}")


async def test_users_roles_and_channels_are_selected(env: SandboxEnv, start_client: StartClient) -> None:
    await start_client(select_commands)
    painters = env.guild.add_role("painters")
    grace = env.guild.add_member("Grace")
    message = await (await env.ada.slash("picks", channel=env.memes)).response()
    assert list(message.selects) == ["people", "roles", "any", "places"]
    chosen: dict[str, tuple[list[Any], str]] = {
        "people": ([grace, env.ada.id], "Member:grace Member:ada"),
        "roles": ([painters], "Role:painters"),
        "any": ([painters.id], "Role:painters"),
        "places": ([env.art], "AppCommandChannel:art"),
    }
    for custom_id, (values, shown) in chosen.items():
        answer = await (await env.ada.choose(message, custom_id, values)).response()
        assert answer.content == shown
    with pytest.raises(RejectedByClient, match="There is no"):
        await env.ada.choose(message, "roles", [grace])
    with pytest.raises(RejectedByClient, match="Choose 1 to 2"):
        await env.ada.choose(message, "people", [])


async def test_a_user_menu_command_receives_avatar_and_roles(
    env: SandboxEnv, start_client: StartClient
) -> None:
    await start_client(select_commands)
    grace = env.guild.add_member("Grace")
    role = env.guild.add_role("painters", permissions=Permission.MANAGE_MESSAGES)
    role.give(grace)
    interaction = await env.ada.menu("Dream avatar", grace, channel=env.memes)
    assert (await interaction.response()).content == "grace b'\\x89PNG' 2"
    role.take(grace)
    interaction = await env.ada.menu("Dream avatar", grace, channel=env.memes)
    assert (await interaction.response()).content == "grace b'\\x89PNG' 1"


async def test_roles_are_added_and_deleted(env: SandboxEnv, start_client: StartClient) -> None:
    client = await start_client()
    role = env.guild.add_role("painters", mentionable=True)
    quiet = env.guild.add_role("quiet")
    guild = client.get_guild(env.guild.id)
    assert guild is not None
    await eventually(lambda: guild.get_role(role.id))
    assert [one.name for one in await guild.fetch_roles()] == [
        "@everyone",
        "dreambot",
        "painters",
        "quiet",
    ]
    role.give(env.ada)
    post = await env.ada.post(env.memes, f"{role.mention} {quiet.mention}")
    await eventually(lambda: client.received)
    assert isinstance(client.received[0].author, discord.Member)
    assert [one.name for one in client.received[0].author.roles] == ["@everyone", "painters"]
    assert [one.name for one in client.received[0].role_mentions] == ["painters"]
    role.delete()
    await eventually(lambda: guild.get_role(role.id) is None)
    assert (await guild.fetch_member(env.ada.id)).roles[1:] == []
    await env.ada.delete(post)


async def test_reactions_are_received_and_counted(env: SandboxEnv, start_client: StartClient) -> None:
    client = await start_client()
    received: list[tuple[str, str, int]] = []

    @client.event
    async def on_raw_reaction_add(event: discord.RawReactionActionEvent) -> None:
        assert event.member is not None
        assert event.message_author_id == env.ada.id
        received.append(("+", str(event.emoji), event.user_id))

    @client.event
    async def on_raw_reaction_remove(event: discord.RawReactionActionEvent) -> None:
        received.append(("-", str(event.emoji), event.user_id))

    party = env.guild.add_emoji("party", PNG)
    post = await env.ada.post(env.memes, "look")
    await env.ada.react(post, EYE)
    await env.ada.react(post, party.key)
    await env.ada.unreact(post, party.key)
    await eventually(lambda: len(received) == 3)
    assert received == [
        (sign, one, env.ada.id) for sign, one in (("+", EYE), ("+", str(party)), ("-", str(party)))
    ]
    channel = client.get_channel(env.memes.id)
    assert isinstance(channel, discord.TextChannel)
    message = await channel.fetch_message(post.id)
    await message.add_reaction(EYE)
    assert post.reactions == {EYE: [env.ada.id, env.sandbox.bot_id]}
    message = await channel.fetch_message(post.id)
    assert [(one.emoji, one.count, one.me) for one in message.reactions] == [(EYE, 2, True)]
    assert {user.id async for user in message.reactions[0].users()} == {env.ada.id, env.sandbox.bot_id}
    assert client.user is not None
    await message.remove_reaction(EYE, client.user)
    await message.clear_reactions()
    assert post.reactions == {}


async def test_invalid_or_forbidden_reactions_are_refused(env: SandboxEnv, start_client: StartClient) -> None:
    client = await start_client()
    post = await env.ada.post(env.memes, "look")
    channel = client.get_channel(env.memes.id)
    assert isinstance(channel, discord.TextChannel)
    message = await channel.fetch_message(post.id)
    for emoji in ("eye", "é", "1", "gone:1234"):
        with pytest.raises(discord.HTTPException) as caught:
            await message.add_reaction(emoji)
        assert caught.value.code == 10014
    await message.add_reaction("1️⃣")
    env.memes.revoke(Permission.ADD_REACTIONS)
    with pytest.raises(discord.Forbidden) as refused:
        await message.add_reaction(EYE)
    assert refused.value.code == 50013
    with pytest.raises(RejectedByClient, match="You cannot react"):
        await env.ada.react(post, "eye")


async def test_emoji_and_stickers_are_served(env: SandboxEnv, start_client: StartClient) -> None:
    client = await start_client()
    party, hat = env.guild.add_emoji("party", PNG), env.guild.add_sticker("hat", PNG)
    await eventually(lambda: client.emojis and client.stickers)
    await env.ada.post(env.memes, f"{party}", stickers=[hat])
    await eventually(lambda: client.received)
    message = client.received[0]
    assert [one.name for one in message.stickers] == ["hat"]
    assert await message.stickers[0].read() == PNG
    found = discord.PartialEmoji.from_str(message.content)
    assert await client.http.get_from_cdn(found.url) == PNG
    assert (await message.stickers[0].fetch()).name == "hat"


async def test_forwards_contain_a_copy_of_the_message(env: SandboxEnv, start_client: StartClient) -> None:
    client = await start_client()
    post = await env.ada.post(env.art, "look", files=[PNG])
    sent = await env.ada.forward(post, env.memes)
    await env.ada.delete(post)
    await eventually(lambda: len(client.received) == 2)
    message = client.received[1]
    assert (message.content, message.attachments) == ("", [])
    assert message.reference is not None
    assert message.reference.type is discord.MessageReferenceType.forward
    assert message.reference.channel_id == env.art.id
    snapshot = message.message_snapshots[0]
    assert (snapshot.content, await snapshot.attachments[0].read()) == ("look", PNG)
    again = await env.ada.forward(sent, env.art)
    assert again.json["message_snapshots"][0]["message"]["content"] == "look"


async def test_links_get_embeds(env: SandboxEnv, start_client: StartClient) -> None:
    client = await start_client()
    embed = {"type": "image", "url": "https://a.example/cat.png"}
    picture = {
        "url": "https://a.example/cat.png",
        "proxy_url": "https://a.example/cat.png",
        "width": 8,
        "height": 9,
    }
    await env.ada.post(env.memes, "https://a.example/cat.png", embeds=[{**embed, "thumbnail": picture}])
    late = await env.ada.post(env.memes, "https://a.example/dog.png")
    late.unfurl({**embed, "thumbnail": picture})
    await eventually(lambda: client.edits)
    first = client.received[0].embeds[0]
    assert (first.type, first.thumbnail.url, first.thumbnail.width) == ("image", picture["url"], 8)
    assert client.edits[0].message.embeds[0].thumbnail.height == 9
    assert not late.edited


async def test_content_of_forwards_needs_the_intent(env: SandboxEnv, start_client: StartClient) -> None:
    env.sandbox.grant_message_content(False)
    client = await start_client(intents=discord.Intents.default())
    post = await env.ada.post(env.art, "look", files=[PNG])
    await env.ada.forward(post, env.memes)
    await eventually(lambda: len(client.received) == 2)
    assert client.received[1].message_snapshots[0].attachments == []


async def test_bulk_delete(env: SandboxEnv, start_client: StartClient, api: Api) -> None:
    client = await start_client()
    gone: asyncio.Future[set[int]] = asyncio.get_running_loop().create_future()

    @client.event
    async def on_raw_bulk_message_delete(event: discord.RawBulkMessageDeleteEvent) -> None:
        gone.set_result(event.message_ids)

    posts = [await env.ada.post(env.memes, str(number)) for number in range(3)]
    channel = client.get_channel(env.memes.id)
    assert isinstance(channel, discord.TextChannel)
    await channel.delete_messages([discord.Object(one.id) for one in posts])
    assert await asyncio.wait_for(gone, 100) == {one.id for one in posts}
    assert env.memes.messages == []
    path = f"/channels/{env.memes.id}/messages/bulk-delete"
    assert (await api("POST", path, {"messages": ["1"]}))[1]["code"] == 50035
    old = [await env.ada.post(env.memes, str(number)) for number in range(2)]
    env.sandbox.clock.advance(15 * 86400)
    assert (await api("POST", path, {"messages": [str(one.id) for one in old]}))[1]["code"] == 50034
    env.memes.revoke(Permission.MANAGE_MESSAGES)
    assert (await api("POST", path, {"messages": [str(one.id) for one in old]}))[1]["code"] == 50013


async def test_a_role_is_denied_a_channel(env: SandboxEnv, start_client: StartClient) -> None:
    client = await start_client()
    quiet = env.guild.add_role("quiet")
    quiet.give(env.ada)
    env.memes.revoke(Permission.SEND_MESSAGES, of=quiet.id)
    with pytest.raises(RejectedByClient, match="permission to send"):
        await env.ada.post(env.memes, "x")
    await env.ada.post(env.art, "x")
    channel = client.get_channel(env.memes.id)
    assert isinstance(channel, discord.TextChannel)
    await eventually(lambda: channel.overwrites)
    assert [type(one).__name__ for one in channel.overwrites] == ["Role"]


async def test_voice_messages_have_a_waveform(env: SandboxEnv, start_client: StartClient) -> None:
    client = await start_client()
    posted = await env.ada.speak(env.memes, b"OggS and more", 2.5, waveform=bytes(100))
    await env.ada.forward(posted, env.memes)
    await eventually(lambda: len(client.received) == 2)
    spoken, forwarded = client.received
    assert spoken.flags.voice
    for one in (spoken.attachments[0], forwarded.message_snapshots[0].attachments[0]):
        assert one.is_voice_message()
        assert (one.content_type, one.duration, one.waveform) == ("audio/ogg", 2.5, bytes(100))
