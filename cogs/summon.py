"""`/summon`: class visualisation, from noise or into an image."""

import discord
from discord import app_commands
from discord.ext import commands

from dreambot.bot.client import DreamBot
from dreambot.bot.commands import usable_everywhere
from dreambot.bot.context import Interaction
from dreambot.bot.requests.completion import build_choices, complete_class
from dreambot.bot.requests.options import FORMAT_CHOICES, SourceOptions
from dreambot.recipe.summon import SummonRequest


class Summon(commands.Cog):
    """The command /summon."""

    def __init__(self, bot: DreamBot) -> None:
        self.bot = bot

    @app_commands.command(name="summon", description="Call a thing out of the network, or into a picture")
    @app_commands.describe(
        what="What to summon, such as jellyfish; several are joined by +",
        image="A picture to summon it into; without one, it comes out of nothing",
        intensity="How insistently, from 1 to 11",
        format="What comes out; gif and mp4 show how it emerges",
        url="A link to a picture to summon it into",
        seed="A number that repeats a summoning exactly",
        private="Only you see the result",
    )
    @app_commands.choices(format=FORMAT_CHOICES)
    @usable_everywhere
    async def summon(
        self,
        interaction: Interaction,
        *,
        what: str,
        image: discord.Attachment | None = None,
        intensity: app_commands.Range[int, 1, 11] | None = None,
        format: str | None = None,
        url: str | None = None,
        seed: app_commands.Range[int, 0, 2**32 - 1] | None = None,
        private: bool = False,
    ) -> None:
        """Answers /summon."""
        jobs = self.bot.jobs
        async with jobs.answer_interaction(interaction, private=private) as invocation:
            request = SummonRequest.of(what, intensity=intensity, format=format, seed=seed)
            await jobs.submit(invocation, request, SourceOptions(image, url).given(interaction))

    @summon.autocomplete("what")
    async def _what(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return build_choices(complete_class(typed))


async def setup(bot: DreamBot) -> None:
    """Adds the extension; discord.py calls it."""
    await bot.add_cog(Summon(bot))
