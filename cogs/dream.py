"""`/dream` and `/bend`, the context menus of messages and users, and mentions."""

from typing import Any

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
    complete_layer,
    complete_model,
)
from dreambot.bot.requests.form import DreamSettingsModal
from dreambot.bot.requests.messages import parse_message, parse_pasted, require_no_other_options
from dreambot.bot.requests.options import SourceOptions, avatar_image, image_of_message
from dreambot.errors import UserError
from dreambot.i18n import translator_for
from dreambot.jobs.models import SourceImage
from dreambot.recipe import DreamRequest
from dreambot.recipe.hellscape import HellscapeRequest
from dreambot.recipe.presets import PRESETS
from dreambot.recipe.request import Request, needs_source

Choices = list[app_commands.Choice[str]]


class Dream(commands.Cog):
    """Dreams the image that a user attaches, chooses, or posted last."""

    def __init__(self, bot: DreamBot) -> None:
        self.bot = bot
        self._menus = (
            context_menu("Dream this", self.dream_this),
            context_menu("Dream settings…", self.dream_settings),
            context_menu("Dream avatar", self.dream_avatar),
        )

    async def cog_load(self) -> None:
        """Adds the context menus, which a cog cannot declare."""
        for one in self._menus:
            self.bot.tree.add_command(one)

    async def cog_unload(self) -> None:
        """Removes the context menus."""
        for one in self._menus:
            self.bot.tree.remove_command(one.name, type=one.type)

    @app_commands.command(name="dream", description="Let a neural network dream a picture")
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
    @usable_everywhere
    async def dream(
        self,
        interaction: Interaction,
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
            require_no_other_options(recipe, how)
            return parse_pasted(recipe, guide=guide is not None)

        source_options = SourceOptions(image, url, spoiler)
        await self.bot.jobs.submit_interaction(
            interaction,
            read,
            lambda: source_options.find_for(read(), interaction),
            private=private,
            guide=sources.from_attachment(guide) if guide else None,
        )

    @dream.autocomplete("layer")
    async def _layer(self, interaction: Interaction, typed: str) -> Choices:
        return build_choices(
            complete_layer(typed, _architecture(interaction), translator_for(interaction.locale.value))
        )

    @dream.autocomplete("bend")
    async def _bend(self, interaction: Interaction, typed: str) -> Choices:
        return build_choices(
            complete_bend(typed, _architecture(interaction), translator_for(interaction.locale.value))
        )

    @dream.autocomplete("model")
    async def _model(self, interaction: Interaction, typed: str) -> Choices:
        return build_choices(complete_model(typed, translator_for(interaction.locale.value)))

    async def dream_this(self, interaction: Interaction, message: discord.Message) -> None:
        """Answers the message menu *Dream this*.

        Args:
            interaction: The interaction to answer.
            message: The chosen message.
        """
        await self.bot.jobs.submit_interaction(
            interaction, DreamRequest, lambda: image_of_message(interaction, message)
        )

    async def dream_settings(self, interaction: Interaction, message: discord.Message) -> None:
        """Answers the message menu *Dream settings…* with a form.

        Args:
            interaction: The interaction to answer.
            message: The chosen message.

        Raises:
            UserError: The message has no image.
        """
        if sources.image_or_file_in(message) is None:
            raise UserError("dreaming-no-picture-here")

        async def find(sent: Interaction) -> SourceImage:
            return await image_of_message(sent, message)

        await interaction.response.send_modal(
            DreamSettingsModal(translator_for(interaction.locale.value), find)
        )

    async def dream_avatar(self, interaction: Interaction, user: discord.Member | discord.User) -> None:
        """Answers the user menu *Dream avatar*.

        Args:
            interaction: The interaction to answer.
            user: The chosen user.
        """
        await self.bot.jobs.submit_interaction(
            interaction, DreamRequest, lambda: avatar_image(interaction, user)
        )

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answers a typed mention. A reply that only pings the bot is not answered."""
        if message.author.bot or message.webhook_id or not self.bot.is_mentioned_in(message):
            return
        if message.guild is None:
            # The cog for direct messages answers them, with or without a mention.
            return

        request: Request = DreamRequest()
        has_image = message.reference is not None or sources.image_or_file_in(message) is not None

        def read() -> Request:
            nonlocal request
            self.bot.require_reply_permissions(message)
            request = parse_message(message.content)
            if isinstance(request, HellscapeRequest) and request.start is None and has_image:
                request = request.model_copy(update={"start": "picture"})
            return request

        async def find() -> SourceImage | None:
            picture = await self._image_for_mention(message) if has_image or needs_source(request) else None
            if picture is None and needs_source(request):
                raise UserError(await self._missing_source_key(message))
            return picture

        await self.bot.jobs.submit_message(message, read, find)

    async def _image_for_mention(self, message: discord.Message) -> SourceImage | None:
        """Finds the image of the message that was replied to, otherwise of the mention itself."""
        replied = await sources.fetch_replied_message(message)
        services, requester = self.bot.services, message.author.id
        picture = await sources.chosen_image(services, replied, requester) if replied else None
        return picture or sources.image_or_file_in(message)

    async def _missing_source_key(self, message: discord.Message) -> str:
        """Chooses the catalogue key of the error for a mention without an image."""
        cannot_read = (
            not self.bot.intents.message_content and await sources.fetch_replied_message(message) is not None
        )
        return "dreaming-no-picture-blind" if cannot_read else "dreaming-no-picture-mention"


def _architecture(interaction: Interaction) -> str:
    """Determines the architecture of the network in the command's model option."""
    return architecture_of(interaction.namespace.model)


class Bend(commands.Cog):
    """Dreams with random bends."""

    def __init__(self, bot: DreamBot) -> None:
        self.bot = bot
        self._menu = context_menu("Bend this", self.bend_this)

    async def cog_load(self) -> None:
        """Adds the context menu, which a cog cannot declare."""
        self.bot.tree.add_command(self._menu)

    async def cog_unload(self) -> None:
        """Removes the context menu."""
        self.bot.tree.remove_command(self._menu.name, type=self._menu.type)

    @app_commands.command(name="bend", description="Spin the network's knobs at random and dream through it")
    @app_commands.describe(
        image="The picture; without one, your newest picture here is taken",
        chaos="How far the knobs are spun, from 1 to 11",
        intensity="How deep, from 1 to 11",
        url="A link to a picture",
        model="Another network",
        seed="A number that repeats the bends exactly",
        private="Only you see the dream",
    )
    @usable_everywhere
    async def bend(
        self,
        interaction: Interaction,
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

        source_options = SourceOptions(image, url)
        await self.bot.jobs.submit_interaction(
            interaction, read, lambda: source_options.find(interaction), private=private
        )

    @bend.autocomplete("model")
    async def _model(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return build_choices(complete_model(typed, translator_for(interaction.locale.value)))

    async def bend_this(self, interaction: Interaction, message: discord.Message) -> None:
        """Answers the message menu *Bend this*.

        Args:
            interaction: The interaction to answer.
            message: The chosen message.
        """
        await self.bot.jobs.submit_interaction(
            interaction, lambda: DreamRequest(bend="random"), lambda: image_of_message(interaction, message)
        )


async def setup(bot: DreamBot) -> None:
    """Adds the extension; discord.py calls it."""
    await bot.add_cog(Dream(bot))
    await bot.add_cog(Bend(bot))
