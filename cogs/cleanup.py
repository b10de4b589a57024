"""Cancels jobs whose message, channel or server is gone, and asks what to do with finished dreams.

What is gone is also withdrawn from the gallery.
"""

import discord
from discord.ext import commands

from dreambot.bot import permissions
from dreambot.bot.buttons.delete import ask_about_dreams, dreams_from_message
from dreambot.bot.client import DreamBot
from dreambot.bot.hall import delete_forwards
from dreambot.bot.moderation import delete_comparisons
from dreambot.guilds.looks import LookOwner
from dreambot.i18n import translator_for

_MAX_QUESTIONS = 5
_NEEDED_TO_ASK = ("view_channel", "read_message_history")


class Cleanup(commands.Cog):
    """Listens to deletions."""

    def __init__(self, bot: DreamBot) -> None:
        self.bot = bot

    @commands.Cog.listener()
    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        """Handles a deleted message: it may be a source, a request, or a reply."""
        await self._on_message_deleted(event.message_id, event.channel_id, event.guild_id)

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, event: discord.RawBulkMessageDeleteEvent) -> None:
        """Handles messages that were deleted together; asks about at most five of them."""
        questions = _MAX_QUESTIONS
        for message in sorted(event.message_ids, reverse=True):
            question_posted = await self._on_message_deleted(
                message, event.channel_id, event.guild_id, ask=questions > 0
            )
            questions -= question_posted

    async def _on_message_deleted(
        self, message: int, channel: int, guild: int | None, *, ask: bool = True
    ) -> bool:
        """Cancels the jobs of a message, deletes comparisons that show its image, and asks about its dreams.

        Returns whether a question was posted.
        """
        await self.bot.jobs.cancel_all("core-withdrawn", message=message)
        await self.bot.services.gallery.withdraw(message=message)
        comparisons = self.bot.services.comparisons
        await comparisons.forget(message)
        await delete_comparisons(self.bot, comparisons, [message])
        await delete_forwards(self.bot, await self.bot.services.forwards.find([message]))
        job_history = self.bot.services.job_history
        dreams = await dreams_from_message(job_history, message) if ask else []
        if not dreams or await job_history.find_by_result(message):
            return False
        where = self._channel_to_ask_in(channel, guild)
        if where is None:
            return False
        target = dreams[0].spec.reply_target
        language = (await self.bot.services.guild_store.guild(guild)).language or target.locale
        await ask_about_dreams(where, message, dreams, translator_for(language))
        return True

    def _channel_to_ask_in(self, channel: int, guild: int | None) -> discord.abc.Messageable | None:
        """Finds the channel, if the bot may post in it."""
        found = self.bot.get_channel(channel)
        if isinstance(found, discord.TextChannel | discord.Thread | discord.VoiceChannel):
            send = "send_messages_in_threads" if isinstance(found, discord.Thread) else "send_messages"
            if permissions.find_missing(found.permissions_for(found.guild.me), (*_NEEDED_TO_ASK, send)):
                return None
        return self.bot.get_partial_messageable(channel, guild_id=guild)

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """Cancels the channel's jobs silently: there is nowhere to report it."""
        for thread in getattr(channel, "threads", ()):
            # They are deleted with the channel, without events of their own.
            await self._on_channel_deleted(thread.id)
        await self._on_channel_deleted(channel.id)

    @commands.Cog.listener()
    async def on_raw_thread_delete(self, event: discord.RawThreadDeleteEvent) -> None:
        """Cancels the thread's jobs silently: there is nowhere to report it."""
        await self._on_channel_deleted(event.thread_id)

    async def _on_channel_deleted(self, channel: int) -> None:
        await self.bot.jobs.cancel_all(None, channel=channel)
        await self.bot.services.gallery.withdraw(channels=[channel])
        await delete_forwards(self.bot, await self.bot.services.forwards.in_channel(channel))

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Cancels the server's jobs silently, and deletes its looks: the bot was removed from it."""
        await self.bot.jobs.cancel_all(None, guild=guild.id)
        await self.bot.services.gallery.withdraw(guild=guild.id)
        await self.bot.services.guild_store.looks.delete_all(LookOwner("server", guild.id))


async def setup(bot: DreamBot) -> None:
    """Adds the extension; discord.py calls it."""
    await bot.add_cog(Cleanup(bot))
