"""The bot: discord.py's client with our commands, from login to a clean end."""

import asyncio
import logging
import os
import signal
from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from enum import IntEnum
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar

import aiohttp
import discord
from discord.ext import commands

from dreambot.chat import permissions
from dreambot.chat.buttons import BUTTONS
from dreambot.chat.connect import Found, Unreachable, look
from dreambot.chat.dreamer import Dreamer
from dreambot.chat.translator import CatalogueTranslator
from dreambot.chat.tree import DreamTree
from dreambot.config import ConfigError, Settings, require_token
from dreambot.errors import DreambotError
from dreambot.executor.run import Executor
from dreambot.jobs.identifying import IdentifyTurns
from dreambot.metrics import GatewayWatch, request_trace
from dreambot.services import Services, services
from dreambot.web.server import watching
from dreambot.web.watched import Watched

log = logging.getLogger(__name__)

REVOKED = 4004
SIGNALS = (signal.SIGTERM, signal.SIGINT)
EXTENSIONS = (
    "cogs.dream",
    "cogs.direct",
    "cogs.hellscape",
    "cogs.bend",
    "cogs.summon",
    "cogs.again",
    "cogs.layers",
    "cogs.autodream",
    "cogs.settings",
    "cogs.moderation",
    "cogs.queue",
    "cogs.history",
    "cogs.withdrawal",
    "cogs.about",
    "cogs.privacy",
    "cogs.stats",
    "cogs.admin",
)


class Exit(IntEnum):
    """How `dreambot run` ends. A supervisor should restart it only after `failed`."""

    clean = 0
    failed = 1
    settings = 2
    token = 4
    intent = 5


class DreamBot(commands.AutoShardedBot):
    """The client. Commands are in `cogs`; what they share is in `dreambot.chat`."""

    tree: DreamTree

    def __init__(self, services: Services, found: Found) -> None:
        shards = services.settings.shards or list(range(found.shards))
        self.gateway = GatewayWatch(services.metrics, shards)
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            tree_cls=DreamTree,
            intents=found.intents,
            shard_count=found.shards,
            shard_ids=shards,
            http_trace=request_trace(services.metrics, services.settings.discord_api, self.gateway.answered),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            chunk_guilds_at_startup=False,
            guild_ready_timeout=0.0 if services.settings.local else 2.0,
        )
        self.services = services
        self.sees_messages = found.sees_messages
        self.dreamer = Dreamer(self, services)
        self._keeping: asyncio.Task[None] | None = None
        self._draining: asyncio.Task[None] | None = None
        self._turns = IdentifyTurns(services.store.database, found.together)

    async def setup_hook(self) -> None:
        """Runs after login and before the first event."""
        self.add_dynamic_items(*BUTTONS)
        await self.tree.set_translator(CatalogueTranslator())
        for extension in EXTENSIONS:
            await self.load_extension(extension)
        await self.services.keeper.take_over(self.dreamer)
        self._keeping = asyncio.create_task(self.services.keeper.keep(self.dreamer))
        await self.tree.publish(self.services.notes)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Several processes may not identify at once; one alone keeps discord.py's own pace."""
        if self.services.settings.shards:
            await self._turns.take(shard_id or 0)
        else:
            await super().before_identify_hook(shard_id, initial=initial)

    async def drain(self, seconds: float) -> None:
        """Takes nothing new on, delivers what has begun within so many seconds, and leaves the rest for the
        next start. The first call decides how many seconds."""
        if self._draining is None:
            self._draining = asyncio.create_task(self._drain(seconds))
        await asyncio.wait([self._draining])
        self._draining.result()

    async def _drain(self, seconds: float) -> None:
        if self._keeping:
            self._keeping.cancel()
        # Else another process would take over, before its time, what is still being dreamed here.
        holding = asyncio.create_task(self.services.keeper.hold(self.dreamer))
        try:
            await self.dreamer.close(seconds)
        finally:
            holding.cancel()

    async def close(self) -> None:
        """Closes the connection to Discord, after the jobs were left for the next start.

        discord.py calls this by itself when the gateway closes for good (4004, 4010 to 4014). Jobs that went
        on without a connection would fail.
        """
        try:
            await self.drain(0)
        except Exception:
            log.exception("the jobs could not be released; the next start takes them over all the same")
        await super().close()

    def dispatch(self, event_name: str, /, *args: Any, **kwargs: Any) -> None:
        """Every event comes by here, before anything has been done about it."""
        self.gateway.heard(event_name, args)
        super().dispatch(event_name, *args, **kwargs)

    @property
    def watched(self) -> Watched:
        """What those who look after the bot may ask."""
        services = self.services
        return Watched(
            working=lambda: not self.is_closed(),
            taking=lambda: not self.dreamer.closing,
            shards=lambda: self.gateway.shards,
            devices=services.executor.lanes_state,
            queue=services.executor.waiting,
            codec_deaths=lambda: services.codecs.deaths,
            store_alive=services.store.alive,
            unfinished=services.store.counts,
        )

    async def on_message(self, message: discord.Message, /) -> None:
        """Cogs listen to messages; there are no commands with a prefix."""

    def is_named_in(self, message: discord.Message) -> bool:
        """Whether somebody typed a mention of the bot; a reply to it alone does not count."""
        me = self.user.id if self.user else 0
        return f"<@{me}>" in message.content or f"<@!{me}>" in message.content

    def require_reply(self, message: discord.Message) -> None:
        """Raises MissingPermissions if a reply with a picture is not allowed there."""
        if message.guild:
            have = message.channel.permissions_for(message.guild.me)
            permissions.require(have, permissions.to_reply(message.channel))


def refuse_strange_cogs() -> None:
    """Raises ConfigError if `cogs` would be loaded from anywhere but beside `dreambot`."""
    here = Path(__file__).parents[1]
    spec = find_spec("cogs")
    found = Path(spec.origin).parents[1] if spec and spec.origin else None
    if found is None or found.resolve() != here.resolve():
        raise ConfigError(
            f"The package “cogs” would be loaded from {found or 'nowhere'}, but ours is in {here}. "
            "Start dreambot from a folder that has no other “cogs” in it."
        )


async def run(
    settings: Settings, executor: Executor | None = None, *, on_stop: Callable[[], None] | None = None
) -> int:
    """Runs the bot until SIGTERM or SIGINT, and returns its exit code; see `Exit`. A second signal ends the
    process at once.

    Args:
        settings: The settings.
        executor: Another executor than the settings ask for.
        on_stop: Called at the first signal, to report that the bot is stopping. The log reports it anyway.

    Raises:
        UserError: Something prevents the start.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def told_to_end() -> None:
        if stop.is_set():
            log.warning("told to end a second time: ending at once")
            # Every job is stored, and workers end with their parent: nothing is lost by it.
            os._exit(Exit.failed)
        log.info("stopping: nothing new is accepted; press Ctrl+C again to end at once")
        if on_stop:
            on_stop()
        stop.set()

    for number in SIGNALS:
        loop.add_signal_handler(number, told_to_end)
    try:
        return await serve(settings, services(settings, executor), stop)
    finally:
        for number in SIGNALS:
            loop.remove_signal_handler(number)


async def serve(settings: Settings, parts: AbstractAsyncContextManager[Services], stop: asyncio.Event) -> int:
    """Logs in, starts `parts`, connects, and works until `stop`, which may come at any time."""
    token = require_token(settings)
    refuse_strange_cogs()
    try:
        found = await _unless(stop, look(settings))
        async with AsyncExitStack() as stack:
            bot = DreamBot(await _unless(stop, stack.enter_async_context(parts)), found)
            looked_after = watching(settings.http_host, settings.http_port, bot.watched, bot.services.metrics)
            await stack.enter_async_context(looked_after)
            return await _until_stopped(bot, token, stop)
    except _StoppedEarly:
        return Exit.clean
    except Unreachable as error:
        log.error("%s", error)
        return Exit.failed
    except discord.LoginFailure:
        log.error("Discord does not know this token. Copy it again from the developer portal.")
        return Exit.token


class _StoppedEarly(DreambotError):
    """There was a wish to end before the bot had connected."""


T = TypeVar("T")


async def _unless(stop: asyncio.Event, starting: Coroutine[Any, Any, T]) -> T:
    """The outcome of `starting`, which is given up as soon as `stop` is set."""
    working = asyncio.create_task(starting)
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise _StoppedEarly
        return await working
    finally:
        stopping.cancel()
        working.cancel()
        await asyncio.wait([working])


async def _until_stopped(bot: DreamBot, token: str, stop: asyncio.Event) -> int:
    working = asyncio.create_task(bot.start(token))
    stopping = asyncio.create_task(stop.wait())
    try:
        async with bot:
            await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if not working.done():
                await bot.drain(bot.services.settings.drain_seconds)
                await bot.close()
    finally:
        stopping.cancel()
        working.cancel()
    return await _outcome(working)


async def _outcome(working: asyncio.Task[None]) -> int:
    try:
        await asyncio.gather(working)
    except asyncio.CancelledError:
        return Exit.clean
    except (discord.DiscordServerError, aiohttp.ClientError, OSError) as error:
        log.error("Discord cannot be reached: %s", error)
        return Exit.failed
    except discord.PrivilegedIntentsRequired:
        log.error(
            "Discord closed the connection: the message content intent is not switched on for this "
            "application. Switch it on in the developer portal, under Bot, and start again."
        )
        return Exit.intent
    except discord.ConnectionClosed as error:
        if error.code != REVOKED:
            log.error("Discord closed the connection: %s", error)
            return Exit.failed
        log.error("Discord closed the connection: the token was revoked. Set the new one and start again.")
        return Exit.token
    return Exit.clean
