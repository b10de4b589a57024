"""Resolves the options of a command: the source image, an avatar, or the recipe of an earlier result."""

from dataclasses import dataclass, replace

import discord

from dreambot.bot import permissions, sources
from dreambot.bot.context import Interaction
from dreambot.errors import Message, UserError
from dreambot.jobs.models import AttachmentSource, SourceImage, SourceReference
from dreambot.media.concurrency import requested_by
from dreambot.recipe import Recipe
from dreambot.recipe.request import RepeatRequest, Request, can_use_source, needs_source

VIDEO_FORMAT_CHOICES = [
    discord.app_commands.Choice(name="gif: moves by itself, in a loop", value="gif"),
    discord.app_commands.Choice(name="mp4: a video, smaller and sharper", value="mp4"),
]
"""The choices of the option `format` where the result is a video."""
FORMAT_CHOICES = [
    *VIDEO_FORMAT_CHOICES,
    discord.app_commands.Choice(name="png: a still picture, even of a video", value="png"),
]
"""The choices of the option `format` where it may be a still."""


@dataclass(frozen=True)
class SourceOptions:
    """The options of a command that name its source.

    Attributes:
        image: The attached image.
        url: A link or an emoji.
        spoiler: Whether the result is hidden even if the source is not.
    """

    image: discord.Attachment | None = None
    url: str | None = None
    spoiler: bool = False

    @property
    def has_image(self) -> bool:
        """Whether the options name an image."""
        return bool(self.image or self.url)

    def given(self, interaction: Interaction) -> SourceImage | SourceReference | None:
        """Returns the image that the options name, or a reference to the message that they link to.

        Args:
            interaction: The interaction to answer.

        Returns:
            The source; None if the options name none.

        Raises:
            UserError: The image may not be dreamed here.
        """
        source: SourceImage | SourceReference
        if self.image:
            source = sources.from_attachment(self.image)
        elif self.url:
            source = sources.source_from_text(interaction, self.url)
        else:
            return None
        return replace(source, spoiler=True) if self.spoiler else source

    def given_or_newest(self, interaction: Interaction) -> SourceImage | SourceReference:
        """Returns the source that the options name, otherwise a reference to the newest image in the channel.

        Args:
            interaction: The interaction to answer.

        Raises:
            UserError: The image may not be dreamed here, or the channel cannot be read.
        """
        return self.given(interaction) or replace(newest_in_channel(interaction), spoiler=self.spoiler)

    def source_of(self, request: Request, interaction: Interaction) -> SourceImage | SourceReference | None:
        """Returns the source that a request needs or can use.

        Args:
            request: The request.
            interaction: The interaction to answer.

        Raises:
            UserError: As `given_or_newest`, or the request cannot use the image that the options name.
        """
        if needs_source(request):
            return self.given_or_newest(interaction)
        if self.has_image and not can_use_source(request):
            repeats = isinstance(request, RepeatRequest)
            raise UserError("dreaming-out-of-nothing" if repeats else "dreaming-two-starts")
        nothing = SourceReference("nothing", spoiler=True) if self.spoiler else None
        return self.given(interaction) or nothing


def newest_in_channel(interaction: Interaction) -> SourceReference:
    """Refers to the user's newest image in the channel's last messages, otherwise anyone's.

    Args:
        interaction: The interaction that needs an image.

    Raises:
        UserError: The channel cannot be read; the text says how to pass an image.
    """
    if interaction.is_user_integration() and not interaction.is_guild_integration():
        # A user installed the bot for themselves, and uses it in a server that it is not a member of.
        raise UserError("dreaming-no-picture-blind")
    permissions.require(interaction.app_permissions, permissions.NEEDED_FOR_HISTORY)
    reads_messages = interaction.client.intents.message_content
    return SourceReference(
        "newest", missing="dreaming-no-picture" if reads_messages else "dreaming-no-picture-blind"
    )


async def source_of_message(
    interaction: Interaction, message: discord.Message
) -> tuple[SourceImage, ...] | SourceReference:
    """Finds the images of a message that the user chose.

    Args:
        interaction: The interaction that chose it.
        message: The chosen message.

    Raises:
        UserError: It has no image, or one that the user may not dream.
    """
    source = await sources.source_in_message(interaction.client.services, message, interaction.user.id)
    if not source:
        raise UserError("dreaming-no-picture-here")
    return source


_AVATAR_SIZE = 1024
"""The requested side in pixels; smaller avatars stay as they are."""


async def avatar_image(interaction: Interaction, user: discord.Member | discord.User) -> SourceImage:
    """Makes a user's avatar a source: the first frame, in a server the member's avatar.

    Args:
        interaction: The interaction that chose the user.
        user: The user with the avatar.

    Raises:
        UserError: The user opted out.
    """
    guild_store = interaction.client.services.guild_store
    if not await sources.may_use_images_of(guild_store, user.id, interaction.user.id):
        raise UserError("dreaming-untouchable")
    avatar = user.display_avatar.replace(size=_AVATAR_SIZE, format="png")
    # Discord does not say how large its file is.
    label = Message("source-label-avatar").to_json()
    return SourceImage(AttachmentSource(avatar.url, "avatar.png", 0), label, False, None, user.id)


async def last_recipe(interaction: Interaction) -> Recipe:
    """Loads the recipe of the user's last dream.

    Args:
        interaction: The interaction to answer.

    Raises:
        UserError: The user has no dream yet.
    """
    job = await interaction.client.services.job_history.latest_with_recipe(interaction.user.id)
    if job is None or job.recipe is None:
        raise UserError("dreaming-no-dream-yet")
    return job.recipe


async def recipe_from_link(interaction: Interaction, link: str) -> Recipe:
    """Loads the recipe of the result in a linked message.

    Args:
        interaction: The interaction to answer.
        link: A link to the message.

    Raises:
        UserError: There is no result, or the user cannot see the channel.
    """
    linked = sources.parse_message_link(link)
    if linked is None:
        raise UserError("dreaming-no-link")
    channel, message = linked
    job = await interaction.client.services.job_history.find_by_result(message)
    if job is None or job.recipe is None or job.spec.reply_target.channel != channel:
        raise UserError("dreaming-no-result-there")
    if not permissions.may_see_job(interaction, job):
        raise UserError("dreaming-no-result-there")
    return job.recipe


async def recipe_from_file(interaction: Interaction, file: discord.Attachment) -> Recipe:
    """Reads the recipe from a result's file.

    Args:
        interaction: The interaction to answer.
        file: An image or a video.

    Raises:
        UserError: The file contains no recipe.
    """
    services = interaction.client.services
    folder = f"recipe-{interaction.id}"
    try:
        with requested_by(interaction.user.id):
            async with services.files.source(folder, sources.from_attachment(file).source) as path:
                text = await services.codecs.read_recipe(path)
    finally:
        await services.files.remove(folder)
    if text is None:
        raise UserError("dreaming-no-recipe-in-file")
    return Recipe.from_json(text)
