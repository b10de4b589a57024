"""Decides whether a user may have a job, and limits the request to what server, role and operator allow.

A result is visible to everyone in its channel, so the channel, the intensity and the size are limited
alike for everyone, moderators included: they change these limits in `/settings`. Number and length
depend on roles.
"""

from dataclasses import dataclass, field
from typing import Any

import discord

from dreambot.bot.services import Services
from dreambot.errors import UserError
from dreambot.guilds.eligibility import BlockScope, Eligibility
from dreambot.guilds.settings import GuildSettings
from dreambot.jobs.models import Limits
from dreambot.recipe.dream import DEFAULT_INTENSITY
from dreambot.recipe.hellscape import DEFAULT_FPS, DEFAULT_SECONDS, HellscapeRequest
from dreambot.recipe.request import RepeatRequest, Request, requested_intensity


class LimitExceeded(UserError):
    """More was asked for than is allowed; the message says how much is."""


def apply_limits(request: Request, intensity: int, seconds: float, *, clamp: bool = False) -> Request:
    """What nobody said is chosen so that it is allowed; what was said and is too much raises TooMuch. clamp:
    that, too, is made smaller. intensity: the largest. seconds: of the longest film, 0 for none."""
    return _limit_video(_limit_intensity(request, intensity, clamp=clamp), seconds)


def _limit_intensity(request: Request, most: int, *, clamp: bool) -> Request:
    asked = requested_intensity(request)
    if (asked or DEFAULT_INTENSITY) <= most:
        return request
    if isinstance(request, RepeatRequest):
        # A recipe is followed as it is, or not at all; one without a notch was not made by the dial.
        if asked is None:
            return request
        raise LimitExceeded("moderating-too-intense", most=most)
    if asked is None or clamp:
        return request.model_copy(update={"intensity": most})
    raise LimitExceeded("moderating-too-intense", most=most)


def _limit_video(request: Request, most: float) -> Request:
    seconds = video_seconds(request)
    if seconds is None or seconds <= most:
        return request
    if not most:
        raise LimitExceeded("moderating-no-films")
    if isinstance(request, HellscapeRequest) and request.seconds is None and request.frames is None:
        return request.model_copy(update={"seconds": most})
    raise LimitExceeded("moderating-too-long", most=_rounded_seconds(most))


def video_seconds(request: Request) -> float | None:
    """How long the hellscape is that was asked for; None for pictures, and what moves as its source does."""
    match request:
        case HellscapeRequest(frames=int(frames)):
            return frames / (request.fps or DEFAULT_FPS)
        case HellscapeRequest():
            return request.seconds or DEFAULT_SECONDS
        case RepeatRequest(recipe=recipe) if recipe.hellscape:
            return recipe.hellscape.frames / recipe.hellscape.fps
    return None


def _rounded_seconds(seconds: float) -> float:
    return int(seconds) if seconds == int(seconds) else round(seconds, 1)


_BLOCKED_KEYS: dict[BlockScope, str] = {
    "here": "moderating-blocked-here",
    "everywhere": "moderating-blocked-everywhere",
    "server": "moderating-blocked-server",
}
_MAX_NAMED_CHANNELS = 5
_FIRST_FRAME_S = 0.001
"""Seconds of a moving picture where films are not allowed: it is dreamed as a still one."""


class NotAllowed(UserError):
    """They may not have that dream, there or now."""


@dataclass(frozen=True)
class Requester:
    """Who asks, and where. roles: in that server. parent: the channel that a thread belongs to. unasked: it
    is their picture, but not their wish."""

    person: int
    guild: int | None
    channel: int
    roles: frozenset[int] = frozenset()
    parent: int | None = None
    unasked: bool = False


def requester_of_interaction(interaction: discord.Interaction[Any]) -> Requester:
    """Who began an interaction."""
    user = interaction.user
    return Requester(
        user.id,
        interaction.guild_id,
        interaction.channel_id or 0,
        frozenset(role.id for role in user.roles) if isinstance(user, discord.Member) else frozenset(),
        parent=parent_channel_id(interaction.channel),
    )


def requester_of_message(
    message: discord.Message, user: discord.abc.User, *, unasked: bool = False
) -> Requester:
    """Somebody who wants something of a message's channel, or whose picture is dreamed unasked."""
    guild, channel = message.guild, message.channel
    member = user if guild and isinstance(user, discord.Member) else None
    return Requester(
        user.id,
        guild.id if guild else None,
        channel.id,
        frozenset(role.id for role in member.roles) if member else frozenset(),
        parent=parent_channel_id(channel),
        unasked=unasked,
    )


def parent_channel_id(channel: object) -> int | None:
    """The channel that a thread belongs to, None for other channels."""
    return channel.parent_id if isinstance(channel, discord.Thread) else None


@dataclass(frozen=True)
class AdmittedRequest:
    """On which a wish is taken on. request: what was asked for, where it left something open that the server
    has settled. locale: the language that the server wants, None for the asker's."""

    request: Request
    bounds: Limits = field(default_factory=Limits)
    locale: str | None = None


async def admit(services: Services, asker: Requester, request: Request) -> AdmittedRequest:
    """How much they may have. Raises UserError, in friendly words, where they may not have it at all.

    A picture that is dreamed unasked takes nothing of what its author may have in a day, nor waits in their
    place: they did not ask.
    """
    found = await services.guild_store.standing(
        asker.guild, asker.person, asker.roles, counted=not asker.unasked
    )
    settings, limits = found.settings, found.limits
    if found.blocked:
        raise NotAllowed(_BLOCKED_KEYS[found.blocked])
    _check_channel(settings, asker)
    if not asker.unasked:
        _check_quotas(found)
    longest = _smaller_limit(services.settings.max_film_seconds, limits.seconds)
    request = apply_limits(request, settings.intensity, longest, clamp=asker.unasked)
    pixels = limits.side**2 if limits.side else None
    seconds = None if limits.seconds is None else max(limits.seconds, _FIRST_FRAME_S)
    return AdmittedRequest(request, Limits(pixels, seconds), settings.language)


async def require_unblocked(services: Services, asker: Requester) -> None:
    """Raises NotAllowed for those who may not use the bot there at all."""
    found = await services.guild_store.standing(asker.guild, asker.person, asker.roles, counted=False)
    if found.blocked:
        raise NotAllowed(_BLOCKED_KEYS[found.blocked])


def _check_channel(settings: GuildSettings, asker: Requester) -> None:
    if asker.guild is None or settings.allows(asker.channel, asker.parent):
        return
    named = " ".join(f"<#{channel}>" for channel in settings.channels[:_MAX_NAMED_CHANNELS])
    raise NotAllowed("moderating-not-here", channels=named)


def _check_quotas(found: Eligibility) -> None:
    limits = found.limits
    if limits.pictures_a_day == 0:
        raise NotAllowed("moderating-no-pictures")
    if found.again and limits.pictures_a_day:
        when = f"<t:{round(found.again.timestamp())}:R>"
        raise NotAllowed("moderating-day-full", count=limits.pictures_a_day, when=when)
    if limits.queue is not None and found.waiting >= limits.queue:
        raise NotAllowed("moderating-queue-full", count=limits.queue)


def _smaller_limit(first: float, second: float | None) -> float:
    return first if second is None else min(first, second)
