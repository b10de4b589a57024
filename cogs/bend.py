"""`/bend`: the network's circuits bent by chance."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from dreambot.bot import DreamBot
from dreambot.chat.anywhere import anywhere, menu
from dreambot.chat.asking.completion import choices, complete_model
from dreambot.chat.asking.picture import Picked, picture_of
from dreambot.chat.words import words_in
from dreambot.recipe import DreamRequest


class Bend(commands.Cog):
    """Spins the knobs until it breaks beautifully."""

    def __init__(self, bot: DreamBot) -> None:
        self.bot = bot
        self._menu = menu("Bend this", self.bend_this)

    async def cog_load(self) -> None:
        """Adds the menu, which a cog cannot declare."""
        self.bot.tree.add_command(self._menu)

    async def cog_unload(self) -> None:
        """Takes the menu away again."""
        self.bot.tree.remove_command(self._menu.name, type=self._menu.type)

    @app_commands.command(name="bend", description="Spin the network's knobs at random and dream through it")
    @app_commands.describe(
        image="The picture; without one, your newest picture here is taken",
        chaos="How far the knobs are spun, from 1 to 11",
        intensity="How deep, from 1 to 11",
        url="A link to a picture",
        model="Another network",
        seed="A number that brings the same bends again",
        private="Only you see the dream",
    )
    @anywhere
    async def bend(
        self,
        interaction: discord.Interaction[DreamBot],
        *,
        image: discord.Attachment | None = None,
        chaos: app_commands.Range[int, 1, 11] | None = None,
        intensity: app_commands.Range[int, 1, 11] | None = None,
        url: str | None = None,
        model: str | None = None,
        seed: app_commands.Range[int, 0, 2**32 - 1] | None = None,
        private: bool = False,
    ) -> None:
        """Answers /bend."""

        def read() -> DreamRequest:
            return DreamRequest.of(bend="random", chaos=chaos, intensity=intensity, model=model, seed=seed)

        picked = Picked(image, url)
        await self.bot.dreamer.for_interaction(
            interaction, read, lambda: picked.find(interaction), private=private
        )

    @bend.autocomplete("model")
    async def _model(
        self, interaction: discord.Interaction[DreamBot], typed: str
    ) -> list[app_commands.Choice[str]]:
        return choices(complete_model(typed), words_in(interaction))

    async def bend_this(self, interaction: discord.Interaction[Any], message: discord.Message) -> None:
        """Answers the message menu."""
        await self.bot.dreamer.for_interaction(
            interaction, lambda: DreamRequest(bend="random"), lambda: picture_of(interaction, message)
        )


async def setup(bot: DreamBot) -> None:
    """Called by discord.py when the extension is loaded."""
    await bot.add_cog(Bend(bot))
