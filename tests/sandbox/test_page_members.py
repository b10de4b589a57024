"""The list of members on the chat page."""

import pytest
from playwright.async_api import expect

from dreambot.sandbox.permissions import Permission
from tests.sandbox.browser import PageEnv, connected
from tests.sandbox.test_page_accessibility import Bot

pytestmark = pytest.mark.chromium


async def test_a_column_on_wide_screens(page_env: PageEnv, monkeypatch: pytest.MonkeyPatch) -> None:
    page_env.guild.add_role("moderators", permissions=Permission.MANAGE_MESSAGES).give(page_env.grace)
    page = await page_env.open(width=1280)
    members = page.get_by_role("complementary", name="Members")
    for group, names in {
        "Owner — 1": "operator",
        "Moderators — 1": "Grace",
        "Members — 1": "Ada",
        "Apps — 1": "dreambotAPPoffline",
    }.items():
        await expect(members.get_by_role("region", name=group).get_by_role("button")).to_have_text([names])
    # The owner is listed, but the page cannot act as the owner.
    await expect(page.locator("#you option")).to_have_text(["Ada", "Grace"])
    async with connected(page_env, Bot(), monkeypatch):
        bot = members.get_by_role("button", name="dreambot APP", exact=True)
        await expect(bot).to_be_visible()
        await bot.click(button="right")
        await expect(page.locator(".profile")).to_contain_text("@dreambot · app")
        await page.keyboard.press("Escape")
    toggle = page.get_by_role("button", name="Members", exact=True)
    await expect(toggle).to_have_attribute("aria-expanded", "true")
    await toggle.click()
    await expect(members).to_be_hidden()
    await page.reload()
    await expect(page.locator("#messages")).to_have_attribute("aria-busy", "false")
    await expect(members).to_be_hidden()


async def test_a_drawer_on_phones(page_env: PageEnv) -> None:
    page = await page_env.open(width=390, height=844, touch=True)
    members = page.get_by_role("complementary", name="Members")
    await expect(members).to_be_hidden()
    toggle = page.get_by_role("button", name="Members", exact=True)
    await toggle.tap()
    await expect(members.get_by_role("button").first).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(members).to_be_hidden()
    await expect(toggle).to_be_focused()
    await toggle.tap()
    await members.get_by_role("button", name="Grace").tap()
    await page.get_by_role("menuitem", name="Mention").tap()
    await expect(page.locator("#text")).to_have_value("@Grace ")
    await expect(members).to_be_hidden()
    await toggle.tap()
    await page.locator("#members-shade").tap(position={"x": 20, "y": 300})
    await expect(members).to_be_hidden()


async def test_the_apps_of_a_member(page_env: PageEnv, monkeypatch: pytest.MonkeyPatch) -> None:
    async with connected(page_env, Bot(), monkeypatch):
        page = await page_env.open(width=1280)
        await page.get_by_role("complementary", name="Members").get_by_role("button", name="Grace").focus()
        for key in ("Shift+F10", "End", "ArrowRight"):
            await page.keyboard.press(key)
        await expect(page.get_by_role("menuitem", name="Dream avatar")).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(page.locator(".message").last).to_contain_text("the avatar of Grace")


async def test_arrow_keys_lead_through_the_members(page_env: PageEnv) -> None:
    page = await page_env.open(width=1280)
    members = page.locator(".member")
    await expect(page.locator('.member[tabindex="0"]')).to_have_count(1)
    await members.first.focus()
    await page.keyboard.press("ArrowDown")
    await expect(members.nth(1)).to_be_focused()
    await page.keyboard.press("End")
    await expect(members.last).to_be_focused()
    await expect(page.locator('.member[tabindex="0"]')).to_have_count(1)
