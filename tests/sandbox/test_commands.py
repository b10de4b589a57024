"""Application commands: registration by discord.py, validation, and use."""

import io
from typing import Any

import discord
import pytest
from discord import app_commands

from dreambot.sandbox import Permission, RejectedByClient
from tests.sandbox.conftest import PNG, Api, Client, SandboxEnv, StartClient


def dream(client: Client) -> None:
    @client.tree.command(description="Dream a picture")
    @app_commands.describe(image="A picture", layer="A layer", intensity="1 to 11")
    async def dream(
        interaction: discord.Interaction,
        image: discord.Attachment,
        layer: str = "mixed5",
        intensity: app_commands.Range[int, 1, 11] = 5,
    ) -> None:
        await interaction.response.defer()
        data = await image.read()
        await interaction.edit_original_response(content="▰▱▱")
        file = discord.File(io.BytesIO(data), "dreamed.png", description="eyes")
        await interaction.edit_original_response(content=f"{layer} {intensity}", attachments=[file])


async def test_slash_with_a_picture_is_deferred_and_answered_with_a_file(
    env: SandboxEnv, start_client: StartClient
) -> None:
    client = await start_client(dream)
    interaction = await env.ada.slash("dream", channel=env.memes, image=PNG, layer="mixed7", intensity=11)
    answer = await interaction.response()
    assert answer.author_id == env.sandbox.bot_id
    await answer.until(lambda message: message.attachments)
    assert answer.content == "mixed7 11"
    assert answer.attachments[0].data == PNG
    assert answer.attachments[0].description == "eyes"
    assert (answer.attachments[0].width, answer.attachments[0].content_type) == (80, "image/png")
    assert interaction.answer_type == 5
    assert interaction.latency is not None
    assert interaction.latency < 1
    assert not client.errors


def command(**more: Any) -> dict[str, Any]:
    return {"name": "dream", "type": 1, "description": "Dream", **more}


def option(**more: Any) -> dict[str, Any]:
    return {"name": "layer", "type": 3, "description": "A layer", **more}


REFUSED: list[tuple[list[dict[str, Any]], str]] = [
    ([command(name="Dream")], "0.name"),
    ([command(name="dream this")], "0.name"),
    ([command(name="d" * 33)], "0.name"),
    ([command(description="")], "0.description"),
    ([command(options=[option(type=11, file_types=["png"])])], "0.options.0.file_types.0"),
    ([command(options=[option(file_types=["image"])])], "0.options.0.file_types"),
    ([command(description="d" * 101)], "0.description"),
    ([command(), command()], "1"),
    ([command(type=3, name="Dream this")], "0.description"),
    ([command(options=[option()] * 2)], "0.options.1"),
    ([command(options=[option(name=f"o{number}") for number in range(26)])], "0.options"),
    ([command(options=[option(), option(name="b", required=True)])], "0.options.1"),
    ([command(options=[option(type=99)])], "0.options.0.type"),
    ([command(options=[option(choices=[{"name": "x", "value": 1}])])], "0.options.0.choices.0.value"),
    ([command(options=[option(choices=[{"name": "x", "value": "x"}] * 2)])], "0.options.0.choices.1"),
    (
        [command(options=[option(choices=[{"name": str(n), "value": str(n)} for n in range(26)])])],
        "0.options.0.choices",
    ),
    (
        [command(options=[option(autocomplete=True, choices=[{"name": "x", "value": "x"}])])],
        "0.options.0.choices",
    ),
    ([command(options=[option(min_value=1)])], "0.options.0.min_value"),
    ([command(options=[option(type=4, min_value=5, max_value=1)])], "0.options.0.min_value"),
    ([command(options=[option(), option(name="sub", type=1)])], "0.options"),
    ([command(options=[option(type=4, autocomplete=True, min_length=1)])], "0.options.0.min_length"),
    ([command(contexts=[7])], "0.contexts.0"),
    ([command(name_localizations={"de": "Träumen"})], "0.name_localizations.de"),
    ([command(name_localizations={"xx": "dream"})], "0.name_localizations.xx"),
    ([command(description_localizations={"de": "d" * 101})], "0.description_localizations.de"),
    (
        [command(options=[option(name_localizations={"de": "eine schicht"})])],
        "0.options.0.name_localizations.de",
    ),
    (
        [command(options=[option(description_localizations={"ja": "d" * 101})])],
        "0.options.0.description_localizations.ja",
    ),
    (
        [command(options=[option(choices=[{"name": "x", "value": "x", "name_localizations": {"fr": ""}}])])],
        "0.options.0.choices.0.name_localizations.fr",
    ),
    (
        [
            command(
                options=[
                    option(
                        name=f"o{n}",
                        choices=[
                            {"name": "x", "value": "x" * 80, "name_localizations": {"fr": f"{i}" + "f" * 90}}
                            for i in range(3)
                        ],
                    )
                    for n in range(25)
                ]
            )
        ],
        "0",
    ),
]


@pytest.mark.parametrize(("body", "where"), REFUSED)
async def test_bad_commands_are_refused(
    env: SandboxEnv, api: Api, body: list[dict[str, Any]], where: str
) -> None:
    status, answer = await api("PUT", f"/applications/{env.sandbox.bot_id}/commands", body)
    assert (status, answer["code"]) == (400, 50035)
    at = answer["errors"]
    for key in where.split("."):
        at = at[key]
    assert at["_errors"]
    assert not env.sandbox.world.application.commands


async def test_commands_have_at_most_8000_characters(env: SandboxEnv, api: Api) -> None:
    choices = [
        {"name": f"{number:02}" + "n" * 98, "value": f"{number:02}" + "v" * 98} for number in range(25)
    ]
    options = [option(name=f"o{number}", choices=choices) for number in range(2)]
    body = [command(options=options)]
    status, answer = await api("PUT", f"/applications/{env.sandbox.bot_id}/commands", body)
    assert (status, answer["errors"]["0"]["_errors"][0]["code"]) == (400, "APPLICATION_COMMAND_TOO_LARGE")


async def test_at_most_fifteen_context_menu_commands(env: SandboxEnv, api: Api) -> None:
    path = f"/applications/{env.sandbox.bot_id}/commands"
    body = [{"name": f"Menu {number}", "type": 3} for number in range(16)]
    assert (await api("PUT", path, body))[1]["code"] == 30032
    assert (await api("PUT", path, body[:15]))[0] == 200


async def test_commands_keep_their_ids_when_replaced(env: SandboxEnv, api: Api) -> None:
    path = f"/applications/{env.sandbox.bot_id}/commands"
    first = (await api("POST", path, command()))[1]
    again = (await api("PUT", path, [command(description="Better")]))[1]
    assert (again[0]["id"], again[0]["description"]) == (first["id"], "Better")
    assert again[0]["version"] != first["version"]
    changed = (await api("PATCH", f"{path}/{first['id']}", {"description": "Best"}))[1]
    assert (changed["name"], changed["description"]) == ("dream", "Best")
    assert (await api("GET", path))[1] == [changed]
    assert (await api("DELETE", f"{path}/{first['id']}"))[0] == 204
    assert (await api("GET", f"{path}/{first['id']}"))[1]["code"] == 10063
    assert (await api("GET", "/applications/1/commands"))[1]["code"] == 10002


def everything(client: Client) -> None:
    @client.tree.command(description="All types of option")
    @app_commands.choices(size=[app_commands.Choice(name="big", value=2)])
    async def everything(
        interaction: discord.Interaction,
        text: app_commands.Range[str, 2, 5],
        whole: int,
        real: app_commands.Range[float, 0.0, 1.0],
        yes: bool,
        user: discord.Member,
        where: discord.TextChannel,
        role: discord.Role,
        anyone: discord.Member | discord.Role,
        file: discord.Attachment,
        size: app_commands.Choice[int],
    ) -> None:
        words = [text, whole, real, yes, user.name, where.name, role.name, anyone.name, file.size, size.value]
        allowed = interaction.app_permissions.send_messages and not interaction.permissions.manage_channels
        await interaction.response.send_message(f"{words} {allowed} {interaction.filesize_limit}")

    @client.tree.command(description="Adults", nsfw=True)
    async def adults(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("ok")

    @client.tree.command(description="In servers")
    @app_commands.guild_only()
    async def servers(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("ok")

    @client.tree.command(description="Where am I")
    async def where(interaction: discord.Interaction) -> None:
        await interaction.response.send_message(f"{interaction.context.dm_channel} {interaction.guild_id}")

    @client.tree.context_menu(name="Who")
    async def who(interaction: discord.Interaction, member: discord.Member) -> None:
        await interaction.response.send_message(member.display_name)


FILLED: dict[str, Any] = {
    "text": "abc",
    "whole": "7",
    "real": 0.5,
    "yes": True,
    "file": PNG,
    "size": "big",
}


async def test_every_option_type_is_received(env: SandboxEnv, start_client: StartClient) -> None:
    await start_client(everything)
    grace = env.guild.add_member("Grace", permissions=Permission.MANAGE_CHANNELS)
    role = max(env.guild.model.roles)
    objects = {"user": grace, "where": env.art, "role": role, "anyone": role}
    interaction = await env.ada.slash("everything", channel=env.memes, **FILLED, **objects)
    expected = ["abc", 7, 0.5, True, "grace", "art", "grace's role", "grace's role", len(PNG), 2]
    assert (await interaction.response()).content == f"{expected} True {10 * 1024 * 1024}"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"text": "a"}, "takes 2 to 5 characters"),
        ({"whole": 1.5}, "takes a whole number"),
        ({"real": 2}, "goes from 0 to 1, not 2"),
        ({"size": "small"}, "is one of big"),
        ({"user": 5}, "does not know"),
        ({"file": "a path"}, "wants a file"),
    ],
)
async def test_the_client_rejects_invalid_option_values(
    env: SandboxEnv, start_client: StartClient, wrong: dict[str, Any], sentence: str
) -> None:
    await start_client(everything)
    everyone = env.guild.id
    objects = {"user": env.ada, "where": env.art, "role": everyone, "anyone": env.ada}
    with pytest.raises(RejectedByClient, match=sentence):
        await env.ada.slash("everything", channel=env.memes, **{**FILLED, **objects, **wrong})


async def test_where_commands_may_be_used(env: SandboxEnv, start_client: StartClient) -> None:
    await start_client(everything)
    nsfw = env.guild.add_channel("nsfw", nsfw=True)
    assert (await (await env.ada.slash("adults", channel=nsfw)).response()).content == "ok"
    with pytest.raises(RejectedByClient, match="age-restricted"):
        await env.ada.slash("adults", channel=env.memes)
    with pytest.raises(RejectedByClient, match="servers only"):
        await env.ada.slash("servers", channel=env.ada.dm_channel())
    direct = await env.ada.slash("where", channel=env.ada.dm_channel())
    assert (await direct.response()).content == "True None"
    assert (await (await env.ada.menu("Who", env.ada)).response()).content == "Ada"
    env.memes.revoke(Permission.USE_APPLICATION_COMMANDS, of=env.ada.id)
    with pytest.raises(RejectedByClient, match="may not use commands"):
        await env.ada.slash("where", channel=env.memes)


async def test_files_over_the_limit_cannot_be_selected(env: SandboxEnv, start_client: StartClient) -> None:
    await start_client(everything)
    env.sandbox.set_upload_limit(10)
    with pytest.raises(RejectedByClient, match="too large"):
        await env.ada.post(env.memes, files=[PNG])
