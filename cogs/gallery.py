"""The gallery: counts stars, and withdraws what may no longer be shown."""

import asyncio
import logging
from collections.abc import Awaitable

import aiohttp
import discord
from discord.ext import commands

from dreambot.bot.buttons.gallery import channel_refusal, update_stars
from dreambot.bot.client import DreamBot
from dreambot.bot.hall import is_star
from dreambot.bot.missed_deletions import withdraw_deleted
from dreambot.errors import UserError

log = logging.getLogger(__name__)

_HIDDEN = 1 << 3 | 1 << 4
"""`IS_SPOILER` and `CONTAINS_EXPLICIT_MEDIA` among the flags of an attachment."""


class Gallery(commands.Cog):
    """Listens to what concerns shared dreams."""

    def __init__(self, bot: DreamBot) -> None:
        self.bot = bot
        self._comparison: asyncio.Task[None] | None = None

    async def cog_unload(self) -> None:
        """Ends what runs in the background."""
        if self._comparison:
            self._comparison.cancel()

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Looks for what was deleted before: a new session brings no events of the time before it."""
        if not self.bot.services.settings.gallery:
            return
        if self._comparison:
            self._comparison.cancel()
        self._comparison = asyncio.create_task(withdraw_deleted(self.bot))

    @commands.Cog.listener()
    async def on_raw_reaction_add(self, event: discord.RawReactionActionEvent) -> None:
        """Counts the stars of a message again."""
        if is_star(event.emoji):
            await self._attempt(update_stars(self.bot, event.channel_id, event.message_id))

    @commands.Cog.listener()
    async def on_raw_reaction_remove(self, event: discord.RawReactionActionEvent) -> None:
        """Counts the stars of a message again."""
        if is_star(event.emoji):
            await self._attempt(update_stars(self.bot, event.channel_id, event.message_id))

    @commands.Cog.listener()
    async def on_raw_reaction_clear(self, event: discord.RawReactionClearEvent) -> None:
        """Counts the stars of a message again."""
        await self._attempt(update_stars(self.bot, event.channel_id, event.message_id))

    @commands.Cog.listener()
    async def on_raw_reaction_clear_emoji(self, event: discord.RawReactionClearEmojiEvent) -> None:
        """Counts the stars of a message again."""
        if is_star(event.emoji):
            await self._attempt(update_stars(self.bot, event.channel_id, event.message_id))

    @commands.Cog.listener()
    async def on_guild_channel_update(
        self, _: discord.abc.GuildChannel, channel: discord.abc.GuildChannel
    ) -> None:
        """Withdraws the dreams of a channel that became age-restricted or a spoiler channel."""
        if channel_refusal(channel):
            here = [channel.id, *(thread.id for thread in getattr(channel, "threads", ()))]
            await self._attempt(self.bot.services.gallery.withdraw(channels=here))

    @commands.Cog.listener()
    async def on_raw_message_edit(self, event: discord.RawMessageUpdateEvent) -> None:
        """Withdraws a dream that is marked as explicit or as a spoiler some time after the message."""
        files = event.data.get("attachments", ())
        if any(file.get("flags", 0) & _HIDDEN for file in files):
            await self._attempt(self.bot.services.gallery.withdraw(message=event.message_id))

    async def _attempt(self, work: Awaitable[object]) -> None:
        try:
            await work
        except (discord.HTTPException, aiohttp.ClientError, OSError, UserError) as error:
            log.warning("the gallery could not be brought up to date: %s", error)


async def setup(bot: DreamBot) -> None:
    """Adds the extension; discord.py calls it."""
    await bot.add_cog(Gallery(bot))
