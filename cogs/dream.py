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
from dreambot.bot.requests.form import DreamSettingsModal, MixModal
from dreambot.bot.requests.look_choices import complete_look, look_names, usable_looks
from dreambot.bot.requests.messages import parse_message, parse_pasted, require_no_other_options
from dreambot.bot.requests.options import FORMAT_CHOICES, SourceOptions, avatar_image, source_of_message
from dreambot.errors import UserError
from dreambot.i18n import translator_for
from dreambot.jobs.models import SourceImage, SourceReference
from dreambot.recipe import DreamRequest
from dreambot.recipe.hellscape import HellscapeRequest
from dreambot.recipe.presets import OFFERED_PRESETS
from dreambot.recipe.request import can_use_source, needs_source

Choices = list[app_commands.Choice[str]]


class Dream(commands.Cog):
    """Dreams the image that a user attaches, chooses, or posted last."""

    def __init__(self, bot: DreamBot) -> None:
        self.bot = bot
        self._menus = (
            context_menu("Dream this", self.dream_this),
            context_menu("Dream settings…", self.dream_settings),
            context_menu("Mix with…", self.mix_with),
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
        four="Four different looks at once, small, to choose from",
        palette="The colours of what is added",
        source="What it starts from; the picture, unless you choose noise",
        text="Words that appear in the dream; without a picture, out of the dark",
        guide="A second picture, whose shapes or style the dream takes",
        guide_as="What the dream takes of the second picture",
        where="What is dreamed of the picture: faces, all but the faces, or everything",
        bend="Bend the network's circuits: random, or such as swap@mixed1=0.3",
        format="What comes out; gif and mp4 show a still picture turning into the dream",
        url="A link to a picture",
        model="Another network",
        recipe="A recipe to follow: paste it here",
        seed="A number that repeats a dream exactly",
        private="Only you see the dream",
        spoiler="Hide the dream behind a click",
    )
    @app_commands.choices(
        palette=[
            app_commands.Choice(name="natural: the colours of nature", value="natural"),
            app_commands.Choice(name="source: the picture's own colours", value="source"),
            app_commands.Choice(name="acid: neon, as the network wants it", value="acid"),
        ],
        source=[
            app_commands.Choice(name="noise: no picture, pure imagination", value="noise"),
            app_commands.Choice(name="picture: the one you attach, or the newest here", value="picture"),
        ],
        format=FORMAT_CHOICES,
        where=[
            app_commands.Choice(name="faces: only the faces", value="faces"),
            app_commands.Choice(name="background: all but the faces", value="background"),
            app_commands.Choice(name="everywhere: the whole picture", value="everywhere"),
        ],
        guide_as=[
            app_commands.Choice(name="shapes: what is seen in it", value="shapes"),
            app_commands.Choice(name="style: its strokes and colours", value="style"),
        ],
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
        four: bool = False,
        palette: str | None = None,
        source: str | None = None,
        text: str | None = None,
        guide: discord.Attachment | None = None,
        guide_as: str | None = None,
        where: str | None = None,
        bend: str | None = None,
        format: str | None = None,
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
            "four": four or None,
            "palette": palette,
            "source": source,
            "text": text,
            "guide_as": guide_as,
            "where": where,
            "bend": bend,
            "format": format,
            "model": model,
            "seed": seed,
        }

        async with self.bot.jobs.answer_interaction(interaction, private=private) as invocation:
            if recipe:
                require_no_other_options(recipe, how)
                request = parse_pasted(recipe, guide=guide is not None)
            else:
                request = DreamRequest.of(**how)
            await self.bot.jobs.submit(
                invocation,
                request,
                SourceOptions(image, url, spoiler).source_of(request, interaction),
                guide=sources.from_attachment(guide) if guide else None,
            )

    @dream.autocomplete("layer")
    async def _layer(self, interaction: Interaction, typed: str) -> Choices:
        return build_choices(
            complete_layer(typed, _architecture(interaction), translator_for(interaction.locale.value))
        )

    @dream.autocomplete("preset")
    async def _preset(self, interaction: Interaction, typed: str) -> Choices:
        return build_choices(await complete_look(interaction, typed, OFFERED_PRESETS))

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
        async with self.bot.jobs.answer_interaction(interaction) as invocation:
            source = await source_of_message(interaction, message)
            await self.bot.jobs.submit(invocation, DreamRequest(), source)

    async def dream_settings(self, interaction: Interaction, message: discord.Message) -> None:
        """Answers the message menu *Dream settings…* with a form.

        Args:
            interaction: The interaction to answer.
            message: The chosen message.

        Raises:
            UserError: The message has no image.
        """
        _require_image(message)
        looks = [look for look in await usable_looks(interaction) if not look.video]
        await interaction.response.send_modal(
            DreamSettingsModal(translator_for(interaction.locale.value), message, looks)
        )

    async def mix_with(self, interaction: Interaction, message: discord.Message) -> None:
        """Answers the message menu *Mix with…* with a form that takes a second picture.

        Args:
            interaction: The interaction to answer.
            message: The chosen message.

        Raises:
            UserError: The message has no image.
        """
        _require_image(message)
        await interaction.response.send_modal(MixModal(translator_for(interaction.locale.value), message))

    async def dream_avatar(self, interaction: Interaction, user: discord.Member | discord.User) -> None:
        """Answers the user menu *Dream avatar*.

        Args:
            interaction: The interaction to answer.
            user: The chosen user.
        """
        async with self.bot.jobs.answer_interaction(interaction) as invocation:
            await self.bot.jobs.submit(invocation, DreamRequest(), await avatar_image(interaction, user))

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answers a typed mention. A reply that only pings the bot is not answered."""
        if message.author.bot or message.webhook_id or not self.bot.is_mentioned_in(message):
            return
        if message.guild is None:
            # The cog for direct messages answers them, with or without a mention.
            return
        async with self.bot.jobs.answer_message(message) as invocation:
            self.bot.require_reply_permissions(message)
            looks = await self.bot.services.guild_store.looks.names(message.author.id, message.guild.id)
            request = parse_message(message.content, looks=look_names(looks))
            own_images = sources.images_or_file_in(message)
            replied = await sources.fetch_replied_message(message) if can_use_source(request) else None
            sound = None
            if isinstance(request, HellscapeRequest):
                for posted in (message, replied):
                    if posted and sound is None:
                        sound = await sources.chosen_sound(self.bot.services, posted, message.author.id)
                if sound:
                    # Its file is no picture.
                    own_image = sources.image_in(message)
                    own_images = (own_image,) if own_image else ()
                    replied = replied if replied and sources.image_in(replied) else None
                has_image = bool(replied or own_images or (message.reference and not sound))
                if request.start is None and has_image:
                    request = request.model_copy(update={"start": "picture"})
            if own_images and isinstance(request, DreamRequest) and not can_use_source(request):
                raise UserError("dreaming-two-starts")
            for image in own_images:
                sources.check_message_age_restriction(image, message)
            source: tuple[SourceImage, ...] | SourceReference = ()
            if replied:
                source = await sources.source_in_message(self.bot.services, replied, message.author.id)
            source = source or (own_images if can_use_source(request) else ())
            if not source and needs_source(request):
                cannot_read = replied is not None and not self.bot.intents.message_content
                raise UserError(f"dreaming-no-picture-{'blind' if cannot_read else 'mention'}")
            await self.bot.jobs.submit(invocation, request, source, sound=sound)


def _require_image(message: discord.Message) -> None:
    if not sources.images_or_file_in(message):
        raise UserError("dreaming-no-picture-here")


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
        async with self.bot.jobs.answer_interaction(interaction, private=private) as invocation:
            request = DreamRequest.of(bend="random", chaos=chaos, intensity=intensity, model=model, seed=seed)
            source = SourceOptions(image, url).given_or_newest(interaction)
            await self.bot.jobs.submit(invocation, request, source)

    @bend.autocomplete("model")
    async def _model(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return build_choices(complete_model(typed, translator_for(interaction.locale.value)))

    async def bend_this(self, interaction: Interaction, message: discord.Message) -> None:
        """Answers the message menu *Bend this*.

        Args:
            interaction: The interaction to answer.
            message: The chosen message.
        """
        async with self.bot.jobs.answer_interaction(interaction) as invocation:
            source = await source_of_message(interaction, message)
            await self.bot.jobs.submit(invocation, DreamRequest(bend="random"), source)


async def setup(bot: DreamBot) -> None:
    """Adds the extension; discord.py calls it."""
    await bot.add_cog(Dream(bot))
    await bot.add_cog(Bend(bot))
