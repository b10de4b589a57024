"""Comparisons that are shown to everyone are deleted together with any picture that they show."""

import logging
from collections.abc import Collection

import discord

from dreambot.chat import errors
from dreambot.jobs.comparisons import Comparisons

log = logging.getLogger(__name__)


async def take_down(client: discord.Client, comparisons: Comparisons, pictures: Collection[int]) -> None:
    """Deletes the comparisons that show pictures which were deleted.

    Args:
        client: The bot.
        comparisons: What is stored of comparisons.
        pictures: The ids of the messages that the pictures were in.

    Raises:
        DatabaseLost: The database cannot be reached.
    """
    for one in await comparisons.showing(pictures):
        channel = client.get_partial_messageable(one.channel, guild_id=one.guild)
        try:
            await channel.get_partial_message(one.message).delete()
        except discord.HTTPException as error:
            if not errors.message_is_gone(error):
                log.warning("a comparison could not be deleted: %s", error)
                continue
        await comparisons.forget(one.message)
