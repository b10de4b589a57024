"""The image in a message, whom it belongs to, and whether its channel's age restriction allows it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Protocol
from urllib.parse import urlsplit

import discord

from dreambot.bot.channel_messages import job_id_of_result
from dreambot.bot.services import Services
from dreambot.bot.sources.images import (
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
    is_type_unknown,
    is_video,
    is_video_url,
)
from dreambot.errors import UserError
from dreambot.guilds.store import GuildStore
from dreambot.i18n import FALLBACK, translator_for
from dreambot.jobs.models import FileSource, SourceImage


class ImagesOptedOut(UserError):
    """Whoever's picture it is wants it left alone."""

    def __init__(self) -> None:
        super().__init__("source-untouchable")


async def may_use_images_of(guild_store: GuildStore, person: int, asker: int) -> bool:
    """Whether `asker` may dream pictures of `person`."""
    return person == asker or not (await guild_store.person(person)).untouchable


def person_behind(message: discord.Message) -> int:
    """Who is behind a message: its author, or, of a dream of ours, the one who asked for it."""
    if not job_id_of_result(message):
        return message.author.id
    if message.interaction_metadata:
        return message.interaction_metadata.user.id
    replied = message.reference.resolved if message.reference else None
    if isinstance(replied, discord.Message):
        return replied.author.id
    return next(iter(message.raw_mentions), message.author.id)


async def image_owner_of(services: Services, message: discord.Message) -> int:
    """Whose picture a message shows: its author's; of a dream of ours, whosever picture it began with."""
    job_id = job_id_of_result(message)
    job = await services.store.get(job_id) if job_id else None
    if job is None:
        return person_behind(message)
    begun = job.ask.subject.person if job.ask.subject else None
    return begun or job.ask.owner


_ATTACHMENT_FOLDERS = frozenset({"attachments", "ephemeral-attachments"})


def attachment_id_in_url(url: str) -> int | None:
    """The id of the attachment behind one of Discord's addresses, which stays when the address has expired;
    None for any other address."""
    found = _parse_attachment_url(url)
    return found[1] if found else None


def check_age_restriction(subject: SourceImage, known: Callable[[int], object], here: object) -> None:
    """Raises UserError for an attachment of an age-restricted channel, where `here` is a channel of a server
    that is not. known: a channel by its id, if it is known."""
    if not _is_allowed_here(subject, known, here):
        raise UserError("source-restricted")


def check_message_age_restriction(subject: SourceImage, message: discord.Message) -> None:
    """The same for what a message shows, or forwards."""
    if not is_allowed_by_age_restriction(subject, message):
        raise UserError("source-restricted")


def is_allowed_by_age_restriction(subject: SourceImage, message: discord.Message) -> bool:
    """Whether what a message shows, or forwards, may be dreamed where it is."""
    if message.guild is None:
        return True
    known = message.guild.get_channel_or_thread
    forwarded = message.reference if message.message_snapshots else None
    if forwarded and _leaves_restricted_channel(known(forwarded.channel_id), message.channel):
        return False
    return _is_allowed_here(subject, known, message.channel)


def _is_allowed_here(subject: SourceImage, known: Callable[[int], object], here: object) -> bool:
    source = subject.source
    found = None if isinstance(source, FileSource) else _parse_attachment_url(source.url)
    return not (found and _leaves_restricted_channel(known(found[0]), here))


def _leaves_restricted_channel(origin: object, here: object) -> bool:
    return is_age_restricted(origin) is True and is_age_restricted(here) is False


def _parse_attachment_url(url: str) -> tuple[int, int] | None:
    """The ids of channel and attachment in an address of Discord's."""
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
    """Whether a channel is age-restricted; None for those that cannot be, such as direct messages."""
    if isinstance(channel, (discord.abc.GuildChannel, discord.Thread)):
        nsfw = getattr(channel, "is_nsfw", None)
        return bool(nsfw and nsfw())
    return None


class CandidateKind(IntEnum):
    """How likely it is that something is what a message is about, likeliest first."""

    picture = 0
    file = 1
    """An attachment of which nothing says what it is."""
    remark = 2
    """A sticker or an emoji, by which people mostly comment on something else."""
    page = 3
    """A link that may lead to anything."""
    other = 4
    """An attachment that says it is something else."""


@dataclass(frozen=True)
class Candidate:
    """Something of a message that may be dreamed upon."""

    subject: SourceImage
    sort: CandidateKind


class _Carrier(Protocol):
    """What a message and a forwarded message's snapshot have in common."""

    content: str
    attachments: list[discord.Attachment]
    embeds: list[discord.Embed]
    stickers: list[discord.StickerItem]

    @property
    def components(self) -> Sequence[discord.Component]: ...


def image_in(message: discord.Message) -> SourceImage | None:
    """What a message shows: attached, in a gallery, embedded, linked, a sticker, an emoji, or any of these in
    what it forwards."""
    found = find_candidate(message)
    return found.subject if found else None


def image_or_file_in(message: discord.Message) -> SourceImage | None:
    """What a message shows that somebody chose: where nothing says it is a picture, any file, since its bytes
    may tell."""
    found = find_candidate(message, any_file=True)
    return found.subject if found else None


def resolve_thread_starter(message: discord.Message) -> discord.Message:
    """The message that a thread's first message stands for, which has no content of its own; any other
    message itself."""
    starter = message.type is discord.MessageType.thread_starter_message
    resolved = message.reference.resolved if starter and message.reference else None
    return resolved if isinstance(resolved, discord.Message) else message


def find_candidate(message: discord.Message, *, any_file: bool = False) -> Candidate | None:
    """The likeliest of what a message shows, and of what is equally likely the first. any_file: attachments
    count that do not say they are pictures."""
    message = resolve_thread_starter(message)
    carriers: Sequence[_Carrier] = (message, *message.message_snapshots)
    everything = (found for carrier in carriers for found in _iter_candidates(carrier, message.id, any_file))
    likeliest = min(everything, key=lambda found: found.sort, default=None)
    if likeliest is None:
        return None
    subject = replace(likeliest.subject, person=person_behind(message))
    if job_id_of_result(message):
        # Its alt text tells at length what it was dreamed of, and would be told again with every dream of it.
        subject = replace(subject, label=translator_for(FALLBACK)("source-label-dream"))
    return replace(likeliest, subject=subject)


def _iter_candidates(carrier: _Carrier, message: int, any_file: bool) -> Iterator[Candidate]:
    # Before the attachments: a gallery knows of its attachments whether they are spoilers.
    for subject in from_components(carrier.components, message):
        yield Candidate(subject, CandidateKind.picture)
    for attachment in carrier.attachments:
        if is_image(attachment) or is_video(attachment):
            yield Candidate(from_attachment(attachment, message), CandidateKind.picture)
        elif any_file:
            sort = CandidateKind.file if is_type_unknown(attachment) else CandidateKind.other
            yield Candidate(from_attachment(attachment, message), sort)
    for embed in carrier.embeds:
        url = _embed_media_url(embed)
        if url:
            yield Candidate(
                from_link(url, is_link_spoiler(carrier.content, embed.url), message), CandidateKind.picture
            )
    if not carrier.embeds:
        for link in find_links(carrier.content):
            sort = CandidateKind.picture if is_image_url(link.url) else CandidateKind.page
            yield Candidate(from_link(link.url, link.hidden, message), sort)
    for sticker in carrier.stickers:
        stuck = from_sticker(sticker, message)
        if stuck:
            yield Candidate(stuck, CandidateKind.remark)
    for written in find_emoji(carrier.content):
        yield Candidate(from_emoji(written.emoji, written.hidden, message), CandidateKind.remark)


def _embed_media_url(embed: discord.Embed) -> str | None:
    """The picture of an embed; of moving ones the film, unless it plays only in a page of its own."""
    film = embed.video.url
    if film and (embed.type == "gifv" or is_video_url(film)):
        return film
    return embed.image.url or embed.thumbnail.url
