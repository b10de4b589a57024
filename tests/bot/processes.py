"""The bot in a process of its own."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.bot.support import BotEnvironment

ROOT = Path(__file__).parents[2]


@asynccontextmanager
async def bot_process(
    env: BotEnvironment, *module: str, **settings: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Starts `python -m module` with the sandbox as its API, and kills it at the end if it still runs.

    `settings` are added to its environment.
    """
    bare = {key: value for key, value in os.environ.items() if not key.startswith("DREAMBOT_")}
    own = {
        "DREAMBOT_TOKEN": env.sandbox.bot_token,
        "DREAMBOT_DISCORD_API": env.sandbox.api,
        "DREAMBOT_DATA_DIR": str(env.settings.data_dir),
        "DREAMBOT_DEVICE": "cpu",
        "PYTHONPATH": str(ROOT),
    }
    started = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        *module,
        cwd=env.settings.data_dir.parent,
        env=bare | own | settings,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield started
    finally:
        if started.returncode is None:
            started.kill()
            await started.wait()
