"""Discord's pictures, of every sort, as what a dream is dreamed upon."""

import discord

from dreambot.chat.source.kinds import is_film, links_to_film, name_in
from dreambot.chat.source.writing import emoji, links
from dreambot.chat.words import FALLBACK, words
from dreambot.jobs.types import AttachmentSource, Source, Subject, UrlSource

_MOST_CHARACTERS = 300
_SPOILER = "SPOILER_"


def of_attachment(
    attachment: discord.Attachment, message: int | None = None, person: int | None = None
) -> Subject:
    """An attachment as a picture, whatever it claims to be. message: the id of the one it was posted in.
    person: who posted it."""
    key = "source-label-film" if is_film(attachment) else "source-label-picture"
    label = attachment.description or _label(key, attachment.filename.removeprefix(_SPOILER))
    source = AttachmentSource(attachment.url, attachment.filename, attachment.size)
    return Subject(source, label[:_MOST_CHARACTERS], attachment.is_spoiler(), message, person)


def of_url(url: str) -> Subject:
    """What somebody typed: a link, or one of a server's own emoji. `||link||` is a spoiler."""
    written = next(links(url), None)
    if written:
        hidden = written.hidden or name_in(written.url).startswith(_SPOILER)
        return Subject(UrlSource(written.url), _label("source-label-link"), hidden, None)
    pictured = next(emoji(url), None)
    if pictured:
        return of_emoji(pictured.emoji, pictured.hidden)
    return Subject(UrlSource(url.strip()), _label("source-label-link"), False, None)


def of_sticker(sticker: discord.StickerItem, message: int | None = None) -> Subject | None:
    """A sticker; None for the drawn ones (Lottie), which are no pictures."""
    if sticker.format is discord.StickerFormatType.lottie:
        return None
    label = _label("source-label-sticker", sticker.name)
    return Subject(_kept(sticker.url, name_in(sticker.url)), label, False, message)


def of_emoji(drawn: discord.PartialEmoji, hidden: bool = False, message: int | None = None) -> Subject:
    """One of a server's own emoji."""
    label = _label("source-label-emoji", drawn.name)
    return Subject(_kept(drawn.url, name_in(drawn.url)), label, hidden, message)


def of_media(
    media: discord.UnfurledMediaItem,
    *,
    description: str | None = None,
    hidden: bool = False,
    message: int | None = None,
) -> Subject:
    """What a gallery, a thumbnail or a file among a message's components shows: an attachment of the message,
    or whatever its sender linked to."""
    name = name_in(media.url)
    source: Source = _kept(media.url, name) if media.attachment_id else UrlSource(media.url)
    key = "source-label-film" if links_to_film(media.url) else "source-label-picture"
    named = _label(key, name.removeprefix(_SPOILER)) if media.attachment_id else _label("source-label-link")
    spoiler = hidden or media.flags.spoiler or name.startswith(_SPOILER)
    return Subject(source, (description or named)[:_MOST_CHARACTERS], spoiler, message)


def of_link(url: str, hidden: bool, message: int | None = None) -> Subject:
    """What a message links to, or an embed shows."""
    return Subject(UrlSource(url), _label("source-label-link"), hidden, message)


def _kept(url: str, name: str) -> AttachmentSource:
    """A file on Discord's own servers, which do not say how large it is."""
    return AttachmentSource(url, name, 0)


def _label(key: str, name: str = "") -> str:
    # In English, as it is stored; whoever shows it says it in the reader's language.
    return words(FALLBACK)(key, name=name)[:_MOST_CHARACTERS]
