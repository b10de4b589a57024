"""Accessibility of the chat page: axe-core, contrast, and menus by keyboard."""

import io
import itertools
from collections.abc import AsyncIterator

import discord
import pytest
from discord import app_commands
from playwright.async_api import Page, expect

from tests.sandbox.browser import PageEnv, Scheme, connected, png, violations
from tests.sandbox.test_modals import Settings
from tests.sandbox.test_page_forms import panel
from tests.sandbox.test_user_actions import EYE, SelectView

pytestmark = pytest.mark.chromium

WIDTHS = (1280, 820, 390)
SCHEMES: tuple[Scheme, ...] = ("dark", "light")
# Only these rules of axe-core depend on the theme.
COLOUR_RULES = ["color-contrast", "link-in-text-block"]

# The text colours of theme.css and the backgrounds they are used on.
TEXT_COLOURS = {
    "text": ("ground", "deep", "raised", "higher", "popup"),
    "soft": ("ground", "deep", "raised", "higher", "popup"),
    "faint": ("ground", "deep", "raised", "higher", "popup"),
    "link": ("ground", "raised", "popup"),
    "bad": ("ground", "raised", "popup"),
    "warn": ("ground", "raised", "higher", "popup"),
    "accent-text": ("ground", "raised", "higher"),
    "me-text": ("ground",),
    "bad-text": ("bad-ground",),
    "warn-text": ("warn-ground",),
    "button-text": ("button", "button-hover"),
    "value-text": ("value-ground",),
    "white": ("accent-strong", "accent-hover", "danger", "danger-hover", "success", "success-hover"),
}

CONTRAST = """([ink, ground]) => {
  const channels = (name) => {
    const probe = document.createElement("i");
    probe.style.color = name === "white" ? "white" : `var(--${name})`;
    document.body.append(probe);
    const found = getComputedStyle(probe).color.match(/[\\d.]+/g).slice(0, 3).map(Number);
    probe.remove();
    return found;
  };
  const light = (name) => {
    const [r, g, b] = channels(name).map((value) => value / 255)
      .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [low, high] = [light(ink), light(ground)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}"""


class Bot(discord.AutoShardedClient):
    """Shows every kind of content that the page supports."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents.default(), guild_ready_timeout=0)
        self.tree = app_commands.CommandTree(self)

    async def setup_hook(self) -> None:
        @self.tree.command(description="Settings")
        @app_commands.describe(who="who it is about", times="how often")
        async def settings(
            interaction: discord.Interaction,
            who: discord.Member | None = None,
            times: app_commands.Range[int, 1, 5] = 1,
        ) -> None:
            await interaction.response.send_modal(Settings())

        @self.tree.command(description="Dream")
        async def dream(interaction: discord.Interaction) -> None:
            await interaction.response.send_message("dreamed")

        @self.tree.command(description="Everything at once")
        async def everything(interaction: discord.Interaction) -> None:
            card = discord.Embed(title="A card", description="with `code` and [a link](https://example.com)")
            card.add_field(name="Layer", value="mixed4").set_footer(text="small print")
            text = f"# Head\nhi {interaction.user.mention} ||hidden|| <t:1700000000:R>\n-# small words"
            view = discord.ui.View(timeout=None)
            for number, style in enumerate(list(discord.ButtonStyle)[:4]):
                view.add_item(discord.ui.Button(label=style.name, style=style, custom_id=str(number)))
            await interaction.response.send_message(text, embed=card, view=view)

        @self.tree.command(description="Selects")
        async def picks(interaction: discord.Interaction) -> None:
            await interaction.response.send_message("here", view=SelectView())

        @self.tree.command(description="Panel")
        async def panels(interaction: discord.Interaction) -> None:
            with_file = discord.File(io.BytesIO(png("teal")), "dream.png")
            await interaction.response.send_message(view=panel(), file=with_file)

        @self.tree.context_menu(name="Dream this")
        async def dream_this(interaction: discord.Interaction, message: discord.Message) -> None:
            await interaction.response.send_message("just for you", ephemeral=True)

        @self.tree.context_menu(name="Dream avatar")
        async def dream_avatar(interaction: discord.Interaction, user: discord.Member) -> None:
            await interaction.response.send_message(f"the avatar of {user.display_name}")

        await self.tree.sync()


async def _walk_composer(page: Page) -> AsyncIterator[str]:
    await page.locator("#text").press_sequentially("@")
    await expect(page.get_by_role("listbox", name="Suggestions")).to_be_visible()
    yield "the list of members"
    await page.fill("#text", "/")
    await expect(page.get_by_role("option", name="/settings")).to_be_visible()
    yield "the list of commands"
    await page.fill("#text", "/settings who:Ada tims:3")
    await expect(page.locator(".mark-wrong")).to_be_visible()
    await page.press("#text", "Enter")
    await expect(page.locator(".write-error")).to_be_visible()
    yield "a mistake in a command"
    await page.fill("#text", "")
    await page.press("#text", "ArrowUp")
    await expect(page.locator(".is-edited-now")).to_have_count(1)
    yield "editing"
    await page.press("#text", "Escape")


async def _walk(page: Page, page_env: PageEnv) -> AsyncIterator[str]:
    """Brings the page into one state after another and yields their names."""
    await expect(page.get_by_role("complementary", name="First steps")).to_be_visible()
    yield "the end of the list"
    await page.locator("#scroller").evaluate("box => box.scrollTo(0, 0)")
    await page.locator(".message").first.focus()
    yield "the start of the list"
    async for state in _walk_composer(page):
        yield state
    await page.get_by_text("a cat", exact=True).first.click(button="right")
    await page.get_by_role("menuitem", name="Apps").click()
    await expect(page.get_by_role("menuitem", name="Dream this")).to_be_visible()
    yield "the menu of a message"
    await page.keyboard.press("Escape")
    await page.keyboard.press("Escape")
    await page.locator(".message button.name").first.click()
    await expect(page.locator(".profile")).to_be_visible()
    yield "the menu of a person"
    await page.keyboard.press("Escape")
    await page.locator(".picture").first.click()
    await expect(page.locator(".lightbox")).to_be_visible()
    yield "a large picture"
    await page.keyboard.press("Escape")
    await page.fill("#text", "/settings")
    await page.press("#text", "Escape")
    await page.press("#text", "Enter")
    await expect(page.get_by_role("dialog", name="Dream settings")).to_be_visible()
    yield "a form"
    await page.keyboard.press("Escape")
    await page.fill("#text", "")
    if await page.locator("#side-open").is_visible():
        await page.get_by_role("button", name="Channels").click()
        await expect(page.locator("#you")).to_be_visible()
        yield "the side on a phone"
        await page.keyboard.press("Escape")
    members = page.locator("#members")
    if not await members.is_visible():
        await page.get_by_role("button", name="Members", exact=True).click()
    await members.get_by_role("button", name="Grace").click(button="right")
    await page.get_by_role("menuitem", name="Apps").click()
    await expect(page.get_by_role("menuitem", name="Dream avatar")).to_be_visible()
    yield "the members, with a menu"
    for _ in range(3):
        await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Wire", exact=True).click()
    await expect(page.locator(".wire-row").first).to_be_visible()
    yield "the wire view"
    await page.keyboard.press("Escape")


@pytest.mark.timeout(300)
async def test_axe_finds_no_violations(page_env: PageEnv, monkeypatch: pytest.MonkeyPatch) -> None:
    page_env.guild.add_channel("art")
    page_env.guild.add_role("painters", mentionable=True)
    async with connected(page_env, Bot(), monkeypatch):
        post = await page_env.grace.post(
            page_env.memes, f"hello {page_env.ada.mention}, see https://example.com/x"
        )
        await page_env.ada.post(page_env.memes, "a cat", files=[png("orange")], reply_to=post)
        await page_env.ada.react(post, EYE)
        for command in ("everything", "picks", "panels"):
            await (await page_env.ada.slash(command, channel=page_env.memes)).response()
        found = []
        page = await page_env.open(width=WIDTHS[0], height=820)
        await expect(page.get_by_role("button", name="Switch on")).to_be_visible()
        await (await page_env.ada.menu("Dream this", post)).response()
        await expect(page.locator(".message").last).to_contain_text("just for you")
        for width in WIDTHS:
            await page.set_viewport_size({"width": width, "height": 820})
            async for state in _walk(page, page_env):
                for scheme in SCHEMES:
                    await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                    only = COLOUR_RULES if scheme == "light" else None
                    lines = await violations(page, only)
                    found += [f"{width} px, {scheme}, {state}: {line}" for line in lines]
    assert found == []


@pytest.mark.parametrize("scheme", SCHEMES)
async def test_text_has_enough_contrast(page_env: PageEnv, scheme: Scheme) -> None:
    page = await page_env.open(scheme=scheme)
    pairs = [pair for ink, grounds in TEXT_COLOURS.items() for pair in itertools.product([ink], grounds)]
    found = {pair: await page.evaluate(CONTRAST, list(pair)) for pair in pairs}
    assert {pair: round(ratio, 2) for pair, ratio in found.items() if ratio < 4.5} == {}


async def test_the_page_is_light_where_light_is_preferred(page_env: PageEnv) -> None:
    grounds = {}
    for scheme in SCHEMES:
        page = await page_env.open(scheme=scheme)
        grounds[scheme] = await page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert grounds == {"dark": "rgb(22, 23, 30)", "light": "rgb(255, 255, 255)"}


async def test_the_apps_submenu_by_keyboard(page_env: PageEnv, monkeypatch: pytest.MonkeyPatch) -> None:
    await page_env.grace.post(page_env.memes, "a cat")
    async with connected(page_env, Bot(), monkeypatch):
        page = await page_env.open()
        more = page.locator(".message").first.get_by_role("button", name="More")
        await more.focus()
        await page.keyboard.press("Enter")
        await page.keyboard.press("End")
        await expect(page.get_by_role("menuitem", name="Apps")).to_be_focused()
        await page.keyboard.press("ArrowRight")
        await expect(page.get_by_role("menuitem", name="Dream this")).to_be_focused()
        await page.keyboard.press("ArrowLeft")
        await expect(page.get_by_role("menuitem", name="Apps")).to_be_focused()
        await expect(page.get_by_role("menuitem", name="Dream this")).to_have_count(0)
        await page.keyboard.press("Enter")
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("menuitem", name="Apps")).to_be_focused()
        await page.keyboard.press("Escape")
        await expect(more).to_be_focused()
        await page.keyboard.press("Enter")
        await page.keyboard.press("End")
        await page.keyboard.press("ArrowRight")
        await page.keyboard.press("Enter")
        await expect(page.locator(".message").last).to_contain_text("just for you")


@pytest.mark.parametrize("width", [1280, 390])
async def test_the_apps_submenu_by_long_press(
    page_env: PageEnv, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    await page_env.grace.post(page_env.memes, "hello")
    post = await page_env.grace.post(page_env.memes, "a cat that sits far away from any button of this page")
    async with connected(page_env, Bot(), monkeypatch):
        page = await page_env.open(width=width, height=700, touch=True)
        box = await page.locator(f"#message-{post.id} .content").bounding_box()
        assert box
        client = await page.context.new_cdp_session(page)
        touch = {"x": box["x"] + 150, "y": box["y"] + box["height"] - 6}
        await client.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [touch]})
        await expect(page.get_by_role("menuitem", name="Apps")).to_be_visible()
        await client.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        await page.get_by_role("menuitem", name="Apps").tap()
        inner = page.get_by_role("menuitem", name="Dream this")
        await expect(inner).to_be_in_viewport(ratio=1)
        await inner.tap()
        await expect(page.locator(".message").last).to_contain_text("just for you")


async def test_ephemeral_messages_are_dismissed_and_removed_by_a_reload(
    page_env: PageEnv, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = await page_env.grace.post(page_env.memes, "a cat")
    art = page_env.guild.add_channel("art")
    async with connected(page_env, Bot(), monkeypatch):
        page = await page_env.open()
        for _ in range(2):
            await (await page_env.ada.menu("Dream this", post)).response()
        private = page.locator(".message.is-ephemeral")
        await expect(private).to_have_count(2)
        await expect(private.first).to_contain_text("Only you can see this · Dismiss message")
        await private.first.get_by_role("button", name="Dismiss message").click()
        await expect(private).to_have_count(1)
        # It is kept when the channel is switched, and removed when the page is reloaded.
        await page.get_by_role("button", name=art.name).click()
        await expect(page.locator(".message")).to_have_count(0)
        await page.get_by_role("button", name="memes").click()
        await expect(private).to_have_count(1)
        await page.reload()
        await expect(page.locator(".message")).to_have_count(1)
        await expect(private).to_have_count(0)
