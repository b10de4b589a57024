"""The bot on the sandbox's page, from a posted image to the buttons of the result."""

import asyncio
from pathlib import Path

import pytest
from playwright.async_api import FileChooser, expect

from dreambot.sandbox.permissions import Permission
from tests.bot.support import BotEnvironment, noise_png
from tests.sandbox.browser import Scheme, open_browser, violations
from tests.sandbox.test_page_accessibility import COLOUR_RULES

pytestmark = pytest.mark.chromium

THEMES: dict[Scheme, list[str] | None] = {"dark": None, "light": COLOUR_RULES}


async def test_a_dream_by_a_typed_mention(env: BotEnvironment, tmp_path: Path) -> None:
    file = tmp_path / "cat.png"
    file.write_bytes(noise_png(300, 260))
    async with open_browser() as browser, env.bot():
        page = await browser.new_page()
        await page.goto(env.sandbox.url)
        await page.set_input_files("#file", file)
        await page.fill("#text", "@dreambot mixed4 9")
        await page.press("#text", "Enter")
        await expect(page.locator(".message").first.locator(".mention")).to_have_text("@dreambot")
        answer = page.locator(".message").nth(1)
        await expect(answer.get_by_role("button", name="Deeper")).to_be_visible()
        await expect(answer).to_contain_text("layer:mixed4 intensity:9")
        await expect(answer).to_be_in_viewport()
        await page.close()
    assert env.channel.messages[0].content == f"<@{env.sandbox.bot_id}> mixed4 9"


async def test_a_dream_by_menu_form_and_button(env: BotEnvironment) -> None:
    await env.ann.post(env.channel, "my cat", files=[noise_png(300, 260)])
    complaints: list[str] = []
    async with open_browser() as browser, env.bot():
        page = await browser.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        await page.goto(env.sandbox.url)
        await page.get_by_text("my cat").click(button="right")
        await page.get_by_role("menuitem", name="Apps").click()
        await page.get_by_role("menuitem", name="Dream settings…").click()
        form = page.get_by_role("dialog", name="Dream settings")
        await form.get_by_role("button", name="Submit").click()
        dream = page.locator(".message").nth(1)
        await expect(dream).to_contain_text("used Dream settings…")
        await expect(dream.get_by_role("button", name="Deeper")).to_be_visible()
        await dream.get_by_role("button", name="Deeper").click()
        deeper = page.locator(".message").nth(2)
        await expect(deeper.locator(".origin-reply")).to_be_visible()
        await expect(deeper.get_by_role("button", name="Deeper")).to_be_visible()
        await page.fill("#text", "/privacy")
        await page.press("#text", "Escape")
        await page.press("#text", "Enter")
        await expect(page.locator(".message").last).to_contain_text("Only you can see this")
        await page.close()
    assert complaints == []


async def test_the_first_steps_by_keyboard_only(env: BotEnvironment, tmp_path: Path) -> None:
    file = tmp_path / "cat.png"
    file.write_bytes(noise_png(300, 260))
    async with open_browser() as browser, env.bot():
        page = await browser.new_page()
        # Registered before the page is opened: Chromium applies it some time later.
        chooser: asyncio.Future[FileChooser] = asyncio.get_running_loop().create_future()

        def on_file_chooser(opened: FileChooser) -> None:
            chooser.set_result(opened)

        page.on("filechooser", on_file_chooser)
        await page.goto(env.sandbox.url)
        await expect(page.locator("#text")).to_be_focused()
        steps = page.get_by_role("complementary", name="First steps")
        await expect(steps.get_by_role("listitem")).to_have_count(3)
        await page.keyboard.press("Shift+Tab")
        await expect(page.get_by_role("button", name="Attach files")).to_be_focused()
        await page.keyboard.press("Enter")
        await (await chooser).set_files(file)
        await expect(page.locator(".chip")).to_be_visible()
        await page.keyboard.press("Enter")
        await expect(page.locator(".message img.picture-image")).to_be_visible()
        await expect(steps.locator(".done")).to_have_text(
            ["Post a picture: drop it, paste it, or press + (done)"]
        )
        await page.keyboard.type("/dream")
        await expect(page.get_by_role("option", name="/dream").first).to_be_visible()
        for key in ("Enter", "Escape", "Enter"):
            await page.keyboard.press(key)
        dream = page.locator(".message").nth(1)
        await expect(dream.get_by_role("button", name="Deeper")).to_be_visible()
        # By way of the buttons that attach files and close the first steps.
        for _ in range(3):
            await page.keyboard.press("Shift+Tab")
        await expect(dream).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(dream.get_by_role("button", name="Deeper")).to_be_focused()
        await expect(steps.locator(".done")).to_have_count(2)
        await page.keyboard.press("Enter")
        await expect(page.locator(".message").nth(2).get_by_role("button", name="Deeper")).to_be_visible()
        await expect(steps).to_be_hidden()
        await page.reload()
        await expect(page.locator(".message")).to_have_count(3)
        await expect(steps).to_be_hidden()
        await page.close()


@pytest.mark.timeout(300)
async def test_axe_finds_no_violations_on_the_pages_of_the_bot(env: BotEnvironment) -> None:
    settings = Permission.MANAGE_GUILD | Permission.MANAGE_CHANNELS | Permission.MANAGE_MESSAGES
    env.guild.add_role("moderators", permissions=settings).give(env.ann)
    await env.ann.post(env.channel, "my cat", files=[noise_png(300, 260)])
    found: list[str] = []
    async with open_browser() as browser, env.bot():
        page = await browser.new_page(viewport={"width": 1280, "height": 820}, reduced_motion="reduce")
        await page.goto(env.sandbox.url)

        async def check(view: str) -> None:
            for width in (1280, 820, 390):
                await page.set_viewport_size({"width": width, "height": 820})
                for scheme, rules in THEMES.items():
                    await page.emulate_media(color_scheme=scheme)
                    found.extend(
                        f"{width} px, {scheme}, {view}: {line}" for line in await violations(page, rules)
                    )
            await page.set_viewport_size({"width": 1280, "height": 820})

        async def send(text: str) -> None:
            await page.fill("#text", text)
            await page.press("#text", "Escape")
            await page.press("#text", "Enter")

        await send("/dream")
        dream = page.locator(".message").nth(1)
        await dream.get_by_role("button", name="More…").click()
        await expect(dream.get_by_role("button", name="Less")).to_be_visible()
        await dream.get_by_role("button", name="Layer…").click()
        await expect(page.locator(".message").last.locator("select")).to_have_count(2)
        await check("all buttons, and the choice of a layer")
        await send("/settings")
        await expect(page.locator(".message").last.locator(".container select").first).to_be_visible()
        await check("settings")
        await page.close()
    assert found == []
