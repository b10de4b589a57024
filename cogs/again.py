"""`/again`: one's last dream again, on a new picture. `/recipe`: what a result was made by."""

import io
import secrets

import discord
from discord import app_commands
from discord.ext import commands

from dreambot.bot import DreamBot
from dreambot.chat import source
from dreambot.chat.anywhere import anywhere
from dreambot.chat.asking import recipe as told_recipe
from dreambot.chat.asking.pasted import require_guide
from dreambot.chat.asking.picture import Picked
from dreambot.chat.words import words_in
from dreambot.jobs.types import Subject
from dreambot.recipe.repeat import RepeatRequest, needs_picture
from dreambot.recipe.text import format_recipe

_MOST = 1800
"""Characters of a recipe that still fit into a message with a sentence."""


class Again(commands.Cog):
    """Recipes: followed once more, and told."""

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
    @anywhere
    async def again(
        self,
        interaction: discord.Interaction[DreamBot],
        *,
        image: discord.Attachment | None = None,
        url: str | None = None,
        guide: discord.Attachment | None = None,
        private: bool = False,
        spoiler: bool = False,
    ) -> None:
        """Answers /again."""
        picked = Picked(image, url, spoiler)
        asked: RepeatRequest | None = None

        async def read() -> RepeatRequest:
            nonlocal asked
            recipe = await told_recipe.own_last(interaction)
            require_guide(recipe, guide=guide is not None)
            if not needs_picture(recipe):
                # Out of nothing, the same seed would only bring the same picture.
                recipe = recipe.model_copy(update={"seed": secrets.randbits(32)})
            asked = RepeatRequest(recipe=recipe)
            return asked

        async def find() -> Subject | None:
            assert asked
            return await picked.find_for(asked, interaction)

        await self.bot.dreamer.for_interaction(
            interaction,
            read,
            find,
            private=private,
            guide=source.of_attachment(guide) if guide else None,
        )

    @app_commands.command(name="recipe", description="What a dream was made by, ready to paste")
    @app_commands.describe(
        link="A link to a message with a dream of mine; without one, your own last dream",
        file="A picture or video of mine",
    )
    @anywhere
    async def recipe(
        self,
        interaction: discord.Interaction[DreamBot],
        *,
        link: str | None = None,
        file: discord.Attachment | None = None,
    ) -> None:
        """Answers /recipe."""
        await interaction.response.defer(ephemeral=True)
        if file:
            recipe = await told_recipe.of_file(interaction, file)
        elif link:
            recipe = await told_recipe.of_link(interaction, link)
        else:
            recipe = await told_recipe.own_last(interaction)
        text, say = format_recipe(recipe), words_in(interaction)
        if len(text) <= _MOST:
            await interaction.edit_original_response(content=f"{say('dreaming-recipe')}\n```\n{text}\n```")
            return
        attached = discord.File(io.BytesIO(text.encode()), "recipe.txt")
        await interaction.edit_original_response(content=say("dreaming-recipe"), attachments=[attached])


async def setup(bot: DreamBot) -> None:
    """Called by discord.py when the extension is loaded."""
    await bot.add_cog(Again(bot))
