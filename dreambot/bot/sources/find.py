"""Finds the image of a chosen, linked or replied-to message, or the newest image of a channel."""

import contextlib
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import discord

from dreambot.bot.channel_messages import compared_message_id, job_id_of_result
from dreambot.bot.services import Services
from dreambot.bot.sources.images import from_typed_text
from dreambot.bot.sources.messages import (
    CandidateKind,
    ImagesOptedOut,
    check_age_restriction,
    check_message_age_restriction,
    find_candidates,
    image_owner_of,
    images_or_file_in,
    is_allowed_by_age_restriction,
    may_use_images_of,
    person_behind,
    resolve_thread_starter,
    sound_in,
)
from dreambot.errors import UserError
from dreambot.jobs.models import SourceImage, SourceReference

HISTORY_LIMIT = 50


async def chosen_images(
    services: Services, message: discord.Message, requester: int
) -> tuple[SourceImage, ...]:
    """Finds the images of a chosen message; for a comparison, those of the dream it is about.

    Args:
        services: The services of this process.
        message: The chosen message.
        requester: The id of the user who chose it.

    Returns:
        The images; empty if the message has none.

    Raises:
        UserError: The user may not dream them, or not in this channel.
    """
    message = resolve_thread_starter(message)
    dream = compared_message_id(message)
    if dream is not None:
        try:
            message = await message.channel.fetch_message(dream)
        except (discord.NotFound, discord.Forbidden) as error:
            raise UserError("results-dream-gone") from error
    images = images_or_file_in(message)
    if not images:
        return ()
    for image in images:
        check_message_age_restriction(image, message)
    person = await image_owner_of(services, message)
    if not await may_use_images_of(services.guild_store, person, requester):
        raise ImagesOptedOut
    return tuple(replace(image, person=person) for image in images)


async def chosen_sound(services: Services, message: discord.Message, requester: int) -> SourceImage | None:
    """Finds the audio file of a chosen message.

    Args:
        services: The services of this process.
        message: The chosen message.
        requester: The id of the user who chose it.

    Returns:
        The sound; None if the message has none.

    Raises:
        UserError: The user may not use it, or not in this channel.
    """
    sound = sound_in(message)
    if sound is None:
        return None
    check_message_age_restriction(sound, message)
    if not await may_use_images_of(services.guild_store, sound.person or message.author.id, requester):
        raise ImagesOptedOut
    return sound


async def fetch_replied_message(message: discord.Message) -> discord.Message | None:
    """Fetches the message that a message replies to.

    Args:
        message: A message.

    Returns:
        The message; None if `message` is no reply, or that message is deleted or cannot be read.
    """
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


def recent_messages(channel: object, before: int | None = None) -> AsyncIterator[discord.Message] | None:
    """Iterates over a channel's last fifty messages, newest first, then a thread's starting message.

    Args:
        channel: The channel.
        before: The message to begin before; None for the newest.

    Returns:
        The messages; None if the channel has no history.
    """
    return _iter_recent_messages(channel, before) if isinstance(channel, discord.abc.Messageable) else None


async def _iter_recent_messages(
    channel: discord.abc.Messageable, before: int | None
) -> AsyncIterator[discord.Message]:
    seen = set()
    start = None if before is None else discord.Object(before)
    async for message in channel.history(limit=HISTORY_LIMIT, before=start):
        seen.add(resolve_thread_starter(message).id)
        yield message
    # It has the thread's id. In a forum it is the post's first message, else a message of the parent channel.
    if isinstance(channel, discord.Thread) and channel.id not in seen:
        home = channel if isinstance(channel.parent, discord.ForumChannel) else channel.parent
        if isinstance(home, discord.abc.Messageable):
            with contextlib.suppress(discord.NotFound, discord.Forbidden):
                yield await home.fetch_message(channel.id)


async def newest_images(
    services: Services, history: AsyncIterator[discord.Message], requester: int, bot: int
) -> tuple[SourceImage, ...]:
    """Finds the newest image in messages: the user's own, otherwise anyone's, otherwise a sticker or emoji.

    The other pictures of its message come with it.

    A dream counts as its requester's, so that the next dream continues it. Other messages of the bot are
    skipped, and so are images of users who opted out.

    Args:
        services: The services of this process.
        history: The messages, newest first.
        requester: The user's id.
        bot: The bot's id.

    Returns:
        The images; empty if not found.
    """
    best: dict[tuple[CandidateKind, bool], tuple[SourceImage, ...]] = {}
    async for posted in history:
        message = resolve_thread_starter(posted)
        if message.author.id == bot and not job_id_of_result(message):
            continue
        found = [one for one in find_candidates(message) if is_allowed_by_age_restriction(one.image, message)]
        if not found or found[0].kind is CandidateKind.page:
            continue
        rank = (found[0].kind, person_behind(message) != requester)
        if rank in best:
            continue
        person = await image_owner_of(services, message)
        if await may_use_images_of(services.guild_store, person, requester):
            best[rank] = tuple(replace(one.image, person=person) for one in found)
            if rank == (CandidateKind.picture, False):
                break
    return best[min(best)] if best else ()


_MESSAGE_LINK = re.compile(
    r"https://(?:\w+\.)?discord(?:app)?\.com/channels/(?:@me|\d{1,20})/(\d{1,20})/(\d{1,20})/?"
)

MAX_ID = 2**63 - 1
"""The largest id that Discord can assign. A database stores no larger number."""


def parse_message_link(link: str) -> tuple[int, int] | None:
    """Parses a link to a message.

    Args:
        link: The text.

    Returns:
        The ids of the channel and the message; None for any other text.
    """
    match = _MESSAGE_LINK.fullmatch(link.strip(" <>|"))
    return (min(int(match[1]), MAX_ID), min(int(match[2]), MAX_ID)) if match else None


def source_from_text(interaction: discord.Interaction[Any], text: str) -> SourceImage | SourceReference:
    """Finds the image that a text refers to, or refers to the message that it links to.

    Args:
        interaction: The interaction with the text.
        text: A link to an image, a page or a message, or an emoji.

    Raises:
        UserError: The image may not be dreamed here, or the message is in another channel.
    """
    linked = parse_message_link(text)
    if linked is None:
        image = from_typed_text(text)
        check_age_restriction(image, interaction.client.get_channel, interaction.channel)
        return image
    channel, message = linked
    if channel != interaction.channel_id or not isinstance(interaction.channel, discord.abc.Messageable):
        raise UserError("source-message-elsewhere")
    return SourceReference("message", message, "source-message-unseen")


async def source_in_message(
    services: Services, message: discord.Message, requester: int
) -> tuple[SourceImage, ...] | SourceReference:
    """Finds the images of a chosen message, or for a comparison, refers to the dream that it is about.

    Args:
        services: The services of this process.
        message: The chosen message.
        requester: The id of the user who chose it.

    Returns:
        The images or the reference; empty if the message has no image.

    Raises:
        UserError: The user may not dream the image, or not in this channel.
    """
    dream = compared_message_id(resolve_thread_starter(message))
    if dream is not None:
        return SourceReference("message", dream, "results-dream-gone")
    return await chosen_images(services, message, requester)
