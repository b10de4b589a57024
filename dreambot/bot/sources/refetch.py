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
from dreambot.bot.sources.images import from_components
from dreambot.errors import UserError
from dreambot.jobs.files import JobFiles
from dreambot.jobs.models import AttachmentSource, Job, ReplyTarget, SourceImage
from dreambot.recipe.request import needs_source

_MARGIN = timedelta(minutes=2)
"""So long before a signed address expires it is not relied upon any more."""


class ImageGone(UserError):
    """A picture is no longer where it was."""


async def refetch_source(client: discord.Client, job: Job) -> SourceImage | None:
    """What a job was dreamed upon, where it is now; None for what came out of nothing. Raises PictureGone,
    which says what can still be done."""
    subject = job.ask.subject
    if subject is None:
        if needs_source(job.ask.request):
            raise ImageGone("results-source-gone")
        return None
    found = await _refetch(client, job.ask.place, subject)
    if found is None:
        raise ImageGone("results-source-gone")
    return found


async def refetch_guide(client: discord.Client, job: Job) -> SourceImage | None:
    """The second picture that a job looked at, if it did. Raises PictureGone."""
    if job.ask.guide is None:
        return None
    found = await _refetch(client, job.ask.place, job.ask.guide)
    if found is None:
        raise ImageGone("results-guide-gone")
    return found


def result_image_in(message: discord.Message | None, job: Job) -> SourceImage:
    """A result as a picture to go on from, in the message that shows it. Raises PictureGone."""
    if message is None or not message.attachments:
        raise ImageGone("results-dream-gone")
    picture = from_attachment(message.attachments[0], message.id)
    upon = job.ask.subject
    return replace(picture, label=upon.label if upon else picture.label, person=image_owner(job))


def image_owner(job: Job) -> int:
    """Whose picture a dream began with; where nobody's is known, its asker's."""
    return (job.ask.subject and job.ask.subject.person) or job.ask.owner


async def fetch_result_message(
    client: discord.Client, job: Job, shown_in: int | None = None
) -> discord.Message:
    """The message where a job's result was posted, if that still shows it. Raises PictureGone.

    Args:
        client: The bot.
        job: The job.
        shown_in: Another message of the same channel to look for the result in.
    """
    message, posted = None, shown_in or job.result_message
    if posted is not None:
        try:
            message = await _fetch_message(client, job.ask.place, posted)
        except discord.HTTPException as error:
            if not errors.is_channel_closed(error):
                raise
    if message is None or job_id_of_result(message) != job.id or not message.attachments:
        raise ImageGone("results-dream-gone")
    return message


async def refetch_result(client: discord.Client, job: Job) -> SourceImage:
    """A job's result where it was posted, if it is still shown there. Raises PictureGone."""
    return result_image_in(await fetch_result_message(client, job), job)


@contextlib.asynccontextmanager
async def open_image_file(files: JobFiles, subject: SourceImage) -> AsyncIterator[Path]:
    """The file of a picture, while it is looked at. Raises what the fetcher raises."""
    key = f"look-{secrets.token_hex(8)}"
    try:
        async with files.source(key, subject.source) as path:
            yield path
    finally:
        await files.remove(key)


async def _refetch(client: discord.Client, place: ReplyTarget, subject: SourceImage) -> SourceImage | None:
    url = subject.source.url if isinstance(subject.source, AttachmentSource) else ""
    attachment = attachment_id_in_url(url)
    if attachment is None:
        # A link; or a portrait, a sticker, an emoji, whose addresses last.
        return subject
    if subject.message is None:
        return subject if _is_url_valid(url) else None
    try:
        message = await _fetch_message(client, place, subject.message)
    except discord.HTTPException as error:
        if not errors.is_channel_closed(error):
            raise
        # Where nothing can be read, what Discord handed over then is all there is.
        return subject if _is_url_valid(url) else None
    if message is None:
        return None
    same = next(
        (one for one in _iter_attachments(message) if attachment_id_in_url(one.url) == attachment), None
    )
    if same:
        return replace(subject, source=same)
    hidden = not client.intents.message_content and not message.attachments
    return subject if hidden and _is_url_valid(url) else None


async def _fetch_message(client: discord.Client, place: ReplyTarget, message: int) -> discord.Message | None:
    """The message, or None where it was deleted."""
    homes = [place.channel]
    if message == place.channel:
        # A thread has the id of the message that it was started from, which lies in its parent.
        thread = client.get_channel(place.channel) or await client.fetch_channel(place.channel)
        homes += [thread.parent_id] if isinstance(thread, discord.Thread) else []
    for home in homes:
        with contextlib.suppress(discord.NotFound):
            return await client.get_partial_messageable(home, guild_id=place.guild).fetch_message(message)
    return None


def _iter_attachments(message: discord.Message) -> Iterator[AttachmentSource]:
    """All that was uploaded with a message, or with what it forwards."""
    carriers: tuple[discord.Message | discord.MessageSnapshot, ...] = (message, *message.message_snapshots)
    for carrier in carriers:
        for one in carrier.attachments:
            yield AttachmentSource(one.url, one.filename, one.size)
        for subject in from_components(carrier.components, message.id):
            if isinstance(subject.source, AttachmentSource):
                yield subject.source


def _is_url_valid(url: str) -> bool:
    """Whether an address of Discord's is good for a while; avatars and the like are for ever."""
    expires = parse_qs(urlsplit(url).query).get("ex")
    if expires is None:
        return True
    try:
        return datetime.now(UTC) + _MARGIN < datetime.fromtimestamp(int(expires[0], 16), UTC)
    except (ValueError, OverflowError, OSError):
        return False
