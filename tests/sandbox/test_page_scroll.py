"""The list of messages follows its end while it grows, and keeps the position after scrolling up."""

import asyncio
import io
from typing import Any

import discord
import pytest
from PIL import Image
from playwright.async_api import Page, expect

from tests.sandbox.browser import PageEnv, connected

pytestmark = pytest.mark.chromium

SIZES = [pytest.param(1280, 800, False, id="desktop"), pytest.param(390, 844, True, id="phone")]

AT_END = """() => {
  const { scrollTop, scrollHeight, clientHeight } = document.getElementById("scroller");
  return scrollHeight > clientHeight && scrollHeight - scrollTop - clientHeight < 2;
}"""

AWAY = f"() => !({AT_END})()"

# Grows the last message in many small steps, each in its own task, as loading pictures do.
GROW = """([selector, step, times]) => new Promise((done) => {
  const body = document.querySelector(selector);
  let left = times;
  const timer = setInterval(() => {
    body.style.paddingBottom = `${parseFloat(getComputedStyle(body).paddingBottom) + step}px`;
    if (--left <= 0) {
      clearInterval(timer);
      requestAnimationFrame(() => requestAnimationFrame(() => done()));
    }
  }, 5);
})"""

LAST = ".message:last-of-type .body"


def picture(width: int, height: int, colour: str, name: str) -> discord.File:
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(buffer, "PNG")
    return discord.File(io.BytesIO(buffer.getvalue()), name)


def buttons(rows: int) -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    for number in range(rows * 5):
        view.add_item(discord.ui.Button(label=f"Button {number}", custom_id=str(number)))
    return view


def gallery() -> discord.ui.LayoutView:
    view = discord.ui.LayoutView(timeout=None)
    shown: discord.ui.MediaGallery[Any] = discord.ui.MediaGallery()
    shown.add_item(media="attachment://page.png")
    view.add_item(shown)
    return view


async def fill(page_env: PageEnv, count: int = 30) -> None:
    for number in range(count):
        await page_env.grace.post(page_env.memes, f"message {number}")


async def text_channel(bot: discord.Client, page_env: PageEnv) -> discord.TextChannel:
    channel = await bot.fetch_channel(page_env.memes.id)
    assert isinstance(channel, discord.TextChannel)
    return channel


@pytest.mark.parametrize(("width", "height", "touch"), SIZES)
async def test_the_end_stays_in_view_while_messages_grow(
    page_env: PageEnv, monkeypatch: pytest.MonkeyPatch, width: int, height: int, touch: bool
) -> None:
    await fill(page_env)
    bot = discord.AutoShardedClient(intents=discord.Intents.default(), guild_ready_timeout=0)
    async with connected(page_env, bot, monkeypatch):
        channel = await text_channel(bot, page_env)
        page = await page_env.open(width=width, height=height, touch=touch)
        await page.wait_for_function(AT_END)

        message = await channel.send("dreaming")
        await expect(page.locator(".message").last).to_contain_text("dreaming")
        await page.wait_for_function(AT_END)
        await message.edit(content="\n".join(f"line {number}" for number in range(25)))
        await expect(page.locator(".message").last).to_contain_text("line 24")
        await page.wait_for_function(AT_END)

        await message.edit(content="done", attachments=[picture(60, 40, "teal", "small.png")])
        await expect(page.locator("img.picture-image")).to_be_in_viewport()
        await message.edit(attachments=[picture(480, 700, "navy", "large.png")])
        await page.wait_for_function(
            "() => document.querySelector('img.picture-image').naturalHeight === 700"
        )
        await message.edit(view=buttons(5))
        await expect(page.get_by_role("button", name="Button 24")).to_be_in_viewport(ratio=1)
        await page.wait_for_function(AT_END)

        card = discord.Embed(title="a card").set_image(url="attachment://card.png")
        await channel.send(embed=card, file=picture(400, 380, "gold", "card.png"))
        await expect(page.locator(".embed-image img")).to_be_in_viewport(ratio=0.99)
        await channel.send(view=gallery(), file=picture(400, 460, "plum", "page.png"))
        await expect(page.locator(".gallery img")).to_be_in_viewport(ratio=0.99)
        await page.wait_for_function(AT_END)
        await expect(page.get_by_role("button", name="New messages")).to_be_hidden()


@pytest.mark.parametrize(("width", "height", "touch"), SIZES)
async def test_gradual_growth_is_not_mistaken_for_scrolling(
    page_env: PageEnv, width: int, height: int, touch: bool
) -> None:
    await fill(page_env)
    page = await page_env.open(width=width, height=height, touch=touch)
    await page.wait_for_function(AT_END)
    await page.evaluate(GROW, [LAST, 97, 40])
    assert await page.evaluate(AT_END)
    # A message above the last one grows too, and the window shrinks as for a phone's keyboard.
    await page.evaluate(GROW, [".message:nth-of-type(5) .body", 97, 20])
    assert await page.evaluate(AT_END)
    await page.set_viewport_size({"width": width, "height": height - 330})
    await page.fill("#text", "\n".join("several lines"))
    await page.wait_for_function(AT_END)
    await page.set_viewport_size({"width": width, "height": height})
    await page.fill("#text", "")
    await page.wait_for_function(AT_END)
    await page.evaluate(GROW, [LAST, 97, 20])
    assert await page.evaluate(AT_END)


async def _wheel(page: Page) -> None:
    await page.mouse.move(300, 300)
    await page.mouse.wheel(0, -600)


async def _finger(page: Page) -> None:
    client = await page.context.new_cdp_session(page)
    for kind, *points in [
        ("touchStart", 200),
        *(("touchMove", y) for y in range(210, 520, 20)),
        ("touchEnd",),
    ]:
        touches = [{"x": 195, "y": y} for y in points]
        await client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})


async def _keys(page: Page) -> None:
    await page.focus("#scroller")
    await page.keyboard.press("PageUp")


async def _scrollbar(page: Page) -> None:
    # Headless Chromium has no scrollbars. Like them, this scrolls without an input event.
    await page.evaluate("document.getElementById('scroller').scrollBy(0, -500)")


@pytest.mark.parametrize("scroll", [_wheel, _finger, _keys, _scrollbar])
async def test_a_scrolled_up_list_keeps_its_position(page_env: PageEnv, scroll: Any) -> None:
    await fill(page_env)
    page = await page_env.open(width=390, height=700, touch=scroll is _finger)
    await page.wait_for_function(AT_END)
    await scroll(page)
    await page.wait_for_function(AWAY)
    scroller = page.locator("#scroller")
    before = -1.0
    while (now := float(await scroller.evaluate("box => box.scrollTop"))) != before:
        before = now
        await asyncio.sleep(0.2)

    seen = """() => [...document.querySelectorAll(".message")]
      .filter((one) => one.getBoundingClientRect().top >= document.getElementById("scroller").offsetTop)
      .slice(0, 1).map((one) => [one.id, one.getBoundingClientRect().top])[0]"""
    first, top = await page.evaluate(seen)
    await page.evaluate(GROW, [LAST, 50, 10])
    await page.evaluate(GROW, [".message:nth-of-type(3) .body", 50, 10])
    await page_env.grace.post(page_env.memes, "news")
    jump = page.get_by_role("button", name="New messages")
    await expect(jump).to_be_visible()
    await page.set_viewport_size({"width": 390, "height": 640})
    after = await page.evaluate("id => document.getElementById(id).getBoundingClientRect().top", first)
    assert abs(after - top) < 2
    await jump.click()
    await expect(page.get_by_text("news", exact=True)).to_be_in_viewport()
    await expect(jump).to_be_hidden()
    await page.evaluate(GROW, [LAST, 97, 20])
    assert await page.evaluate(AT_END)


async def test_scrolling_back_to_the_end_follows_new_messages_again(page_env: PageEnv) -> None:
    await fill(page_env)
    page = await page_env.open(width=1280, height=800)
    await _wheel(page)
    await page.wait_for_function(AWAY)
    while not await page.evaluate(AT_END):
        await page.mouse.wheel(0, 1000)
        await asyncio.sleep(0.2)
    await page_env.grace.post(page_env.memes, "\n".join(f"line {number}" for number in range(30)))
    await expect(page.locator(".message").last).to_contain_text("line 29")
    await page.wait_for_function(AT_END)
