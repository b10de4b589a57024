"""The whole bot over the sandbox: real discord.py, real sockets, an engine without torch."""

import asyncio
import io
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from pydantic import SecretStr

from dreambot.bot import client
from dreambot.bot.services import Services, start_services
from dreambot.config import Settings
from dreambot.jobs.models import ReplyTarget
from dreambot.sandbox.driver.channels import ChannelHandle, MessageHandle
from dreambot.sandbox.driver.guilds import GuildHandle
from dreambot.sandbox.driver.users import InteractionHandle, UserHandle
from dreambot.sandbox.permissions import Permission
from dreambot.sandbox.sandbox import Sandbox
from dreambot.scheduler.executor import LocalExecutor
from tests.sandbox.openapi import is_forward, load_spec
from tests.support.fake_engine import ENGINE

MANAGER = Permission.MANAGE_CHANNELS
MODERATOR = Permission.MANAGE_MESSAGES


def noise_png(width: int = 96, height: int = 64, seed: int = 0) -> bytes:
    """Makes a PNG of noise, a different one for each seed."""
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    return out.getvalue()


def fake_engine_output(data: bytes) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """Computes the fake engine's result for an image that is large enough."""
    return 255 - np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))


def decode_pixels(data: bytes) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """Decodes the pixels of a file."""
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))


@dataclass
class RunningBot:
    """A running bot. `end()` stops it as SIGTERM does and returns the exit code."""

    task: asyncio.Task[int]
    stop: asyncio.Event
    services: Services

    async def idle(self) -> None:
        """Waits until there is no unfinished job."""
        async with asyncio.timeout(100):
            while await self.services.store.unfinished():  # noqa: ASYNC110 - the store sends no events
                await asyncio.sleep(0.05)

    async def end(self) -> int:
        """Stops the bot and waits until it ended."""
        self.stop.set()
        return await asyncio.wait_for(self.task, 100)


@dataclass
class BotEnvironment:
    """A sandbox with a server, a channel and two members."""

    sandbox: Sandbox
    settings: Settings
    guild: GuildHandle
    channel: ChannelHandle
    ann: UserHandle
    bob: UserHandle

    @asynccontextmanager
    async def bot(self, **changes: Any) -> AsyncIterator[RunningBot]:
        """Runs the bot; `changes` are settings."""
        settings = self.settings.model_copy(update=changes)
        executor = LocalExecutor(("cpu",), engine=ENGINE, max_queue=settings.queue_size)
        async with start_services(settings, executor) as parts:
            stop = asyncio.Event()
            task = asyncio.create_task(client.serve_bot(settings, nullcontext(parts), stop))
            ready = asyncio.create_task(
                self.sandbox.wait_until_bot_ready(
                    shards=len(settings.shards or []) or settings.shard_count or 1
                )
            )
            await asyncio.wait({task, ready}, return_when=asyncio.FIRST_COMPLETED)
            try:
                if task.done():
                    ready.cancel()
                    await task
                bot = RunningBot(task, stop, parts)
                yield bot
            finally:
                ready.cancel()
                stop.set()
                await asyncio.wait({task}, timeout=100)

    def reply_target(self, channel: int | None = None) -> ReplyTarget:
        """Where an interaction is answered whose token has expired; in the channel by default."""
        return ReplyTarget(
            channel=channel or self.channel.id,
            guild=self.guild.id,
            application=self.sandbox.bot_id,
            token="gone",
            since=datetime.now(UTC),
            reply_to=None,
            quiet=False,
            limit=2**20,
            reachable=True,
        )

    async def events_handled(self) -> None:
        """Waits until the bot has received all events, and its handlers of events have ended."""
        await self.sandbox.gateway.wait_until_events_received()
        # discord.py runs each handler in a task with such a name.
        handlers = {task for task in asyncio.all_tasks() if task.get_name().startswith("discord.py: on_")}
        if handlers:
            await asyncio.wait(handlers, timeout=100)

    async def alone(self, kept: MessageHandle) -> None:
        """Waits until the ephemeral message `kept` is the bot's only message in the channel."""
        assert kept.ephemeral
        mine = [one for one in self.channel.messages if one.author_id == self.sandbox.bot_id]
        for message in mine:
            if message.id != kept.id:
                await message.until(lambda now: now.deleted)

    async def dreamed(self, message: MessageHandle) -> MessageHandle:
        """Waits until a message shows a finished dream."""
        return await message.until(is_dream, 30)


async def press(who: UserHandle, result: MessageHandle, button: str) -> InteractionHandle:
    """Presses a button of a result, after *More…* if that hides it."""
    if button not in result.buttons and "More…" in result.buttons:
        await (await who.press(result, "More…")).acknowledged()
        await result.until(lambda now: "Less" in now.buttons)
    return await who.press(result, button)


def is_dream(message: MessageHandle) -> bool:
    """Checks whether a message holds a result: an image, and no Cancel button."""
    names = [file.filename.removeprefix("SPOILER_") for file in message.attachments]
    return bool(names) and names[0] != "dreaming.jpg" and "Cancel" not in message.buttons


@asynccontextmanager
async def bot_environment(tmp_path: Path, **options: Any) -> AsyncIterator[BotEnvironment]:
    """Sets up the sandbox; every request of the bot is checked against Discord's OpenAPI file."""
    async with Sandbox(**options) as sandbox:
        guild = sandbox.add_guild()
        settings = Settings(
            token=SecretStr(sandbox.bot_token),
            discord_api=sandbox.api,
            data_dir=tmp_path / "data",
            device="cpu",
        )
        yield BotEnvironment(
            sandbox,
            settings,
            guild,
            guild.add_channel("memes"),
            guild.add_member("ann"),
            guild.add_member("bob"),
        )
        check_requests(sandbox)


def check_requests(sandbox: Sandbox) -> None:
    """Fails for any request that Discord's OpenAPI file does not allow, if the file is present."""
    problems = [
        f"{one.method} {one.path}: {problem}"
        for one in sandbox.requests
        for problem in _request_checker()(one)
    ]
    assert not problems, "\n".join(problems)


def is_newer_than_spec(problem: Any) -> bool:
    """Checks whether a problem is about what Discord documents, but its OpenAPI file does not have yet."""
    return is_forward(problem) or problem.what.endswith("file_types")


def _request_checker() -> Callable[[Any], list[Any]]:
    spec = load_spec()
    if spec is None:
        return lambda one: []

    def check(one: Any) -> list[Any]:
        path = f"/api/v10{one.path}" + (f"?{one.query}" if one.query else "")
        found = spec.check_raw(one.method, path, one.body, one.content_type)
        return [problem for problem in found if not is_newer_than_spec(problem)]

    return check
