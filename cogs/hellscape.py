"""`/hellscape`: a zooming feedback video, from noise or from an image."""

import discord
from discord import app_commands
from discord.ext import commands

from dreambot.bot import sources
from dreambot.bot.client import DreamBot
from dreambot.bot.commands import context_menu, usable_everywhere
from dreambot.bot.context import Interaction
from dreambot.bot.requests.completion import (
    architecture_of,
    build_choices,
    complete_bend,
    complete_journey,
    complete_model,
)
from dreambot.bot.requests.look_choices import complete_look
from dreambot.bot.requests.options import VIDEO_FORMAT_CHOICES, SourceOptions, source_of_message
from dreambot.errors import UserError
from dreambot.i18n import translator_for
from dreambot.recipe.hellscape import HellscapeRequest
from dreambot.recipe.journeys import HELLSCAPE_PRESETS

Choices = list[app_commands.Choice[str]]

_STARTS = {
    "fog": "fog: out of nothing",
    "static": "static: out of a dead channel",
    "picture": "picture: the one you attach, or the newest here",
}


class Hellscape(commands.Cog):
    """Makes hellscape videos, from noise unless an image is given."""

    def __init__(self, bot: DreamBot) -> None:
        self.bot = bot
        self._menu = context_menu("Hellscape this", self.hellscape_this)

    async def cog_load(self) -> None:
        """Adds the context menu, which a cog cannot declare."""
        self.bot.tree.add_command(self._menu)

    async def cog_unload(self) -> None:
        """Removes the context menu."""
        self.bot.tree.remove_command(self._menu.name, type=self._menu.type)

    @app_commands.command(name="hellscape", description="A video that falls into the network's nightmares")
    @app_commands.describe(
        start="What it begins with; fog, if you attach no picture",
        image="A picture to begin with",
        sound="An audio file or a video whose sound drives it and is heard in it",
        preset="A whole journey at once",
        layer="A journey through layers, such as mixed3 > mixed5",
        seconds="How long the video is",
        intensity="How deep, from 1 to 11",
        zoom="How fast it falls: 1.03 is usual, below 1 it backs away",
        loop="Whether its end leads back to its beginning",
        bend="Bend the network's circuits: random, or such as swap@mixed1=0.3",
        format="What kind of file it is",
        url="A link to a picture to begin with",
        model="Another network",
        seed="A number that repeats a video exactly",
        private="Only you see the video",
    )
    @app_commands.choices(
        start=[app_commands.Choice(name=says, value=it) for it, says in _STARTS.items()],
        format=VIDEO_FORMAT_CHOICES,
    )
    @usable_everywhere
    async def hellscape(
        self,
        interaction: Interaction,
        *,
        start: str | None = None,
        image: discord.Attachment | None = None,
        sound: discord.Attachment | None = None,
        preset: str | None = None,
        layer: str | None = None,
        seconds: app_commands.Range[float, 1, 60] | None = None,
        intensity: app_commands.Range[int, 1, 11] | None = None,
        zoom: app_commands.Range[float, 0.8, 1.25] | None = None,
        loop: bool = False,
        bend: str | None = None,
        format: str | None = None,
        url: str | None = None,
        model: str | None = None,
        seed: app_commands.Range[int, 0, 2**32 - 1] | None = None,
        private: bool = False,
    ) -> None:
        """Answers /hellscape."""
        jobs, source_options = self.bot.jobs, SourceOptions(image, url)
        begins = start or ("picture" if source_options.has_image else "fog")
        async with jobs.answer_interaction(interaction, private=private) as invocation:
            if source_options.has_image and begins != "picture":
                raise UserError("dreaming-two-starts")
            if sound and loop:
                raise UserError("errors-sound-loop")
            request = HellscapeRequest.of(
                start=begins,
                preset=preset,
                layer=layer,
                seconds=seconds,
                intensity=intensity,
                zoom=zoom,
                loop=loop,
                bend=bend,
                format=format,
                model=model,
                seed=seed,
            )
            source = source_options.given_or_newest(interaction) if begins == "picture" else None
            heard = sources.from_attachment(sound, person=interaction.user.id) if sound else None
            await jobs.submit(invocation, request, source, sound=heard)

    @hellscape.autocomplete("preset")
    async def _preset(self, interaction: Interaction, typed: str) -> Choices:
        return build_choices(await complete_look(interaction, typed, HELLSCAPE_PRESETS, videos=True))

    @hellscape.autocomplete("layer")
    async def _layer(self, interaction: Interaction, typed: str) -> Choices:
        return build_choices(
            complete_journey(
                typed, architecture_of(interaction.namespace.model), translator_for(interaction.locale.value)
            )
        )

    @hellscape.autocomplete("bend")
    async def _bend(self, interaction: Interaction, typed: str) -> Choices:
        return build_choices(
            complete_bend(
                typed, architecture_of(interaction.namespace.model), translator_for(interaction.locale.value)
            )
        )

    @hellscape.autocomplete("model")
    async def _model(self, interaction: Interaction, typed: str) -> Choices:
        return build_choices(complete_model(typed, translator_for(interaction.locale.value)))

    async def hellscape_this(self, interaction: Interaction, message: discord.Message) -> None:
        """Answers the message menu *Hellscape this*, for a picture, a sound such as a voice message, or both.

        Args:
            interaction: The interaction to answer.
            message: The chosen message.
        """
        async with self.bot.jobs.answer_interaction(interaction) as invocation:
            sound = await sources.chosen_sound(self.bot.services, message, interaction.user.id)
            source = None
            if sound is None or sources.image_in(message):
                source = await source_of_message(interaction, message)
            request = HellscapeRequest.of(start="picture" if source else "fog")
            await self.bot.jobs.submit(invocation, request, source, sound=sound)


async def setup(bot: DreamBot) -> None:
    """Adds the extension; discord.py calls it."""
    await bot.add_cog(Hellscape(bot))
