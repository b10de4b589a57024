"""The chat page in a real browser, against the sandbox and a small discord.py bot."""

import asyncio
import io
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import discord
import pytest
from discord import app_commands
from PIL import Image
from playwright.async_api import Browser, Page, async_playwright, expect

from dreambot.sandbox.driver.handles import ChannelHandle, UserHandle
from dreambot.sandbox.sandbox import Sandbox
from tests.support import require

pytestmark = pytest.mark.chromium

_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_LAYERS = ("mixed3", "mixed4", "mixed5")


def _png(colour: str) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (120, 80), colour).save(buffer, "PNG")
    return buffer.getvalue()


class _Cancel(discord.ui.View):
    @discord.ui.button(label="Cancel", style=discord.ButtonStyle.danger, custom_id="cancel")
    async def cancel(self, interaction: discord.Interaction, _: discord.ui.Button["_Cancel"]) -> None:
        await interaction.response.edit_message(content="stopped", view=None, attachments=[])


class _Bot(discord.AutoShardedClient):
    """Answers the way dreambot does: deferred at once, then a picture edited in."""

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
            result = discord.File(io.BytesIO(_png("purple")), "dream.png", description="a purple dream")
            await interaction.edit_original_response(
                content=f"**{layer}** at {intensity} from {source}", attachments=[result], view=_Cancel()
            )

        @dream.autocomplete("layer")
        async def layers(_: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
            return [app_commands.Choice(name=f"{one}: dogs", value=one) for one in _LAYERS if typed in one]

        @self.tree.context_menu(name="Dream this")
        async def dream_this(interaction: discord.Interaction, message: discord.Message) -> None:
            await interaction.response.send_message(f"saw {len(message.attachments)}", ephemeral=True)

        await self.tree.sync()


class _Scene:
    """A sandbox with two members, one channel and its page open."""

    def __init__(self, sandbox: Sandbox, browser: Browser) -> None:
        self.sandbox = sandbox
        self._browser = browser
        self.guild = sandbox.add_guild("the laboratory")
        self.memes: ChannelHandle = self.guild.add_channel("memes")
        self.ada: UserHandle = self.guild.add_member("Ada")
        self.grace: UserHandle = self.guild.add_member("Grace")
        self.complaints: list[str] = []

    async def open(self, *, width: int = 1100, height: int = 760, touch: bool = False) -> Page:
        """The page, with everything its console complains of kept."""
        context = await self._browser.new_context(
            viewport={"width": width, "height": height}, has_touch=touch, is_mobile=touch
        )
        page = await context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", lambda dialog: self.complaints.append(f"dialog: {dialog.message}"))
        await page.goto(self.sandbox.url)
        await expect(page.locator("#channel-name")).to_contain_text("memes")
        return page


@pytest.fixture
async def scene() -> AsyncIterator[_Scene]:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    require("chromium", chromium is not None)
    async with Sandbox() as sandbox, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=_FLAGS)
        made = _Scene(sandbox, browser)
        yield made
        await browser.close()
        assert made.complaints == []


@asynccontextmanager
async def _running(scene: _Scene, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[_Bot]:
    monkeypatch.setattr("discord.http.Route.BASE", scene.sandbox.api)
    bot = _Bot()
    running = asyncio.create_task(bot.start(scene.sandbox.bot_token))
    try:
        await scene.sandbox.wait_until_bot_ready()
        yield bot
    finally:
        await bot.close()
        with suppress(asyncio.CancelledError):
            await running


def _file(tmp_path: Path, name: str = "cat.png") -> Path:
    path = tmp_path / name
    path.write_bytes(_png("orange"))
    return path


async def test_a_posted_picture_is_seen(scene: _Scene, tmp_path: Path) -> None:
    page = await scene.open()
    await page.set_input_files("#file", _file(tmp_path))
    await expect(page.locator(".chip")).to_contain_text("cat.png")
    await page.fill("#text", "my **cat**")
    await page.press("#text", "Enter")
    message = page.locator(".message").last
    await expect(message.locator("strong")).to_have_text("cat")
    await expect(message.locator("img.picture-image")).to_be_visible()
    assert await message.locator("img.picture-image").evaluate("image => image.naturalWidth") == 120
    await expect(page.locator(".chip")).to_have_count(0)


async def test_hostile_text_stays_text(scene: _Scene) -> None:
    hostile = "<img src=x onerror=alert(1)> [x](javascript:alert(2)) `<b>` ||<i>hidden</i>||"
    await scene.grace.post(scene.memes, hostile)
    page = await scene.open()
    text = page.locator(".message .content")
    await expect(text).to_contain_text("<img src=x onerror=alert(1)>")
    await expect(text).to_contain_text("javascript:alert(2)")
    await expect(text.locator("img, a, b, i")).to_have_count(0)


async def test_a_typed_command_thinks_and_then_shows_its_picture(
    scene: _Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with _running(scene, monkeypatch) as bot:
        page = await scene.open()
        await expect(page.locator("#bot-state")).to_contain_text("is here")
        await page.set_input_files("#file", _file(tmp_path))
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


async def test_completion_leads_through_a_command(scene: _Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    async with _running(scene, monkeypatch) as bot:
        bot.may_finish.set()
        page = await scene.open()
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


async def test_mistakes_in_a_command_are_named(scene: _Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    async with _running(scene, monkeypatch):
        page = await scene.open()
        for typed, words in (
            ("/dream intesity:4", "Did you mean “intensity”?"),
            ("/dream intensity:12", "intensity is a whole number from 1 to 11, not “12”."),
            ("/dreem", "Did you mean “/dream”?"),
            ("/dream mixed5", "belongs to no option"),
        ):
            await page.fill("#text", typed)
            await page.press("#text", "Escape")
            await page.press("#text", "Enter")
            await expect(page.get_by_role("alert").filter(has_text=words)).to_be_visible()
            await expect(page.locator("#text")).to_have_value(typed)
        assert scene.sandbox.interactions == []


async def test_the_message_menu_answers_privately(scene: _Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    await scene.grace.post(scene.memes, "look", files=[_png("green")])
    async with _running(scene, monkeypatch):
        page = await scene.open()
        await page.locator(".message").first.click(button="right", position={"x": 150, "y": 12})
        await expect(page.get_by_role("menuitem", name="Delete")).to_have_count(0)
        await page.get_by_role("menuitem", name="Dream this").click()
        answer = page.locator(".message").last
        await expect(answer).to_contain_text("saw 1")
        await expect(answer).to_contain_text("Only you can see this")
        await answer.get_by_role("button", name="dismiss").click()
        await expect(page.locator(".message")).to_have_count(1)


async def test_replying_deleting_and_being_somebody_else(scene: _Scene) -> None:
    await scene.ada.post(scene.memes, "first")
    page = await scene.open()
    await page.select_option("#you", label="Grace")
    await page.locator(".message").first.hover()
    await page.get_by_role("button", name="Reply").first.click()
    await page.fill("#text", "second")
    await page.press("#text", "Enter")
    reply = page.locator(".message").last
    await expect(reply.locator(".name")).to_have_text("Grace")
    await expect(reply.locator(".origin")).to_contain_text("first")
    await reply.hover()
    await reply.get_by_role("button", name="More").click()
    await page.get_by_role("menuitem", name="Delete").click()
    await expect(page.locator(".message")).to_have_count(1)


async def test_spoilers_wait_for_a_click(scene: _Scene) -> None:
    await scene.grace.post(scene.memes, "||the end||", files=[_png("red")], spoiler=True)
    page = await scene.open()
    picture = page.get_by_role("button", name="Spoiler picture")
    await picture.click()
    await expect(page.locator("dialog[open]")).to_have_count(0)
    await page.get_by_role("button", name="Open picture").click()
    await expect(page.locator("dialog[open]")).to_have_count(1)


async def test_it_says_when_the_bot_is_away(scene: _Scene) -> None:
    page = await scene.open()
    await expect(page.locator("#banner")).to_contain_text("is not connected")


async def test_a_phone_has_room_for_everything(scene: _Scene) -> None:
    scene.guild.add_channel("art-with-a-rather-long-name")
    await scene.grace.post(scene.memes, "w" * 200, files=[_png("blue")])
    page = await scene.open(width=390, height=844, touch=True)
    await expect(page.locator("img.picture-image")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390
    scroller = page.locator("#scroller")
    assert await scroller.evaluate("box => box.scrollWidth - box.clientWidth") == 0
    await page.get_by_role("button", name="Channels").tap()
    await page.get_by_role("button", name="art-with-a-rather-long-name").tap()
    await expect(page.locator("#channel-name")).to_contain_text("art")
    await page.fill("#text", "from a phone")
    await page.get_by_role("button", name="Send").tap()
    await expect(page.locator(".message").last).to_contain_text("from a phone")
