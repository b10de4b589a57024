"""The Discord client: loads the cogs, connects, runs until it is stopped, and returns an exit code."""

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

from dreambot.bot import permissions
from dreambot.bot.buttons import BUTTONS
from dreambot.bot.commands import CommandTranslator, DreamCommandTree
from dreambot.bot.gateway import ApiUnreachable, GatewayInfo, discover_gateway
from dreambot.bot.job_manager import JobManager
from dreambot.bot.services import Services, start_services
from dreambot.config import ConfigError, Settings, require_token
from dreambot.errors import DreambotError
from dreambot.jobs.key_value import IdentifyRateLimiter
from dreambot.metrics import GatewayMonitor, request_trace
from dreambot.scheduler.run import Executor
from dreambot.web import BotStatus, web_server

log = logging.getLogger(__name__)

CLOSE_CODE_TOKEN_REVOKED = 4004
STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)
EXTENSIONS = (
    "cogs.dream",
    "cogs.direct_messages",
    "cogs.hellscape",
    "cogs.summon",
    "cogs.recipes",
    "cogs.info",
    "cogs.autodream",
    "cogs.settings",
    "cogs.moderation",
    "cogs.queue",
    "cogs.history",
    "cogs.cleanup",
    "cogs.privacy",
    "cogs.admin",
)


class ExitCode(IntEnum):
    """How `dreambot run` ends. A supervisor should restart it only after `failed`."""

    clean = 0
    failed = 1
    settings = 2
    token = 4
    intent = 5


class DreamBot(commands.AutoShardedBot):
    """The client. Commands are in `cogs`; what they share is in `dreambot.bot`."""

    tree: DreamCommandTree

    def __init__(self, services: Services, found: GatewayInfo) -> None:
        shards = services.settings.shards or list(range(found.shards))
        self.gateway = GatewayMonitor(services.metrics, shards)
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            tree_cls=DreamCommandTree,
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
        self.has_message_content = found.has_message_content
        self.dreamer = JobManager(self, services)
        self._keeping: asyncio.Task[None] | None = None
        self._draining: asyncio.Task[None] | None = None
        self._turns = IdentifyRateLimiter(services.store.database, found.together)

    async def setup_hook(self) -> None:
        """Runs after login and before the first event."""
        self.add_dynamic_items(*BUTTONS)
        await self.tree.set_translator(CommandTranslator())
        for extension in EXTENSIONS:
            await self.load_extension(extension)
        await self.services.keeper.claim_abandoned(self.dreamer)
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
    def watched(self) -> BotStatus:
        """What those who look after the bot may ask."""
        services = self.services
        return BotStatus(
            working=lambda: not self.is_closed(),
            taking=lambda: not self.dreamer.closing,
            shards=lambda: self.gateway.shards,
            devices=services.executor.device_states,
            queue=services.executor.waiting,
            codec_deaths=lambda: services.codecs.deaths,
            store_alive=services.store.alive,
            unfinished=services.store.counts,
        )

    async def on_message(self, message: discord.Message, /) -> None:
        """Cogs listen to messages; there are no commands with a prefix."""

    def is_mentioned_in(self, message: discord.Message) -> bool:
        """Whether somebody typed a mention of the bot; a reply to it alone does not count."""
        me = self.user.id if self.user else 0
        return f"<@{me}>" in message.content or f"<@!{me}>" in message.content

    def require_reply_permissions(self, message: discord.Message) -> None:
        """Raises MissingPermissions if a reply with a picture is not allowed there."""
        if message.guild:
            have = message.channel.permissions_for(message.guild.me)
            permissions.require(have, permissions.needed_to_reply(message.channel))


def require_own_cogs() -> None:
    """Raises ConfigError if `cogs` would be loaded from anywhere but beside `dreambot`."""
    here = Path(__file__).parents[2]
    spec = find_spec("cogs")
    found = Path(spec.origin).parents[1] if spec and spec.origin else None
    if found is None or found.resolve() != here.resolve():
        raise ConfigError("setup-cogs", found=found or "nowhere", expected=here)


async def run_bot(
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

    def on_stop_signal() -> None:
        if stop.is_set():
            log.warning("told to end a second time: ending at once")
            # Every job is stored, and workers end with their parent: nothing is lost by it.
            os._exit(ExitCode.failed)
        log.info("stopping: nothing new is accepted; press Ctrl+C again to end at once")
        if on_stop:
            on_stop()
        stop.set()

    for number in STOP_SIGNALS:
        loop.add_signal_handler(number, on_stop_signal)
    try:
        return await serve_bot(settings, start_services(settings, executor), stop)
    finally:
        for number in STOP_SIGNALS:
            loop.remove_signal_handler(number)


async def serve_bot(
    settings: Settings, parts: AbstractAsyncContextManager[Services], stop: asyncio.Event
) -> int:
    """Logs in, starts `parts`, connects, and works until `stop`, which may come at any time."""
    token = require_token(settings)
    require_own_cogs()
    try:
        found = await _cancel_on_stop(stop, discover_gateway(settings))
        async with AsyncExitStack() as stack:
            bot = DreamBot(await _cancel_on_stop(stop, stack.enter_async_context(parts)), found)
            looked_after = web_server(
                settings.http_host, settings.http_port, bot.watched, bot.services.metrics
            )
            await stack.enter_async_context(looked_after)
            return await _run_until_stopped(bot, token, stop)
    except _StoppedWhileStarting:
        return ExitCode.clean
    except ApiUnreachable as error:
        log.error("%s", error)
        return ExitCode.failed
    except discord.LoginFailure:
        log.error("Discord does not know this token. Copy it again from the developer portal.")
        return ExitCode.token


class _StoppedWhileStarting(DreambotError):
    """There was a wish to end before the bot had connected."""


T = TypeVar("T")


async def _cancel_on_stop(stop: asyncio.Event, starting: Coroutine[Any, Any, T]) -> T:
    """The outcome of `starting`, which is given up as soon as `stop` is set."""
    working = asyncio.create_task(starting)
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise _StoppedWhileStarting
        return await working
    finally:
        stopping.cancel()
        working.cancel()
        await asyncio.wait([working])


async def _run_until_stopped(bot: DreamBot, token: str, stop: asyncio.Event) -> int:
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
    return await _exit_code(working)


async def _exit_code(working: asyncio.Task[None]) -> int:
    try:
        await asyncio.gather(working)
    except asyncio.CancelledError:
        return ExitCode.clean
    except (discord.DiscordServerError, aiohttp.ClientError, OSError) as error:
        log.error("Discord cannot be reached: %s", error)
        return ExitCode.failed
    except discord.PrivilegedIntentsRequired:
        log.error(
            "Discord closed the connection: the message content intent is not switched on for this "
            "application. Switch it on in the developer portal, under Bot, and start again."
        )
        return ExitCode.intent
    except discord.ConnectionClosed as error:
        if error.code != CLOSE_CODE_TOKEN_REVOKED:
            log.error("Discord closed the connection: %s", error)
            return ExitCode.failed
        log.error("Discord closed the connection: the token was revoked. Set the new one and start again.")
        return ExitCode.token
    return ExitCode.clean
