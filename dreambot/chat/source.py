"""Finding the picture that is meant: in a message, or the newest in a channel."""

import logging
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Protocol

import discord

from dreambot.chat.marks import is_unfinished
from dreambot.errors import UserError
from dreambot.jobs.types import AttachmentSource, Subject, UrlSource

log = logging.getLogger(__name__)

LOOK_BACK = 50
_EXTENSIONS = (".png", ".jpg", ".jpeg", ".jfif", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".avif")


class NoPicture(UserError):
    """There is no picture where one was looked for; the message says how to hand one over."""


class _Carrier(Protocol):
    """What a message and a forwarded message's snapshot have in common."""

    content: str
    attachments: list[discord.Attachment]
    embeds: list[discord.Embed]


def of_attachment(attachment: discord.Attachment, message: int | None = None) -> Subject:
    """An attachment as a picture, whatever it claims to be."""
    label = attachment.description or f"the picture {attachment.filename.removeprefix('SPOILER_')}"
    source = AttachmentSource(attachment.url, attachment.filename, attachment.size)
    return Subject(source, label[:300], attachment.is_spoiler(), message)


def of_url(url: str) -> Subject:
    """A link that somebody typed. `||link||` is a spoiler."""
    bare = url.strip()
    spoiler = bare.startswith("||") and bare.endswith("||") and len(bare) > 4
    bare = bare.strip("|").strip("<>") if spoiler else bare.strip("<>")
    return Subject(UrlSource(bare), "a linked picture", spoiler, None)


def is_picture(attachment: discord.Attachment) -> bool:
    """Whether an attachment says it is a picture; what it is, its bytes will tell."""
    kind = attachment.content_type or ""
    return kind.startswith("image/") or (not kind and attachment.filename.lower().endswith(_EXTENSIONS))


def in_message(message: discord.Message) -> Subject | None:
    """The first picture of a message: attached, embedded, or in what it forwards."""
    carriers: Sequence[_Carrier] = (message, *message.message_snapshots)
    return next((found for carrier in carriers for found in _in_carrier(carrier, message.id)), None)


def _in_carrier(carrier: _Carrier, message: int) -> Iterator[Subject]:
    for attachment in carrier.attachments:
        if is_picture(attachment):
            yield of_attachment(attachment, message)
    for embed in carrier.embeds:
        url = embed.image.url or embed.thumbnail.url
        if url:
            yield Subject(UrlSource(url), "a linked picture", _hidden(carrier.content, embed), message)


def _hidden(content: str, embed: discord.Embed) -> bool:
    """Whether the link that an embed was made from stands between spoiler bars."""
    return bool(embed.url) and any(embed.url in part for part in content.split("||")[1::2] if embed.url)


async def newest(history: AsyncIterator[discord.Message], asker: int, bot: int) -> Subject | None:
    """The asker's newest picture of a channel's last messages, newest first; else anybody's.

    Previews in progress messages of `bot` are not meant.
    """
    others: Subject | None = None
    async for message in history:
        if message.author.id == bot and is_unfinished(message):
            continue
        picture = in_message(message)
        if picture and message.author.id == asker:
            return picture
        others = others or picture
    return others


def look_back(channel: object) -> AsyncIterator[discord.Message] | None:
    """A channel's last fifty messages, or None where there is no looking back."""
    return channel.history(limit=LOOK_BACK) if isinstance(channel, discord.abc.Messageable) else None
