"""The picture of a message."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Protocol

import discord

from dreambot.chat.marks import result_of
from dreambot.chat.source.galleries import in_components
from dreambot.chat.source.kinds import is_film, is_picture, is_undeclared, links_to_film, links_to_picture
from dreambot.chat.source.people import asker_of
from dreambot.chat.source.subjects import of_attachment, of_emoji, of_link, of_sticker
from dreambot.chat.source.writing import emoji, hides, links
from dreambot.chat.words import FALLBACK, words
from dreambot.jobs.types import Subject


class Sort(IntEnum):
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
class Found:
    """Something of a message that may be dreamed upon."""

    subject: Subject
    sort: Sort


class _Carrier(Protocol):
    """What a message and a forwarded message's snapshot have in common."""

    content: str
    attachments: list[discord.Attachment]
    embeds: list[discord.Embed]
    stickers: list[discord.StickerItem]

    @property
    def components(self) -> Sequence[discord.Component]: ...


def in_message(message: discord.Message) -> Subject | None:
    """What a message shows: attached, in a gallery, embedded, linked, a sticker, an emoji, or any of these in
    what it forwards."""
    found = found_in(message)
    return found.subject if found else None


def pointed_at(message: discord.Message) -> Subject | None:
    """What a message shows that somebody chose: where nothing says it is a picture, any file, since its bytes
    may tell."""
    found = found_in(message, any_file=True)
    return found.subject if found else None


def meant_by(message: discord.Message) -> discord.Message:
    """The message that a thread's first message stands for, which has no content of its own; any other
    message itself."""
    starter = message.type is discord.MessageType.thread_starter_message
    resolved = message.reference.resolved if starter and message.reference else None
    return resolved if isinstance(resolved, discord.Message) else message


def found_in(message: discord.Message, *, any_file: bool = False) -> Found | None:
    """The likeliest of what a message shows, and of what is equally likely the first. any_file: attachments
    count that do not say they are pictures."""
    message = meant_by(message)
    carriers: Sequence[_Carrier] = (message, *message.message_snapshots)
    everything = (found for carrier in carriers for found in _in_carrier(carrier, message.id, any_file))
    likeliest = min(everything, key=lambda found: found.sort, default=None)
    if likeliest is None:
        return None
    subject = replace(likeliest.subject, person=asker_of(message))
    if result_of(message):
        # Its alt text tells at length what it was dreamed of, and would be told again with every dream of it.
        subject = replace(subject, label=words(FALLBACK)("source-label-dream"))
    return replace(likeliest, subject=subject)


def _in_carrier(carrier: _Carrier, message: int, any_file: bool) -> Iterator[Found]:
    # Before the attachments: a gallery knows of its attachments whether they are spoilers.
    for subject in in_components(carrier.components, message):
        yield Found(subject, Sort.picture)
    for attachment in carrier.attachments:
        if is_picture(attachment) or is_film(attachment):
            yield Found(of_attachment(attachment, message), Sort.picture)
        elif any_file:
            sort = Sort.file if is_undeclared(attachment) else Sort.other
            yield Found(of_attachment(attachment, message), sort)
    for embed in carrier.embeds:
        url = _shown_by(embed)
        if url:
            yield Found(of_link(url, hides(carrier.content, embed.url), message), Sort.picture)
    if not carrier.embeds:
        for link in links(carrier.content):
            sort = Sort.picture if links_to_picture(link.url) else Sort.page
            yield Found(of_link(link.url, link.hidden, message), sort)
    for sticker in carrier.stickers:
        stuck = of_sticker(sticker, message)
        if stuck:
            yield Found(stuck, Sort.remark)
    for written in emoji(carrier.content):
        yield Found(of_emoji(written.emoji, written.hidden, message), Sort.remark)


def _shown_by(embed: discord.Embed) -> str | None:
    """The picture of an embed; of moving ones the film, unless it plays only in a page of its own."""
    film = embed.video.url
    if film and (embed.type == "gifv" or links_to_film(film)):
        return film
    return embed.image.url or embed.thumbnail.url
