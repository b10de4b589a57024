"""What happens in a channel takes dreams back: the picture is gone, or the channel, or we are thrown out."""

import discord
from discord.ext import commands

from dreambot.bot import DreamBot
from dreambot.chat import texts


class Withdrawal(commands.Cog):
    """Cancels what nobody can want any more."""

    def __init__(self, bot: DreamBot) -> None:
        self.bot = bot

    @commands.Cog.listener()
    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        """The picture, the asking, or the answer is gone."""
        await self.bot.dreamer.cancel_all(texts.WITHDRAWN, message=event.message_id)

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, event: discord.RawBulkMessageDeleteEvent) -> None:
        """Somebody cleaned up."""
        for message in event.message_ids:
            await self.bot.dreamer.cancel_all(texts.WITHDRAWN, message=message)

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """Nobody is left to be told."""
        await self.bot.dreamer.cancel_all(None, channel=channel.id)

    @commands.Cog.listener()
    async def on_raw_thread_delete(self, event: discord.RawThreadDeleteEvent) -> None:
        """Nobody is left to be told."""
        await self.bot.dreamer.cancel_all(None, channel=event.thread_id)

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """We were thrown out."""
        await self.bot.dreamer.cancel_all(None, guild=guild.id)


async def setup(bot: DreamBot) -> None:
    """Called by discord.py when the extension is loaded."""
    await bot.add_cog(Withdrawal(bot))
