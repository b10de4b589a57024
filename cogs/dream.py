"""`/dream`, the message menu “Dream this”, and mentions in reply to a picture."""

import logging
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from dreambot.bot import DreamBot
from dreambot.chat import errors, permissions, source, texts
from dreambot.chat.asking import read_request
from dreambot.chat.completion import complete_layer
from dreambot.jobs.types import Subject
from dreambot.recipe import DreamRequest
from dreambot.recipe.presets import PRESETS

log = logging.getLogger(__name__)

EVERYWHERE = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True)
EITHER_WAY = app_commands.AppInstallationType(guild=True, user=True)


class Dream(commands.Cog):
    """Dreams the picture somebody hands over, points at, or posted last."""

    def __init__(self, bot: DreamBot) -> None:
        self.bot = bot
        self._menu = app_commands.ContextMenu(
            name="Dream this",
            callback=self.dream_this,
            allowed_contexts=EVERYWHERE,
            allowed_installs=EITHER_WAY,
        )

    async def cog_load(self) -> None:
        """Adds the menu, which a cog cannot declare."""
        self.bot.tree.add_command(self._menu)

    async def cog_unload(self) -> None:
        """Takes the menu away again."""
        self.bot.tree.remove_command(self._menu.name, type=self._menu.type)

    @app_commands.command(name="dream", description="Let a neural network dream upon a picture")
    @app_commands.describe(
        image="The picture; without one, your newest picture here is taken",
        url="A link to a picture",
        layer="Where in the network: mixed4 is eyes, mixed5 dogs; mix them with +",
        intensity="How deep, from 1 to 11",
        preset="A whole look at once",
        seed="A number that repeats a dream exactly",
    )
    @app_commands.choices(
        preset=[
            app_commands.Choice(name=f"{name}: {preset.shows}", value=name)
            for name, preset in PRESETS.items()
        ]
    )
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    @app_commands.allowed_installs(guilds=True, users=True)
    async def dream(
        self,
        interaction: discord.Interaction[DreamBot],
        *,
        image: discord.Attachment | None = None,
        url: str | None = None,
        layer: str | None = None,
        intensity: app_commands.Range[int, 1, 11] | None = None,
        preset: str | None = None,
        seed: app_commands.Range[int, 0, 2**32 - 1] | None = None,
    ) -> None:
        """Answers /dream."""

        def read() -> DreamRequest:
            return DreamRequest.of(layer=layer, intensity=intensity, preset=preset, seed=seed)

        async def find() -> Subject:
            if image:
                return source.of_attachment(image)
            return source.of_url(url) if url else await self._newest(interaction)

        await self.bot.dreamer.for_interaction(interaction, read, find)

    @dream.autocomplete("layer")
    async def _complete(self, _: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=shown, value=value) for shown, value in complete_layer(typed)]

    async def dream_this(self, interaction: discord.Interaction[Any], message: discord.Message) -> None:
        """Answers the message menu."""

        async def find() -> Subject:
            picture = source.in_message(message)
            if picture is None:
                raise source.NoPicture(texts.NO_PICTURE_HERE)
            return picture

        await self.bot.dreamer.for_interaction(interaction, DreamRequest, find)

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answers a mention, if somebody typed it: a reply mentions whether one wants it or not."""
        if message.author.bot or message.webhook_id or not self.bot.is_named_in(message):
            return

        def read() -> DreamRequest:
            self.bot.require_reply(message)
            return read_request(message.content)

        async def find() -> Subject:
            return await self._meant(message)

        await self.bot.dreamer.for_message(message, read, find)

    async def _newest(self, interaction: discord.Interaction[DreamBot]) -> Subject:
        if interaction.is_user_integration() and not interaction.is_guild_integration():
            # Somebody brought the bot along to a server that it is not in.
            raise source.NoPicture(texts.NO_PICTURE_BLIND)
        permissions.require(interaction.app_permissions, permissions.TO_LOOK_BACK)
        history = source.look_back(interaction.channel)
        nothing = texts.NO_PICTURE if self.bot.sees_messages else texts.NO_PICTURE_BLIND
        if history is None or self.bot.user is None:
            raise source.NoPicture(nothing)
        try:
            picture = await source.newest(history, interaction.user.id, self.bot.user.id)
        except discord.HTTPException as error:
            if not errors.no_way_in(error):
                raise
            picture, nothing = None, texts.NO_PICTURE_BLIND
        if picture is None:
            raise source.NoPicture(nothing)
        return picture

    async def _meant(self, message: discord.Message) -> Subject:
        """The picture of the message that was replied to, else of the mention itself."""
        replied = await self._replied_to(message)
        picture = (source.in_message(replied) if replied else None) or source.in_message(message)
        if picture is None:
            blind = replied is not None and not self.bot.sees_messages
            raise source.NoPicture(texts.NO_PICTURE_BLIND if blind else texts.NO_PICTURE_MENTION)
        return picture

    async def _replied_to(self, message: discord.Message) -> discord.Message | None:
        reference = message.reference
        if reference is None or reference.type is not discord.MessageReferenceType.reply:
            return None
        if isinstance(reference.resolved, discord.Message):
            return reference.resolved
        if reference.message_id is None or isinstance(reference.resolved, discord.DeletedReferencedMessage):
            return None
        try:
            return await message.channel.fetch_message(reference.message_id)
        except discord.HTTPException:
            return None


async def setup(bot: DreamBot) -> None:
    """Called by discord.py when the extension is loaded."""
    await bot.add_cog(Dream(bot))
