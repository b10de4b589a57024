"""Fixtures: a sandbox, and a real discord.py client in it."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
import discord
import pytest
import yarl
from discord import app_commands

from dreambot.sandbox import ChannelHandle, GuildHandle, Sandbox, UserHandle
from dreambot.sandbox.cdn import avatar_png
from tests.sandbox.browser import PageEnv, open_page_env
from tests.sandbox.openapi import spec_violations

PNG = avatar_png("a test picture")


@dataclass
class SandboxEnv:
    """A sandbox with a guild, two channels and a member."""

    sandbox: Sandbox
    guild: GuildHandle
    memes: ChannelHandle
    art: ChannelHandle
    ada: UserHandle


async def eventually(condition: Callable[[], object], seconds: float = 100) -> None:
    """Waits until `condition()` is true."""
    for _ in range(int(seconds * 100)):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"not true within {seconds} s")


class Client(discord.Client):
    """A client that keeps the messages, edits and errors it receives."""

    def __init__(self, intents: discord.Intents) -> None:
        super().__init__(
            intents=intents, guild_ready_timeout=0, allowed_mentions=discord.AllowedMentions.none()
        )
        self.tree = app_commands.CommandTree(self)
        self.received: list[discord.Message] = []
        self.edits: list[discord.RawMessageUpdateEvent] = []
        self.errors: list[Exception] = []
        self.tree.error(self._note)

    async def _note(self, _interaction: discord.Interaction, error: app_commands.AppCommandError) -> None:
        self.errors.append(getattr(error, "original", error))

    async def before_identify_hook(self, _shard: int | None, *, initial: bool = False) -> None:
        """Skips discord.py's delay of five seconds before it identifies again."""

    async def on_message(self, message: discord.Message) -> None:
        self.received.append(message)

    async def on_raw_message_edit(self, event: discord.RawMessageUpdateEvent) -> None:
        self.edits.append(event)


StartClient = Callable[..., Awaitable[Client]]


@pytest.fixture
async def env() -> AsyncIterator[SandboxEnv]:
    async with Sandbox(rate_limits=False) as sandbox:
        guild = sandbox.add_guild()
        memes, art = guild.add_channel("memes"), guild.add_channel("art")
        yield SandboxEnv(sandbox, guild, memes, art, guild.add_member("Ada"))
    violations = [line for request in sandbox.requests for line in spec_violations(request)]
    assert not violations, "\n".join(violations)


@dataclass
class Api:
    """The REST API without discord.py, to send requests that discord.py would not send."""

    env: SandboxEnv
    session: aiohttp.ClientSession

    async def __call__(
        self, method: str, path: str, body: Any = None, *, token: str | None = None, **more: Any
    ) -> tuple[int, Any]:
        """Sends a request and returns (status, JSON)."""
        headers = {"Authorization": f"Bot {token or self.env.sandbox.bot_token}"}
        if body is not None:
            more["json"] = body
        url = self.env.sandbox.api + path
        async with self.session.request(method, url, headers=headers, **more) as response:
            return response.status, await response.json() if response.content_length else None

    async def upload(self, method: str, path: str, body: Any, *files: tuple[str, bytes]) -> tuple[int, Any]:
        """Sends a multipart request with files and returns (status, JSON)."""
        form = aiohttp.FormData(quote_fields=False)
        form.add_field("payload_json", json.dumps(body))
        for index, (name, data) in enumerate(files):
            form.add_field(f"files[{index}]", data, filename=name, content_type="application/octet-stream")
        return await self(method, path, data=form)


@pytest.fixture
async def api(env: SandboxEnv) -> AsyncIterator[Api]:
    async with aiohttp.ClientSession() as session:
        yield Api(env, session)


@pytest.fixture
def patch_discord_urls(env: SandboxEnv, monkeypatch: pytest.MonkeyPatch) -> None:
    """Points discord.py at the sandbox."""
    gateway = yarl.URL(env.sandbox.url.replace("http", "ws") + "/gateway")
    monkeypatch.setattr(discord.http.Route, "BASE", env.sandbox.api)
    monkeypatch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", gateway)
    monkeypatch.setattr(discord.asset.Asset, "BASE", env.sandbox.url)


@pytest.fixture
async def page_env() -> AsyncIterator[PageEnv]:
    async with open_page_env() as page_env:
        yield page_env


@pytest.fixture
async def start_client(env: SandboxEnv, patch_discord_urls: None) -> AsyncIterator[StartClient]:
    """Starts a client: `await start_client(prepare, intents=…)`.

    The commands that `prepare(client)` adds are synced.
    """
    running: list[tuple[Client, asyncio.Task[None]]] = []

    async def start(
        prepare: Callable[[Client], object] | None = None, *, intents: discord.Intents | None = None
    ) -> Client:
        if intents is None:
            intents = discord.Intents.default()
            intents.message_content = True
        client = Client(intents)
        if prepare is not None:
            prepare(client)
        await client.login(env.sandbox.bot_token)
        if prepare is not None:
            await client.tree.sync()
        task = asyncio.create_task(client.connect())
        running.append((client, task))
        ready = asyncio.create_task(client.wait_until_ready())
        done, _ = await asyncio.wait({task, ready}, timeout=100, return_when=asyncio.FIRST_COMPLETED)
        ready.cancel()
        if task in done:
            task.result()
        assert done, "the client did not become ready"
        return client

    yield start
    for client, task in running:
        await client.close()
        with contextlib.suppress(Exception, asyncio.CancelledError):
            await task
