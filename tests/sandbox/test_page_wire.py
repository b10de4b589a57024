"""The wire view of the chat page: opening, reading, filtering, pausing, and its accessibility."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.sandbox.browser import PageEnv, Scheme, violations

pytestmark = pytest.mark.chromium


async def _opened(page: Page) -> None:
    await page.get_by_role("button", name="Wire", exact=True).click()
    await expect(page.locator(".wire-note")).to_contain_text("The last 500 entries")


@pytest.fixture
async def page(page_env: PageEnv) -> Page:
    page_env.sandbox.wire.add_frame(
        {"op": 0, "t": "MESSAGE_CREATE", "s": 7, "d": {"content": "hello"}}, to="bot"
    )
    page_env.sandbox.wire.add_frame({"op": 1, "d": 7}, to="discord")
    page_env.sandbox.wire.add_note("switch", "Drop the gateway socket", failed=True)
    return await page_env.open(width=1280)


async def test_it_is_closed_at_first_and_stays_open_over_a_reload(page: Page) -> None:
    drawer = page.get_by_role("complementary", name="Wire")
    await expect(drawer).to_be_hidden()
    await _opened(page)
    await expect(page.get_by_role("searchbox", name="Filter by text")).to_be_focused()
    await page.reload()
    await expect(drawer).to_be_visible()
    await expect(page.locator(".wire-row")).to_have_count(3)
    await page.get_by_role("button", name="Pause").focus()
    await page.keyboard.press("Escape")
    await expect(drawer).to_be_hidden()
    await expect(page.get_by_role("button", name="Wire", exact=True)).to_be_focused()
    await page.reload()
    await expect(page.locator("#messages")).to_have_attribute("aria-busy", "false")
    await expect(drawer).to_be_hidden()


async def test_entries_open_by_keyboard_and_are_filtered(page: Page) -> None:
    await _opened(page)
    rows = page.locator(".wire-row")
    await expect(rows).to_have_text(
        [
            re.compile(r"to the bot.*MESSAGE_CREATE \(op 0, sequence 7\)"),
            re.compile(r"to Discord.*heartbeat \(op 1\)"),
            re.compile("Drop the gateway"),
        ]
    )
    # One Tab stop for the list.
    await expect(page.locator('.wire-row[tabindex="0"]')).to_have_count(1)
    await rows.last.focus()
    await page.keyboard.press("Home")
    await page.keyboard.press("Enter")
    await expect(page.locator(".wire-details pre")).to_have_text('{\n  "content": "hello"\n}')
    await page.keyboard.press("ArrowDown")
    await expect(rows.nth(1)).to_be_focused()
    shown = page.locator(".wire-row:visible")
    await page.get_by_role("searchbox", name="Filter by text").fill("HELLO")
    await expect(shown).to_have_count(1)
    await expect(page.locator(".wire-count")).to_have_text("1 of 3")
    await page.keyboard.press("Escape")
    await expect(shown).to_have_count(3)
    await page.get_by_role("button", name="Gateway", exact=True).click()
    await expect(shown).to_have_count(1)


async def test_pausing_and_clearing(page_env: PageEnv, page: Page) -> None:
    await _opened(page)
    rows, count = page.locator(".wire-row"), page.locator(".wire-count")
    await page.get_by_role("button", name="Pause").click()
    page_env.sandbox.wire.add_note("gateway", "one more")
    await expect(count).to_have_text("3 of 3, 1 new")
    await expect(rows).to_have_count(3)
    await page.get_by_role("button", name="Pause").click()
    await expect(rows.last).to_contain_text("one more")
    await page.get_by_role("button", name="Clear").click()
    await expect(rows).to_have_count(0)
    assert page_env.sandbox.wire.after(0) == []


async def test_the_list_is_bounded_and_follows_its_end(page_env: PageEnv, page: Page) -> None:
    await _opened(page)
    for number in range(600):
        page_env.sandbox.wire.add_note("gateway", f"entry {number}")
    rows = page.locator(".wire-row")
    await expect(rows.last).to_contain_text("entry 599")
    await expect(rows.last).to_be_in_viewport()
    await expect(rows).to_have_count(500)


async def test_text_of_the_bot_is_no_markup(page_env: PageEnv, page: Page) -> None:
    await _opened(page)
    text = "<img src=x onerror=alert(1)>"
    page_env.sandbox.wire.add_frame({"op": 0, "t": text, "s": 8, "d": {text: text}}, to="bot")
    row = page.locator(".wire-row").last
    await expect(row).to_contain_text(text)
    await row.click()
    await expect(page.locator(".wire-details pre")).to_contain_text(text)
    await expect(page.locator(".wire img")).to_have_count(0)


async def test_switches_plan_and_explain(page_env: PageEnv, page: Page) -> None:
    await _opened(page)
    await page.get_by_role("spinbutton", name="How many times: Answer 500").fill("4")
    await page.get_by_role("button", name="Answer 500").click()
    await expect(page.locator("[data-switch=server-error]")).to_have_text("hit 0× · 4 to come")
    assert page_env.sandbox.faults.remaining == 4
    await page.get_by_role("button", name="Cancel what is planned").click()
    await expect(page.locator("[data-switch=server-error]")).to_have_text("hit 0×")
    assert not page_env.sandbox.faults.remaining
    await expect(page.get_by_role("button", name="Kill the worker process")).to_be_disabled()
    await page.get_by_role("button", name="Drop the gateway socket", exact=True).click()
    await expect(page.get_by_role("alert")).to_contain_text("no gateway connection")


@pytest.mark.parametrize("width", [1280, 768, 390])
@pytest.mark.parametrize("scheme", ["dark", "light"])
async def test_axe_finds_nothing(page_env: PageEnv, width: int, scheme: Scheme) -> None:
    page_env.sandbox.switches.use("rate-limit", 2)
    page_env.sandbox.wire.add_frame({"op": 0, "t": "X", "s": 1, "d": {"content": "x " * 9000}}, to="bot")
    page = await page_env.open(width=width, scheme=scheme)
    await _opened(page)
    rows = page.locator(".wire-row")
    await rows.last.click()
    assert await violations(page) == []
    drawer = await page.locator("#wire").bounding_box()
    assert drawer
    assert drawer["width"] == {1280: 460, 768: 768, 390: 390}[width]
    assert await page.evaluate("document.documentElement.scrollWidth") == width
    covered = await page.locator("#app").evaluate("app => app.inert")
    assert covered == (width < 1000)
    await page.get_by_role("button", name="Close the wire view").click()
    assert not await page.locator("#app").evaluate("app => app.inert")
    assert await violations(page) == []
