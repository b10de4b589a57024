"""The chat page by keyboard: the messages are one Tab stop, and arrow keys lead from one to the next."""

import discord
import pytest
from playwright.async_api import Page, expect

from tests.sandbox.browser import PageEnv, connected, png
from tests.sandbox.test_page_accessibility import Bot

pytestmark = pytest.mark.chromium

TAB_STOPS = """() => [...document.querySelectorAll("#messages, #messages *")]
  .filter((one) => one.tabIndex >= 0 && one.checkVisibility()).length"""


async def _press(page: Page, *keys: str) -> None:
    for key in keys:
        await page.keyboard.press(key)


async def test_messages_are_one_tab_stop(page_env: PageEnv) -> None:
    first = await page_env.grace.post(page_env.memes, "see https://example.com/x ||hidden||")
    second = await page_env.ada.post(page_env.memes, "a cat", files=[png("orange")], reply_to=first)
    await page_env.ada.react(second, "👍")
    page = await page_env.open()
    newest, oldest = (page.locator(f"#message-{one.id}") for one in (second, first))
    assert await page.evaluate(TAB_STOPS) == 1
    await page.focus("#text")
    await _press(page, "Shift+Tab", "Shift+Tab")
    await expect(newest).to_be_focused()
    await page.keyboard.press("ArrowUp")
    await expect(oldest).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(oldest.locator("button.name")).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(oldest.get_by_role("link")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(oldest).to_be_focused()
    await page.keyboard.press("End")
    await expect(newest).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(newest.get_by_role("button", name="Open picture")).to_be_focused()
    await _press(page, "Home", "ArrowUp")
    await expect(oldest).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.locator("#text")).to_be_focused()
    assert await page.evaluate(TAB_STOPS) == 1


async def test_new_messages_do_not_move_the_focus(page_env: PageEnv) -> None:
    posts = [await page_env.grace.post(page_env.memes, f"message {number}") for number in range(3)]
    page = await page_env.open()
    await page.focus(f"#message-{posts[1].id}")
    await page_env.grace.post(page_env.memes, "one more")
    await expect(page.locator(".message")).to_have_count(4)
    await expect(page.locator(f"#message-{posts[1].id}")).to_be_focused()
    # The focus stays in the list when its message is deleted.
    await page_env.grace.delete(posts[1])
    await expect(page.locator(f"#message-{posts[2].id}")).to_be_focused()
    await page.focus("#text")
    last = await page_env.grace.post(page_env.memes, "the newest")
    await expect(page.locator(f"#message-{last.id}")).to_have_attribute("tabindex", "0")
    assert await page.evaluate(TAB_STOPS) == 1


async def test_buttons_and_menus_of_a_message(page_env: PageEnv, monkeypatch: pytest.MonkeyPatch) -> None:
    async with connected(page_env, Bot(), monkeypatch):
        await (await page_env.ada.slash("everything", channel=page_env.memes)).response()
        page = await page_env.open()
        message = page.locator(".message").last
        await page.focus(".message")
        await page.keyboard.press("Enter")
        await expect(message.get_by_role("button", name=discord.ButtonStyle.primary.name)).to_be_focused()
        await page.keyboard.press("Tab")
        await expect(message.get_by_role("button", name=discord.ButtonStyle.secondary.name)).to_be_focused()
        await page.keyboard.press("Escape")
        await page.keyboard.press("Shift+F10")
        await expect(page.get_by_role("menu", name="Message")).to_be_visible()
        await _press(page, "End", "ArrowRight")
        await expect(page.get_by_role("menuitem", name="Dream this")).to_be_focused()
        await _press(page, "Escape", "Escape")
        await expect(message).to_be_focused()


async def test_typing_on_a_message_goes_to_the_composer(page_env: PageEnv) -> None:
    await page_env.grace.post(page_env.memes, "hello")
    page = await page_env.open()
    await page.focus(".message")
    await page.keyboard.type("hi")
    await expect(page.locator("#text")).to_have_value("hi")
