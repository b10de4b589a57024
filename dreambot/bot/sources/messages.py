"""The image in a message, its owner, and whether its channel's age restriction allows it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import IntEnum
from urllib.parse import urlsplit

import discord

from dreambot.bot.channel_messages import job_id_of_result
from dreambot.bot.services import Services
from dreambot.bot.sources.images import (
    RESULT_LABEL,
    find_emoji,
    find_links,
    from_attachment,
    from_components,
    from_emoji,
    from_link,
    from_sticker,
    is_image,
    is_image_url,
    is_link_spoiler,
    is_sound,
    is_type_unknown,
    is_video,
    is_video_url,
)
from dreambot.bot.spoiler_channels import is_spoiler_channel
from dreambot.errors import UserError
from dreambot.guilds.store import GuildStore
from dreambot.jobs.models import MAX_ALBUM_PICTURES, FileSource, SourceImage


class ImagesOptedOut(UserError):
    """The owner of the image does not want it dreamed by others."""

    def __init__(self) -> None:
        super().__init__("source-untouchable")


async def may_use_images_of(guild_store: GuildStore, person: int, requester: int) -> bool:
    """Checks whether a user may dream another user's images.

    Args:
        guild_store: The stored settings of servers and people.
        person: The id of the owner.
        requester: The id of the user who wants to dream them.
    """
    return person == requester or not (await guild_store.person(person)).untouchable


def person_behind(message: discord.Message) -> int:
    """Determines the user behind a message: its author, or for a result, the requester.

    Args:
        message: The message.
    """
    if not job_id_of_result(message):
        return message.author.id
    if message.interaction_metadata:
        return message.interaction_metadata.user.id
    replied = message.reference.resolved if message.reference else None
    if isinstance(replied, discord.Message):
        return replied.author.id
    return next(iter(message.raw_mentions), message.author.id)


async def image_owner_of(services: Services, message: discord.Message) -> int:
    """Determines the owner of a message's image: its author, or for a result, the owner of its source.

    A forwarded result has the same owner, whoever forwarded it.

    Args:
        services: The services of this process.
        message: The message.
    """
    job_id = job_id_of_result(message)
    job = await services.store.get(job_id) if job_id else None
    if message.message_snapshots and message.reference and message.reference.message_id:
        job = await services.job_history.find_by_result(message.reference.message_id)
    if job is None:
        return person_behind(message)
    owner = job.spec.source.person if job.spec.source else None
    return owner or job.spec.owner


_ATTACHMENT_FOLDERS = frozenset({"attachments", "ephemeral-attachments"})


def attachment_id_in_url(url: str) -> int | None:
    """Reads the attachment's id from one of Discord's URLs; it stays the same when the URL expires.

    Args:
        url: The URL.

    Returns:
        The id; None for any other URL.
    """
    found = _parse_attachment_url(url)
    return found[1] if found else None


def check_age_restriction(image: SourceImage, known: Callable[[int], object], here: object) -> None:
    """Checks that an image of an age-restricted channel is not dreamed in a channel that is not.

    Args:
        image: The image.
        known: Looks up a channel by its id.
        here: The channel where it would be dreamed.

    Raises:
        UserError: It is not allowed.
    """
    if not _is_allowed_here(image, known, here):
        raise UserError("source-restricted")


def check_message_age_restriction(image: SourceImage, message: discord.Message) -> None:
    """Checks the same for the image of a message, or of one that it forwards.

    Args:
        image: The image.
        message: The message.

    Raises:
        UserError: It is not allowed.
    """
    if not is_allowed_by_age_restriction(image, message):
        raise UserError("source-restricted")


def is_allowed_by_age_restriction(image: SourceImage, message: discord.Message) -> bool:
    """Checks whether a message's image may be dreamed in the message's channel.

    Args:
        image: The image.
        message: The message.
    """
    if message.guild is None:
        return True
    # The origin may be in another server.
    known = message._state.get_channel
    forwarded = message.reference if message.message_snapshots else None
    if forwarded and _leaves_restricted_channel(known(forwarded.channel_id), message.channel):
        return False
    return _is_allowed_here(image, known, message.channel)


def _is_allowed_here(image: SourceImage, known: Callable[[int], object], here: object) -> bool:
    source = image.source
    found = None if isinstance(source, FileSource) else _parse_attachment_url(source.url)
    return not (found and _leaves_restricted_channel(known(found[0]), here))


def _leaves_restricted_channel(origin: object, here: object) -> bool:
    return is_age_restricted(origin) is True and is_age_restricted(here) is False


def _parse_attachment_url(url: str) -> tuple[int, int] | None:
    """Reads the ids of channel and attachment from one of Discord's URLs."""
    try:
        parts = urlsplit(url).path.split("/")
    except ValueError:
        return None
    if (
        len(parts) != 5
        or parts[1] not in _ATTACHMENT_FOLDERS
        or not all(id_.isdecimal() for id_ in parts[2:4])
    ):
        return None
    return int(parts[2]), int(parts[3])


def is_age_restricted(channel: object) -> bool | None:
    """Checks whether a channel is age-restricted.

    Args:
        channel: Any channel.

    Returns:
        None for channels that cannot be, such as direct messages.
    """
    if isinstance(channel, (discord.abc.GuildChannel, discord.Thread)):
        nsfw = getattr(channel, "is_nsfw", None)
        return bool(nsfw and nsfw())
    return None


def _comes_from_spoiler_channel(message: discord.Message) -> bool:
    """Checks whether a message, or the message that it forwards, was posted in a spoiler channel."""
    origin = None
    if message.message_snapshots and message.reference:
        origin = message._state.get_channel(message.reference.channel_id)
    return is_spoiler_channel(message.channel) or is_spoiler_channel(origin)


class CandidateKind(IntEnum):
    """How likely it is that a part of a message is the image that is meant, the likeliest first."""

    picture = 0
    file = 1
    """An attachment with neither a declared type nor a known extension."""
    remark = 2
    """A sticker or an emoji, which is mostly a comment on something else."""
    page = 3
    """A link to a page with unknown content."""
    other = 4
    """An attachment of another declared type."""


@dataclass(frozen=True)
class Candidate:
    """A part of a message that may be dreamed. `posted` says whether its file is part of the message."""

    image: SourceImage
    kind: CandidateKind
    posted: bool = False


def image_in(message: discord.Message) -> SourceImage | None:
    """Finds the image of a message.

    It may be attached, in a gallery, embedded, linked, a sticker, an emoji, or any of these in a forwarded
    message.

    Args:
        message: The message.
    """
    return next((found.image for found in find_candidates(message)), None)


def images_or_file_in(message: discord.Message) -> tuple[SourceImage, ...]:
    """Finds the images of a message that the user chose; see `find_candidates`.

    Where nothing declares itself an image, any file is taken: its bytes may be one.

    Args:
        message: The message.
    """
    return tuple(found.image for found in find_candidates(message, any_file=True))


def sound_in(message: discord.Message) -> SourceImage | None:
    """Finds the audio file of a message, or of one that it forwards; a voice message is one.

    Args:
        message: The message.
    """
    message = resolve_thread_starter(message)
    carriers: tuple[discord.Message | discord.MessageSnapshot, ...] = (message, *message.message_snapshots)
    for carrier in carriers:
        for attachment in carrier.attachments:
            if is_sound(attachment):
                return from_attachment(attachment, message.id, person_behind(message))
    return None


def resolve_thread_starter(message: discord.Message) -> discord.Message:
    """Resolves a thread's first message, which has no content of its own.

    Args:
        message: The message.

    Returns:
        The message that it stands for; any other message unchanged.
    """
    starter = message.type is discord.MessageType.thread_starter_message
    resolved = message.reference.resolved if starter and message.reference else None
    return resolved if isinstance(resolved, discord.Message) else message


def find_candidates(message: discord.Message, *, any_file: bool = False) -> list[Candidate]:
    """Finds the likeliest image of a message, and the pictures that were posted or linked together with it.

    Args:
        message: The message.
        any_file: Whether attachments count that do not declare themselves images.

    Returns:
        At most ten, in the order of the message.
    """
    message = resolve_thread_starter(message)
    carriers: tuple[discord.Message | discord.MessageSnapshot, ...] = (message, *message.message_snapshots)
    everything = [found for carrier in carriers for found in _iter_candidates(carrier, message.id, any_file)]
    likeliest = min(everything, key=lambda found: found.kind, default=None)
    if likeliest is None:
        return []
    together = {_file_key(likeliest.image): likeliest}
    if likeliest.kind is CandidateKind.picture:
        for found in everything:
            if (found.kind, found.posted) == (likeliest.kind, likeliest.posted):
                together.setdefault(_file_key(found.image), found)
    person = person_behind(message)
    hidden = _comes_from_spoiler_channel(message)
    candidates = [
        replace(found, image=replace(found.image, person=person, spoiler=hidden or found.image.spoiler))
        for found in together.values()
    ]
    if job_id_of_result(message):
        candidates = [replace(found, image=replace(found.image, label=RESULT_LABEL)) for found in candidates]
    return candidates[:MAX_ALBUM_PICTURES]


def _file_key(image: SourceImage) -> object:
    """What is the same for a gallery's item and the attachment that it shows."""
    url = "" if isinstance(image.source, FileSource) else image.source.url
    return attachment_id_in_url(url) or url


def _iter_candidates(
    carrier: discord.Message | discord.MessageSnapshot, message: int, any_file: bool
) -> Iterator[Candidate]:
    # Before the attachments, since only the gallery marks its attachments as spoilers.
    for image in from_components(carrier.components, message):
        yield Candidate(image, CandidateKind.picture, posted=True)
    for attachment in carrier.attachments:
        if is_image(attachment) or is_video(attachment):
            yield Candidate(from_attachment(attachment, message), CandidateKind.picture, posted=True)
        elif any_file:
            kind = CandidateKind.file if is_type_unknown(attachment) else CandidateKind.other
            yield Candidate(from_attachment(attachment, message), kind)
    for embed in carrier.embeds:
        url = _embed_media_url(embed)
        if url:
            yield Candidate(
                from_link(url, is_link_spoiler(carrier.content, embed.url), message), CandidateKind.picture
            )
    if not carrier.embeds:
        for link in find_links(carrier.content):
            kind = CandidateKind.picture if is_image_url(link.url) else CandidateKind.page
            yield Candidate(from_link(link.url, link.hidden, message), kind)
    for sticker in carrier.stickers:
        stuck = from_sticker(sticker, message)
        if stuck:
            yield Candidate(stuck, CandidateKind.remark)
    for written in find_emoji(carrier.content):
        yield Candidate(from_emoji(written.emoji, written.hidden, message), CandidateKind.remark)


def _embed_media_url(embed: discord.Embed) -> str | None:
    """Chooses the media of an embed: the video of a moving one, unless it only plays in its own page."""
    video = embed.video.url
    if video and (embed.type == "gifv" or is_video_url(video)):
        return video
    return embed.image.url or embed.thumbnail.url
