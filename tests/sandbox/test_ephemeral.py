"""Ephemeral messages, and the application installed on a user's account."""

import discord
import pytest
from discord import app_commands

from dreambot.sandbox import Permission, RejectedByClient
from tests.sandbox.conftest import Api, Client, SandboxEnv, StartClient, eventually


def ephemeral_commands(client: Client) -> None:
    @client.tree.command(description="Whisper")
    async def secret(interaction: discord.Interaction) -> None:
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


async def test_an_ephemeral_message_is_visible_to_one_user_and_dismissed(
    env: SandboxEnv, start_client: StartClient, api: Api
) -> None:
    await start_client(ephemeral_commands)
    grace = env.guild.add_member("Grace")
    interaction = await env.ada.slash("secret", channel=env.memes)
    (more,) = await interaction.follow_ups(1)
    first = await interaction.response()
    assert env.ada.ephemeral_messages(env.memes) == env.ada.visible_messages(env.memes)
    assert [one.content for one in env.ada.ephemeral_messages(env.memes)] == ["psst!", "more"]
    assert grace.visible_messages(env.memes) == []
    path = f"/channels/{env.memes.id}/messages/{first.id}"
    assert (await api("PATCH", path, {"content": "x"}))[1]["code"] == 10008
    assert (await api("DELETE", path))[1]["code"] == 10008
    with pytest.raises(RejectedByClient):
        await grace.delete(first)
    with pytest.raises(RejectedByClient):
        await env.ada.react(first, "👍")
    await env.ada.delete(first)
    assert env.ada.visible_messages(env.memes) == [more]
    hook = f"/webhooks/{env.sandbox.bot_id}/{interaction.model.token}/messages/{more.id}"
    assert (await api("DELETE", hook))[0] == 204
    assert more.deleted


async def test_a_user_installed_application_works_in_other_guilds(
    env: SandboxEnv, start_client: StartClient
) -> None:
    client = await start_client(ephemeral_commands)
    strangers = env.sandbox.add_guild("strangers", bot=False)
    lounge = strangers.add_channel("lounge")
    strangers.add_member(env.ada)
    with pytest.raises(RejectedByClient, match="there are: none"):
        await env.ada.slash("anywhere", channel=lounge)
    env.ada.install()
    interaction = await env.ada.slash("anywhere", channel=lounge)
    answer = await interaction.response()
    assert answer.content == "[False, True] [True, False, False]"
    assert not answer.ephemeral
    await interaction.follow_ups(5)
    await eventually(lambda: client.errors)
    refused = client.errors[0]
    assert isinstance(refused, discord.HTTPException)
    assert refused.code == 40094
    with pytest.raises(RejectedByClient, match="There is no slash command “here”"):
        await env.ada.slash("here", channel=lounge)
    assert [guild.id for guild in client.guilds] == [env.guild.id]


async def test_responses_are_ephemeral_without_use_external_apps(
    env: SandboxEnv, start_client: StartClient
) -> None:
    await start_client(ephemeral_commands)
    strangers = env.sandbox.add_guild("strangers", bot=False)
    lounge = strangers.add_channel("lounge")
    strangers.add_member(env.ada)
    env.ada.install()
    lounge.revoke(Permission.USE_EXTERNAL_APPS, of=env.ada.id)
    assert (await (await env.ada.slash("anywhere", channel=lounge)).response()).ephemeral


async def test_contexts_of_direct_and_private_channels(env: SandboxEnv, start_client: StartClient) -> None:
    client = await start_client(ephemeral_commands)
    grace = env.guild.add_member("Grace")
    env.ada.install()
    talk = env.sandbox.add_private_channel(env.ada, grace)
    interaction = await env.ada.slash("anywhere", channel=talk)
    assert (await interaction.response()).content == "[False, True] [False, False, True]"
    direct = await env.ada.slash("anywhere", channel=env.ada.dm_channel())
    assert (await direct.response()).content == "[False, True] [False, True, False]"
    with pytest.raises(RejectedByClient):
        await grace.slash("anywhere", channel=talk)
    with pytest.raises(RejectedByClient, match="works in servers only"):
        await env.ada.slash("here", channel=env.ada.dm_channel())
    await direct.follow_ups(6)
    assert len(client.errors) <= 1


async def test_the_bot_has_no_access_to_guilds_it_is_not_in(env: SandboxEnv, api: Api) -> None:
    strangers = env.sandbox.add_guild("strangers", bot=False)
    lounge = strangers.add_channel("lounge")
    assert (await api("GET", f"/guilds/{strangers.id}"))[1]["code"] == 50001
    assert (await api("GET", f"/channels/{lounge.id}"))[1]["code"] == 50001
    assert (await api("POST", f"/channels/{lounge.id}/messages", {"content": "x"}))[1]["code"] == 50001
    assert [one["id"] for one in (await api("GET", "/users/@me/guilds"))[1]] == [str(env.guild.id)]
    strangers.add_bot()
    assert (await api("GET", f"/channels/{lounge.id}"))[0] == 200


async def test_guild_commands_are_offered_in_that_guild_only(env: SandboxEnv, api: Api) -> None:
    other = env.sandbox.add_guild("other")
    lab = other.add_channel("lab")
    other.add_member(env.ada)
    path = f"/applications/{env.sandbox.bot_id}/guilds/{other.id}/commands"
    body = [{"name": "admin", "description": "Admin", "type": 1, "default_member_permissions": "0"}]
    status, kept = await api("PUT", path, body)
    assert (status, kept[0]["guild_id"]) == (200, str(other.id))
    with pytest.raises(RejectedByClient, match="There is no slash command"):
        await env.ada.slash("admin", channel=env.memes)
    with pytest.raises(RejectedByClient, match="do not have permission"):
        await env.ada.slash("admin", channel=lab)
    assert (await env.sandbox.operator.slash("admin", channel=lab)).model.data["guild_id"] == str(other.id)
