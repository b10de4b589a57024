"""A bot with a gallery: sharing dreams, and waiting until they are withdrawn."""

import asyncio
import re
from collections.abc import Awaitable, Callable

import aiohttp

from dreambot.jobs.gallery import SharedDream
from dreambot.sandbox.driver.channels import ChannelHandle, MessageHandle
from dreambot.sandbox.driver.users import UserHandle
from tests.bot.support import BotEnvironment, RunningBot, noise_png, press

SHARE, WITHDRAW, EXPLICIT = "Share in the gallery", "Withdraw from the gallery", 1 << 4
PICTURE = noise_png(200, 120)


class Site:
    """The gallery of a running bot."""

    def __init__(self, port: int) -> None:
        self.base = f"http://127.0.0.1:{port}/gallery"
        self.settings = {"http_port": port, "gallery": True, "gallery_url": self.base}

    async def get(self, path: str, **headers: str) -> tuple[int, str]:
        async with aiohttp.ClientSession() as session:
            url = path if path.startswith("http") else self.base + path
            async with session.get(url, headers=headers) as response:
                return response.status, (await response.read()).decode(errors="replace")

    async def media(self, dream: str) -> list[str]:
        """The addresses of the pictures on a dream's page."""
        status, text = await self.get(f"/dream/{dream}")
        assert status == 200
        return [f"{self.base}{path}" for path in re.findall(r'src="/gallery(/media/[^"]+)"', text)]


async def dreamed(
    env: BotEnvironment, who: UserHandle | None = None, where: ChannelHandle | None = None, **options: object
) -> MessageHandle:
    given = {name: value for name, value in {"image": PICTURE, **options}.items() if value is not None}
    sent = await (who or env.ann).slash("dream", channel=where or env.channel, options=given)
    return await env.dreamed(await sent.response())


async def share(who: UserHandle, dream: MessageHandle) -> MessageHandle:
    """Presses the button, and returns the private answer."""
    answer = await (await press(who, dream, SHARE)).result()
    assert answer.ephemeral
    if answer.content.startswith("Shared"):
        await dream.until(lambda now: WITHDRAW in now.buttons)
    return answer


async def only_shared(bot: RunningBot) -> SharedDream:
    [found] = await bot.services.gallery.page("newest", first=0, most=9)
    return found


async def until(true: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(60):
        while not await true():  # noqa: ASYNC110 - the store sends no events
            await asyncio.sleep(0.02)


async def withdrawn(bot: RunningBot, media: list[str], site: Site) -> None:
    """Waits until the gallery is empty; then none of the files is served or stored."""

    async def empty() -> bool:
        return await bot.services.gallery.count() == 0

    await until(empty)
    assert {(await site.get(one))[0] for one in media} <= {404}
    folder = bot.services.settings.data_dir / "gallery"

    async def removed() -> bool:
        return not [path for path in folder.rglob("*") if path.is_file()]

    await until(removed)
