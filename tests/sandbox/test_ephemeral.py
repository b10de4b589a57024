"""Ephemeral messages, and the application installed on a user's account."""

import discord
import pytest
from discord import app_commands

from dreambot.sandbox import Permission, RejectedByClient
from tests.sandbox.conftest import Api, Client, SandboxSetup, StartClient, eventually


def whispers(client: Client) -> None:
    @client.tree.command(description="Whisper")
    async def whisper(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("psst", ephemeral=True)
        await interaction.edit_original_response(content="psst!")
        await interaction.followup.send("more", ephemeral=True)

    @client.tree.command(description="Anywhere")
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def anywhere(interaction: discord.Interaction) -> None:
        owners = [interaction.is_guild_integration(), interaction.is_user_integration()]
        here = interaction.context
        places = [here.guild, here.dm_channel, here.private_channel]
        await interaction.response.send_message(f"{owners} {places}")
        for number in range(6):
            await interaction.followup.send(str(number))

    @client.tree.command(description="Here")
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    async def here(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("here")


async def test_a_whisper_is_seen_by_one_and_dismissed(
    place: SandboxSetup, start: StartClient, api: Api
) -> None:
    await start(whispers)
    grace = place.guild.add_member("Grace")
    asked = await place.ada.slash("whisper", channel=place.memes)
    (more,) = await asked.follow_ups(1)
    first = await asked.response()
    assert place.ada.private(place.memes) == place.ada.sees(place.memes)
    assert [one.content for one in place.ada.private(place.memes)] == ["psst!", "more"]
    assert grace.sees(place.memes) == []
    path = f"/channels/{place.memes.id}/messages/{first.id}"
    assert (await api("PATCH", path, {"content": "x"}))[1]["code"] == 10008
    assert (await api("DELETE", path))[1]["code"] == 10008
    with pytest.raises(RejectedByClient):
        await grace.delete(first)
    with pytest.raises(RejectedByClient):
        await place.ada.react(first, "👍")
    await place.ada.delete(first)
    assert place.ada.sees(place.memes) == [more]
    hook = f"/webhooks/{place.sandbox.bot_id}/{asked.model.token}/messages/{more.id}"
    assert (await api("DELETE", hook))[0] == 204
    assert more.deleted


async def test_an_application_on_an_account_goes_where_the_person_goes(
    place: SandboxSetup, start: StartClient
) -> None:
    client = await start(whispers)
    strangers = place.sandbox.add_guild("strangers", bot=False)
    lounge = strangers.add_channel("lounge")
    strangers.add_member(place.ada)
    with pytest.raises(RejectedByClient, match="there are: none"):
        await place.ada.slash("anywhere", channel=lounge)
    place.ada.install()
    asked = await place.ada.slash("anywhere", channel=lounge)
    answer = await asked.response()
    assert answer.content == "[False, True] [True, False, False]"
    assert not answer.ephemeral
    await asked.follow_ups(5)
    await eventually(lambda: client.errors)
    refused = client.errors[0]
    assert isinstance(refused, discord.HTTPException)
    assert refused.code == 40094
    with pytest.raises(RejectedByClient, match="There is no slash command “here”"):
        await place.ada.slash("here", channel=lounge)
    assert [guild.id for guild in client.guilds] == [place.guild.id]


async def test_it_whispers_where_it_may_not_speak(place: SandboxSetup, start: StartClient) -> None:
    await start(whispers)
    strangers = place.sandbox.add_guild("strangers", bot=False)
    lounge = strangers.add_channel("lounge")
    strangers.add_member(place.ada)
    place.ada.install()
    lounge.revoke(Permission.USE_EXTERNAL_APPS, of=place.ada.id)
    assert (await (await place.ada.slash("anywhere", channel=lounge)).response()).ephemeral


async def test_contexts_of_conversations(place: SandboxSetup, start: StartClient) -> None:
    client = await start(whispers)
    grace = place.guild.add_member("Grace")
    place.ada.install()
    talk = place.sandbox.add_private_channel(place.ada, grace)
    asked = await place.ada.slash("anywhere", channel=talk)
    assert (await asked.response()).content == "[False, True] [False, False, True]"
    direct = await place.ada.slash("anywhere", channel=place.ada.direct())
    assert (await direct.response()).content == "[False, True] [False, True, False]"
    with pytest.raises(RejectedByClient):
        await grace.slash("anywhere", channel=talk)
    with pytest.raises(RejectedByClient, match="works in servers only"):
        await place.ada.slash("here", channel=place.ada.direct())
    await direct.follow_ups(6)
    assert len(client.errors) <= 1


async def test_the_bot_is_shut_out_of_guilds_it_is_not_in(place: SandboxSetup, api: Api) -> None:
    strangers = place.sandbox.add_guild("strangers", bot=False)
    lounge = strangers.add_channel("lounge")
    assert (await api("GET", f"/guilds/{strangers.id}"))[1]["code"] == 50001
    assert (await api("GET", f"/channels/{lounge.id}"))[1]["code"] == 50001
    assert (await api("POST", f"/channels/{lounge.id}/messages", {"content": "x"}))[1]["code"] == 50001
    assert [one["id"] for one in (await api("GET", "/users/@me/guilds"))[1]] == [str(place.guild.id)]
    strangers.add_bot()
    assert (await api("GET", f"/channels/{lounge.id}"))[0] == 200


async def test_commands_of_one_guild_are_offered_there_alone(place: SandboxSetup, api: Api) -> None:
    other = place.sandbox.add_guild("other")
    lab = other.add_channel("lab")
    other.add_member(place.ada)
    path = f"/applications/{place.sandbox.bot_id}/guilds/{other.id}/commands"
    body = [{"name": "admin", "description": "Admin", "type": 1, "default_member_permissions": "0"}]
    status, kept = await api("PUT", path, body)
    assert (status, kept[0]["guild_id"]) == (200, str(other.id))
    with pytest.raises(RejectedByClient, match="There is no slash command"):
        await place.ada.slash("admin", channel=place.memes)
    with pytest.raises(RejectedByClient, match="do not have permission"):
        await place.ada.slash("admin", channel=lab)
    assert (await place.sandbox.operator.slash("admin", channel=lab)).model.data["guild_id"] == str(other.id)
