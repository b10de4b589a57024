"""People's avatars as pictures to dream upon."""

from typing import Any, Protocol, cast

import discord

from dreambot.chat import source
from dreambot.chat.words import FALLBACK, Told, words
from dreambot.jobs.types import AttachmentSource, Subject
from dreambot.services import Services

_SIDE = 1024
"""Pixels, where somebody's avatar has so many."""


class _Client(Protocol):
    services: Services


async def avatar_of(interaction: discord.Interaction[Any], user: discord.Member | discord.User) -> Subject:
    """Somebody's avatar as it stands still, in a server the member's. Raises UserError where they want it
    left alone."""
    community = cast(_Client, interaction.client).services.community
    if not await source.permitted(community, user.id, interaction.user.id):
        raise Told("dreaming-untouchable")
    avatar = user.display_avatar.replace(size=_SIDE, format="png")
    # Discord does not say how large its file is. The label is stored, and said in the reader's language.
    label = words(FALLBACK)("source-label-avatar")
    return Subject(AttachmentSource(avatar.url, "avatar.png", 0), label, False, None, user.id)
