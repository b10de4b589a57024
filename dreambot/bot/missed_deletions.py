"""Finds shared dreams that were deleted while the bot received no events.

After each new session of the gateway the newest dreams are looked at where they were posted, one request per
second. Pages of the gallery do not wait for it.
"""

import asyncio
import logging

import aiohttp
import discord

from dreambot.bot import errors
from dreambot.bot.buttons.gallery import channel_refusal
from dreambot.bot.context import BotClient
from dreambot.bot.sources import is_hidden, refetch
from dreambot.errors import UserError
from dreambot.jobs.gallery import SharedDream

log = logging.getLogger(__name__)

MAX_DREAMS = 1000
"""The most dreams that are looked at."""
INTERVAL_S = 1.0
"""Between two requests, which leaves most of Discord's rate limit to everything else."""


async def withdraw_deleted(client: BotClient) -> None:
    """Withdraws the dreams that may no longer be shown, as their deletion would have done.

    With several processes, each looks at the servers of its own shards.

    Args:
        client: The bot, which knows its servers.
    """
    seen: set[int] = set()
    try:
        dreams = await client.services.gallery.page("newest", first=0, most=MAX_DREAMS)
    except UserError as error:
        log.warning("the gallery could not be compared with Discord: %s", error)
        return
    for dream in dreams:
        if client.get_shard(((dream.guild or 0) >> 22) % (client.shard_count or 1)) is None:
            continue
        try:
            if await _is_gone(client, dream, seen):
                await client.services.gallery.withdraw(job=dream.job)
                log.info("a dream that was deleted in the meantime was withdrawn from the gallery")
        except (discord.HTTPException, aiohttp.ClientError, OSError, UserError) as error:
            log.warning("a dream of the gallery could not be compared with Discord: %s", error)


async def _is_gone(client: BotClient, dream: SharedDream, seen: set[int]) -> bool:
    """Checks the server, the channel and the messages of a dream. `seen` are messages that exist."""
    channel = client.get_channel(dream.channel) or client.get_channel(dream.parent or 0)
    if channel_refusal(channel):
        return True
    messages = (dream.message, dream.source_message, dream.origin_message, dream.sound_message)
    for message_id in messages:
        if message_id is None or message_id in seen:
            continue
        await asyncio.sleep(INTERVAL_S)
        try:
            message = await refetch.fetch_message(client, dream.channel, dream.guild, message_id)
        except discord.HTTPException as error:
            # In its server the bot may be given access again.
            if not errors.is_channel_closed(error):
                raise
            return dream.guild is not None and client.get_guild(dream.guild) is None
        if message is None or any(map(is_hidden, message.attachments)):
            return True
        seen.add(message_id)
    return False
