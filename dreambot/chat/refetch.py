"""Finding a dream's pictures again, months later: no pixels are kept, so each is looked for where it was
posted. Who deletes a message takes its picture out of all that could still come of it."""

import contextlib
import secrets
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import discord

from dreambot.chat import errors
from dreambot.chat.marks import result_of
from dreambot.chat.words import Told
from dreambot.jobs.files import JobFiles
from dreambot.jobs.types import AttachmentSource, Job, Place, Subject
from dreambot.recipe.wishes import needs_source

_MARGIN = timedelta(minutes=2)
"""So long before a signed address expires it is not relied upon any more."""


class PictureGone(Told):
    """A picture is no longer where it was."""


async def source_of(client: discord.Client, job: Job) -> Subject | None:
    """What a job was dreamed upon, where it is now; None for what came out of nothing. Raises PictureGone,
    which says what can still be done."""
    subject = job.ask.subject
    if subject is None:
        if needs_source(job.ask.request):
            raise PictureGone("results-source-gone")
        return None
    found = await _again(client, job.ask.place, subject)
    if found is None:
        raise PictureGone("results-source-gone")
    return found


async def guide_of(client: discord.Client, job: Job) -> Subject | None:
    """The second picture that a job looked at, if it did. Raises PictureGone."""
    if job.ask.guide is None:
        return None
    found = await _again(client, job.ask.place, job.ask.guide)
    if found is None:
        raise PictureGone("results-guide-gone")
    return found


def dream_in(message: discord.Message | None, job: Job) -> Subject:
    """A result as a picture to go on from, in the message that shows it. Raises PictureGone."""
    if message is None or not message.attachments:
        raise PictureGone("results-dream-gone")
    attachment = message.attachments[0]
    source = AttachmentSource(attachment.url, attachment.filename, attachment.size)
    upon = job.ask.subject
    label = upon.label if upon else attachment.description or ""
    person = upon.person if upon else None
    return Subject(source, label[:300], attachment.is_spoiler(), message.id, person)


async def dream_message(client: discord.Client, job: Job) -> discord.Message:
    """The message where a job's result was posted, if that still shows it. Raises PictureGone."""
    message = None
    if job.result_message is not None:
        try:
            message = await _message(client, job.ask.place, job.result_message)
        except discord.HTTPException as error:
            if not errors.no_way_in(error):
                raise
    if message is None or result_of(message) != job.id or not message.attachments:
        raise PictureGone("results-dream-gone")
    return message


async def dream_of(client: discord.Client, job: Job) -> Subject:
    """A job's result where it was posted, if it is still shown there. Raises PictureGone."""
    return dream_in(await dream_message(client, job), job)


@contextlib.asynccontextmanager
async def fetched(files: JobFiles, subject: Subject) -> AsyncIterator[Path]:
    """The file of a picture, while it is looked at. Raises what the fetcher raises."""
    key = f"look-{secrets.token_hex(8)}"
    try:
        async with files.source(key, subject.source) as path:
            yield path
    finally:
        await files.remove(key)


async def _again(client: discord.Client, place: Place, subject: Subject) -> Subject | None:
    source = subject.source
    if not isinstance(source, AttachmentSource):
        return subject
    if subject.message is None:
        return subject if _signed(source.url) else None
    try:
        message = await _message(client, place, subject.message)
    except discord.HTTPException as error:
        if not errors.no_way_in(error):
            raise
        # Where nothing can be read, what Discord handed over then is all there is.
        return subject if _signed(source.url) else None
    if message is None:
        return None
    path = urlsplit(source.url).path
    same = next((one for one in _attachments(message) if urlsplit(one.url).path == path), None)
    if same:
        return replace(subject, source=AttachmentSource(same.url, same.filename, same.size))
    hidden = not client.intents.message_content and not message.attachments
    return subject if hidden and _signed(source.url) else None


async def _message(client: discord.Client, place: Place, message: int) -> discord.Message | None:
    """The message, or None where it was deleted."""
    channel = client.get_partial_messageable(place.channel, guild_id=place.guild)
    try:
        return await channel.fetch_message(message)
    except discord.NotFound:
        return None


def _attachments(message: discord.Message) -> Iterator[discord.Attachment]:
    yield from message.attachments
    for snapshot in message.message_snapshots:
        yield from snapshot.attachments


def _signed(url: str) -> bool:
    """Whether an address of Discord's is good for a while; avatars and the like are for ever."""
    expires = parse_qs(urlsplit(url).query).get("ex")
    if expires is None:
        return True
    try:
        return datetime.now(UTC) + _MARGIN < datetime.fromtimestamp(int(expires[0], 16), UTC)
    except (ValueError, OverflowError, OSError):
        return False
