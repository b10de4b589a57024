"""The hall of fame: forwards a dream with enough stars to the channel that the moderators chose, once.

A forward is claimed in the database before it is sent. Where the process ends in between, a later one looks
for the forward in the channel and sends it if it is not there.
"""

import logging
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import aiohttp
import discord

from dreambot.bot import errors, permissions
from dreambot.bot.channel_messages import job_id_of_result
from dreambot.bot.context import BotClient
from dreambot.bot.responder import retry_transient
from dreambot.bot.sources import is_age_restricted, is_hidden
from dreambot.bot.spoiler_channels import is_spoiler_channel
from dreambot.jobs.forwards import Forward
from dreambot.jobs.models import Job

log = logging.getLogger(__name__)

STAR_EMOJI = "⭐"
NEEDED_IN_HALL = ("view_channel", "send_messages", "read_message_history")
"""The permissions that the channel of the hall of fame needs."""
_VARIATION_SELECTOR = "\ufe0f"
_CLOCK_SKEW = timedelta(seconds=10)
_HISTORY_LIMIT = 300


def is_star(emoji: discord.PartialEmoji | discord.Emoji | str) -> bool:
    """Checks whether an emoji is the star that counts.

    Args:
        emoji: The emoji of a reaction.
    """
    return str(emoji).rstrip(_VARIATION_SELECTOR) == STAR_EMOJI


async def forward_if_starred(client: BotClient, guild_id: int, channel_id: int, message_id: int) -> None:
    """Forwards a dream if it has enough stars, may be shown in the hall of fame, and is not there yet.

    Args:
        client: The bot.
        guild_id: The server.
        channel_id: The channel of the message.
        message_id: The message that got a star.

    Raises:
        discord.HTTPException: The message cannot be read.
        DatabaseUnavailable: The database cannot be reached.
    """
    services, guild = client.services, client.get_guild(guild_id)
    settings = await services.guild_store.guild(guild_id)
    if guild is None or settings.hall is None or settings.hall == channel_id:
        return
    job = await services.job_history.find_by_result(message_id)
    hall, origin = guild.get_channel(settings.hall), guild.get_channel_or_thread(channel_id)
    if job is None or job.spec.reply_target.private or job.spoiler or not _fits(origin, hall):
        return
    assert isinstance(origin, discord.abc.Messageable)
    for known in await services.forwards.find([message_id]):
        if known.interrupted:
            await resume_forward(client, known)
        return
    if hall is None or permissions.find_missing(hall.permissions_for(guild.me), NEEDED_IN_HALL):
        log.info("the bot may not post in the hall of fame of server %s", guild_id)
        return
    message = await origin.fetch_message(message_id)
    if not _may_be_shown(message) or not await _has_stars(message, job, settings.stars):
        return
    forward = Forward(message_id, job.id, guild_id, channel_id, hall.id, datetime.now(UTC))
    if await services.forwards.claim(forward):
        await _send(client, forward)


async def resume_forward(client: BotClient, forward: Forward) -> None:
    """Sends a forward that another process has claimed and perhaps not sent.

    Args:
        client: The bot.
        forward: The forward.

    Raises:
        discord.HTTPException: The channel cannot be read.
        DatabaseUnavailable: The database cannot be reached.
    """
    if not await client.services.forwards.claim_interrupted(forward):
        return
    hall = client.get_partial_messageable(forward.hall, guild_id=forward.guild)
    after = forward.since - _CLOCK_SKEW
    async for message in hall.history(after=after, oldest_first=True, limit=_HISTORY_LIMIT):
        mine = client.user is not None and message.author.id == client.user.id
        if mine and message.reference and message.reference.message_id == forward.message:
            await client.services.forwards.set_sent(forward.message, message.id)
            return
    await _send(client, forward)


async def delete_forwards(client: BotClient, forwards: Iterable[Forward]) -> None:
    """Deletes the forwards of deleted dreams.

    Args:
        client: The bot.
        forwards: The forwards.

    Raises:
        DatabaseUnavailable: The database cannot be reached.
    """
    for one in forwards:
        try:
            if one.forward:
                await _message_in_hall(client, one, one.forward).delete()
        except discord.HTTPException as error:
            if not errors.is_message_gone(error):
                log.warning("a forwarded dream could not be deleted: %s", error)
                continue
        await client.services.forwards.remove(one.message)


async def _send(client: BotClient, forward: Forward) -> None:
    """Forwards a dream. The nonce makes Discord return the first message if it is sent again soon."""
    hall = client.get_partial_messageable(forward.hall, guild_id=forward.guild)
    reference = discord.MessageReference(
        message_id=forward.message,
        channel_id=forward.channel,
        guild_id=forward.guild,
        type=discord.MessageReferenceType.forward,
    )
    try:
        sent = await retry_transient(lambda: hall.send(reference=reference, nonce=f"hall{forward.message}"))
    except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
        log.warning("a dream could not be forwarded: %s", error)
        if not errors.is_transient(error):
            await client.services.forwards.remove(forward.message)
        return
    if not await client.services.forwards.set_sent(forward.message, sent.id):
        # The dream was deleted in the meantime.
        await sent.delete()


def _message_in_hall(client: BotClient, forward: Forward, message_id: int) -> discord.PartialMessage:
    hall = client.get_partial_messageable(forward.hall, guild_id=forward.guild)
    return hall.get_partial_message(message_id)


def _fits(origin: object, hall: discord.abc.GuildChannel | None) -> bool:
    """Checks that those who see the hall of fame may see what is posted in a channel."""
    if hall is None or not isinstance(origin, discord.abc.GuildChannel | discord.Thread):
        return False
    if is_spoiler_channel(origin) or (is_age_restricted(origin) and not is_age_restricted(hall)):
        return False
    everyone = origin.guild.default_role
    if isinstance(origin, discord.Thread) and (origin.is_private() or origin.parent is None):
        return False
    return origin.permissions_for(everyone).view_channel or not hall.permissions_for(everyone).view_channel


def _may_be_shown(message: discord.Message) -> bool:
    """Checks that a message shows a finished dream that is neither hidden nor marked as explicit."""
    if job_id_of_result(message) is None or not message.attachments or message.flags.ephemeral:
        return False
    return not any(map(is_hidden, message.attachments))


async def _has_stars(message: discord.Message, job: Job, needed: int) -> bool:
    """Checks that enough people gave a star. Who counts is checked only if that can make a difference."""
    given = sum(reaction.count for reaction in message.reactions if is_star(reaction.emoji))
    return given >= needed and await count_stars(message, job.spec.owner, needed) >= needed


async def count_stars(message: discord.Message, requester: int, most: int) -> int:
    """Counts the people besides the requester who gave a star; bots do not count.

    Args:
        message: The message with the dream.
        requester: The id of the user who asked for the dream.
        most: Counting stops here.

    Raises:
        discord.HTTPException: The reactions cannot be read.
    """
    voters: set[int] = set()
    for reaction in message.reactions:
        if not is_star(reaction.emoji):
            continue
        kinds = [discord.ReactionType.normal, *([discord.ReactionType.burst] if reaction.burst_count else [])]
        for kind in kinds:
            async for user in reaction.users(type=kind):
                if not user.bot and user.id != requester:
                    voters.add(user.id)
                if len(voters) >= most:
                    return most
    return len(voters)
