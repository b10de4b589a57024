"""Who may have which dream where: what is looked at before anything is promised."""

from dataclasses import dataclass, field
from typing import Any

import discord

from dreambot.jobs.types import Bounds
from dreambot.recipe.wishes import Request
from dreambot.services import Services


@dataclass(frozen=True)
class Asker:
    """Who asks, and where. roles: in that server. moderator: may manage messages there."""

    person: int
    guild: int | None
    channel: int
    roles: frozenset[int] = frozenset()
    moderator: bool = False


def asker_in(interaction: discord.Interaction[Any]) -> Asker:
    """Who began an interaction."""
    user = interaction.user
    roles = frozenset(role.id for role in user.roles) if isinstance(user, discord.Member) else frozenset()
    moderator = interaction.guild_id is not None and interaction.permissions.manage_messages
    return Asker(user.id, interaction.guild_id, interaction.channel_id or 0, roles, moderator)


def asker_of(message: discord.Message, user: discord.abc.User) -> Asker:
    """Somebody who wants something of a message's channel."""
    guild = message.guild
    if guild is None or not isinstance(user, discord.Member):
        return Asker(user.id, guild.id if guild else None, message.channel.id)
    moderator = message.channel.permissions_for(user).manage_messages
    roles = frozenset(role.id for role in user.roles)
    return Asker(user.id, guild.id, message.channel.id, roles, moderator)


@dataclass(frozen=True)
class Terms:
    """On which a wish is taken on. locale: the language that the server wants, None for the asker's."""

    bounds: Bounds = field(default_factory=Bounds)
    locale: str | None = None


async def admit(services: Services, asker: Asker, request: Request) -> Terms:
    """How much they may have. Raises UserError, in friendly words, where they may not have it at all."""
    return Terms()
