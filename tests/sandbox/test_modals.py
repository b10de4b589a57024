"""Modals: validation, input by users, and the payload that the bot receives."""

from typing import Any

import discord
import pytest

from dreambot.sandbox import RejectedByClient
from tests.sandbox.conftest import PNG, Api, Client, SandboxEnv, StartClient
from tests.sandbox.test_interactions import callback, register


class Settings(discord.ui.Modal, title="Dream settings"):
    note: discord.ui.Label[Any] = discord.ui.Label(
        text="Note", component=discord.ui.TextInput(custom_id="note", required=False, max_length=10)
    )
    layer: discord.ui.Label[Any] = discord.ui.Label(
        text="Layer",
        description="Where the dream comes from",
        component=discord.ui.Select(
            custom_id="layer",
            options=[
                discord.SelectOption(label="Eyes", value="mixed4", default=True),
                discord.SelectOption(label="Dogs", value="mixed7"),
            ],
        ),
    )
    where: discord.ui.Label[Any] = discord.ui.Label(
        text="Where", component=discord.ui.ChannelSelect(custom_id="where", required=False)
    )
    loud: discord.ui.Label[Any] = discord.ui.Label(
        text="Loudness",
        component=discord.ui.RadioGroup(
            custom_id="loud",
            options=[
                discord.RadioGroupOption(label="Quiet", value="3"),
                discord.RadioGroupOption(label="Loud", value="11"),
            ],
        ),
    )
    guide: discord.ui.Label[Any] = discord.ui.Label(
        text="Guide", component=discord.ui.FileUpload(custom_id="guide", required=False)
    )

    async def on_submit(self, interaction: discord.Interaction) -> None:
        parts: list[Any] = [self.note, self.layer, self.where, self.loud, self.guide]
        note, layer, where, loud, guide = (part.component for part in parts)
        places = [channel.name for channel in where.values]
        sizes = [len(await file.read()) for file in guide.values]
        text = f"{note.value}|{layer.values}|{places}|{loud.value}|{sizes}"
        if interaction.message is not None:
            await interaction.response.edit_message(content=text)
        else:
            await interaction.response.send_message(text, ephemeral=True)


class LegacyModal(discord.ui.Modal, title="Old"):
    text: discord.ui.TextInput[Any] = discord.ui.TextInput(
        label="Text", custom_id="text", default="as before"
    )

    async def on_submit(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(self.text.value)


class Opener(discord.ui.View):
    @discord.ui.button(label="Settings")
    async def open(self, interaction: discord.Interaction, _button: discord.ui.Button["Opener"]) -> None:
        await interaction.response.send_modal(Settings())


def modals(client: Client) -> None:
    @client.tree.command(description="Settings")
    async def settings(interaction: discord.Interaction) -> None:
        await interaction.response.send_modal(Settings())

    @client.tree.command(description="Old")
    async def old(interaction: discord.Interaction) -> None:
        await interaction.response.send_modal(LegacyModal())

    @client.tree.command(description="Opener")
    async def opener(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("here", view=Opener())

    @client.tree.context_menu(name="Dream settings…")
    async def menu(interaction: discord.Interaction, _message: discord.Message) -> None:
        await interaction.response.send_modal(Settings())


async def test_a_modal_answers_a_command_and_its_values_are_received(
    env: SandboxEnv, start_client: StartClient
) -> None:
    client = await start_client(modals)
    interaction = await (await env.ada.slash("settings", channel=env.memes)).acknowledged()
    assert interaction.modal is not None
    assert interaction.modal["title"] == "Dream settings"
    labels = {name: field["label"] for name, field in interaction.fields.items()}
    assert labels["layer"] == "Layer"
    values = {"note": "hi", "layer": "Dogs", "where": env.art, "loud": "11", "guide": PNG}
    sent = await env.ada.submit(interaction, values)
    answer = await sent.response()
    assert answer.content == f"hi|['mixed7']|['art']|11|[{len(PNG)}]"
    assert answer.ephemeral
    assert not client.errors


async def test_fields_left_out_keep_their_defaults(env: SandboxEnv, start_client: StartClient) -> None:
    await start_client(modals)
    interaction = await env.ada.slash("settings", channel=env.memes)
    answer = await (await env.ada.submit(interaction, {"loud": "Quiet"})).response()
    assert answer.content == "|['mixed4']|[]|3|[]"
    old = await env.ada.slash("old", channel=env.memes)
    assert (await (await env.ada.submit(old)).response()).content == "as before"


async def test_menus_and_buttons_open_modals_too(env: SandboxEnv, start_client: StartClient) -> None:
    await start_client(modals)
    post = await env.ada.post(env.memes, "look")
    interaction = await env.ada.menu("Dream settings…", post)
    assert (await (await env.ada.submit(interaction, {"loud": "3"})).response()).ephemeral
    message = await (await env.ada.slash("opener", channel=env.memes)).response()
    interaction = await env.ada.press(message, "Settings")
    sent = await (await env.ada.submit(interaction, {"loud": "11"})).acknowledged()
    assert sent.answer_type == 7
    assert message.content == "|['mixed4']|[]|11|[]"


async def test_the_client_rejects_invalid_modal_values(env: SandboxEnv, start_client: StartClient) -> None:
    await start_client(modals)
    interaction = await env.ada.slash("settings", channel=env.memes)
    wrong: list[tuple[dict[str, Any], str]] = [
        ({}, "“Loudness”: Choose 1"),
        ({"loud": "7"}, "“Loudness”: Choose among 3, 11"),
        ({"loud": "3", "note": "x" * 11}, "“Note”: takes 0 to 10 characters"),
        ({"loud": "3", "layer": ["Eyes", "Dogs"]}, "“Layer”: Choose 1 of them"),
        ({"loud": "3", "guide": "cat"}, "“Guide”: This takes files"),
        ({"loud": "3", "mood": "x"}, "no field “mood”; it has: note, layer"),
    ]
    for values, error in wrong:
        with pytest.raises(RejectedByClient, match=error):
            await env.ada.submit(interaction, values)
    grace = env.guild.add_member("Grace")
    with pytest.raises(RejectedByClient, match="no form"):
        await grace.submit(interaction, {"loud": "3"})


def label(component: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": 18, "label": "A", "component": component, **more}


TEXT = {"type": 4, "custom_id": "t", "style": 1}
OPTIONS = [{"label": "a", "value": "a"}, {"label": "b", "value": "b"}]


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"title": "x" * 46}, "title"),
        ({"title": ""}, "title"),
        ({"custom_id": "x" * 101}, "custom_id"),
        ({"components": []}, "components"),
        ({"components": [label({**TEXT, "custom_id": f"t{n}"}) for n in range(6)]}, "components"),
        ({"components": [label(TEXT, label="x" * 46)]}, "components"),
        ({"components": [label({**TEXT, "label": "twice"})]}, "components"),
        ({"components": [label(TEXT), label(TEXT)]}, "components"),
        ({"components": [label({**TEXT, "style": 3})]}, "components"),
        ({"components": [label({"type": 2, "style": 1, "label": "x", "custom_id": "b"})]}, "components"),
        ({"components": [{"type": 1, "components": [TEXT]}]}, "components"),
        ({"components": [TEXT]}, "components"),
        ({"components": [label({"type": 21, "custom_id": "r", "options": OPTIONS[:1]})]}, "components"),
        ({"components": [label({"type": 22, "custom_id": "c", "options": OPTIONS * 2})]}, "components"),
        ({"components": [label({"type": 19, "custom_id": "f", "max_values": 11})]}, "components"),
        (
            {"components": [label({"type": 3, "custom_id": "s", "options": OPTIONS, "disabled": True})]},
            "components",
        ),
        ({"components": [label({"type": 5, "custom_id": "s", "min_values": 0})]}, "components"),
    ],
)
async def test_invalid_modals_are_refused(
    env: SandboxEnv, api: Api, change: dict[str, Any], where: str
) -> None:
    await register(api)
    interaction = await env.ada.slash("ping", channel=env.memes)
    good = {"title": "T", "custom_id": "m", "components": [label(TEXT)]}
    status, body = await api("POST", callback(interaction), {"type": 9, "data": {**good, **change}})
    assert (status, body["code"]) == (400, 50035)
    assert where in body["errors"]["data"]
    assert interaction.modal is None
    assert (await api("POST", callback(interaction), {"type": 9, "data": good}))[0] == 204


async def test_a_modal_is_not_answered_with_a_modal(env: SandboxEnv, api: Api) -> None:
    await register(api)
    interaction = await env.ada.slash("ping", channel=env.memes)
    checkbox = label({"type": 23, "custom_id": "sure"})
    boxes = label({"type": 22, "custom_id": "c", "options": OPTIONS, "required": False})
    data = {"title": "T", "custom_id": "m", "components": [checkbox, boxes, {"type": 10, "content": "hm"}]}
    assert (await api("POST", callback(interaction), {"type": 9, "data": data}))[0] == 204
    sent = await env.ada.submit(interaction, {"sure": True, "c": ["a", "b"]})
    assert sent.model.data["components"] == [
        {"type": 18, "id": 1, "component": {"type": 23, "id": 2, "custom_id": "sure", "value": True}},
        {"type": 18, "id": 3, "component": {"type": 22, "id": 4, "custom_id": "c", "values": ["a", "b"]}},
        {"type": 10, "id": 5},
    ]
    for kind in (6, 7, 9):
        status, body = await api("POST", callback(sent), {"type": kind, "data": data})
        assert (status, "type" in body["errors"]) == (400, True)
