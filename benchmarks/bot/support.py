"""Starts `dreambot run` in a child process, with simulated users."""

import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from dreambot.sandbox.driver.channels import ChannelHandle, MessageHandle
from dreambot.sandbox.driver.users import InteractionHandle, UserHandle
from dreambot.sandbox.sandbox import Sandbox

PICTURE = files("dreambot.sandbox") / "samples" / "cat.jpg"


@dataclass(frozen=True)
class SimulatedUser:
    """A user and the channel where they send requests."""

    user: UserHandle
    channel: ChannelHandle

    async def dream(self, **options: object) -> InteractionHandle:
        """Uses /dream with an image.

        Args:
            **options: Options of the command.
        """
        return await self.user.slash(
            "dream", channel=self.channel, image=PICTURE.read_bytes(), options=options
        )


@dataclass(frozen=True)
class RunningBot:
    """A running bot and its data folder."""

    sandbox: Sandbox
    data: Path

    def people(self, count: int, servers: int = 1) -> list[SimulatedUser]:
        """Creates users in new servers.

        Args:
            count: Number of users.
            servers: Number of servers.
        """
        found = []
        for server in range(servers):
            guild = self.sandbox.add_guild(f"server {server}")
            channel = guild.add_channel("memes")
            members = range(server, count, servers)
            found += [
                SimulatedUser(guild.add_member(f"person {server}.{member}"), channel) for member in members
            ]
        return found


@asynccontextmanager
async def running_bot(module: str = "dreambot", **settings: str) -> AsyncIterator[RunningBot]:
    """Runs the bot; it is ready when the block starts and terminated without draining at its end.

    Args:
        module: Module to run instead of `dreambot`.
        **settings: Additional environment variables.
    """
    with tempfile.TemporaryDirectory() as folder:
        async with Sandbox(rate_limits=False) as sandbox:
            env = {key: value for key, value in os.environ.items() if not key.startswith("DREAMBOT_")}
            env |= {
                "DREAMBOT_TOKEN": sandbox.bot_token,
                "DREAMBOT_DISCORD_API": sandbox.api,
                "DREAMBOT_DATA_DIR": folder,
                "DREAMBOT_LOG_LEVEL": "ERROR",
                "DREAMBOT_DRAIN_SECONDS": "0",
                # As the bare engine that it is compared with.
                "DREAMBOT_CPU_WORKERS": "1",
                **settings,
            }
            bot = await asyncio.create_subprocess_exec(sys.executable, "-m", module, "run", env=env)
            try:
                await sandbox.wait_until_bot_ready(120)
                yield RunningBot(sandbox, Path(folder))
            finally:
                bot.terminate()
                try:
                    await asyncio.wait_for(bot.wait(), 30)
                except TimeoutError:
                    bot.kill()
                    await bot.wait()


async def wait_for_dream(interaction: InteractionHandle, timeout: float = 300.0) -> MessageHandle:
    """Waits for the finished dream.

    Args:
        interaction: The request.
        timeout: Seconds to wait.
    """
    message = await interaction.response()
    return await message.until(_is_dream, timeout)


def _is_dream(message: MessageHandle) -> bool:
    names = [file.filename for file in message.attachments]
    return bool(names) and names[0] != "dreaming.jpg"
