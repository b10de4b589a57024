"""The switches of the wire view, pressed while a dream runs: its result arrives exactly once."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from dreambot.sandbox.driver.channels import MessageHandle
from dreambot.scheduler.executor import LocalExecutor
from tests.bot.support import BotEnvironment, RunningBot, is_dream, noise_png
from tests.sandbox.browser import open_browser
from tests.support.fake_engine import HELD, release

pytestmark = pytest.mark.chromium


@pytest.fixture
async def running(env: BotEnvironment) -> AsyncIterator[RunningBot]:
    async with env.bot() as bot:
        executor = bot.services.executor
        assert isinstance(executor, LocalExecutor)
        env.sandbox.switches.kill_worker = executor.crash_workers
        yield bot


async def _use(page: Page, label: str, times: int | None = None) -> None:
    if times is not None:
        await page.get_by_role("spinbutton", name=f"How many times: {label}").fill(str(times))
    await page.get_by_role("button", name=label, exact=True).click()


def _rows(page: Page, text: str) -> Locator:
    return page.locator(".wire-row").filter(has_text=text)


def _hits(page: Page, switch: str) -> Locator:
    return page.locator(f"[data-switch={switch}]")


def _cancel(page: Page) -> Locator:
    return page.get_by_role("button", name="Cancel", exact=True)


@asynccontextmanager
async def _one_dream(page: Page, env: BotEnvironment, bot: RunningBot, folder: Path) -> AsyncIterator[None]:
    """Posts a picture and types a command. The engine holds the dream until the context ends.

    After it, there must be exactly one result more.
    """
    before = len(_results(env))
    (folder / "released").unlink(missing_ok=True)
    await env.ann.post(env.channel, f"picture {before}", files=[noise_png(seed=before)])
    await page.fill("#text", f"/dream layer:mixed4 seed:{HELD}")
    await page.press("#text", "Escape")
    await page.press("#text", "Enter")
    yield
    release(folder)
    await expect(page.get_by_role("button", name="Deeper")).to_have_count(before + 1)
    await bot.idle()
    await expect(_cancel(page)).to_have_count(0)
    assert len(_results(env)) == before + 1


def _results(env: BotEnvironment) -> list[MessageHandle]:
    return [one for one in env.channel.messages if one.author_id == env.sandbox.bot_id and is_dream(one)]


async def test_no_switch_loses_a_dream(
    env: BotEnvironment, running: RunningBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dreambot.sandbox.switches.SLOW_CDN_S", 0.3)
    async with open_browser() as browser:
        page = await browser.new_page(viewport={"width": 1280, "height": 800})
        await page.goto(env.sandbox.url)
        await page.get_by_role("button", name="Wire", exact=True).click()

        await _use(page, "Slow CDN")
        async with _one_dream(page, env, running, tmp_path):
            await expect(_hits(page, "slow-cdn")).to_have_text("hit 1×")
            await expect(_rows(page, "done after a delay")).to_contain_text("GET /attachments/")

        async with _one_dream(page, env, running, tmp_path):
            await expect(_cancel(page)).to_be_visible()
            await _use(page, "Drop the gateway socket")
            await expect(_rows(page, "ended (without a close frame)")).to_have_count(1)
            await expect(_rows(page, "RESUMED (op 0")).to_have_count(1)

        async with _one_dream(page, env, running, tmp_path):
            await expect(_cancel(page)).to_be_visible()
            await _use(page, "Kill the worker process")
            await expect(_hits(page, "kill-worker")).to_have_text("hit 1×")
        assert running.services.executor.device_states()[0].restarts == 1

        async with _one_dream(page, env, running, tmp_path):
            await expect(_cancel(page)).to_be_visible()
            await _use(page, "Answer 429", 2)
        await expect(_rows(page, "429 with a Via header")).to_have_count(2)
        await expect(_rows(page, "429 with a Via header").first).to_contain_text("Retry-After 1")
        await expect(_hits(page, "rate-limit")).to_have_text("hit 2×")

        async with _one_dream(page, env, running, tmp_path):
            await expect(_cancel(page)).to_be_visible()
            await _use(page, "Answer 500", 1)
        await expect(_rows(page, "500, nothing done")).to_have_count(1)

        await _use(page, "Expire the interaction token")
        async with _one_dream(page, env, running, tmp_path):
            await expect(_hits(page, "expire-token")).to_have_text("hit 1×")
        assert _results(env)[-1].content.startswith(f"<@{env.ann.id}>")
        await expect(_rows(page, "401").filter(has_text="/webhooks/").first).to_be_visible()
        await page.close()
