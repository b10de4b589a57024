"""The dream that another one came from, as it was shown."""

import asyncio
import io
from dataclasses import dataclass
from typing import Any

import discord

from dreambot.chat import describing, refetch
from dreambot.chat.buttons.pressing import bot_of, job_behind
from dreambot.chat.captions import choose_caption
from dreambot.chat.words import Told, words
from dreambot.jobs.types import Job
from dreambot.recipe import Recipe


@dataclass(frozen=True)
class Earlier:
    """What a message needs to show a dream again. job: the dream's. recipe: what it was dreamed by."""

    job: Job
    recipe: Recipe
    content: str
    picture: discord.File


async def parent_of(interaction: discord.Interaction[Any], job: Job) -> tuple[Job, Recipe]:
    """The job that one goes on from, and its recipe. Raises PictureGone where it was forgotten."""
    if job.ask.parent:
        try:
            parent = await job_behind(interaction, job.ask.parent)
        except Told as error:
            raise refetch.PictureGone("results-undo-gone") from error
        if parent.recipe:
            return parent, parent.recipe
    raise refetch.PictureGone("results-undo-gone")


async def shown(interaction: discord.Interaction[Any], parent: Job, recipe: Recipe) -> Earlier:
    """A dream once more, from the message that shows it. Raises PictureGone where that does so no longer."""
    services = bot_of(interaction).services
    try:
        message = await refetch.dream_message(interaction.client, parent)
    except refetch.PictureGone as error:
        raise refetch.PictureGone("results-undo-gone") from error
    attachment = message.attachments[0]
    async with refetch.fetched(services.files, refetch.dream_in(message, parent)) as path:
        data = await asyncio.to_thread(path.read_bytes)
    corrupted = (await services.community.guild(interaction.guild_id)).captions
    say = words(parent.ask.place.locale)
    # Results of before captions were stored have none.
    caption = parent.caption or choose_caption(say, recipe, parent.id)
    content = describing.content(caption, recipe, corrupted=corrupted) + describing.pressed(say, parent.ask)
    return Earlier(
        parent,
        recipe,
        content,
        discord.File(
            io.BytesIO(data),
            attachment.filename.removeprefix("SPOILER_"),
            spoiler=attachment.is_spoiler(),
            description=attachment.description,
        ),
    )
