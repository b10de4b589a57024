"""Somebody wants to be forgotten: what is at work ends, what was posted goes if they like, then the rest."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import discord

from dreambot.chat import errors
from dreambot.jobs.personal import PersonalData, Posted

log = logging.getLogger(__name__)

ENDING_SECONDS = 15.0
"""For dreams that are at work to end by themselves; after that they end by there being none."""
_LOOK_EVERY = 0.25


@dataclass(frozen=True)
class Erased:
    """dreams: how many were forgotten. deleted: dreams' messages that went. left: messages that could not be
    deleted, of dreams and of comparisons."""

    dreams: int
    deleted: int = 0
    left: int = 0


class Cancelling(Protocol):
    """Who ends dreams at work."""

    async def cancel(self, job_id: str, words: str | None) -> bool:
        """Ends a dream, telling its owner so."""


async def erase(
    client: discord.Client, dreams: Cancelling, personal: PersonalData, person: int, *, posted: bool
) -> Erased:
    """Forgets a person. posted: their dreams' messages are deleted too, and first: should we be
    killed meanwhile, they can ask once more. Comparisons are deleted in any case, since afterwards nothing
    would tell which pictures they show. Raises DatabaseLost."""
    for job_id in await personal.unfinished(person):
        await dreams.cancel(job_id, "core-cancelled")
    await _ended(personal, person)
    deleted, left = await _delete(client, await personal.posted(person)) if posted else (0, 0)
    _, compared = await _delete(client, await personal.comparisons(person))
    return Erased(await personal.erase(person), deleted, left + compared)


async def _ended(personal: PersonalData, person: int) -> None:
    try:
        async with asyncio.timeout(ENDING_SECONDS):
            while await personal.unfinished(person):  # noqa: ASYNC110 - another process may have them
                await asyncio.sleep(_LOOK_EVERY)
    except TimeoutError:
        log.info("somebody's dreams are forgotten before they have ended")


async def _delete(client: discord.Client, messages: Sequence[Posted]) -> tuple[int, int]:
    """Deletes messages of ours; how many are gone, and how many are not. Channels do not wait for one
    another, since each has a pace of its own at Discord's."""
    by_channel: defaultdict[int, list[Posted]] = defaultdict(list)
    for message in messages:
        by_channel[message.channel].append(message)
    gone = sum(await asyncio.gather(*(_delete_there(client, there) for there in by_channel.values())))
    return gone, len(messages) - gone


async def _delete_there(client: discord.Client, messages: Sequence[Posted]) -> int:
    gone = 0
    for place, message in enumerate(messages):
        channel = client.get_partial_messageable(message.channel, guild_id=message.guild)
        try:
            await channel.get_partial_message(message.message).delete()
        except discord.HTTPException as error:
            if errors.no_way_in(error):
                log.info("%d dreams stay in a channel that is closed to us", len(messages) - place)
                break
            if not errors.message_is_gone(error):
                log.warning("a dream could not be deleted: %s", error)
                continue
        gone += 1
    return gone
