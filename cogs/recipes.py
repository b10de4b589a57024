"""`/again` repeats the user's last dream on another image. `/recipe` prints the recipe of a result."""

import io
import secrets

import discord
from discord import app_commands
from discord.ext import commands

from dreambot.bot import sources
from dreambot.bot.client import DreamBot
from dreambot.bot.commands import usable_everywhere
from dreambot.bot.context import Interaction
from dreambot.bot.requests.messages import require_guide
from dreambot.bot.requests.options import SourceOptions, last_recipe, recipe_from_file, recipe_from_link
from dreambot.i18n import translator_for
from dreambot.recipe.request import RepeatRequest
from dreambot.recipe.text import format_recipe

_MAX_RECIPE_LENGTH = 1800
"""The longest recipe that fits into a message with a sentence."""


class Again(commands.Cog):
    """The commands /again and /recipe."""

    def __init__(self, bot: DreamBot) -> None:
        self.bot = bot

    @app_commands.command(name="again", description="Your last dream again, on another picture")
    @app_commands.describe(
        image="The picture; without one, your newest picture here is taken",
        url="A link to a picture",
        guide="The second picture, if your last dream had one",
        private="Only you see the dream",
        spoiler="Hide the dream behind a click",
    )
    @usable_everywhere
    async def again(
        self,
        interaction: Interaction,
        *,
        image: discord.Attachment | None = None,
        url: str | None = None,
        guide: discord.Attachment | None = None,
        private: bool = False,
        spoiler: bool = False,
    ) -> None:
        """Answers /again."""
        jobs = self.bot.jobs
        async with jobs.answer_interaction(interaction, private=private) as invocation:
            recipe = await last_recipe(interaction)
            require_guide(recipe, guide=guide is not None)
            if not recipe.needs_source:
                # Without a source, the same seed would repeat the same result.
                recipe = recipe.model_copy(update={"seed": secrets.randbits(32)})
            request = RepeatRequest(recipe=recipe)
            await jobs.submit(
                invocation,
                request,
                SourceOptions(image, url, spoiler).source_of(request, interaction),
                guide=sources.from_attachment(guide) if guide else None,
            )

    @app_commands.command(name="recipe", description="The recipe of a dream, ready to paste")
    @app_commands.describe(
        link="A link to a message with a dream of mine; without one, your own last dream",
        file="A picture or video of mine",
    )
    @usable_everywhere
    async def recipe(
        self,
        interaction: Interaction,
        *,
        link: str | None = None,
        file: discord.Attachment | None = None,
    ) -> None:
        """Answers /recipe."""
        await interaction.response.defer(ephemeral=True)
        if file:
            recipe = await recipe_from_file(interaction, file)
        elif link:
            recipe = await recipe_from_link(interaction, link)
        else:
            recipe = await last_recipe(interaction)
        text, translate = format_recipe(recipe), translator_for(interaction.locale.value)
        if len(text) <= _MAX_RECIPE_LENGTH:
            await interaction.edit_original_response(
                content=f"{translate('dreaming-recipe')}\n```\n{text}\n```"
            )
            return
        attached = discord.File(io.BytesIO(text.encode()), "recipe.txt")
        await interaction.edit_original_response(content=translate("dreaming-recipe"), attachments=[attached])


async def setup(bot: DreamBot) -> None:
    """Adds the extension; discord.py calls it."""
    await bot.add_cog(Again(bot))
