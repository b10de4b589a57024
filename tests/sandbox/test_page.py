"""The chat page in a real browser, without a bot."""

import re
from pathlib import Path

import pytest
from playwright.async_api import expect

from dreambot.sandbox.sandbox import Sandbox
from tests.sandbox.browser import PageEnv, picture_file, png

pytestmark = pytest.mark.chromium


async def test_a_posted_picture_is_shown(page_env: PageEnv, tmp_path: Path) -> None:
    page = await page_env.open()
    await page.set_input_files("#file", picture_file(tmp_path))
    await expect(page.locator(".chip")).to_contain_text("cat.png")
    await page.fill("#text", "my **cat**")
    await page.press("#text", "Enter")
    message = page.locator(".message").last
    await expect(message.locator("strong")).to_have_text("cat")
    await expect(message.locator("img.picture-image")).to_be_visible()
    assert await message.locator("img.picture-image").evaluate("image => image.naturalWidth") == 120
    await expect(page.locator(".chip")).to_have_count(0)


async def test_hostile_text_stays_text(page_env: PageEnv) -> None:
    hostile = "<img src=x onerror=alert(1)> [x](javascript:alert(2)) `<b>` ||<i>hidden</i>||"
    await page_env.grace.post(page_env.memes, hostile)
    page = await page_env.open()
    text = page.locator(".message .content")
    await expect(text).to_contain_text("<img src=x onerror=alert(1)>")
    await expect(text).to_contain_text("javascript:alert(2)")
    await expect(text.locator("img, a, b, i")).to_have_count(0)


async def test_replying_deleting_and_switching_user(page_env: PageEnv) -> None:
    await page_env.ada.post(page_env.memes, "first")
    page = await page_env.open()
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


async def test_spoilers_open_on_click(page_env: PageEnv) -> None:
    await page_env.grace.post(page_env.memes, "||the end||", files=[png("red")], spoiler=True)
    page = await page_env.open()
    picture = page.get_by_role("button", name="Spoiler picture")
    await picture.click()
    await expect(page.locator("dialog[open]")).to_have_count(0)
    await page.get_by_role("button", name="Open picture").click()
    await expect(page.locator("dialog[open]")).to_have_count(1)


async def test_it_shows_that_the_bot_is_offline(page_env: PageEnv) -> None:
    page = await page_env.open()
    await expect(page.locator("#banner")).to_contain_text("is not connected")


async def test_the_layout_fits_a_phone(page_env: PageEnv) -> None:
    page_env.guild.add_channel("art-with-a-rather-long-name")
    await page_env.grace.post(page_env.memes, "w" * 200, files=[png("blue")])
    page = await page_env.open(width=390, height=844, touch=True)
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


async def test_it_reconnects_to_a_restarted_sandbox(page_env: PageEnv) -> None:
    await page_env.grace.post(page_env.memes, "before the restart")
    page = await page_env.open()
    await expect(page.locator(".message")).to_have_count(1)
    port = int(page_env.sandbox.url.rpartition(":")[2])
    await page_env.sandbox.stop()
    await expect(page.locator("#banner")).to_contain_text("The connection to the sandbox is lost")
    async with Sandbox(port=port) as again:
        guild = again.add_guild("another laboratory")
        member = guild.add_member("Linus")
        await member.post(guild.add_channel("fresh"), "after the restart")
        await expect(page.locator(".message")).to_have_text([re.compile("after the restart")], timeout=15_000)
        await expect(page.locator("#you")).to_have_text("Linus")


async def test_pasted_and_dropped_files_are_attached(page_env: PageEnv) -> None:
    page = await page_env.open()
    carried = await page.evaluate_handle(
        "() => { const data = new DataTransfer(); data.items.add(new File(['x'], 'a.txt')); return data; }"
    )
    await page.dispatch_event("body", "dragenter", {"dataTransfer": carried})
    await expect(page.locator(".drop")).to_be_visible()
    await page.dispatch_event("body", "drop", {"dataTransfer": carried})
    await expect(page.locator(".drop")).to_be_hidden()
    await page.evaluate(
        "data => document.body.dispatchEvent("
        "new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true}))",
        carried,
    )
    await expect(page.locator(".chip")).to_have_count(2)
    await page.get_by_role("button", name="Remove a.txt").first.click()
    await page.get_by_role("button", name="Send").click()
    await expect(page.locator(".message .file")).to_contain_text("a.txt")


async def test_the_list_follows_the_end_or_keeps_its_position(page_env: PageEnv) -> None:
    for number in range(30):
        await page_env.grace.post(page_env.memes, f"message {number}")
    page = await page_env.open()
    await expect(page.locator(".message").last).to_be_in_viewport()
    await page_env.grace.post(page_env.memes, "news", files=[png("teal")])
    await expect(page.locator(".message").last.locator("img.picture-image")).to_be_in_viewport()
    await page.locator("#scroller").evaluate("box => box.scrollTo(0, 0)")
    await expect(page.get_by_text("message 0", exact=True)).to_be_in_viewport()
    await page_env.grace.post(page_env.memes, "more news")
    await expect(page.get_by_role("button", name="New messages")).to_be_visible()
    await expect(page.get_by_text("message 0", exact=True)).to_be_in_viewport()
    await page.get_by_role("button", name="New messages").click()
    await expect(page.get_by_text("more news", exact=True).last).to_be_in_viewport()


async def test_links_to_messages_show_the_message(page_env: PageEnv) -> None:
    art = page_env.guild.add_channel("art")
    there = await page_env.grace.post(art, "over here")
    where = f"https://discord.com/channels/{page_env.guild.id}/{art.id}/{there.id}"
    await page_env.grace.post(page_env.memes, f"see [`mixed4[3,5]` dreams]({where})")
    page = await page_env.open()
    await page.get_by_role("link", name="mixed4[3,5] dreams").click()
    await expect(page.locator("#channel-name")).to_contain_text("art")
    await expect(page.locator(".message.highlighted")).to_contain_text("over here")


async def test_a_link_to_a_message_is_copied(page_env: PageEnv) -> None:
    post = await page_env.grace.post(page_env.memes, "this one")
    page = await page_env.open()
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await page.locator(".message").first.click(button="right", position={"x": 150, "y": 12})
    await page.get_by_role("menuitem", name="Copy link").click()
    where = f"https://discord.com/channels/{page_env.guild.id}/{page_env.memes.id}/{post.id}"
    assert await page.evaluate("navigator.clipboard.readText()") == where


@pytest.mark.parametrize("width", [1200, 390])
async def test_several_pictures_are_a_gallery(page_env: PageEnv, tmp_path: Path, width: int) -> None:
    await page_env.ada.post(page_env.memes, "holidays", files=[picture_file(tmp_path)] * 4)
    page = await page_env.open()
    await page.set_viewport_size({"width": width, "height": 800})
    frames = page.locator(".message .picture-frame")
    await expect(frames).to_have_count(4)
    # All at once: the page scrolls when a picture has loaded.
    shown = await frames.evaluate_all("all => all.map((one) => one.getBoundingClientRect().toJSON())")
    assert len({round(box["width"]) for box in shown}) == 1
    assert [len({round(box[side]) for box in shown}) for side in ("x", "y")] == [2, 2]
