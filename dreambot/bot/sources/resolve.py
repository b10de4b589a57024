"""Finds the image that a stored source reference leads to."""

from dataclasses import replace

import discord

from dreambot.bot import errors
from dreambot.bot.services import Services
from dreambot.bot.sources.find import chosen_image, newest_image, recent_messages
from dreambot.bot.sources.messages import ImagesOptedOut, may_use_images_of
from dreambot.bot.sources.refetch import image_owner, refetch_result, refetch_source
from dreambot.errors import UserError
from dreambot.jobs.models import Job, SourceImage
from dreambot.recipe.request import needs_source
from dreambot.workers.types import JobFailed


async def find_referenced_image(client: discord.Client, services: Services, job: Job) -> SourceImage | None:
    """Finds the source of a job whose request did not contain it.

    Args:
        client: The bot.
        services: The services of this process.
        job: The job, whose source is not stored yet.

    Returns:
        The image; None if the job starts from noise.

    Raises:
        UserError: There is no image, or the user may not dream it.
    """
    reference = job.spec.reference
    if reference is None:
        if needs_source(job.spec.request):
            # Stored by an earlier version, which kept no reference.
            raise JobFailed("errors-restarted")
        return None
    image: SourceImage | None
    match reference.kind:
        case "nothing":
            return None
        case "newest":
            image = await _newest(client, services, job, reference.message, reference.missing)
        case "message":
            image = await _of_message(client, services, job, reference.message or 0, reference.missing)
        case "parent" | "parent-or-result":
            image = await _of_parent(client, services, job, or_result=reference.kind == "parent-or-result")
    return replace(image, spoiler=True) if image and reference.spoiler else image


async def _newest(
    client: discord.Client, services: Services, job: Job, before: int | None, missing: str
) -> SourceImage:
    image = None
    try:
        history = recent_messages(await _channel(client, job), before)
        if history and client.user:
            image = await newest_image(services, history, job.spec.owner, client.user.id)
    except discord.HTTPException as error:
        if not errors.is_channel_closed(error):
            raise
        missing = "dreaming-no-picture-blind"
    if image is None:
        raise UserError(missing)
    return image


async def _of_message(
    client: discord.Client, services: Services, job: Job, message_id: int, missing: str
) -> SourceImage:
    channel = await _channel(client, job)
    if not isinstance(channel, discord.abc.Messageable):
        raise UserError(missing)
    try:
        message = await channel.fetch_message(message_id)
    except (discord.NotFound, discord.Forbidden) as error:
        raise UserError(missing) from error
    image = await chosen_image(services, message, job.spec.owner)
    if image is None:
        raise UserError("source-message-bare")
    return image


async def _of_parent(
    client: discord.Client, services: Services, job: Job, *, or_result: bool
) -> SourceImage | None:
    parent = await services.store.get(job.spec.parent or "")
    if parent is None:
        raise UserError("results-unknown")
    image = await refetch_source(client, parent)
    if image is None and or_result:
        image = await refetch_result(client, parent)
    if image is None:
        return None
    person = image_owner(parent)
    if not await may_use_images_of(services.guild_store, person, job.spec.owner):
        raise ImagesOptedOut
    return replace(image, person=person)


async def _channel(client: discord.Client, job: Job) -> object:
    """Returns the channel of a job; one of a server with its properties, on which age restrictions depend."""
    target = job.spec.reply_target
    found = client.get_channel(target.channel)
    if found is None and target.guild is not None:
        return await client.fetch_channel(target.channel)
    return found or client.get_partial_messageable(target.channel)
