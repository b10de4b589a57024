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
from dreambot.chat.source import attachment_id_of, of_attachment
from dreambot.chat.source.galleries import in_components
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
    picture = of_attachment(message.attachments[0], message.id)
    upon = job.ask.subject
    return replace(picture, label=upon.label if upon else picture.label, person=whose(job))


def whose(job: Job) -> int:
    """Whose picture a dream began with; where nobody's is known, its asker's."""
    return (job.ask.subject and job.ask.subject.person) or job.ask.owner


async def dream_message(client: discord.Client, job: Job, shown_in: int | None = None) -> discord.Message:
    """The message where a job's result was posted, if that still shows it. Raises PictureGone.

    Args:
        client: The bot.
        job: The job.
        shown_in: Another message of the same channel to look for the result in.
    """
    message, posted = None, shown_in or job.result_message
    if posted is not None:
        try:
            message = await _message(client, job.ask.place, posted)
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
    url = subject.source.url if isinstance(subject.source, AttachmentSource) else ""
    attachment = attachment_id_of(url)
    if attachment is None:
        # A link; or a portrait, a sticker, an emoji, whose addresses last.
        return subject
    if subject.message is None:
        return subject if _signed(url) else None
    try:
        message = await _message(client, place, subject.message)
    except discord.HTTPException as error:
        if not errors.no_way_in(error):
            raise
        # Where nothing can be read, what Discord handed over then is all there is.
        return subject if _signed(url) else None
    if message is None:
        return None
    same = next((one for one in _files(message) if attachment_id_of(one.url) == attachment), None)
    if same:
        return replace(subject, source=same)
    hidden = not client.intents.message_content and not message.attachments
    return subject if hidden and _signed(url) else None


async def _message(client: discord.Client, place: Place, message: int) -> discord.Message | None:
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


def _files(message: discord.Message) -> Iterator[AttachmentSource]:
    """All that was uploaded with a message, or with what it forwards."""
    carriers: tuple[discord.Message | discord.MessageSnapshot, ...] = (message, *message.message_snapshots)
    for carrier in carriers:
        for one in carrier.attachments:
            yield AttachmentSource(one.url, one.filename, one.size)
        for subject in in_components(carrier.components, message.id):
            if isinstance(subject.source, AttachmentSource):
                yield subject.source


def _signed(url: str) -> bool:
    """Whether an address of Discord's is good for a while; avatars and the like are for ever."""
    expires = parse_qs(urlsplit(url).query).get("ex")
    if expires is None:
        return True
    try:
        return datetime.now(UTC) + _MARGIN < datetime.fromtimestamp(int(expires[0], 16), UTC)
    except (ValueError, OverflowError, OSError):
        return False
