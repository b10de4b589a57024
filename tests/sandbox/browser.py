"""A sandbox with its chat page in a headless browser, for the page's tests."""

import asyncio
import io
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import discord
import pytest
from PIL import Image
from playwright.async_api import Browser, Page, async_playwright, expect

from dreambot.sandbox.driver.channels import ChannelHandle
from dreambot.sandbox.driver.users import UserHandle
from dreambot.sandbox.sandbox import Sandbox
from tests.support import require

Scheme = Literal["dark", "light"]

_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def png(colour: str) -> bytes:
    """Returns a small PNG of one colour."""
    buffer = io.BytesIO()
    Image.new("RGB", (120, 80), colour).save(buffer, "PNG")
    return buffer.getvalue()


def picture_file(tmp_path: Path, name: str = "cat.png") -> Path:
    """Writes a small picture and returns its path."""
    path = tmp_path / name
    path.write_bytes(png("orange"))
    return path


class PageEnv:
    """A sandbox with two members and one channel, and its page in a browser."""

    def __init__(self, sandbox: Sandbox, browser: Browser) -> None:
        self.sandbox = sandbox
        self._browser = browser
        self.guild = sandbox.add_guild("the laboratory")
        self.memes: ChannelHandle = self.guild.add_channel("memes")
        self.ada: UserHandle = self.guild.add_member("Ada")
        self.grace: UserHandle = self.guild.add_member("Grace")
        self.page_errors: list[str] = []

    async def open(
        self, *, width: int = 1100, height: int = 760, touch: bool = False, scheme: Scheme = "dark"
    ) -> Page:
        """Opens the page and records its uncaught errors and dialogs."""
        context = await self._browser.new_context(
            viewport={"width": width, "height": height},
            has_touch=touch,
            is_mobile=touch,
            color_scheme=scheme,
        )
        page = await context.new_page()
        page.on("pageerror", lambda error: self.page_errors.append(str(error)))
        page.on("dialog", lambda dialog: self.page_errors.append(f"dialog: {dialog.message}"))
        await page.goto(self.sandbox.url)
        await expect(page.locator("#channel-name")).to_contain_text("memes")
        await expect(page.locator("#messages")).to_have_attribute("aria-busy", "false")
        return page


@asynccontextmanager
async def open_browser() -> AsyncIterator[Browser]:
    """Starts a headless Chromium."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    require("chromium", chromium is not None)
    # The machine may be busy with other tests.
    expect.set_options(timeout=60_000)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=_FLAGS)
        yield browser
        await browser.close()


@asynccontextmanager
async def open_page_env() -> AsyncIterator[PageEnv]:
    """Opens a sandbox and a browser; at the end, the page must have had no errors."""
    async with open_browser() as browser, Sandbox() as sandbox:
        env = PageEnv(sandbox, browser)
        yield env
        for context in browser.contexts:
            await context.close()
        assert env.page_errors == []


@asynccontextmanager
async def connected(
    env: PageEnv, bot: discord.Client, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[None]:
    """Runs a test's bot in the sandbox."""
    monkeypatch.setattr("discord.http.Route.BASE", env.sandbox.api)
    running = asyncio.create_task(bot.start(env.sandbox.bot_token))
    try:
        await env.sandbox.wait_until_bot_ready()
        yield
    finally:
        await bot.close()
        with suppress(asyncio.CancelledError):
            await running


async def violations(page: Page, only: list[str] | None = None) -> list[str]:
    """Returns the violations that axe-core finds in the page, one line for each element.

    Args:
        page: The page.
        only: The ids of the rules to check; None checks all.
    """
    # Not as a script element, which the page's Content-Security-Policy forbids.
    if not await page.evaluate("'axe' in window"):
        await page.evaluate((files("axe_playwright_python") / "axe.min.js").read_text("utf-8"))
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if only is None:
        options["rules"] = {"label-content-name-mismatch": {"enabled": True}}
    else:
        options["runOnly"] = {"type": "rule", "values": only}
    found = await page.evaluate("options => axe.run(document, options)", options)
    return [
        f"{violation['id']}: {node['html'][:200]} ({node['failureSummary']})"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]
