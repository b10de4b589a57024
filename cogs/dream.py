"""`/dream`, the menus that dream a message's picture or somebody's avatar, and mentions."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from dreambot.bot import DreamBot
from dreambot.chat import source
from dreambot.chat.anywhere import anywhere, menu
from dreambot.chat.asking.completion import (
    architecture,
    choices,
    complete_bend,
    complete_layer,
    complete_model,
)
from dreambot.chat.asking.form import DreamSettings
from dreambot.chat.asking.pasted import read_pasted, read_words, require_alone
from dreambot.chat.asking.picture import Picked, picture_of
from dreambot.chat.avatars import avatar_of
from dreambot.chat.words import Told, words_in
from dreambot.jobs.types import Subject
from dreambot.recipe import DreamRequest
from dreambot.recipe.hellscape_request import HellscapeRequest
from dreambot.recipe.presets import PRESETS
from dreambot.recipe.wishes import Request, needs_source

Choices = list[app_commands.Choice[str]]


class Dream(commands.Cog):
    """Dreams the picture somebody hands over, points at, or posted last."""

    def __init__(self, bot: DreamBot) -> None:
        self.bot = bot
        self._menus = (
            menu("Dream this", self.dream_this),
            menu("Dream settings…", self.dream_settings),
            menu("Dream avatar", self.dream_avatar),
        )

    async def cog_load(self) -> None:
        """Adds the menus, which a cog cannot declare."""
        for one in self._menus:
            self.bot.tree.add_command(one)

    async def cog_unload(self) -> None:
        """Takes the menus away again."""
        for one in self._menus:
            self.bot.tree.remove_command(one.name, type=one.type)

    @app_commands.command(name="dream", description="Let a neural network dream upon a picture")
    @app_commands.describe(
        image="The picture; without one, your newest picture here is taken",
        layer="Where in the network: mixed4 is eyes, mixed5 dogs; mix them with +",
        intensity="How deep, from 1 to 11",
        preset="A whole look at once",
        guide="A second picture, whose shapes appear in the dream",
        bend="Bend the network's circuits: random, or such as swap@mixed1=0.3",
        url="A link to a picture",
        model="Another network",
        recipe="A recipe to follow: paste it here",
        seed="A number that repeats a dream exactly",
        private="Only you see the dream",
        spoiler="Hide the dream behind a click",
    )
    @app_commands.choices(
        preset=[
            app_commands.Choice(name=f"{name}: {preset.shows}", value=name)
            for name, preset in PRESETS.items()
        ]
    )
    @anywhere
    async def dream(
        self,
        interaction: discord.Interaction[DreamBot],
        *,
        image: discord.Attachment | None = None,
        layer: str | None = None,
        intensity: app_commands.Range[int, 1, 11] | None = None,
        preset: str | None = None,
        guide: discord.Attachment | None = None,
        bend: str | None = None,
        url: str | None = None,
        model: str | None = None,
        recipe: str | None = None,
        seed: app_commands.Range[int, 0, 2**32 - 1] | None = None,
        private: bool = False,
        spoiler: bool = False,
    ) -> None:
        """Answers /dream."""
        how: dict[str, Any] = {
            "layer": layer,
            "intensity": intensity,
            "preset": preset,
            "bend": bend,
            "model": model,
            "seed": seed,
        }

        def read() -> Request:
            if not recipe:
                return DreamRequest.of(**how)
            require_alone(recipe, how)
            return read_pasted(recipe, guide=guide is not None)

        picked = Picked(image, url, spoiler)
        await self.bot.dreamer.for_interaction(
            interaction,
            read,
            lambda: picked.find_for(read(), interaction),
            private=private,
            guide=source.of_attachment(guide) if guide else None,
        )

    @dream.autocomplete("layer")
    async def _layer(self, interaction: discord.Interaction[DreamBot], typed: str) -> Choices:
        return choices(complete_layer(typed, _architecture(interaction)), words_in(interaction))

    @dream.autocomplete("bend")
    async def _bend(self, interaction: discord.Interaction[DreamBot], typed: str) -> Choices:
        return choices(complete_bend(typed, _architecture(interaction)), words_in(interaction))

    @dream.autocomplete("model")
    async def _model(self, interaction: discord.Interaction[DreamBot], typed: str) -> Choices:
        return choices(complete_model(typed), words_in(interaction))

    async def dream_this(self, interaction: discord.Interaction[Any], message: discord.Message) -> None:
        """Answers the message menu."""
        await self.bot.dreamer.for_interaction(
            interaction, DreamRequest, lambda: picture_of(interaction, message)
        )

    async def dream_settings(self, interaction: discord.Interaction[Any], message: discord.Message) -> None:
        """Answers the message menu with questions; their answers begin the dream."""
        if source.pointed_at(message) is None:
            raise Told("dreaming-no-picture-here")

        async def find(sent: discord.Interaction[Any]) -> Subject:
            return await picture_of(sent, message)

        await interaction.response.send_modal(DreamSettings(words_in(interaction), find))

    async def dream_avatar(
        self, interaction: discord.Interaction[Any], user: discord.Member | discord.User
    ) -> None:
        """Answers the user menu."""
        await self.bot.dreamer.for_interaction(
            interaction, DreamRequest, lambda: avatar_of(interaction, user)
        )

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answers a mention, if somebody typed it: a reply mentions whether one wants it or not."""
        if message.author.bot or message.webhook_id or not self.bot.is_named_in(message):
            return
        if message.guild is None:
            # Direct messages need no mention, and are answered by the cog for them.
            return

        asked: Request = DreamRequest()
        shows = message.reference is not None or source.pointed_at(message) is not None

        def read() -> Request:
            nonlocal asked
            self.bot.require_reply(message)
            asked = read_words(message.content)
            if isinstance(asked, HellscapeRequest) and asked.start is None and shows:
                asked = asked.model_copy(update={"start": "picture"})
            return asked

        async def find() -> Subject | None:
            picture = await self._meant(message) if shows or needs_source(asked) else None
            if picture is None and needs_source(asked):
                raise Told(await self._what_is_missing(message))
            return picture

        await self.bot.dreamer.for_message(message, read, find)

    async def _meant(self, message: discord.Message) -> Subject | None:
        """The picture of the message that was replied to, else of the mention itself."""
        replied = await source.replied_to(message)
        services, asker = self.bot.services, message.author.id
        picture = await source.chosen(services, replied, asker) if replied else None
        return picture or source.pointed_at(message)

    async def _what_is_missing(self, message: discord.Message) -> str:
        """The key of what to say where a mention has no picture."""
        blind = not self.bot.sees_messages and await source.replied_to(message) is not None
        return "dreaming-no-picture-blind" if blind else "dreaming-no-picture-mention"


def _architecture(interaction: discord.Interaction[Any]) -> str:
    """Of the model that was named in another option."""
    return architecture(interaction.namespace.model)


async def setup(bot: DreamBot) -> None:
    """Called by discord.py when the extension is loaded."""
    await bot.add_cog(Dream(bot))
