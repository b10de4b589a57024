"""Commands, completion and components on the chat page, answered by a small discord.py bot."""

import asyncio
import io
from pathlib import Path

import discord
import pytest
from discord import app_commands
from playwright.async_api import expect

from tests.sandbox.browser import PageEnv, connected, picture_file, png

pytestmark = pytest.mark.chromium

_LAYERS = ("mixed3", "mixed4", "mixed5")


class Cancel(discord.ui.View):
    @discord.ui.button(label="Cancel", style=discord.ButtonStyle.danger, custom_id="cancel")
    async def cancel(self, interaction: discord.Interaction, _: discord.ui.Button["Cancel"]) -> None:
        await interaction.response.edit_message(content="stopped", view=None, attachments=[])


class Bot(discord.AutoShardedClient):
    """Responds as dreambot does: a deferral at once, then an edit with a picture."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents.default(), guild_ready_timeout=0)
        self.tree = app_commands.CommandTree(self)
        self.may_finish = asyncio.Event()

    async def setup_hook(self) -> None:
        @self.tree.command(description="Dream a picture")
        @app_commands.describe(image="the picture", layer="where to look", intensity="how much")
        async def dream(
            interaction: discord.Interaction,
            image: discord.Attachment | None = None,
            layer: str = "mixed4",
            intensity: app_commands.Range[int, 1, 11] = 5,
        ) -> None:
            await interaction.response.defer(thinking=True)
            await self.may_finish.wait()
            source = image.filename if image else "nothing"
            result = discord.File(io.BytesIO(png("purple")), "dream.png", description="a purple dream")
            await interaction.edit_original_response(
                content=f"**{layer}** at {intensity} from {source}", attachments=[result], view=Cancel()
            )

        @dream.autocomplete("layer")
        async def layers(_: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
            return [app_commands.Choice(name=f"{one}: dogs", value=one) for one in _LAYERS if typed in one]

        @self.tree.context_menu(name="Dream this")
        async def dream_this(interaction: discord.Interaction, message: discord.Message) -> None:
            await interaction.response.send_message(f"saw {len(message.attachments)}", ephemeral=True)

        await self.tree.sync()


async def test_a_typed_command_is_deferred_and_then_shows_its_picture(
    page_env: PageEnv, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot = Bot()
    async with connected(page_env, bot, monkeypatch):
        page = await page_env.open()
        await expect(page.locator("#bot-state")).to_contain_text("is online")
        await page.set_input_files("#file", picture_file(tmp_path))
        await page.fill("#text", "/dream layer:mixed5 intensity:11")
        await page.press("#text", "Enter")
        message = page.locator(".message").last
        await expect(message).to_contain_text("is thinking")
        await expect(message).to_contain_text("Ada used /dream")
        bot.may_finish.set()
        await expect(message.locator(".content")).to_have_text("mixed5 at 11 from cat.png")
        await expect(message.locator("img.picture-image")).to_have_attribute("alt", "a purple dream")
        await expect(message.locator(".thinking")).to_have_count(0)

        await message.get_by_role("button", name="Before / after").click()
        await expect(page.locator(".stage-before")).to_be_visible()
        await page.keyboard.press("Escape")

        await message.get_by_role("button", name="Cancel").click()
        await expect(message.locator(".content")).to_have_text("stopped")


async def test_completion_suggests_commands_options_and_values(
    page_env: PageEnv, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot = Bot()
    async with connected(page_env, bot, monkeypatch):
        bot.may_finish.set()
        page = await page_env.open()
        offers = page.get_by_role("listbox", name="Suggestions")
        await page.locator("#text").press_sequentially("/")
        await expect(offers.get_by_role("option", name="/dream")).to_be_visible()
        await page.press("#text", "Tab")
        await expect(offers.get_by_role("option")).to_have_count(3)
        await page.locator("#text").press_sequentially("la")
        await page.press("#text", "Tab")
        await page.locator("#text").press_sequentially("5")
        await expect(offers.get_by_role("option", name="mixed5: dogs")).to_be_visible()
        await expect(offers.get_by_role("option")).to_have_count(1)
        await page.press("#text", "Tab")
        await expect(page.locator("#text")).to_have_value("/dream layer:mixed5 ")
        await page.press("#text", "Enter")
        await expect(page.locator(".message").last).to_contain_text("mixed5 at 5 from nothing")


async def test_mistakes_in_a_command_are_reported(page_env: PageEnv, monkeypatch: pytest.MonkeyPatch) -> None:
    async with connected(page_env, Bot(), monkeypatch):
        page = await page_env.open()
        for typed, error in (
            ("/dream intesity:4", "Did you mean “intensity”?"),
            ("/dream intensity:12", "intensity is a whole number from 1 to 11, not “12”."),
            ("/dreem", "Did you mean “/dream”?"),
            ("/dream mixed5", "belongs to no option"),
        ):
            await page.fill("#text", typed)
            await page.press("#text", "Escape")
            await page.press("#text", "Enter")
            await expect(page.get_by_role("alert").filter(has_text=error)).to_be_visible()
            await expect(page.locator("#text")).to_have_value(typed)
        assert page_env.sandbox.interactions == []


async def test_a_message_menu_command_gets_an_ephemeral_response(
    page_env: PageEnv, monkeypatch: pytest.MonkeyPatch
) -> None:
    await page_env.grace.post(page_env.memes, "look", files=[png("green")])
    async with connected(page_env, Bot(), monkeypatch):
        page = await page_env.open()
        await page.locator(".message").first.click(button="right", position={"x": 150, "y": 12})
        await expect(page.get_by_role("menuitem", name="Delete")).to_have_count(0)
        await page.get_by_role("menuitem", name="Apps").click()
        await page.get_by_role("menuitem", name="Dream this").click()
        answer = page.locator(".message").last
        await expect(answer).to_contain_text("saw 1")
        await expect(answer).to_contain_text("Only you can see this")
        await answer.get_by_role("button", name="Dismiss message").click()
        await expect(page.locator(".message")).to_have_count(1)
