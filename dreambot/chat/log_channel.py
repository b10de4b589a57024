"""Telling a server's moderators what was done, in the channel they chose for it."""

import logging

import aiohttp
import discord

from dreambot.chat.words import words
from dreambot.errors import UserError
from dreambot.services import Services

log = logging.getLogger(__name__)

TO_LOG = ("view_channel", "send_messages")
"""The permissions it takes."""


async def tell_moderators(
    client: discord.Client, services: Services, guild_id: int, key: str, **values: str | float
) -> None:
    """Says it there, if there is such a channel, in the server's language. Raises nothing: what was
    done is done."""
    guild = client.get_guild(guild_id)
    try:
        settings = await services.community.guild(guild_id)
        if guild is None or settings.log_channel is None:
            return
        channel = client.get_partial_messageable(settings.log_channel, guild_id=guild_id)
        say = words(settings.language or guild.preferred_locale.value)
        await channel.send(say(key, **values), allowed_mentions=discord.AllowedMentions.none())
    except (discord.HTTPException, aiohttp.ClientError, OSError, UserError) as error:
        log.warning("the moderators of server %s could not be told: %s", guild_id, error)
