"""Deletes posted dreams and comparisons, and reports to a server's log channel."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import aiohttp
import discord

from dreambot.bot import errors
from dreambot.bot.context import BotClient, Interaction
from dreambot.errors import UserError
from dreambot.i18n import translator_for
from dreambot.jobs.history import Comparisons
from dreambot.jobs.personal_data import PersonalData, PostedMessage

log = logging.getLogger(__name__)


async def delete_comparisons(
    client: discord.Client, comparisons: Comparisons, pictures: Collection[int]
) -> None:
    """Deletes the comparisons that show deleted images.

    Args:
        client: The bot.
        comparisons: The stored comparisons.
        pictures: The ids of the messages with the images.

    Raises:
        DatabaseUnavailable: The database cannot be reached.
    """
    for one in await comparisons.showing(pictures):
        channel = client.get_partial_messageable(one.channel, guild_id=one.guild)
        try:
            await channel.get_partial_message(one.message).delete()
        except discord.HTTPException as error:
            if not errors.is_message_gone(error):
                log.warning("a comparison could not be deleted: %s", error)
                continue
        await comparisons.forget(one.message)


CANCEL_TIMEOUT_S = 15.0
"""How long cancelled jobs may take to end. Then they are deleted, which ends them, too."""
_POLL_INTERVAL_S = 0.25


@dataclass(frozen=True)
class EraseResult:
    """What was erased.

    Attributes:
        dreams: The number of deleted jobs.
        deleted: The number of deleted result messages.
        left: The number of messages that could not be deleted: results, comparisons and forwards.
    """

    dreams: int
    deleted: int = 0
    left: int = 0


async def erase_person(
    client: BotClient, personal: PersonalData, person: int, *, posted: bool
) -> EraseResult:
    """Deletes all data about a user.

    With `posted`, result messages are deleted first: if the process ends in between, the user can repeat the
    request. Comparisons and forwards are always deleted, since afterwards nothing is stored about the
    images in them.

    Args:
        client: The bot.
        personal: The store of personal data.
        person: The user's id.
        posted: Whether to delete the messages with the user's dreams, too.

    Raises:
        DatabaseUnavailable: The database cannot be reached.
    """
    for job_id in await personal.unfinished(person):
        await client.jobs.cancel(job_id, "core-cancelled")
    await _wait_until_ended(personal, person)
    gallery = client.services.gallery
    await gallery.withdraw(owner=person)
    await gallery.withdraw(source_person=person)
    deleted, left = await _delete_messages(client, await personal.posted(person)) if posted else (0, 0)
    _, compared = await _delete_messages(client, await personal.comparisons(person))
    _, forwarded = await _delete_messages(client, await personal.forwards(person))
    return EraseResult(await personal.erase(person), deleted, left + compared + forwarded)


async def _wait_until_ended(personal: PersonalData, person: int) -> None:
    try:
        async with asyncio.timeout(CANCEL_TIMEOUT_S):
            while await personal.unfinished(person):  # noqa: ASYNC110 - another process may have them
                await asyncio.sleep(_POLL_INTERVAL_S)
    except TimeoutError:
        log.info("a user's jobs are deleted before they have ended")


async def _delete_messages(client: discord.Client, messages: Sequence[PostedMessage]) -> tuple[int, int]:
    """Deletes messages of the bot; returns how many are deleted, and how many are not.

    Channels are handled concurrently, since Discord's rate limits apply to each channel.
    """
    by_channel: defaultdict[int, list[PostedMessage]] = defaultdict(list)
    for message in messages:
        by_channel[message.channel].append(message)
    deleted = sum(
        await asyncio.gather(*(_delete_in_channel(client, in_channel) for in_channel in by_channel.values()))
    )
    return deleted, len(messages) - deleted


async def _delete_in_channel(client: discord.Client, messages: Sequence[PostedMessage]) -> int:
    deleted = 0
    for place, message in enumerate(messages):
        channel = client.get_partial_messageable(message.channel, guild_id=message.guild)
        try:
            await channel.get_partial_message(message.message).delete()
        except discord.HTTPException as error:
            if errors.is_channel_closed(error):
                log.info("%d messages remain in a channel that is closed to the bot", len(messages) - place)
                break
            if not errors.is_message_gone(error):
                log.warning("a dream could not be deleted: %s", error)
                continue
        deleted += 1
    return deleted


NEEDED_TO_LOG = ("view_channel", "send_messages")
"""The permissions that the log channel needs."""


async def notify_moderators(interaction: Interaction, key: str, **values: str | float) -> None:
    """Reports a user's action to the server's log channel, if it has one, in the server's language.

    Errors are logged and not raised: the reported action has already happened.

    Args:
        interaction: The user's interaction.
        key: The catalogue key of the text.
        **values: The values of the text, besides the user, `who`.
    """
    client, guild = interaction.client, interaction.guild
    if guild is None:
        return
    try:
        settings = await client.services.guild_store.guild(guild.id)
        if settings.log_channel is None:
            return
        channel = client.get_partial_messageable(settings.log_channel, guild_id=guild.id)
        translate = translator_for(settings.language or guild.preferred_locale.value)
        text = translate(key, who=interaction.user.mention, **values)
        await channel.send(text, allowed_mentions=discord.AllowedMentions.none())
    except (discord.HTTPException, aiohttp.ClientError, OSError, UserError) as error:
        log.warning("the log channel of server %s could not be written to: %s", guild.id, error)
