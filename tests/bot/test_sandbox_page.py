"""The bot on the sandbox's page, from a posted image to the buttons of the result."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.bot.support import BotEnvironment, noise_png
from tests.sandbox.browser import open_browser

pytestmark = pytest.mark.chromium


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
