"""Autocompletion, context menus, buttons, selects, and the limits on responses."""

import discord
import pytest
from discord import app_commands

from dreambot.sandbox import InteractionHandle, Permission, RejectedByClient
from tests.sandbox.conftest import PNG, Api, Client, SandboxEnv, StartClient


class ButtonView(discord.ui.View):
    def __init__(self) -> None:
        super().__init__(timeout=None)

    @discord.ui.button(label="More", custom_id="more")
    async def more(self, interaction: discord.Interaction, _button: discord.ui.Button["ButtonView"]) -> None:
        await interaction.response.edit_message(content="more!")

    @discord.ui.button(label="Later", custom_id="later")
    async def later(self, interaction: discord.Interaction, _button: discord.ui.Button["ButtonView"]) -> None:
        await interaction.response.defer()
        await interaction.edit_original_response(content="later!")

    @discord.ui.button(label="Private", custom_id="private")
    async def private(
        self, interaction: discord.Interaction, _button: discord.ui.Button["ButtonView"]
    ) -> None:
        await interaction.response.send_message("psst", ephemeral=True)

    @discord.ui.select(
        custom_id="pick",
        row=1,
        options=[
            discord.SelectOption(label="Eyes", value="eyes"),
            discord.SelectOption(label="Dogs", value="dogs"),
        ],
    )
    async def pick(self, interaction: discord.Interaction, select: discord.ui.Select["ButtonView"]) -> None:
        await interaction.response.edit_message(content=select.values[0])


def commands(client: Client) -> None:
    @client.tree.command(description="Buttons")
    async def buttons(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("here", view=ButtonView())

    @client.tree.command(description="Layers")
    @app_commands.describe(layer="A layer")
    async def layers(interaction: discord.Interaction, layer: str, loud: bool = False) -> None:
        await interaction.response.send_message(f"{layer} {loud}", ephemeral=True)
        await interaction.followup.send("and more")

    @layers.autocomplete("layer")
    async def complete(_interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        names = [f"mixed{number}" for number in range(11)]
        return [app_commands.Choice(name=name, value=name) for name in names if typed in name]

    @client.tree.context_menu(name="Dream this")
    async def dream_this(interaction: discord.Interaction, message: discord.Message) -> None:
        await interaction.response.defer(thinking=True, ephemeral=True)
        data = await message.attachments[0].read()
        await interaction.followup.send(f"{message.content} {len(data)}")

    group = app_commands.Group(
        name="autodream", description="Auto", default_permissions=discord.Permissions(16)
    )

    @group.command(name="on", description="Switch on")
    async def on(interaction: discord.Interaction, where: discord.TextChannel) -> None:
        await interaction.response.send_message(f"on in {where.name}")

    client.tree.add_command(group)


async def test_autocomplete_offers_matching_choices(env: SandboxEnv, start_client: StartClient) -> None:
    await start_client(commands)
    choices = await env.ada.autocomplete("layers", "layer", "mixed1", channel=env.memes)
    assert [choice["value"] for choice in choices] == ["mixed1", "mixed10"]
    with pytest.raises(RejectedByClient, match="does not complete"):
        await env.ada.autocomplete("layers", "loud", "t")


async def test_message_menu_gets_the_message_even_without_the_content_intent(
    env: SandboxEnv, start_client: StartClient
) -> None:
    env.sandbox.grant_message_content(False)
    client = await start_client(commands, intents=discord.Intents.default())
    post = await env.ada.post(env.memes, "look", files=[PNG])
    interaction = await env.ada.menu("Dream this", post)
    answer = await interaction.result()
    assert answer.content == f"look {len(PNG)}"
    assert answer.ephemeral
    assert [message.content for message in client.received] == [""]


async def test_buttons_and_selects_update_their_message(env: SandboxEnv, start_client: StartClient) -> None:
    await start_client(commands)
    message = await (await env.ada.slash("buttons", channel=env.memes)).response()
    assert list(message.buttons) == ["More", "Later", "Private"]
    assert (await (await env.ada.press(message, "More")).acknowledged()).answer_type == 7
    assert message.content == "more!"
    await env.ada.press(message, "later")
    await message.until(lambda now: now.content == "later!")
    await (await env.ada.choose(message, "pick", ["dogs"])).acknowledged()
    assert message.content == "dogs"
    private = await (await env.ada.press(message, "Private")).response()
    assert private.ephemeral
    assert private.replies_to == message.id


async def test_the_client_rejects_invalid_input(env: SandboxEnv, start_client: StartClient) -> None:
    await start_client(commands)
    message = await (await env.ada.slash("buttons", channel=env.memes)).response()
    with pytest.raises(RejectedByClient, match="is gone"):
        await env.ada.press(message, "no such button")
    with pytest.raises(RejectedByClient, match="Choose among eyes, dogs"):
        await env.ada.choose(message, "pick", ["cats"])
    with pytest.raises(RejectedByClient, match=r"needs “layer”"):
        await env.ada.slash("layers", channel=env.memes)
    with pytest.raises(RejectedByClient, match=r"has no option “lair”; it has: layer, loud"):
        await env.ada.slash("layers", channel=env.memes, lair="x")
    with pytest.raises(RejectedByClient, match="True or False"):
        await env.ada.slash("layers", channel=env.memes, layer="x", loud="perhaps")
    with pytest.raises(RejectedByClient, match="There is no slash command “dance”"):
        await env.ada.slash("dance", channel=env.memes)


async def test_subcommands_and_their_permissions(env: SandboxEnv, start_client: StartClient) -> None:
    await start_client(commands)
    with pytest.raises(RejectedByClient, match="do not have permission"):
        await env.ada.slash("autodream on", channel=env.memes, where=env.art)
    grace = env.guild.add_member("Grace", permissions=Permission.MANAGE_CHANNELS)
    interaction = await grace.slash("autodream on", channel=env.memes, where=env.art)
    assert (await interaction.response()).content == "on in art"
    with pytest.raises(RejectedByClient, match="needs one of: on"):
        await grace.slash("autodream", channel=env.memes)


async def test_followups_refer_to_the_response(env: SandboxEnv, start_client: StartClient) -> None:
    await start_client(commands)
    interaction = await env.ada.slash("layers", channel=env.memes, layer="mixed5", loud=True)
    first = await interaction.response()
    second = await interaction.follow_up()
    assert (first.content, first.ephemeral) == ("mixed5 True", True)
    assert (second.content, second.replies_to) == ("and more", first.id)


def callback(interaction: InteractionHandle) -> str:
    return f"/interactions/{interaction.model.id}/{interaction.model.token}/callback"


async def register(api: Api) -> None:
    body = [{"name": "ping", "description": "Ping", "type": 1}]
    assert (await api("PUT", f"/applications/{api.env.sandbox.bot_id}/commands", body))[0] == 200


async def test_a_response_after_three_seconds_is_refused(env: SandboxEnv, api: Api) -> None:
    await register(api)
    interaction = await env.ada.slash("ping", channel=env.memes)
    env.sandbox.clock.advance(3.1)
    status, body = await api("POST", callback(interaction), {"type": 5})
    assert (status, body["code"]) == (404, 10062)
    with pytest.raises(TimeoutError, match="did not respond"):
        await interaction.response()


async def test_a_second_response_is_refused(env: SandboxEnv, api: Api) -> None:
    await register(api)
    interaction = await env.ada.slash("ping", channel=env.memes)
    assert await api("POST", callback(interaction), {"type": 5}) == (204, None)
    status, body = await api("POST", callback(interaction), {"type": 4, "data": {"content": "x"}})
    assert (status, body["code"]) == (400, 40060)


async def test_the_token_is_valid_for_fifteen_minutes(env: SandboxEnv, api: Api) -> None:
    await register(api)
    interaction = await env.ada.slash("ping", channel=env.memes)
    original = f"/webhooks/{env.sandbox.bot_id}/{interaction.model.token}/messages/@original"
    assert (await api("PATCH", original, {"content": "early"}))[1]["code"] == 10015
    await api("POST", callback(interaction), {"type": 5})
    env.sandbox.clock.advance(14 * 60)
    assert (await api("PATCH", original, {"content": "in time"}))[0] == 200
    env.sandbox.clock.advance(61)
    status, body = await api("PATCH", original, {"content": "late"})
    assert (status, body["code"]) == (401, 50027)
    assert (await api("POST", original.rpartition("/messages")[0], {"content": "late"}))[1]["code"] == 50027


async def test_response_types_must_match_the_interaction(env: SandboxEnv, api: Api) -> None:
    await register(api)
    interaction = await env.ada.slash("ping", channel=env.memes)
    for kind in (1, 6, 7, 8, None, "4"):
        status, body = await api("POST", callback(interaction), {"type": kind})
        assert (status, body["code"]) == (400, 50035), kind
        assert "type" in body["errors"]
    assert (await api("POST", callback(interaction), {"type": 4, "data": {}}))[1]["code"] == 50006
    status, body = await api(
        "POST", callback(interaction) + "?with_response=1", {"type": 4, "data": {"content": "ok"}}
    )
    assert status == 200
    assert body["resource"]["message"]["content"] == "ok"


async def test_a_deleted_response_is_unknown(env: SandboxEnv, api: Api) -> None:
    await register(api)
    interaction = await env.ada.slash("ping", channel=env.memes)
    original = f"/webhooks/{env.sandbox.bot_id}/{interaction.model.token}/messages/@original"
    await api("POST", callback(interaction), {"type": 4, "data": {"content": "ok"}})
    assert (await api("DELETE", original))[0] == 204
    assert (await api("PATCH", original, {"content": "x"}))[1]["code"] == 10008


async def test_the_first_followup_fills_in_a_deferral_and_stays_ephemeral(env: SandboxEnv, api: Api) -> None:
    await register(api)
    interaction = await env.ada.slash("ping", channel=env.memes)
    await api("POST", callback(interaction), {"type": 5, "data": {"flags": 64}})
    hook = f"/webhooks/{env.sandbox.bot_id}/{interaction.model.token}"
    status, body = await api("POST", hook, {"content": "done"})
    answer = await interaction.response()
    assert (status, body["id"]) == (200, str(answer.id))
    assert (answer.content, answer.ephemeral, answer.thinking) == ("done", True, False)
    channel = f"/channels/{env.memes.id}/messages"
    assert (await api("GET", channel))[1] == []
    assert (await api("GET", f"{channel}/{answer.id}"))[1]["code"] == 10008


async def test_a_deferral_can_become_components_v2_and_stays_so(env: SandboxEnv, api: Api) -> None:
    await register(api)
    interaction = await env.ada.slash("ping", channel=env.memes)
    await api("POST", callback(interaction), {"type": 5})
    original = f"/webhooks/{env.sandbox.bot_id}/{interaction.model.token}/messages/@original"
    text = [{"type": 10, "content": "# Dream"}]
    assert (await api("PATCH", original, {"components": text}))[1]["code"] == 50035
    status, body = await api("PATCH", original, {"flags": 1 << 15, "components": text})
    assert (status, body["flags"], body["components"]) == (200, 1 << 15, [{**text[0], "id": 1}])
    status, body = await api("PATCH", original, {"flags": 0, "content": "back", "components": []})
    assert (status, body["code"]) == (400, 50035)
    assert "content" in body["errors"]


async def test_responses_in_a_deleted_channel_are_refused(env: SandboxEnv, api: Api) -> None:
    await register(api)
    interaction = await env.ada.slash("ping", channel=env.memes)
    await api("POST", callback(interaction), {"type": 5})
    env.memes.delete()
    original = f"/webhooks/{env.sandbox.bot_id}/{interaction.model.token}/messages/@original"
    assert (await api("PATCH", original, {"content": "x"}))[1]["code"] == 10003
