"""Who may have which dream where: what is looked at before anything is promised.

A picture is shown to everybody in its channel, so where, how strongly and how large is the same for all, for
moderators too: they change it in `/settings` for everyone. How many and how long depends on roles.
"""

from dataclasses import dataclass, field
from typing import Any

import discord

from dreambot.chat import allowance
from dreambot.chat.words.told import Told
from dreambot.community.guild import GuildSettings
from dreambot.community.standing import Block, Standing
from dreambot.jobs.types import Bounds
from dreambot.recipe.wishes import Request
from dreambot.services import Services

_BLOCKED: dict[Block, str] = {
    "here": "moderating-blocked-here",
    "everywhere": "moderating-blocked-everywhere",
    "server": "moderating-blocked-server",
}
_NAMED_CHANNELS = 5
_FIRST_FRAME = 0.001
"""Seconds of a moving picture where films are not allowed: it is dreamed as a still one."""


class NotAllowed(Told):
    """They may not have that dream, there or now."""


@dataclass(frozen=True)
class Asker:
    """Who asks, and where. roles: in that server. parent: the channel that a thread belongs to. unasked: it
    is their picture, but not their wish."""

    person: int
    guild: int | None
    channel: int
    roles: frozenset[int] = frozenset()
    parent: int | None = None
    unasked: bool = False


def asker_in(interaction: discord.Interaction[Any]) -> Asker:
    """Who began an interaction."""
    user = interaction.user
    return Asker(
        user.id,
        interaction.guild_id,
        interaction.channel_id or 0,
        frozenset(role.id for role in user.roles) if isinstance(user, discord.Member) else frozenset(),
        parent=parent_of(interaction.channel),
    )


def asker_of(message: discord.Message, user: discord.abc.User, *, unasked: bool = False) -> Asker:
    """Somebody who wants something of a message's channel, or whose picture is dreamed unasked."""
    guild, channel = message.guild, message.channel
    member = user if guild and isinstance(user, discord.Member) else None
    return Asker(
        user.id,
        guild.id if guild else None,
        channel.id,
        frozenset(role.id for role in member.roles) if member else frozenset(),
        parent=parent_of(channel),
        unasked=unasked,
    )


def parent_of(channel: object) -> int | None:
    """The channel that a thread belongs to, None for other channels."""
    return channel.parent_id if isinstance(channel, discord.Thread) else None


@dataclass(frozen=True)
class Terms:
    """On which a wish is taken on. request: what was asked for, where it left something open that the server
    has settled. locale: the language that the server wants, None for the asker's."""

    request: Request
    bounds: Bounds = field(default_factory=Bounds)
    locale: str | None = None


async def admit(services: Services, asker: Asker, request: Request) -> Terms:
    """How much they may have. Raises UserError, in friendly words, where they may not have it at all.

    A picture that is dreamed unasked takes nothing of what its author may have in a day, nor waits in their
    place: they did not ask.
    """
    found = await services.community.standing(
        asker.guild, asker.person, asker.roles, counted=not asker.unasked
    )
    settings, limits = found.settings, found.limits
    if found.blocked:
        raise NotAllowed(_BLOCKED[found.blocked])
    _check_place(settings, asker)
    if not asker.unasked:
        _check_counts(found)
    longest = _least(services.settings.max_film_seconds, limits.seconds)
    request = allowance.within(request, settings.intensity, longest, clamp=asker.unasked)
    pixels = limits.side**2 if limits.side else None
    seconds = None if limits.seconds is None else max(limits.seconds, _FIRST_FRAME)
    return Terms(request, Bounds(pixels, seconds), settings.language)


async def require_unblocked(services: Services, asker: Asker) -> None:
    """Raises NotAllowed for those who may not use the bot there at all."""
    found = await services.community.standing(asker.guild, asker.person, asker.roles, counted=False)
    if found.blocked:
        raise NotAllowed(_BLOCKED[found.blocked])


def _check_place(settings: GuildSettings, asker: Asker) -> None:
    if asker.guild is None or settings.allows(asker.channel, asker.parent):
        return
    named = " ".join(f"<#{channel}>" for channel in settings.channels[:_NAMED_CHANNELS])
    raise NotAllowed("moderating-not-here", channels=named)


def _check_counts(found: Standing) -> None:
    limits = found.limits
    if limits.pictures_a_day == 0:
        raise NotAllowed("moderating-no-pictures")
    if found.again and limits.pictures_a_day:
        when = f"<t:{round(found.again.timestamp())}:R>"
        raise NotAllowed("moderating-day-full", count=limits.pictures_a_day, when=when)
    if limits.queue is not None and found.waiting >= limits.queue:
        raise NotAllowed("moderating-queue-full", count=limits.queue)


def _least(first: float, second: float | None) -> float:
    return first if second is None else min(first, second)
