"""Whose a picture is, and whether others may dream it: people can settle that theirs are left alone."""

import discord

from dreambot.chat.marks import result_of
from dreambot.chat.words import Told
from dreambot.community import Community
from dreambot.services import Services


class Untouchable(Told):
    """Whoever's picture it is wants it left alone."""

    def __init__(self) -> None:
        super().__init__("source-untouchable")


async def permitted(community: Community, person: int, asker: int) -> bool:
    """Whether `asker` may dream pictures of `person`."""
    return person == asker or not (await community.person(person)).untouchable


def asker_of(message: discord.Message) -> int:
    """Who is behind a message: its author, or, of a dream of ours, the one who asked for it."""
    if not result_of(message):
        return message.author.id
    if message.interaction_metadata:
        return message.interaction_metadata.user.id
    replied = message.reference.resolved if message.reference else None
    if isinstance(replied, discord.Message):
        return replied.author.id
    return next(iter(message.raw_mentions), message.author.id)


async def person_of(services: Services, message: discord.Message) -> int:
    """Whose picture a message shows: its author's; of a dream of ours, whosever picture it began with."""
    job_id = result_of(message)
    job = await services.store.get(job_id) if job_id else None
    if job is None:
        return asker_of(message)
    begun = job.ask.subject.person if job.ask.subject else None
    return begun or job.ask.owner
