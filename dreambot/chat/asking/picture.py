"""Which picture a command means: the one attached, the one linked, or the newest in the channel."""

from dataclasses import dataclass, replace
from typing import Any, Protocol, cast

import discord

from dreambot.chat import errors, permissions, source
from dreambot.chat.words import Told
from dreambot.jobs.types import Subject
from dreambot.recipe.repeat import RepeatRequest
from dreambot.recipe.wishes import Request, needs_source
from dreambot.services import Services


class _Client(Protocol):
    sees_messages: bool
    services: Services
    user: discord.ClientUser | None


@dataclass(frozen=True)
class Picked:
    """What the options of a command say of its picture. spoiler: its dream is to be hidden, whether it was or
    not."""

    image: discord.Attachment | None = None
    url: str | None = None
    spoiler: bool = False

    @property
    def anything(self) -> bool:
        """Whether a picture was handed over at all."""
        return bool(self.image or self.url)

    async def handed(self, interaction: discord.Interaction[Any]) -> Subject | None:
        """The picture that was handed over, if one was. Raises UserError where what was handed over leads to
        none, or to one that is not to be dreamed here."""
        if self.image:
            return self._hidden(source.of_attachment(self.image))
        if not self.url:
            return None
        services = cast(_Client, interaction.client).services
        return self._hidden(await source.typed(services, interaction, self.url))

    async def find(self, interaction: discord.Interaction[Any]) -> Subject:
        """The picture that was handed over, else the newest in the channel. Raises UserError where there is
        none."""
        return await self.handed(interaction) or self._hidden(await newest_picture(interaction))

    async def find_for(self, request: Request, interaction: discord.Interaction[Any]) -> Subject | None:
        """The picture that a request needs, or has use for. Raises UserError, also where one was handed over
        for nothing."""
        if needs_source(request):
            return await self.find(interaction)
        if self.anything and isinstance(request, RepeatRequest):
            raise Told("dreaming-out-of-nothing")
        return await self.handed(interaction)

    def _hidden(self, subject: Subject) -> Subject:
        return replace(subject, spoiler=True) if self.spoiler else subject


async def newest_picture(interaction: discord.Interaction[Any]) -> Subject:
    """The asker's newest picture of the channel's last messages, else anybody's. Raises UserError that says
    how to hand one over."""
    if interaction.is_user_integration() and not interaction.is_guild_integration():
        # Somebody brought the bot along to a server that it is not in.
        raise Told("dreaming-no-picture-blind")
    permissions.require(interaction.app_permissions, permissions.TO_LOOK_BACK)
    client = cast(_Client, interaction.client)
    nothing = "dreaming-no-picture" if client.sees_messages else "dreaming-no-picture-blind"
    history = source.look_back(interaction.channel)
    if history is None or client.user is None:
        raise Told(nothing)
    try:
        picture = await source.newest(client.services, history, interaction.user.id, client.user.id)
    except discord.HTTPException as error:
        if not errors.no_way_in(error):
            raise
        picture, nothing = None, "dreaming-no-picture-blind"
    if picture is None:
        raise Told(nothing)
    return picture


async def picture_of(interaction: discord.Interaction[Any], message: discord.Message) -> Subject:
    """The picture of a message that somebody chose. Raises UserError where it has none, or one that is to be
    left alone."""
    client = cast(_Client, interaction.client)
    picture = await source.chosen(client.services, message, interaction.user.id)
    if picture is None:
        raise Told("dreaming-no-picture-here")
    return picture
