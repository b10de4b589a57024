"""Modals, selects, ephemeral responses, videos, reactions and user menus on the chat page."""

import io
import re
from pathlib import Path
from typing import Any

import aiohttp
import discord
import pytest
from discord import app_commands
from playwright.async_api import Page, expect

from tests.sandbox.browser import PageEnv, connected, picture_file, png
from tests.sandbox.test_modals import Settings
from tests.sandbox.test_user_actions import EYE, SelectView

pytestmark = pytest.mark.chromium

# The start of an MP4: enough to detect the type, too little to be played.
MP4_START = b"\0\0\0\x18ftypisom\0\0\0\0isommp42\0\0\0\x08free"

LABELS = ("Más profundo", "Otra vez", "Capa…", "Más fuerte", "Más…")


def panel() -> discord.ui.LayoutView:
    view = discord.ui.LayoutView(timeout=None)
    gallery: discord.ui.MediaGallery[Any] = discord.ui.MediaGallery()
    gallery.add_item(media="attachment://dream.png", description="a teal dream")
    button: discord.ui.Button[Any] = discord.ui.Button(label="Switch on", custom_id="switch")
    box: discord.ui.Container[Any] = discord.ui.Container(
        discord.ui.TextDisplay("### Settings"),
        discord.ui.Separator(),
        gallery,
        discord.ui.Section(discord.ui.TextDisplay("**Auto-dream**"), accessory=button),
        discord.ui.ActionRow(discord.ui.RoleSelect(custom_id="role", placeholder="A role")),
        accent_colour=0x8E78FF,
    )
    view.add_item(box)
    return view


class Bot(discord.AutoShardedClient):
    def __init__(self) -> None:
        super().__init__(intents=discord.Intents.default(), guild_ready_timeout=0)
        self.tree = app_commands.CommandTree(self)

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        if interaction.type is discord.InteractionType.component and interaction.data is not None:
            data: Any = interaction.data
            if data["custom_id"] in ("switch", "role"):
                roles = [one["name"] for one in data.get("resolved", {}).get("roles", {}).values()]
                await interaction.response.send_message(f"{data['custom_id']} {roles}", ephemeral=True)

    async def setup_hook(self) -> None:
        @self.tree.command(description="Settings")
        async def settings(interaction: discord.Interaction) -> None:
            await interaction.response.send_modal(Settings())

        @self.tree.command(description="Panel")
        async def panels(interaction: discord.Interaction) -> None:
            file = discord.File(io.BytesIO(png("teal")), "dream.png")
            await interaction.response.send_message(view=panel(), file=file)

        @self.tree.command(description="SelectView")
        async def picks(interaction: discord.Interaction) -> None:
            await interaction.response.send_message("here", view=SelectView())

        @self.tree.command(description="Video")
        async def video(interaction: discord.Interaction) -> None:
            file = discord.File(io.BytesIO(MP4_START), "dream.mp4", description="a hellscape")
            await interaction.response.send_message("a video", file=file)

        @self.tree.command(description="Rows")
        async def rows(interaction: discord.Interaction) -> None:
            view = discord.ui.LayoutView(timeout=None)
            # As long as the labels of dreambot's buttons in the wordiest language.
            row, inner = (
                discord.ui.ActionRow[Any](
                    *(discord.ui.Button[Any](label=label, custom_id=f"{place}{label}") for label in LABELS)
                )
                for place in ("outside", "inside")
            )
            view.add_item(row)
            view.add_item(discord.ui.Container[Any](inner))
            await interaction.response.send_message(view=view)

        @self.tree.context_menu(name="Dream avatar")
        async def avatar(interaction: discord.Interaction, user: discord.User) -> None:
            await interaction.response.send_message(f"dreaming {user.name}", ephemeral=True)

        await self.tree.sync()


async def command(page: Page, text: str) -> None:
    await page.fill("#text", text)
    await page.press("#text", "Escape")
    await page.press("#text", "Enter")


async def test_a_modal_is_filled_in_and_submitted(
    page_env: PageEnv, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    art = page_env.guild.add_channel("art")
    async with connected(page_env, Bot(), monkeypatch):
        page = await page_env.open()
        await command(page, "/settings")
        form = page.get_by_role("dialog", name="Dream settings")
        await expect(form.get_by_label("Note")).to_be_focused()
        await form.get_by_role("button", name="Submit").click()
        await expect(form.get_by_role("alert")).to_contain_text("“Loudness”")
        await page.keyboard.type("hi")
        await form.get_by_label("Note").fill("hi")
        await form.get_by_label("Layer").select_option("Dogs")
        await form.get_by_label("Where").select_option(f"#{art.name}")
        await form.get_by_label("Loud", exact=True).check()
        await form.locator("input[type=file]").set_input_files(picture_file(tmp_path))
        await expect(form.locator(".upload")).to_contain_text("cat.png")
        await form.get_by_role("button", name="Submit").click()
        await expect(form).to_have_count(0)
        answer = page.locator(".message").last
        await expect(answer.locator(".content")).to_contain_text("hi|['mixed7']|['art']|11|[")
        await expect(answer).to_contain_text("Only you can see this")


async def test_a_modal_fits_a_phone_and_can_be_cancelled(
    page_env: PageEnv, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with connected(page_env, Bot(), monkeypatch):
        page = await page_env.open(width=390, height=700, touch=True)
        await page_env.ada.slash("settings", channel=page_env.memes)
        form = page.get_by_role("dialog", name="Dream settings")
        await expect(form.get_by_role("button", name="Submit")).to_be_in_viewport(ratio=1)
        assert await form.evaluate("box => box.scrollWidth - box.clientWidth") == 0
        await form.get_by_role("button", name="Cancel").tap()
        await expect(form).to_have_count(0)
        await page.select_option("#you", label="Grace", force=True)
        face = page.locator("#you-avatar img")
        await expect(face).to_have_attribute("src", re.compile(str(page_env.grace.id)))
        await page_env.ada.slash("settings", channel=page_env.memes)
        await page_env.grace.post(page_env.memes, "a moment later")
        await expect(page.locator(".message").last).to_contain_text("a moment later")
        await expect(form).to_have_count(0)


async def test_components_v2_are_shown_and_work(page_env: PageEnv, monkeypatch: pytest.MonkeyPatch) -> None:
    page_env.guild.add_role("painters")
    async with connected(page_env, Bot(), monkeypatch):
        page = await page_env.open()
        await command(page, "/panels")
        message = page.locator(".message").first
        await expect(message.get_by_role("heading", name="Settings")).to_be_visible()
        picture = message.get_by_role("button", name="Open picture: a teal dream").locator("img")
        await expect(picture).to_be_visible()
        assert await picture.evaluate("image => image.naturalWidth") == 120
        await message.get_by_role("button", name="Switch on").click()
        await expect(page.locator(".message").last).to_contain_text("switch []")
        await message.get_by_label("A role").select_option("@painters")
        await expect(page.locator(".message").last).to_contain_text("role ['painters']")


async def test_several_users_are_selected(page_env: PageEnv, monkeypatch: pytest.MonkeyPatch) -> None:
    async with connected(page_env, Bot(), monkeypatch):
        page = await page_env.open()
        await command(page, "/picks")
        message = page.locator(".message").first
        await message.locator("summary").click()
        await expect(message.get_by_role("button", name="Done")).to_be_disabled()
        for name in ("Ada", "Grace"):
            await message.get_by_label(name).check()
        await message.get_by_role("button", name="Done").click()
        await expect(page.locator(".message").last).to_contain_text("Member:ada Member:grace")


async def test_videos_have_controls(page_env: PageEnv, monkeypatch: pytest.MonkeyPatch) -> None:
    async with connected(page_env, Bot(), monkeypatch):
        page = await page_env.open()
        await command(page, "/video")
        video = page.locator("video")
        await expect(video).to_have_attribute("aria-label", "a hellscape")
        assert await video.evaluate("video => video.controls && !video.autoplay")
        source = str(await video.get_attribute("src"))
        part = await page.request.get(page_env.sandbox.url + source, headers={"Range": "bytes=4-7"})
        assert (part.status, await part.body()) == (206, b"ftyp")
        assert part.headers["content-type"] == "video/mp4"


async def test_reactions_are_added_and_removed(page_env: PageEnv) -> None:
    party = page_env.guild.add_emoji("party", png("gold"))
    post = await page_env.grace.post(page_env.memes, f"look {party}")
    await page_env.grace.react(post, EYE)
    page = await page_env.open()
    message = page.locator(".message").first
    await expect(message.get_by_role("img", name=":party:")).to_be_visible()
    eye = message.get_by_role("button", name=f"{EYE}, 1")
    await eye.click()
    await expect(message.get_by_role("button", name=f"{EYE}, 2")).to_have_attribute("aria-pressed", "true")
    await message.get_by_role("button", name=f"{EYE}, 2").click()
    await expect(eye).to_have_attribute("aria-pressed", "false")
    await message.hover()
    await message.get_by_role("button", name="Add reaction").click()
    await page.get_by_role("menuitem", name="React with party").click()
    await expect(message.get_by_role("button", name="party, 1")).to_be_visible()
    assert post.reactions == {EYE: [page_env.grace.id], party.key: [page_env.ada.id]}


async def test_a_user_has_a_context_menu(page_env: PageEnv, monkeypatch: pytest.MonkeyPatch) -> None:
    await page_env.grace.post(page_env.memes, "hello")
    async with connected(page_env, Bot(), monkeypatch):
        page = await page_env.open()
        await page.get_by_role("button", name="Grace", exact=True).last.click()
        await page.get_by_role("menuitem", name="Apps").click()
        await page.get_by_role("menuitem", name="Dream avatar").click()
        await expect(page.locator(".message").last).to_contain_text("dreaming grace")
        await page.locator(".who-face").first.click(button="right")
        await page.get_by_role("menuitem", name="Mention").click()
        await expect(page.locator("#text")).to_have_value("@Grace ")


async def test_forwards_and_stickers_are_shown(page_env: PageEnv) -> None:
    art = page_env.guild.add_channel("art")
    hat = page_env.guild.add_sticker("hat", png("gold"))
    post = await page_env.grace.post(art, "over there", files=[png("red")])
    await page_env.grace.forward(post, page_env.memes)
    await page_env.grace.post(page_env.memes, stickers=[hat])
    page = await page_env.open()
    forward = page.locator(".forward")
    await expect(forward).to_contain_text("over there")
    await expect(forward.locator("img.picture-image")).to_be_visible()
    await expect(page.get_by_role("img", name="Sticker: hat")).to_be_visible()
    await forward.get_by_role("button", name="#art").click()
    await expect(page.locator("#channel-name")).to_have_text("art")


async def test_commands_in_a_direct_message(page_env: PageEnv, monkeypatch: pytest.MonkeyPatch) -> None:
    async with connected(page_env, Bot(), monkeypatch):
        page = await page_env.open()
        await page.get_by_role("button", name="dreambot").click()
        await expect(page.locator("#channel-name")).to_have_text("dreambot")
        await command(page, "/video")
        await expect(page.locator(".message").last).to_contain_text("a video")


async def test_commands_are_localized(page_env: PageEnv) -> None:
    command = {
        "name": "dream",
        "name_localizations": {"de": "träumen"},
        "description": "Dream",
        "description_localizations": {"de": "Träume ein Bild"},
        "options": [
            {"type": 3, "name": "layer", "name_localizations": {"de": "schicht"}, "description": "Where"},
        ],
    }
    page = await page_env.open()
    async with aiohttp.ClientSession(headers={"Authorization": f"Bot {page_env.sandbox.bot_token}"}) as api:
        url = f"{page_env.sandbox.api}/applications/{page_env.sandbox.bot_id}/commands"
        assert (await api.put(url, json=[command])).status == 200
    await page.get_by_label("Your language").select_option("de")
    await page.locator("#text").press_sequentially("/tr")
    offer = page.get_by_role("option", name="/träumen")
    await expect(offer).to_contain_text("Träume ein Bild")
    await page.press("#text", "Tab")
    await page.locator("#text").press_sequentially("schicht:mixed5")
    await page.press("#text", "Enter")
    await expect(page.locator("#text")).to_have_value("")
    (interaction,) = page_env.sandbox.interactions
    assert (interaction.name, interaction.user.locale) == ("dream", "de")
    assert interaction.data["options"] == [{"name": "layer", "type": 3, "value": "mixed5"}]


async def test_linked_animations_play_muted(page_env: PageEnv) -> None:
    video = {"url": "https://a.example/cat.mp4"}
    embed = {"type": "gifv", "url": "https://a.example/cat", "video": video}
    await page_env.grace.post(page_env.memes, "https://a.example/cat", embeds=[embed])
    page = await page_env.open()
    shown = page.locator("video")
    await expect(shown).to_have_attribute("src", video["url"])
    assert await shown.evaluate("video => video.muted && video.loop && video.autoplay && !video.controls")


@pytest.mark.parametrize(("width", "lines"), [(1280, 1), (820, 2), (390, 3)])
async def test_five_buttons_are_one_row_where_there_is_room(
    page_env: PageEnv, monkeypatch: pytest.MonkeyPatch, width: int, lines: int
) -> None:
    async with connected(page_env, Bot(), monkeypatch):
        await (await page_env.ada.slash("rows", channel=page_env.memes)).response()
        page = await page_env.open(width=width)
        rows = page.locator(".message .row")
        await expect(rows).to_have_count(2)
        for row in await rows.all():
            tops = await row.locator("button").evaluate_all("all => all.map(one => one.offsetTop)")
            assert len(tops) == 5
            assert len(set(tops)) <= lines
            assert await row.evaluate("row => row.scrollWidth <= row.clientWidth")
