"""Finds the images of an earlier job again, possibly months later.

No pixels are kept, so each image is looked up where it was posted. If its message was deleted, it cannot be
used any more.
"""

import contextlib
import secrets
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import discord

from dreambot.bot import errors
from dreambot.bot.channel_messages import job_id_of_result
from dreambot.bot.sources import attachment_id_in_url, from_attachment
from dreambot.bot.sources.images import RESULT_LABEL, from_components
from dreambot.errors import UserError
from dreambot.jobs.files import JobFiles
from dreambot.jobs.models import AttachmentSource, Job, ReplyTarget, SourceImage
from dreambot.recipe.request import needs_source

_MARGIN = timedelta(minutes=2)
"""A signed URL is not used within this time before it expires."""


class ImageGone(UserError):
    """An image was deleted where it was posted."""


async def refetch_source(client: discord.Client, job: Job) -> SourceImage | None:
    """Finds the source of a job again; of an album, the first that still exists.

    Args:
        client: The bot.
        job: The job.

    Returns:
        The source; None if the job had none.

    Raises:
        ImageGone: It was deleted; the text says what can still be done.
    """
    return next((image for image in await refetch_sources(client, job) if not image.gone), None)


async def refetch_sources(client: discord.Client, job: Job) -> tuple[SourceImage, ...]:
    """Finds the source of a job again, or the pictures of an album.

    Args:
        client: The bot.
        job: The job.

    Returns:
        The sources; empty if the job had none. Deleted pictures of an album are marked as gone.

    Raises:
        ImageGone: All were deleted; the text says what can still be done.
    """
    images = [picture.source for picture in job.album]
    if not images and job.spec.source:
        images = [job.spec.source]
    if not images:
        if needs_source(job.spec.request):
            raise ImageGone("results-source-gone")
        return ()
    messages: dict[int, discord.Message | None] = {}
    refetched = [await _refetch(client, job.spec.reply_target, image, messages) for image in images]
    if not any(refetched):
        raise ImageGone("results-source-gone")
    return tuple(found or replace(image, gone=True) for image, found in zip(images, refetched, strict=True))


async def refetch_guide(client: discord.Client, job: Job) -> SourceImage | None:
    """Finds the guide image of a job again.

    Args:
        client: The bot.
        job: The job.

    Returns:
        The guide; None if the job had none.

    Raises:
        ImageGone: It was deleted.
    """
    return await _refetch_input(client, job, job.spec.guide, "results-guide-gone")


async def refetch_sound(client: discord.Client, job: Job) -> SourceImage | None:
    """Finds the sound of a job again.

    Args:
        client: The bot.
        job: The job.

    Returns:
        The sound; None if the job had none.

    Raises:
        ImageGone: It was deleted.
    """
    return await _refetch_input(client, job, job.spec.sound, "results-sound-gone")


async def _refetch_input(
    client: discord.Client, job: Job, image: SourceImage | None, gone: str
) -> SourceImage | None:
    if image is None:
        return None
    found = await _refetch(client, job.spec.reply_target, image, {})
    if found is None:
        raise ImageGone(gone)
    return found


def result_image_in(message: discord.Message | None, job: Job) -> SourceImage:
    """Makes the result in a message the source of a new job.

    Args:
        message: The message with the result.
        job: The job of the result.

    Raises:
        ImageGone: The message does not show it any more.
    """
    return result_images_in(message, job)[0]


def result_images_in(message: discord.Message | None, job: Job) -> tuple[SourceImage, ...]:
    """Makes the results in a message the sources of a new job.

    Args:
        message: The message with the results: one, or those of an album.
        job: The job of the results.

    Raises:
        ImageGone: The message does not show them any more.
    """
    if message is None or not message.attachments:
        raise ImageGone("results-dream-gone")
    dreamed: list[SourceImage | None] = [picture.source for picture in job.album if picture.result]
    images = (from_attachment(attachment, message.id) for attachment in message.attachments)
    return tuple(
        replace(image, label=source.label if source else RESULT_LABEL, person=image_owner(job))
        for image, source in zip(images, dreamed or [job.spec.source], strict=False)
    )


def image_owner(job: Job) -> int:
    """Determines the owner of a dream's source; if unknown, its requester.

    Args:
        job: The job.
    """
    return (job.spec.source and job.spec.source.person) or job.spec.owner


async def fetch_result_message(
    client: discord.Client, job: Job, shown_in: int | None = None
) -> discord.Message:
    """Fetches the message with a job's result.

    Args:
        client: The bot.
        job: The job of the result.
        shown_in: The id of another message of the same channel that shows the result.

    Raises:
        ImageGone: The message was deleted, or does not show the result any more.
    """
    message, posted = None, shown_in or job.result_message
    if posted is not None:
        try:
            target = job.spec.reply_target
            message = await fetch_message(client, target.channel, target.guild, posted)
        except discord.HTTPException as error:
            if not errors.is_channel_closed(error):
                raise
    if message is None or job_id_of_result(message) != job.id or not message.attachments:
        raise ImageGone("results-dream-gone")
    return message


async def refetch_results(client: discord.Client, job: Job) -> tuple[SourceImage, ...]:
    """Makes a job's result, or those of an album, the sources of a new job, where they were posted.

    Args:
        client: The bot.
        job: The job of the results.

    Raises:
        ImageGone: The message was deleted, or does not show them any more.
    """
    return result_images_in(await fetch_result_message(client, job), job)


async def refetch_result(client: discord.Client, job: Job) -> SourceImage:
    """Makes a job's result the source of a new job, where it was posted.

    Args:
        client: The bot.
        job: The job of the result.

    Raises:
        ImageGone: The message was deleted, or does not show the result any more.
    """
    return result_image_in(await fetch_result_message(client, job), job)


@contextlib.asynccontextmanager
async def open_image_file(files: JobFiles, image: SourceImage) -> AsyncIterator[Path]:
    """Downloads an image to a file for the duration of the context.

    Errors of the download pass.

    Args:
        files: The stored files.
        image: The image.

    Yields:
        The path of the file.
    """
    key = f"look-{secrets.token_hex(8)}"
    try:
        async with files.source(key, image.source) as path:
            yield path
    finally:
        await files.remove(key)


async def _refetch(
    client: discord.Client,
    target: ReplyTarget,
    image: SourceImage,
    messages: dict[int, discord.Message | None],
) -> SourceImage | None:
    """Finds an image where it was posted. `messages` holds those that were fetched before."""
    url = image.source.url if isinstance(image.source, AttachmentSource) else ""
    attachment = attachment_id_in_url(url)
    if attachment is None:
        # A link, or an avatar, sticker or emoji, whose URLs do not expire.
        return image
    found = await fetch_posted(client, target, image, messages)
    if found is not image:
        return found
    # Where its message cannot be read, there is only the URL that Discord sent at that time.
    return image if _is_url_valid(url) else None


async def fetch_posted(
    client: discord.Client,
    target: ReplyTarget,
    image: SourceImage,
    messages: dict[int, discord.Message | None],
) -> SourceImage | None:
    """Looks at an image again where it was posted: it may be deleted, or marked as explicit or a spoiler.

    Args:
        client: The bot.
        target: Where the job with the image was answered.
        image: The image.
        messages: The messages that were fetched before, by id; this one is added.

    Returns:
        The image with its address and marks of now; `image` itself if there is no message, its file cannot be
        seen, or it is no file; None if it was deleted.
    """
    if image.message is None:
        return image
    try:
        if image.message not in messages:
            messages[image.message] = await fetch_message(client, target.channel, target.guild, image.message)
        message = messages[image.message]
    except discord.HTTPException as error:
        if not errors.is_channel_closed(error):
            raise
        return image
    if message is None:
        return None
    url = image.source.url if isinstance(image.source, AttachmentSource) else ""
    attachment = attachment_id_in_url(url)
    if attachment is None:
        return image
    for file in _iter_files(message):
        if isinstance(file.source, AttachmentSource) and attachment_id_in_url(file.source.url) == attachment:
            return replace(image, source=file.source, spoiler=image.spoiler or file.spoiler)
    return image if not client.intents.message_content and not message.attachments else None


async def fetch_message(
    client: discord.Client, channel: int, guild: int | None, message: int
) -> discord.Message | None:
    """Fetches a message of a channel, or the message that a thread was started from.

    Args:
        client: The bot.
        channel: The channel's id.
        guild: The server's id; None outside of servers.
        message: The message's id.

    Returns:
        The message; None if it was deleted.

    Raises:
        discord.HTTPException: It cannot be read, or the channel is gone.
    """
    channels = [channel]
    if message == channel:
        # A thread has the id of the message that started it, which is in the parent channel.
        thread = client.get_channel(channel) or await client.fetch_channel(channel)
        channels += [thread.parent_id] if isinstance(thread, discord.Thread) else []
    for one in channels:
        with contextlib.suppress(discord.NotFound):
            return await client.get_partial_messageable(one, guild_id=guild).fetch_message(message)
    return None


def _iter_files(message: discord.Message) -> Iterator[SourceImage]:
    """Yields all files that were uploaded with a message, or with one that it forwards."""
    carriers: tuple[discord.Message | discord.MessageSnapshot, ...] = (message, *message.message_snapshots)
    for carrier in carriers:
        for attachment in carrier.attachments:
            yield from_attachment(attachment, message.id)
        yield from from_components(carrier.components, message.id)


def _is_url_valid(url: str) -> bool:
    """Checks that one of Discord's URLs is valid for at least two minutes; avatars' URLs do not expire."""
    expires = parse_qs(urlsplit(url).query).get("ex")
    if expires is None:
        return True
    try:
        return datetime.now(UTC) + _MARGIN < datetime.fromtimestamp(int(expires[0], 16), UTC)
    except (ValueError, OverflowError, OSError):
        return False
