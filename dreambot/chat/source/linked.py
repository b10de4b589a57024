"""What somebody typed in place of a picture: a link to one, to a page or to a message, or an emoji."""

import re
from typing import Any

import discord

from dreambot.chat.source.picking import chosen
from dreambot.chat.source.places import require_place
from dreambot.chat.source.subjects import of_url
from dreambot.chat.words import Told
from dreambot.jobs.types import Subject
from dreambot.services import Services

_MESSAGE = re.compile(
    r"https://(?:\w+\.)?discord(?:app)?\.com/channels/(?:@me|\d{1,20})/(\d{1,20})/(\d{1,20})/?"
)


def message_behind(link: str) -> tuple[int, int] | None:
    """The ids of channel and message in a link to a message; None for any other text."""
    match = _MESSAGE.fullmatch(link.strip(" <>|"))
    return (int(match[1]), int(match[2])) if match else None


async def typed(services: Services, interaction: discord.Interaction[Any], text: str) -> Subject:
    """The picture that a text leads to. Raises UserError where it may not be dreamed here, or where a link to
    a message leads to none."""
    linked = message_behind(text)
    if linked is None:
        subject = of_url(text)
        require_place(subject, interaction.client.get_channel, interaction.channel)
        return subject
    channel, message = linked
    if channel != interaction.channel_id or not isinstance(interaction.channel, discord.abc.Messageable):
        raise Told("source-message-elsewhere")
    try:
        found = await interaction.channel.fetch_message(message)
    except (discord.NotFound, discord.Forbidden) as error:
        raise Told("source-message-unseen") from error
    picture = await chosen(services, found, interaction.user.id)
    if picture is None:
        raise Told("source-message-bare")
    return picture
