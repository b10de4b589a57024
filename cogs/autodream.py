"""`/autodream`: channels whose posted pictures are dreamed unasked."""

import asyncio
import logging
import random

import discord
from discord import app_commands
from discord.ext import commands

from dreambot.bot import DreamBot
from dreambot.chat import permissions, source, texts
from dreambot.jobs.types import Subject
from dreambot.recipe import DreamRequest

log = logging.getLogger(__name__)

LAYERS = ("mixed2", "mixed3", "mixed4", "mixed5", "mixed6", "mixed7")
LOWEST, HIGHEST = 4, 9
MOST_PERCENT = 100


@app_commands.guild_only()
@app_commands.default_permissions(manage_channels=True)
class AutoDream(commands.GroupCog, name="autodream", description="Dream the pictures posted in this channel"):
    """Off until somebody who manages the channel switches it on."""

    def __init__(self, bot: DreamBot) -> None:
        super().__init__()
        self.bot = bot
        self._counting = asyncio.Lock()

    @app_commands.command(name="on", description="Dream the pictures that are posted here")
    async def on(self, interaction: discord.Interaction[DreamBot]) -> None:
        """Switches auto-dream on for every picture."""
        await self._set(interaction, MOST_PERCENT)

    @app_commands.command(name="off", description="Leave the pictures that are posted here alone")
    async def off(self, interaction: discord.Interaction[DreamBot]) -> None:
        """Switches auto-dream off."""
        await self._set(interaction, 0)

    @app_commands.command(
        name="chance", description="Dream some of the pictures, or see how many are dreamed"
    )
    @app_commands.describe(percent="How many of a hundred pictures; leave it out to see the setting")
    async def chance(
        self,
        interaction: discord.Interaction[DreamBot],
        percent: app_commands.Range[int, 0, 100] | None = None,
    ) -> None:
        """Sets or tells the chance."""
        if percent is not None:
            await self._set(interaction, percent)
            return
        await interaction.response.defer(ephemeral=True)
        now = await self.bot.services.channels.autodream_chance(interaction.channel_id or 0)
        hourly = self.bot.services.settings.autodream_per_hour
        on = texts.AUTODREAM_STATE_ON.format(chance=f"{now:.0%}", hourly=hourly)
        await interaction.followup.send(on if now else texts.AUTODREAM_STATE_OFF, ephemeral=True)

    async def _set(self, interaction: discord.Interaction[DreamBot], percent: int) -> None:
        await interaction.response.defer(ephemeral=percent == 0)
        if percent and interaction.guild:
            permissions.require(interaction.app_permissions, permissions.to_reply(interaction.channel))
        await self.bot.services.channels.set_autodream_chance(interaction.channel_id or 0, percent / 100)
        words = texts.AUTODREAM_ON.format(chance=f"{percent}%") if percent else texts.AUTODREAM_OFF
        if percent and not self.bot.sees_messages:
            words = f"{words}\n{texts.AUTODREAM_BLIND}"
        await interaction.edit_original_response(content=words)

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Dreams a picture where that is wanted; says nothing where it does not work out."""
        picture = self._eligible(message)
        if picture is None or message.guild is None:
            return
        if random.random() >= await self.bot.services.channels.autodream_chance(message.channel.id):
            return
        have = message.channel.permissions_for(message.guild.me)
        if permissions.lacking(have, permissions.to_reply(message.channel)):
            log.info("auto-dream may not post in channel %s", message.channel.id)
            return
        if not await self._within_the_hours_cap(message.channel.id):
            return

        async def find() -> Subject:
            return picture

        await self.bot.dreamer.for_message(message, _anything, find, quiet=True)

    def _eligible(self, message: discord.Message) -> Subject | None:
        """A member's own, open picture, which nobody asks us about in other ways."""
        if message.author.bot or message.webhook_id or self.bot.is_named_in(message):
            return None
        attached = next(filter(source.is_picture, message.attachments), None)
        if attached is None or attached.is_spoiler():
            return None
        return source.of_attachment(attached, message.id)

    async def _within_the_hours_cap(self, channel: int) -> bool:
        """Whether one more is allowed there, which is then counted."""
        counts = self.bot.services.channels
        async with self._counting:
            if await counts.autodreams_last_hour(channel) >= self.bot.services.settings.autodream_per_hour:
                return False
            await counts.note_autodream(channel)
            return True


def _anything() -> DreamRequest:
    return DreamRequest(layer=random.choice(LAYERS), intensity=random.randint(LOWEST, HIGHEST))


async def setup(bot: DreamBot) -> None:
    """Called by discord.py when the extension is loaded."""
    await bot.add_cog(AutoDream(bot))
