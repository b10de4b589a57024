"""Runs `dreambot try`: the sandbox, the real bot in it, and a simulated member who requests the first
dream."""

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
"""Seconds for the first dream, on the slowest machine that somebody might be happy with."""

STOP_TIMEOUT_S = 2.5
"""Seconds after Ctrl+C in which everything may close in order, on a busy machine too."""

T = TypeVar("T")


class FirstDreamFailed(UserError):
    """The first dream did not come."""


class Interrupted(DreambotError):
    """Ctrl+C, before the first dream was there."""


async def play(*, once: bool, port: int | None) -> None:
    """Runs sandbox and bot until interrupted; with `once`, until the first dream is there.

    port: the page's; None takes the usual one, or another where that is taken. Raises TrialFailed.
    """
    console = Console(highlight=False, soft_wrap=True)
    logs.configure("WARNING", ())
    async with Sandbox(port=_free_port() if port is None else port, rate_limits=False) as sandbox:
        world = create_demo_guild(sandbox)
        async with _running_bot(sandbox, console) as ended:
            with console.status("Waking the bot up …"):
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
    """Where before and after lie."""
    folder = user_cache_path("dreambot") / "try"
    folder.mkdir(parents=True, exist_ok=True)
    result = dreamed.attachments[0]
    before, after = folder / "before.jpg", folder / f"after{Path(result.filename).suffix}"
    before.write_bytes(SAMPLE.read_bytes())
    after.write_bytes(result.data)
    return before, after


@asynccontextmanager
async def _running_bot(sandbox: Sandbox, console: Console) -> AsyncIterator["asyncio.Task[int]"]:
    """The real bot at work in the sandbox, with a data folder of its own; yields what ends with it."""
    with tempfile.TemporaryDirectory(prefix="dreambot-try-") as folder:
        settings = Settings(
            token=SecretStr(sandbox.bot_token),
            discord_api=sandbox.api,
            data_dir=Path(folder),
            previews=True,
            # The folder goes with the bot, so nothing is worth waiting for.
            drain_seconds=0,
        )

        def stopping() -> None:
            console.print("\nStopping …")
            deadline = threading.Timer(STOP_TIMEOUT_S, _exit_now, (console, folder))
            deadline.daemon = True
            deadline.start()

        working = asyncio.create_task(client.run_bot(settings, on_stop=stopping))
        try:
            yield working
        finally:
            working.cancel()
            with suppress(asyncio.CancelledError):
                await working


def _exit_now(console: Console, folder: str) -> None:
    """Ends the process at once. Workers end with their parent, and nothing in the sandbox is to be kept."""
    shutil.rmtree(folder, ignore_errors=True)
    console.show_cursor()
    os._exit(client.ExitCode.clean)


async def _result_unless_ended(work: Coroutine[Any, Any, T], ended: "asyncio.Task[int]") -> T:
    """The result of `work`. Raises TrialFailed if the bot ends before it, Interrupted if it was told to."""
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
    """The usual port, so that the page's address stays the same; 0, for any, where it is taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with suppress(OSError):
            probe.bind(("127.0.0.1", DEFAULT_PORT))
            return DEFAULT_PORT
    return 0


def _open_browser(address: str) -> None:
    """Opens the page where there is a desktop; in a terminal of a server nothing must pop up."""
    desktop = sys.platform == "darwin" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if desktop:
        with suppress(webbrowser.Error):
            webbrowser.open(address)
