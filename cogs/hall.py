"""The hall of fame: listens to stars, and finishes forwards that an earlier process left."""

import logging

import aiohttp
import discord
from discord.ext import commands

from dreambot.bot.client import DreamBot
from dreambot.bot.hall import forward_if_starred, is_star, resume_forward
from dreambot.errors import UserError

log = logging.getLogger(__name__)


class Hall(commands.Cog):
    """Forwards dreams with enough stars."""

    def __init__(self, bot: DreamBot) -> None:
        self.bot = bot

    @commands.Cog.listener()
    async def on_raw_reaction_add(self, event: discord.RawReactionActionEvent) -> None:
        """Counts the stars of a dream of the bot, when a member gives one."""
        me = self.bot.user.id if self.bot.user else None
        if event.guild_id is None or event.member is None or event.member.bot:
            return
        if not is_star(event.emoji) or event.message_author_id not in (None, me):
            return
        try:
            await forward_if_starred(self.bot, event.guild_id, event.channel_id, event.message_id)
        except (discord.HTTPException, aiohttp.ClientError, OSError, UserError) as error:
            log.warning("the stars of a dream could not be counted: %s", error)

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Finishes the forwards that were interrupted in the servers of this process."""
        try:
            for forward in await self.bot.services.forwards.interrupted():
                if self.bot.get_guild(forward.guild):
                    await resume_forward(self.bot, forward)
        except (discord.HTTPException, aiohttp.ClientError, OSError, UserError) as error:
            log.warning("an interrupted forward could not be finished: %s", error)


async def setup(bot: DreamBot) -> None:
    """Adds the extension; discord.py calls it."""
    await bot.add_cog(Hall(bot))
