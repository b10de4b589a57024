"""Resolves the options of a command: the source image, an avatar, or the recipe of an earlier result."""

from dataclasses import dataclass, replace
from typing import Any, Protocol, cast

import discord

from dreambot.bot import errors, permissions, sources
from dreambot.bot.services import Services
from dreambot.errors import Message, UserError
from dreambot.jobs.models import AttachmentSource, Job, SourceImage
from dreambot.media.concurrency import requested_by
from dreambot.recipe import Recipe
from dreambot.recipe.request import RepeatRequest, Request, needs_source


class _SourceClient(Protocol):
    has_message_content: bool
    services: Services
    user: discord.ClientUser | None


@dataclass(frozen=True)
class SourceOptions:
    """What the options of a command say of its picture. spoiler: its dream is to be hidden, whether it was or
    not."""

    image: discord.Attachment | None = None
    url: str | None = None
    spoiler: bool = False

    @property
    def anything(self) -> bool:
        """Whether a picture was handed over at all."""
        return bool(self.image or self.url)

    async def handed(self, interaction: discord.Interaction[Any]) -> SourceImage | None:
        """The picture that was handed over, if one was. Raises UserError where what was handed over leads to
        none, or to one that is not to be dreamed here."""
        if self.image:
            return self._hidden(sources.from_attachment(self.image))
        if not self.url:
            return None
        services = cast(_SourceClient, interaction.client).services
        return self._hidden(await sources.image_from_text(services, interaction, self.url))

    async def find(self, interaction: discord.Interaction[Any]) -> SourceImage:
        """The picture that was handed over, else the newest in the channel. Raises UserError where there is
        none."""
        return await self.handed(interaction) or self._hidden(await newest_image_in_channel(interaction))

    async def find_for(self, request: Request, interaction: discord.Interaction[Any]) -> SourceImage | None:
        """The picture that a request needs, or has use for. Raises UserError, also where one was handed over
        for nothing."""
        if needs_source(request):
            return await self.find(interaction)
        if self.anything and isinstance(request, RepeatRequest):
            raise UserError("dreaming-out-of-nothing")
        return await self.handed(interaction)

    def _hidden(self, subject: SourceImage) -> SourceImage:
        return replace(subject, spoiler=True) if self.spoiler else subject


async def newest_image_in_channel(interaction: discord.Interaction[Any]) -> SourceImage:
    """The asker's newest picture of the channel's last messages, else anybody's. Raises UserError that says
    how to hand one over."""
    if interaction.is_user_integration() and not interaction.is_guild_integration():
        # Somebody brought the bot along to a server that it is not in.
        raise UserError("dreaming-no-picture-blind")
    permissions.require(interaction.app_permissions, permissions.NEEDED_FOR_HISTORY)
    client = cast(_SourceClient, interaction.client)
    nothing = "dreaming-no-picture" if client.has_message_content else "dreaming-no-picture-blind"
    history = sources.recent_messages(interaction.channel)
    if history is None or client.user is None:
        raise UserError(nothing)
    try:
        picture = await sources.newest_image(client.services, history, interaction.user.id, client.user.id)
    except discord.HTTPException as error:
        if not errors.is_channel_closed(error):
            raise
        picture, nothing = None, "dreaming-no-picture-blind"
    if picture is None:
        raise UserError(nothing)
    return picture


async def image_of_message(interaction: discord.Interaction[Any], message: discord.Message) -> SourceImage:
    """The picture of a message that somebody chose. Raises UserError where it has none, or one that is to be
    left alone."""
    client = cast(_SourceClient, interaction.client)
    picture = await sources.chosen_image(client.services, message, interaction.user.id)
    if picture is None:
        raise UserError("dreaming-no-picture-here")
    return picture


_AVATAR_SIZE = 1024
"""Pixels, where somebody's avatar has so many."""


class _AvatarClient(Protocol):
    services: Services


async def avatar_image(
    interaction: discord.Interaction[Any], user: discord.Member | discord.User
) -> SourceImage:
    """Somebody's avatar as it stands still, in a server the member's. Raises UserError where they want it
    left alone."""
    guild_store = cast(_AvatarClient, interaction.client).services.guild_store
    if not await sources.may_use_images_of(guild_store, user.id, interaction.user.id):
        raise UserError("dreaming-untouchable")
    avatar = user.display_avatar.replace(size=_AVATAR_SIZE, format="png")
    # Discord does not say how large its file is.
    label = Message("source-label-avatar").to_json()
    return SourceImage(AttachmentSource(avatar.url, "avatar.png", 0), label, False, None, user.id)


class _RecipeClient(Protocol):
    services: Services


async def last_recipe(interaction: discord.Interaction[Any]) -> Recipe:
    """Of the asker's own last dream. Raises UserError where there is none."""
    job = await _services(interaction).job_history.latest_with_recipe(interaction.user.id)
    if job is None or job.recipe is None:
        raise UserError("dreaming-no-dream-yet")
    return job.recipe


async def recipe_from_link(interaction: discord.Interaction[Any], link: str) -> Recipe:
    """Of the result in the message that a link leads to. Raises UserError where it leads to none, or to where
    the asker cannot look."""
    linked = sources.parse_message_link(link)
    if linked is None:
        raise UserError("dreaming-no-link")
    channel, message = linked
    job = await _services(interaction).job_history.find_by_result(message)
    if job is None or job.recipe is None or job.ask.place.channel != channel:
        raise UserError("dreaming-no-result-there")
    if not _may_see(interaction, job):
        raise UserError("dreaming-no-result-there")
    return job.recipe


async def recipe_from_file(interaction: discord.Interaction[Any], file: discord.Attachment) -> Recipe:
    """Of a picture or film of ours. Raises UserError where it carries none."""
    services = _services(interaction)
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


def _may_see(interaction: discord.Interaction[Any], job: Job) -> bool:
    place, user = job.ask.place, interaction.user
    if job.ask.owner == user.id:
        return True
    if place.private:
        return False
    if place.channel == interaction.channel_id:
        return True
    guild = interaction.guild
    there = guild.get_channel_or_thread(place.channel) if guild and place.guild == guild.id else None
    return there is not None and isinstance(user, discord.Member) and _may_read(there, user)


def _may_read(channel: discord.abc.GuildChannel | discord.Thread, member: discord.Member) -> bool:
    have = channel.permissions_for(member)
    return have.view_channel and have.read_message_history


def _services(interaction: discord.Interaction[Any]) -> Services:
    return cast(_RecipeClient, interaction.client).services
