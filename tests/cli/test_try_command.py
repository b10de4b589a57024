"""`dreambot try`, from the command to a dream in a real browser."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import psutil
import pytest
from PIL import Image
from playwright.async_api import expect

from dreambot.zoo import weights
from tests.sandbox.browser import open_browser, picture_file
from tests.support import require

pytestmark = [pytest.mark.weights, pytest.mark.slow]


@pytest.fixture(autouse=True)
def weights_are_here() -> None:
    require("weights", weights.locate("inception_v3") is not None)


async def start(*words: str, cwd: Path, group: bool = False) -> asyncio.subprocess.Process:
    """`dreambot try` in a folder with settings that must not matter to it."""
    (cwd / ".env").write_text("DREAMBOT_TOKEN=not-for-you\nDREAMBOT_DEVICE=cuda:99\n")
    env = {**os.environ, "DREAMBOT_DATA_DIR": "/nowhere", "DREAMBOT_DISCORD_API": "https://example.invalid"}
    command = (sys.executable, "-m", "dreambot", "try", *words)
    return await asyncio.create_subprocess_exec(
        *command, cwd=cwd, env=env, stdout=asyncio.subprocess.PIPE, process_group=0 if group else None
    )


@pytest.fixture
async def address(tmp_path: Path) -> AsyncIterator[str]:
    """The page's address, once the first dream is in it."""
    running = await start("--port", "0", cwd=tmp_path)
    assert running.stdout
    try:
        async with asyncio.timeout(200):
            async for line in running.stdout:
                if found := re.search(rb"http://127\.0\.0\.1:\d+", line):
                    yield found[0].decode()
                    break
            else:
                pytest.fail("it ended without an address")
    finally:
        running.send_signal(signal.SIGINT)
        assert await running.wait() == 0


async def test_once_makes_a_dream_and_ends(tmp_path: Path) -> None:
    running = await start("--once", cwd=tmp_path)
    out, _ = await asyncio.wait_for(running.communicate(), 200)
    assert running.returncode == 0
    before, after = (Path(found) for found in re.findall(r"(?:before|after)\s+(.+)", out.decode()))
    with Image.open(before) as source, Image.open(after) as dream:
        assert source.size == dream.size
        assert "dreambot" in dream.info


@pytest.mark.timeout(400)
async def test_ctrl_c_ends_it_at_once_while_a_video_is_made(tmp_path: Path) -> None:
    running = await start("--port", "0", cwd=tmp_path, group=True)
    assert running.stdout
    found = None
    async with asyncio.timeout(200):
        while not found:
            found = re.search(rb"http://127\.0\.0\.1:\d+", await running.stdout.readline())
    address = found[0].decode()
    async with aiohttp.ClientSession() as session:
        state = await (await session.get(f"{address}/api/page/state")).json()
        user, channel = state["me"]["id"], state["guilds"][0]["channels"][0]["id"]
        async with session.ws_connect(f"{address}/api/page/socket?user={user}") as socket:
            ask = {"user": user, "channel_id": channel, "type": "slash", "name": "hellscape", "options": {}}
            await session.post(f"{address}/api/page/interactions", json=ask)
            async with asyncio.timeout(100):
                while "%" not in (await socket.receive_json())["d"].get("content", ""):
                    pass
            children = psutil.Process(running.pid).children(recursive=True)
            # As a terminal does: to every process of the group. It would otherwise wait 25 s for the video.
            os.killpg(running.pid, signal.SIGINT)
            out = await asyncio.wait_for(running.stdout.read(), 15)
    assert await running.wait() == 0
    assert out.decode().split() == ["Stopping", "…"]
    _, alive = await asyncio.to_thread(psutil.wait_procs, children, timeout=5)
    assert children
    assert not alive


@pytest.mark.chromium
@pytest.mark.timeout(400)
async def test_a_person_posts_a_picture_and_gets_a_dream(address: str, tmp_path: Path) -> None:
    async with open_browser() as browser:
        page = await browser.new_page()
        await page.goto(address)
        # Ada's first dream has been delivered.
        await expect(page.locator("img.picture-image")).to_have_count(2)
        await page.set_input_files("#file", picture_file(tmp_path))
        await page.fill("#text", "/dream layer:mixed2 intensity:11 seed:5")
        await page.press("#text", "Enter")
        answer = page.locator(".message").last
        await expect(answer.get_by_role("button", name="Cancel")).to_be_visible()
        killed = await page.request.post(f"{address}/api/page/wire/switches/kill-worker", data={})
        assert killed.ok
        await expect(answer).to_contain_text("layer:mixed2 intensity:11 seed:5", timeout=120_000)
        await expect(answer.locator("img.picture-image")).to_have_count(1)
        await expect(answer.get_by_role("button", name="Cancel")).to_have_count(0)
