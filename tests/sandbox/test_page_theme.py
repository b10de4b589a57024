"""The light and the dark theme of the chat page."""

import pytest
from playwright.async_api import Page, expect

from tests.sandbox.browser import PageEnv

pytestmark = pytest.mark.chromium

DARK, LIGHT = "rgb(22, 23, 30)", "rgb(255, 255, 255)"


async def _shows(page: Page, colour: str) -> None:
    await expect(page.locator("body")).to_have_css("background-color", colour)
    for meta in await page.locator('meta[name="theme-color"]').all():
        await expect(meta).to_have_attribute("content", colour)


async def test_a_chosen_theme_is_remembered_and_can_be_given_up(page_env: PageEnv) -> None:
    page = await page_env.open(scheme="dark")
    await _shows(page, DARK)
    await page.get_by_role("button", name="Use the light theme").click()
    await _shows(page, LIGHT)
    await page.reload()
    await _shows(page, LIGHT)
    await page.emulate_media(color_scheme="light")
    await page.emulate_media(color_scheme="dark")
    await _shows(page, LIGHT)
    # Back at the system's theme, the page follows the system again.
    await page.get_by_role("button", name="Use the dark theme").click()
    await _shows(page, DARK)
    await page.emulate_media(color_scheme="light")
    await _shows(page, LIGHT)
    await expect(page.get_by_role("button", name="Use the dark theme")).to_be_visible()


async def test_a_large_picture_is_dark_in_both_themes(page_env: PageEnv) -> None:
    page = await page_env.open(scheme="light")
    assert (
        await page.locator(".lightbox").evaluate(
            "box => getComputedStyle(box.querySelector('.lightbox-words')).color"
        )
        == "rgb(168, 171, 189)"
    )


async def test_names_have_different_colours(page_env: PageEnv) -> None:
    await page_env.ada.post(page_env.memes, "one")
    await page_env.grace.post(page_env.memes, "two")
    page = await page_env.open()
    names = page.locator("button.name")
    await expect(names).to_have_count(2)
    colours = await names.evaluate_all("all => all.map(one => getComputedStyle(one).color)")
    assert colours[0] != colours[1]
