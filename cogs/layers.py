"""`/layers`: the networks' layers, to look through, pick from, and dream with."""

import discord
from discord import app_commands
from discord.ext import commands

from dreambot.bot import DreamBot
from dreambot.chat.anywhere import anywhere
from dreambot.chat.asking.completion import choices, complete_model
from dreambot.chat.pages.atlas import LayersControl, layers_page
from dreambot.chat.words import words_in
from dreambot.recipe.trained import DEFAULT_MODEL


class Layers(commands.Cog):
    """Shows what there is to dream."""

    def __init__(self, bot: DreamBot) -> None:
        self.bot = bot

    async def cog_load(self) -> None:
        """Makes the pages answer, those of before a restart too."""
        self.bot.add_dynamic_items(LayersControl)

    async def cog_unload(self) -> None:
        """Leaves them be."""
        self.bot.remove_dynamic_items(LayersControl)

    @app_commands.command(name="layers", description="See what each layer dreams, and pick one")
    @app_commands.describe(model="Another network")
    @anywhere
    async def layers(self, interaction: discord.Interaction[DreamBot], *, model: str | None = None) -> None:
        """Answers /layers."""
        await interaction.response.defer(ephemeral=True)
        page = layers_page((model or DEFAULT_MODEL).strip().lower(), 0, words_in(interaction))
        await interaction.edit_original_response(view=page.view, attachments=page.files)

    @layers.autocomplete("model")
    async def _model(
        self, interaction: discord.Interaction[DreamBot], typed: str
    ) -> list[app_commands.Choice[str]]:
        return choices(complete_model(typed), words_in(interaction))


async def setup(bot: DreamBot) -> None:
    """Called by discord.py when the extension is loaded."""
    await bot.add_cog(Layers(bot))
