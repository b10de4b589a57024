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

from dreambot.bot import captions, permissions
from dreambot.bot.buttons import BUTTONS
from dreambot.bot.commands import CommandTranslator, DreamCommandTree
from dreambot.bot.context import BotClient
from dreambot.bot.gateway import ApiUnreachable, GatewayInfo, discover_gateway
from dreambot.bot.job_manager import JobManager
from dreambot.bot.replies import open_reply
from dreambot.bot.services import Services, start_services
from dreambot.bot.spoiler_channels import watch_channel_flags
from dreambot.config import ConfigError, Settings, require_token
from dreambot.errors import DreambotError
from dreambot.gallery.app import PREFIX, GalleryParts, create_gallery
from dreambot.gallery.pages import RecipeTexts
from dreambot.jobs.key_value import IdentifyRateLimiter
from dreambot.jobs.statistics import JobStatistics
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
    "cogs.looks",
    "cogs.info",
    "cogs.autodream",
    "cogs.settings",
    "cogs.moderation",
    "cogs.hall",
    "cogs.gallery",
    "cogs.queue",
    "cogs.history",
    "cogs.cleanup",
    "cogs.privacy",
    "cogs.admin",
)


class ExitCode(IntEnum):
    """Exit codes of `dreambot run`. A supervisor should restart the process only after `failed`."""

    clean = 0
    failed = 1
    settings = 2
    token = 4
    intent = 5


class DreamBot(BotClient):
    """The bot's client. The commands are in `cogs`; what they share is in `dreambot.bot`."""

    tree: DreamCommandTree

    def __init__(self, services: Services, gateway_info: GatewayInfo) -> None:
        """Builds the client.

        Args:
            services: The started services.
            gateway_info: What `discover_gateway` found.
        """
        shards = services.settings.shards or list(range(gateway_info.shards))
        self.gateway = GatewayMonitor(services.metrics, shards)
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            tree_cls=DreamCommandTree,
            intents=gateway_info.intents,
            shard_count=gateway_info.shards,
            shard_ids=shards,
            http_trace=request_trace(services.metrics, services.settings.discord_api, self.gateway.answered),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            chunk_guilds_at_startup=False,
            guild_ready_timeout=0.0 if services.settings.local else 2.0,
        )
        watch_channel_flags(self)
        self.services = services
        self.jobs = JobManager(self, services, open_reply)
        self._lease_task: asyncio.Task[None] | None = None
        self._drain_task: asyncio.Task[None] | None = None
        self._identify_limiter = IdentifyRateLimiter(services.store.database, gateway_info.max_concurrency)

    async def setup_hook(self) -> None:
        """Adds buttons, cogs and the command tree; runs after login and before the first event."""
        self.add_dynamic_items(*BUTTONS)
        await self.tree.set_translator(CommandTranslator())
        for extension in EXTENSIONS:
            await self.load_extension(extension)
        await self.services.recovery.claim_abandoned(self.jobs)
        self._lease_task = asyncio.create_task(self.services.recovery.keep(self.jobs))
        await self.tree.publish(self.services.key_values)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Paces identifies.

        With a share of the shards in each of several processes, the pace is shared through the database. A
        process with all shards keeps discord.py's own pace.

        Args:
            shard_id: The shard that is about to identify.
            initial: Whether it identifies for the first time.
        """
        if self.services.settings.shards:
            await self._identify_limiter.take(shard_id or 0)
        else:
            await super().before_identify_hook(shard_id, initial=initial)

    async def drain(self, seconds: float) -> None:
        """Accepts no new jobs, delivers the running ones, and releases the others for the next start.

        The first call decides how long that may take; later calls wait for it.

        Args:
            seconds: How long the running jobs may take to be delivered.
        """
        if self._drain_task is None:
            self._drain_task = asyncio.create_task(self._drain(seconds))
        await asyncio.wait([self._drain_task])
        self._drain_task.result()

    async def _drain(self, seconds: float) -> None:
        if self._lease_task:
            self._lease_task.cancel()
        # Without a valid lease another process would take over the jobs that still run here.
        lease_task = asyncio.create_task(self.services.recovery.hold(self.jobs))
        try:
            await self.jobs.close(seconds)
        finally:
            lease_task.cancel()

    async def close(self) -> None:
        """Releases the jobs for the next start, then closes the connection to Discord.

        discord.py calls this itself when the gateway closes for good (4004, 4010 to 4014). Jobs that ran on
        without a connection would fail.
        """
        try:
            await self.drain(0)
        except Exception:
            log.exception(
                "the jobs could not be released; the next start takes them over when their lease expires"
            )
        await super().close()

    def dispatch(self, event_name: str, /, *args: Any, **kwargs: Any) -> None:
        """Counts every event, then passes it on to discord.py.

        Args:
            event_name: The event's name without `on_`.
            *args: The event's arguments.
            **kwargs: The event's keyword arguments.
        """
        self.gateway.heard(event_name, args)
        super().dispatch(event_name, *args, **kwargs)

    @property
    def bot_status(self) -> BotStatus:
        """The state of this process, for the health endpoints and the metrics."""
        services = self.services
        return BotStatus(
            working=lambda: not self.is_closed(),
            taking=lambda: not self.jobs.closing,
            shards=lambda: self.gateway.shards,
            devices=services.executor.device_states,
            queue=services.executor.waiting,
            codec_deaths=lambda: services.codecs.deaths,
            store_alive=services.store.alive,
            unfinished=services.store.counts,
        )

    async def on_message(self, message: discord.Message, /) -> None:
        """Does nothing: cogs listen to messages, and there are no prefix commands.

        Args:
            message: The message.
        """

    def is_mentioned_in(self, message: discord.Message) -> bool:
        """Checks whether a message mentions the bot in its text.

        Args:
            message: A message with its content.

        Returns:
            True for a typed mention. A reply to the bot without a typed mention gives False.
        """
        me = self.user.id if self.user else 0
        return f"<@{me}>" in message.content or f"<@!{me}>" in message.content

    def require_reply_permissions(self, message: discord.Message) -> None:
        """Checks that the bot may reply to a message with an image.

        Args:
            message: A message; those outside of servers always pass.

        Raises:
            MissingPermissions: Permissions are missing in the channel.
        """
        if message.guild:
            have = message.channel.permissions_for(message.guild.me)
            permissions.require(have, permissions.needed_to_reply(message.channel))


def require_own_cogs() -> None:
    """Checks that `cogs` would be loaded from the folder that contains `dreambot`.

    Raises:
        ConfigError: It would be loaded from another folder.
    """
    here = Path(__file__).parents[2]
    spec = find_spec("cogs")
    found = Path(spec.origin).parents[1] if spec and spec.origin else None
    if found is None or found.resolve() != here.resolve():
        raise ConfigError("setup-cogs", found=found or "nowhere", expected=here)


async def run_bot(
    settings: Settings, executor: Executor | None = None, *, on_stop: Callable[[], None] | None = None
) -> int:
    """Runs the bot until SIGTERM or SIGINT. A second signal ends the process at once.

    Args:
        settings: The settings.
        executor: The executor to use instead of the one that the settings name; it is not started yet.
        on_stop: Called at the first signal, to report that the bot is stopping. It is logged in any case.

    Returns:
        The exit code; see `ExitCode`.

    Raises:
        UserError: The bot cannot start.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def on_stop_signal() -> None:
        if stop.is_set():
            log.warning("second signal: ending at once")
            # Nothing is lost: every job is stored, and workers end with their parent.
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
    """Logs in, starts the services, connects, and runs until `stop` is set.

    Args:
        settings: The settings.
        parts: Starts the services and closes them.
        stop: Ends the bot; it may be set at any time, also while the bot starts.

    Returns:
        The exit code; see `ExitCode`.

    Raises:
        UserError: The bot cannot start.
    """
    token = require_token(settings)
    require_own_cogs()
    try:
        gateway_info = await _cancel_on_stop(stop, discover_gateway(settings))
        async with AsyncExitStack() as stack:
            bot = DreamBot(await _cancel_on_stop(stop, stack.enter_async_context(parts)), gateway_info)
            await stack.enter_async_context(_web_server(bot))
            return await _run_until_stopped(bot, token, stop)
    except _StoppedWhileStarting:
        return ExitCode.clean
    except ApiUnreachable as error:
        log.error("%s", error)
        return ExitCode.failed
    except discord.LoginFailure:
        log.error("Discord does not know this token. Copy it again from the developer portal.")
        return ExitCode.token


def _web_server(bot: DreamBot) -> AbstractAsyncContextManager[int | None]:
    services, settings = bot.services, bot.services.settings
    applications = {}
    if settings.gallery:
        parts = GalleryParts(
            settings,
            services.gallery,
            JobStatistics(services.store.database),
            services.key_values,
            bot.bot_status,
            RecipeTexts(captions.describe_look, captions.recipe_command),
        )
        applications[PREFIX] = create_gallery(parts)
    return web_server(settings.http_host, settings.http_port, bot.bot_status, services.metrics, applications)


class _StoppedWhileStarting(DreambotError):
    """The bot was stopped before it had connected."""


T = TypeVar("T")


async def _cancel_on_stop(stop: asyncio.Event, starting: Coroutine[Any, Any, T]) -> T:
    """Waits for `starting`, which is cancelled as soon as `stop` is set."""
    bot_task = asyncio.create_task(starting)
    stop_task = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({bot_task, stop_task}, return_when=asyncio.FIRST_COMPLETED)
        if not bot_task.done():
            raise _StoppedWhileStarting
        return await bot_task
    finally:
        stop_task.cancel()
        bot_task.cancel()
        await asyncio.wait([bot_task])


async def _run_until_stopped(bot: DreamBot, token: str, stop: asyncio.Event) -> int:
    bot_task = asyncio.create_task(bot.start(token))
    stop_task = asyncio.create_task(stop.wait())
    try:
        async with bot:
            await asyncio.wait({bot_task, stop_task}, return_when=asyncio.FIRST_COMPLETED)
            if not bot_task.done():
                await bot.drain(bot.services.settings.drain_seconds)
                await bot.close()
    finally:
        stop_task.cancel()
        bot_task.cancel()
    return await _exit_code(bot_task)


async def _exit_code(bot_task: asyncio.Task[None]) -> int:
    try:
        await asyncio.gather(bot_task)
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
