"""Decides whether a user may have a job, and limits the request to what server, role and operator allow.

A result is visible to everyone in its channel. So the channels, the intensity and the size are limited alike
for everyone, moderators included: they change these limits in `/settings`. The number of dreams and the
length of videos depend on roles.
"""

from dataclasses import dataclass, field
from typing import Any

import discord

from dreambot.bot.services import Services
from dreambot.errors import UserError
from dreambot.guilds.eligibility import BlockScope, Eligibility
from dreambot.guilds.settings import GuildSettings
from dreambot.jobs.models import Limits
from dreambot.recipe.dream import DEFAULT_INTENSITY, DreamRequest, intended_intensity
from dreambot.recipe.hellscape import DEFAULT_FPS, DEFAULT_SECONDS, HellscapeRequest
from dreambot.recipe.request import RepeatRequest, Request, requested_intensity


class LimitExceeded(UserError):
    """The request exceeds a limit; the message names the limit."""


def apply_limits(request: Request, intensity: int, seconds: float, *, clamp: bool = False) -> Request:
    """Limits intensity and video length of a request.

    A value that the user left open is chosen within the limits.

    Args:
        request: The request.
        intensity: The highest allowed intensity, 1 to 11.
        seconds: The length of the longest allowed video; 0 allows no videos.
        clamp: Lowers an intensity above the limit instead of refusing it.

    Returns:
        The request within the limits.

    Raises:
        LimitExceeded: A value that the user chose exceeds its limit.
    """
    return _limit_video(_limit_intensity(request, intensity, clamp=clamp), seconds)


def _limit_intensity(request: Request, maximum: int, *, clamp: bool) -> Request:
    requested = requested_intensity(request)
    usual = intended_intensity(request) if isinstance(request, DreamRequest) else DEFAULT_INTENSITY
    if (requested or usual) <= maximum:
        return request
    if isinstance(request, RepeatRequest):
        # A recipe is repeated unchanged or not at all. Without an intensity it did not come from the dial.
        if requested is None:
            return request
        raise LimitExceeded("moderating-too-intense", most=maximum)
    if requested is None or clamp:
        return request.model_copy(update={"intensity": maximum})
    raise LimitExceeded("moderating-too-intense", most=maximum)


def _limit_video(request: Request, maximum: float) -> Request:
    seconds = video_seconds(request)
    if seconds is None or seconds <= maximum:
        return request
    if not maximum:
        raise LimitExceeded("moderating-no-films")
    if isinstance(request, HellscapeRequest) and request.seconds is None and request.frames is None:
        return request.model_copy(update={"seconds": maximum})
    raise LimitExceeded("moderating-too-long", most=_rounded_seconds(maximum))


def video_seconds(request: Request) -> float | None:
    """Computes the length of a requested hellscape video.

    Args:
        request: A request.

    Returns:
        The length in seconds; None for still images and for dreams of a video, which are as long as their
        source.
    """
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
"""Length limit for videos where they are not allowed: only the first frame is dreamed."""


class NotAllowed(UserError):
    """The user may not have this dream, in this channel or at this time."""


@dataclass(frozen=True)
class Requester:
    """The user of a request and where it was made.

    Attributes:
        person: The user's id.
        guild: The id of the server; None outside of servers.
        channel: The id of the channel.
        roles: The ids of the user's roles in the server.
        parent: The id of the channel that a thread belongs to.
        unasked: Whether the user's image is dreamed without their request, by auto-dream.
    """

    person: int
    guild: int | None
    channel: int
    roles: frozenset[int] = frozenset()
    parent: int | None = None
    unasked: bool = False


def requester_of_interaction(interaction: discord.Interaction[Any]) -> Requester:
    """Reads the requester from an interaction.

    Args:
        interaction: A command, a button press or a submitted form.
    """
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
    """Builds the requester for a message.

    Args:
        message: The message that was written or reacted to.
        user: The user who requests the dream, or whose image is dreamed by auto-dream.
        unasked: Whether the user did not request it.
    """
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
    """Finds the parent channel of a thread.

    Args:
        channel: Any channel.

    Returns:
        The parent's id; None for other channels.
    """
    return channel.parent_id if isinstance(channel, discord.Thread) else None


@dataclass(frozen=True)
class AdmittedRequest:
    """An accepted request and its terms.

    Attributes:
        request: The request, with values that the user left open limited by the server's settings.
        limits: Limits on size and length.
        locale: The language that the server chose; None for the user's own.
    """

    request: Request
    limits: Limits = field(default_factory=Limits)
    locale: str | None = None


async def admit(services: Services, requester: Requester, request: Request) -> AdmittedRequest:
    """Checks a request against blocks, channels, quotas and limits.

    An image that is dreamed by auto-dream does not count against its author's quota: the author did not
    request it.

    Args:
        services: The services of this process.
        requester: The user and where the request was made.
        request: The request.

    Returns:
        The request with its limits.

    Raises:
        NotAllowed: The user is blocked, over a quota, or in a channel where the bot does not answer.
        LimitExceeded: The request asks for more than is allowed.
    """
    found = await services.guild_store.eligibility(
        requester.guild, requester.person, requester.roles, counted=not requester.unasked
    )
    settings, limits = found.settings, found.limits
    if found.blocked:
        raise NotAllowed(_BLOCKED_KEYS[found.blocked])
    _check_channel(settings, requester)
    if not requester.unasked:
        _check_quotas(found)
    longest = _smaller_limit(services.settings.max_film_seconds, limits.seconds)
    request = apply_limits(request, settings.intensity, longest, clamp=requester.unasked)
    pixels = limits.side**2 if limits.side else None
    seconds = None if limits.seconds is None else max(limits.seconds, _FIRST_FRAME_S)
    return AdmittedRequest(request, Limits(pixels, seconds, found.left), settings.language)


async def require_unblocked(services: Services, requester: Requester) -> None:
    """Checks that the user is not blocked.

    Args:
        services: The services of this process.
        requester: The user and the server.

    Raises:
        NotAllowed: The user is blocked in the server or everywhere.
    """
    found = await services.guild_store.eligibility(
        requester.guild, requester.person, requester.roles, counted=False
    )
    if found.blocked:
        raise NotAllowed(_BLOCKED_KEYS[found.blocked])


def _check_channel(settings: GuildSettings, requester: Requester) -> None:
    if requester.guild is None or settings.allows(requester.channel, requester.parent):
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
