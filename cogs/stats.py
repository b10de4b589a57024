"""`/stats`: how much was dreamed here, and what is liked best."""

import discord
from discord import app_commands
from discord.ext import commands

from dreambot.bot import DreamBot
from dreambot.chat.anywhere import anywhere
from dreambot.chat.words import Words, words_in
from dreambot.chat.words.english import from_english
from dreambot.jobs.tallies import Favourites, Tallies
from dreambot.recipe import find_layer
from dreambot.recipe.presets import PRESETS


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
    """What is liked best, a line for each, with what it shows."""
    layers = [
        (f"`{layer}`: {from_english(words, find_layer(layer, model).shows)}", count)
        for (model, layer), count in favourites.layers
    ]
    presets = [
        (f"`{name}`: {words(f'alt-{name}')}" if name in PRESETS else f"`{name}`", count)
        for name, count in favourites.presets
    ]
    told = []
    for key, liked in (("layers", layers), ("presets", presets), ("summoned", favourites.summoned)):
        if liked:
            told.append(words(f"operating-stats-{key}"))
            told += [f"- {what} · {count}×" for what, count in liked]
    return told


async def setup(bot: DreamBot) -> None:
    """Called by discord.py when the extension is loaded."""
    await bot.add_cog(Stats(bot))
