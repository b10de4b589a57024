"""Editing the user's own messages on the chat page."""

import pytest
from playwright.async_api import expect

from tests.sandbox.browser import PageEnv, png

pytestmark = pytest.mark.chromium


async def test_the_up_arrow_edits_the_last_own_message(page_env: PageEnv) -> None:
    await page_env.ada.post(page_env.memes, "first")
    post = await page_env.ada.post(page_env.memes, f"hello <@{page_env.grace.id}>")
    await page_env.grace.post(page_env.memes, "not mine")
    page = await page_env.open()
    await page.press("#text", "ArrowUp")
    await expect(page.locator("#text")).to_have_value("hello @Grace")
    await expect(page.locator(".message.is-edited-now")).to_contain_text("hello")
    await page.press("#text", "End")
    await page.locator("#text").press_sequentially(", and @dreambot")
    await page.press("#text", "Escape")  # Closes only the list.
    await page.press("#text", "Enter")
    message = page.locator(f"#message-{post.id}")
    await expect(message.locator(".content")).to_have_text("hello @Grace, and @dreambot(edited)")
    await expect(page.locator("#text")).to_have_value("")
    assert post.content == f"hello <@{page_env.grace.id}>, and <@{page_env.sandbox.bot_id}>"
    assert [user.id for user in post.model.mentions] == [page_env.grace.id, page_env.sandbox.bot_id]
    assert post.model.edited_at


async def test_escape_cancels_and_restores_the_draft(page_env: PageEnv) -> None:
    post = await page_env.ada.post(page_env.memes, "as it was")
    page = await page_env.open()
    await page.fill("#text", "a draft")
    await page.press("#text", "ArrowUp")
    await expect(page.locator("#text")).to_have_value("a draft")
    await page.locator(f"#message-{post.id} .content").click(button="right")
    await page.get_by_role("menuitem", name="Edit message").click()
    await expect(page.locator("#text")).to_have_value("as it was")
    await page.fill("#text", "/else")
    await page.press("#text", "Escape")
    await expect(page.locator("#text")).to_have_value("a draft")
    await expect(page.locator(".is-edited-now")).to_have_count(0)
    assert (post.content, post.model.edited_at) == ("as it was", None)


async def test_an_edit_without_a_change_is_not_marked(page_env: PageEnv) -> None:
    post = await page_env.ada.post(page_env.memes, "as it was")
    page = await page_env.open()
    await page.press("#text", "ArrowUp")
    await page.press("#text", "Enter")
    await expect(page.locator(".is-edited-now")).to_have_count(0)
    assert post.model.edited_at is None


async def test_an_empty_message_is_refused_and_a_caption_can_be_removed(page_env: PageEnv) -> None:
    await page_env.ada.post(page_env.memes, "words alone")
    picture = await page_env.ada.post(page_env.memes, "a caption", files=[png("red")])
    page = await page_env.open()
    await page.press("#text", "ArrowUp")
    await page.fill("#text", "")
    await page.press("#text", "Enter")
    await expect(page.locator(".is-edited-now")).to_have_count(0)
    assert picture.content == ""
    await page_env.ada.delete(picture)
    await expect(page.locator(".message")).to_have_count(1)
    await page.press("#text", "ArrowUp")
    await page.fill("#text", "")
    await page.press("#text", "Enter")
    await expect(page.get_by_role("alert").first).to_contain_text("needs some text")
    await expect(page.locator(".is-edited-now")).to_have_count(1)


async def test_messages_of_others_cannot_be_edited(page_env: PageEnv) -> None:
    post = await page_env.grace.post(page_env.memes, "hers")
    page = await page_env.open()
    await page.press("#text", "ArrowUp")
    await expect(page.locator("#text")).to_have_value("")
    await page.locator(f"#message-{post.id} .content").click(button="right")
    await expect(page.get_by_role("menuitem", name="Reply")).to_be_visible()
    await expect(page.get_by_role("menuitem", name="Edit message")).to_have_count(0)
