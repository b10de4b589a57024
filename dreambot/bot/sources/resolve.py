"""Finds the image that a stored source reference leads to."""

from dataclasses import replace

import discord

from dreambot.bot import errors
from dreambot.bot.services import Services
from dreambot.bot.sources.find import chosen_images, newest_images, recent_messages
from dreambot.bot.sources.messages import ImagesOptedOut, may_use_images_of
from dreambot.bot.sources.refetch import image_owner, refetch_results, refetch_sources
from dreambot.errors import UserError
from dreambot.jobs.models import Job, SourceImage
from dreambot.recipe.request import needs_source
from dreambot.workers.types import JobFailed


async def find_referenced_images(
    client: discord.Client, services: Services, job: Job
) -> tuple[SourceImage, ...]:
    """Finds the sources of a job whose request did not contain them.

    Args:
        client: The bot.
        services: The services of this process.
        job: The job, whose source is not stored yet.

    Returns:
        One image, or all of a message; empty if the job starts from noise.

    Raises:
        UserError: There is no image, or the user may not dream it.
    """
    reference = job.spec.reference
    if reference is None:
        if needs_source(job.spec.request):
            # Stored by an earlier version, which kept no reference.
            raise JobFailed("errors-restarted")
        return ()
    images: tuple[SourceImage, ...]
    match reference.kind:
        case "nothing":
            return ()
        case "newest":
            images = await _newest(client, services, job, reference.message, reference.missing)
        case "message":
            images = await _of_message(client, services, job, reference.message or 0, reference.missing)
        case "parent" | "parent-or-result":
            images = await _of_parent(client, services, job, or_result=reference.kind == "parent-or-result")
    return tuple(replace(image, spoiler=image.spoiler or reference.spoiler) for image in images)


async def _newest(
    client: discord.Client, services: Services, job: Job, before: int | None, missing: str
) -> tuple[SourceImage, ...]:
    images: tuple[SourceImage, ...] = ()
    try:
        history = recent_messages(await _channel(client, job), before)
        if history and client.user:
            images = await newest_images(services, history, job.spec.owner, client.user.id)
    except discord.HTTPException as error:
        if not errors.is_channel_closed(error):
            raise
        missing = "dreaming-no-picture-blind"
    if not images:
        raise UserError(missing)
    return images


async def _of_message(
    client: discord.Client, services: Services, job: Job, message_id: int, missing: str
) -> tuple[SourceImage, ...]:
    channel = await _channel(client, job)
    if not isinstance(channel, discord.abc.Messageable):
        raise UserError(missing)
    try:
        message = await channel.fetch_message(message_id)
    except (discord.NotFound, discord.Forbidden) as error:
        raise UserError(missing) from error
    images = await chosen_images(services, message, job.spec.owner)
    if not images:
        raise UserError("source-message-bare")
    return images


async def _of_parent(
    client: discord.Client, services: Services, job: Job, *, or_result: bool
) -> tuple[SourceImage, ...]:
    parent = await services.store.get(job.spec.parent or "")
    if parent is None:
        raise UserError("results-unknown")
    images = await refetch_sources(client, parent)
    if not images and or_result:
        images = await refetch_results(client, parent)
    if not images:
        return ()
    person = image_owner(parent)
    if not await may_use_images_of(services.guild_store, person, job.spec.owner):
        raise ImagesOptedOut
    return tuple(replace(image, person=person) for image in images)


async def _channel(client: discord.Client, job: Job) -> object:
    """Returns the channel of a job; one of a server with its properties, on which age restrictions depend."""
    target = job.spec.reply_target
    found = client.get_channel(target.channel)
    if found is None and target.guild is not None:
        return await client.fetch_channel(target.channel)
    return found or client.get_partial_messageable(target.channel)
