"""`/stats`: how much was dreamed here, and what is liked best."""

import discord
from discord import app_commands
from discord.ext import commands

from dreambot.bot import DreamBot
from dreambot.chat.anywhere import anywhere
from dreambot.chat.words import Words, words_in
from dreambot.chat.words.measures import listing
from dreambot.jobs.tallies import Favourites, Tallies


class Stats(commands.Cog):
    """Counts dreams."""

    def __init__(self, bot: DreamBot) -> None:
        self.bot = bot
        self._tallies = Tallies(bot.services.store.database)

    @app_commands.command(name="stats", description="How much was dreamed here, and with what")
    @anywhere
    async def stats(self, interaction: discord.Interaction[DreamBot]) -> None:
        """Answers /stats: in a server about the server, elsewhere about the asker alone."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        words, guild, person = words_in(interaction), interaction.guild_id, interaction.user.id
        lines = []
        if guild:
            lines.append(words("operating-stats-here", count=await self._tallies.done(guild=guild)))
            lines += _favourites(words, await self._tallies.favourites(guild=guild))
            mine = await self._tallies.done(guild=guild, owner=person)
            lines.append(words("operating-stats-yours-here", count=mine))
        else:
            lines.append(words("operating-stats-yours", count=await self._tallies.done(owner=person)))
            lines += _favourites(words, await self._tallies.favourites(owner=person))
        await interaction.edit_original_response(content="\n".join(lines))


def _favourites(words: Words, favourites: Favourites) -> list[str]:
    told = []
    for key, liked in (("layers", favourites.layers), ("presets", favourites.presets)):
        if liked:
            names = listing(words, (f"`{name}` ({count})" for name, count in liked))
            told.append(words(f"operating-stats-{key}", names=names))
    return told


async def setup(bot: DreamBot) -> None:
    """Called by discord.py when the extension is loaded."""
    await bot.add_cog(Stats(bot))
