"""Runs `dreambot try`: the sandbox, the real bot in it, and a member who requests the first dream."""

import asyncio
import os
import shutil
import socket
import sys
import tempfile
import threading
import webbrowser
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

from platformdirs import user_cache_path
from pydantic import SecretStr
from rich.console import Console

from dreambot import logs
from dreambot.bot import client
from dreambot.bot.services import build_executor
from dreambot.config import Settings
from dreambot.errors import DreambotError, UserError
from dreambot.sandbox.demo import DemoGuild, create_demo_guild
from dreambot.sandbox.driver.channels import MessageHandle
from dreambot.sandbox.errors import RejectedByClient
from dreambot.sandbox.messages import Upload
from dreambot.sandbox.sandbox import Sandbox

DEFAULT_PORT = 8765
SAMPLE = files("dreambot.sandbox") / "samples" / "cat.jpg"
FIRST_DREAM_TIMEOUT_S = 300.0
"""Seconds for the first dream, on the slowest machine that is of any use."""

STOP_TIMEOUT_S = 2.5
"""Seconds after Ctrl+C for a clean shutdown, on a busy machine too."""

T = TypeVar("T")


class FirstDreamFailed(UserError):
    """The first dream was not delivered."""


class Interrupted(DreambotError):
    """Ctrl+C was pressed before the first dream was delivered."""


async def play(*, once: bool, port: int | None) -> None:
    """Runs the sandbox and the bot, and lets a member request the first dream.

    Args:
        once: Stop after the first dream; otherwise run until interrupted.
        port: The page's port; None for the usual one, or another if that is in use.

    Raises:
        FirstDreamFailed: The first dream was not delivered.
        Interrupted: Ctrl+C was pressed before that.
    """
    console = Console(highlight=False, soft_wrap=True)
    logs.configure("WARNING", ())
    async with Sandbox(port=_free_port() if port is None else port, rate_limits=False) as sandbox:
        world = create_demo_guild(sandbox)
        async with _running_bot(sandbox, console) as ended:
            with console.status("Starting the bot …"):
                await _result_unless_ended(sandbox.wait_until_bot_ready(FIRST_DREAM_TIMEOUT_S), ended)
            with console.status("Ada posts a cat and dreams it …"):
                dreamed = await _result_unless_ended(_request_first_dream(world), ended)
            before, after = _save_pictures(dreamed)
            console.print(f"before  {before}\nafter   {after}")
            if not once:
                console.print(f"\nPost a picture and type /dream here: {sandbox.url}   (Ctrl+C ends it)")
                _open_browser(sandbox.url)
                await ended


async def _request_first_dream(world: DemoGuild) -> MessageHandle:
    picture = SAMPLE.read_bytes()
    await world.ada.post(world.memes, "look at him", files=[Upload("cat.jpg", picture)])
    try:
        asked = await world.ada.slash("dream", channel=world.memes, layer="mixed4", intensity=8, seed=11)
    except RejectedByClient as error:
        raise FirstDreamFailed("cli-try-failed", reason=error) from error
    message = await asked.response()

    def settled(now: MessageHandle) -> bool:
        return now.deleted or (not now.thinking and "Cancel" not in now.buttons)

    await message.until(settled, FIRST_DREAM_TIMEOUT_S)
    if message.deleted or not message.attachments:
        raise FirstDreamFailed("cli-try-failed", reason=message.content or "see the log above")
    return message


def _save_pictures(dreamed: MessageHandle) -> tuple[Path, Path]:
    """Saves both pictures, and returns the paths of before and after."""
    folder = user_cache_path("dreambot") / "try"
    folder.mkdir(parents=True, exist_ok=True)
    result = dreamed.attachments[0]
    before, after = folder / "before.jpg", folder / f"after{Path(result.filename).suffix}"
    before.write_bytes(SAMPLE.read_bytes())
    after.write_bytes(result.data)
    return before, after


@asynccontextmanager
async def _running_bot(sandbox: Sandbox, console: Console) -> AsyncIterator["asyncio.Task[int]"]:
    """Runs the real bot in the sandbox, with its own data folder; yields a task that ends with it."""
    with tempfile.TemporaryDirectory(prefix="dreambot-try-") as folder:
        settings = Settings(
            token=SecretStr(sandbox.bot_token),
            discord_api=sandbox.api,
            data_dir=Path(folder),
            previews=True,
            # One person tries it, perhaps on a small laptop.
            cpu_workers=1,
            # The folder is deleted with the bot, so no job is worth waiting for.
            drain_seconds=0,
        )

        def stopping() -> None:
            console.print("\nStopping …")
            deadline = threading.Timer(STOP_TIMEOUT_S, _exit_now, (console, folder))
            deadline.daemon = True
            deadline.start()

        executor = build_executor(settings)
        sandbox.switches.kill_worker = executor.crash_workers
        working = asyncio.create_task(client.run_bot(settings, executor, on_stop=stopping))
        try:
            yield working
        finally:
            working.cancel()
            with suppress(asyncio.CancelledError):
                await working


def _exit_now(console: Console, folder: str) -> None:
    """Exits at once. Workers exit with their parent, and nothing in the sandbox needs to be kept."""
    shutil.rmtree(folder, ignore_errors=True)
    console.show_cursor()
    os._exit(client.ExitCode.clean)


async def _result_unless_ended(work: Coroutine[Any, Any, T], ended: "asyncio.Task[int]") -> T:
    """Returns the result of `work`.

    Raises FirstDreamFailed if the bot exits before that, Interrupted if it exits cleanly.
    """
    doing = asyncio.create_task(work)
    try:
        await asyncio.wait({doing, ended}, return_when=asyncio.FIRST_COMPLETED)
        if doing.done():
            return doing.result()
        code = ended.result()
        raise (
            Interrupted if code == client.ExitCode.clean else FirstDreamFailed("cli-try-exited", code=code)
        )
    finally:
        doing.cancel()


def _free_port() -> int:
    """Returns the usual port, so that the page's address stays the same; 0 (any) if it is in use."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with suppress(OSError):
            probe.bind(("127.0.0.1", DEFAULT_PORT))
            return DEFAULT_PORT
    return 0


def _open_browser(address: str) -> None:
    """Opens the page if there is a desktop."""
    desktop = sys.platform == "darwin" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if desktop:
        with suppress(webbrowser.Error):
            webbrowser.open(address)
