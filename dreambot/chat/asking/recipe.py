"""The recipe of a result: by a link to its message, in its file, or of one's own last dream."""

from typing import Any, Protocol, cast

import discord

from dreambot.chat import source
from dreambot.chat.words import Told
from dreambot.jobs.types import Job
from dreambot.media.asker import asking
from dreambot.recipe import Recipe
from dreambot.services import Services


class _Client(Protocol):
    services: Services


async def own_last(interaction: discord.Interaction[Any]) -> Recipe:
    """Of the asker's own last dream. Raises UserError where there is none."""
    job = await _services(interaction).lineage.last_recipe_of(interaction.user.id)
    if job is None or job.recipe is None:
        raise Told("dreaming-no-dream-yet")
    return job.recipe


async def of_link(interaction: discord.Interaction[Any], link: str) -> Recipe:
    """Of the result in the message that a link leads to. Raises UserError where it leads to none, or to where
    the asker cannot look."""
    linked = source.message_behind(link)
    if linked is None:
        raise Told("dreaming-no-link")
    channel, message = linked
    job = await _services(interaction).lineage.of_result(message)
    if job is None or job.recipe is None or job.ask.place.channel != channel:
        raise Told("dreaming-no-result-there")
    if not _may_see(interaction, job):
        raise Told("dreaming-no-result-there")
    return job.recipe


async def of_file(interaction: discord.Interaction[Any], file: discord.Attachment) -> Recipe:
    """Of a picture or film of ours. Raises UserError where it carries none."""
    services = _services(interaction)
    folder = f"recipe-{interaction.id}"
    try:
        with asking(interaction.user.id):
            async with services.files.source(folder, source.of_attachment(file).source) as path:
                text = await services.codecs.read_recipe(path)
    finally:
        await services.files.remove(folder)
    if text is None:
        raise Told("dreaming-no-recipe-in-file")
    return Recipe.from_json(text)


def _may_see(interaction: discord.Interaction[Any], job: Job) -> bool:
    place, user = job.ask.place, interaction.user
    if job.ask.owner == user.id:
        return True
    if place.private:
        return False
    if place.channel == interaction.channel_id:
        return True
    guild = interaction.guild
    there = guild.get_channel_or_thread(place.channel) if guild and place.guild == guild.id else None
    return there is not None and isinstance(user, discord.Member) and _may_read(there, user)


def _may_read(channel: discord.abc.GuildChannel | discord.Thread, member: discord.Member) -> bool:
    have = channel.permissions_for(member)
    return have.view_channel and have.read_message_history


def _services(interaction: discord.Interaction[Any]) -> Services:
    return cast(_Client, interaction.client).services
