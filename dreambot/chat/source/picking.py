"""The picture that somebody means: of a message they chose, or of a channel's last ones."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace

import discord

from dreambot.chat.marks import compared_in, result_of
from dreambot.chat.source.messages import Sort, found_in, meant_by, pointed_at
from dreambot.chat.source.people import Untouchable, asker_of, permitted, person_of
from dreambot.chat.source.places import is_in_place, require_place_of
from dreambot.chat.words import Told
from dreambot.jobs.types import Subject
from dreambot.services import Services

LOOK_BACK = 50


async def chosen(services: Services, message: discord.Message, asker: int) -> Subject | None:
    """What a message shows that somebody chose, None where it shows nothing; of a comparison, the dream that
    it is about. Raises UserError where `asker` may not dream it, or not there."""
    message = meant_by(message)
    dream = compared_in(message)
    if dream is not None:
        try:
            message = await message.channel.fetch_message(dream)
        except (discord.NotFound, discord.Forbidden) as error:
            raise Told("results-dream-gone") from error
    subject = pointed_at(message)
    if subject is None:
        return None
    require_place_of(subject, message)
    person = await person_of(services, message)
    if not await permitted(services.community, person, asker):
        raise Untouchable
    return replace(subject, person=person)


async def replied_to(message: discord.Message) -> discord.Message | None:
    """The message that a message replies to; None where it is no reply, or that message is gone or unseen."""
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


def look_back(channel: object) -> AsyncIterator[discord.Message] | None:
    """A channel's last fifty messages, newest first, and in a thread the message that it was started from;
    None where there is no looking back."""
    return _messages(channel) if isinstance(channel, discord.abc.Messageable) else None


async def _messages(channel: discord.abc.Messageable) -> AsyncIterator[discord.Message]:
    seen = set()
    async for message in channel.history(limit=LOOK_BACK):
        seen.add(meant_by(message).id)
        yield message
    # It has the thread's id. In a forum it is the first of the post, else a message of the thread's parent.
    if isinstance(channel, discord.Thread) and channel.id not in seen:
        home = channel if isinstance(channel.parent, discord.ForumChannel) else channel.parent
        if isinstance(home, discord.abc.Messageable):
            with contextlib.suppress(discord.NotFound, discord.Forbidden):
                yield await home.fetch_message(channel.id)


async def newest(
    services: Services, history: AsyncIterator[discord.Message], asker: int, bot: int
) -> Subject | None:
    """The asker's newest picture of a channel's last messages, newest first; else anybody's; else a sticker
    or an emoji.

    A dream counts as its asker's, so that the next one goes on from it; whatever else `bot` shows is passed
    over, and so are pictures of people who want them left alone.
    """
    best: dict[tuple[Sort, bool], Subject] = {}
    async for posted in history:
        message = meant_by(posted)
        if message.author.id == bot and not result_of(message):
            continue
        found = found_in(message)
        if found is None or found.sort is Sort.page:
            continue
        rank = (found.sort, asker_of(message) != asker)
        if rank in best or not is_in_place(found.subject, message):
            continue
        person = await person_of(services, message)
        if await permitted(services.community, person, asker):
            best[rank] = replace(found.subject, person=person)
            if rank == (Sort.picture, False):
                break
    return best[min(best)] if best else None
