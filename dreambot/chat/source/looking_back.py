"""The picture that a channel's last messages lead to."""

from collections.abc import AsyncIterator

import discord

from dreambot.chat.marks import result_of
from dreambot.chat.source.leave import permitted
from dreambot.chat.source.messages import Sort, found_in
from dreambot.community import Community
from dreambot.jobs.types import Subject

LOOK_BACK = 50


def look_back(channel: object) -> AsyncIterator[discord.Message] | None:
    """A channel's last fifty messages, newest first, or None where there is no looking back."""
    return channel.history(limit=LOOK_BACK) if isinstance(channel, discord.abc.Messageable) else None


async def newest(
    history: AsyncIterator[discord.Message], asker: int, bot: int, community: Community
) -> Subject | None:
    """The asker's newest picture of a channel's last messages, newest first; else anybody's; else a sticker
    or an emoji.

    A dream counts as its asker's, so that the next one goes on from it; whatever else `bot` shows is passed
    over, and so are pictures of people who want them left alone.
    """
    best: dict[tuple[Sort, bool], Subject] = {}
    leave: dict[int, bool] = {}
    async for message in history:
        found = found_in(message)
        if found is None or found.sort is Sort.page:
            continue
        if message.author.id == bot and not result_of(message):
            continue
        owner = owner_of(message, bot)
        if owner not in leave:
            leave[owner] = await permitted(community, owner, asker)
        if not leave[owner]:
            continue
        if owner == asker and found.sort is Sort.picture:
            return found.subject
        best.setdefault((found.sort, owner != asker), found.subject)
    return best[min(best)] if best else None


def owner_of(message: discord.Message, bot: int) -> int:
    """Whose picture a message shows: its author's, or, of a dream that `bot` delivered, its asker's."""
    if message.author.id != bot:
        return message.author.id
    if message.interaction_metadata:
        return message.interaction_metadata.user.id
    replied = message.reference.resolved if message.reference else None
    if isinstance(replied, discord.Message):
        return replied.author.id
    return next(iter(message.raw_mentions), bot)
