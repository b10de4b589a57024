"""Attachments, links, emoji, stickers and components as source images."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import discord

from dreambot.errors import Message
from dreambot.jobs.models import AttachmentSource, Source, SourceImage, UrlSource
from dreambot.media.link_page import VIDEO_SUFFIXES

_LINK = re.compile(r"https?://[^\s<>|]+", re.IGNORECASE)
_BRACKETED_LINK = re.compile(rf"<{_LINK.pattern}>|{_LINK.pattern}", re.IGNORECASE)
_EMOJI = re.compile(r"<(?P<moves>a?):(?P<name>\w{2,32}):(?P<id>\d{15,20})>", re.ASCII)
_SPOILER_BARS = "||"
_TRAILING_PUNCTUATION = ".,;:!?'\"*_~`"
_OPENING_BRACKETS = {")": "(", "]": "["}


@dataclass(frozen=True)
class LinkInText:
    """A link in a text. `hidden` says whether it stands behind spoiler bars."""

    url: str
    hidden: bool


@dataclass(frozen=True)
class EmojiInText:
    """A custom emoji in a text. `hidden` says whether it stands behind spoiler bars."""

    emoji: discord.PartialEmoji
    hidden: bool


def find_links(text: str) -> Iterator[LinkInText]:
    """Yields the links in a text in order.

    Args:
        text: The text.
    """
    for part, hidden in _split_at_spoilers(text):
        for match in _LINK.finditer(part):
            yield LinkInText(_trim_url(match[0]), hidden)


def find_emoji(text: str) -> Iterator[EmojiInText]:
    """Yields the custom emoji in a text in order.

    Args:
        text: The text.
    """
    for part, hidden in _split_at_spoilers(text):
        for match in _EMOJI.finditer(part):
            found = discord.PartialEmoji(
                name=match["name"], animated=bool(match["moves"]), id=int(match["id"])
            )
            yield EmojiInText(found, hidden)


def strip_links_and_emoji(text: str) -> str:
    """Removes links, custom emoji and spoiler bars from a text.

    Args:
        text: The text.
    """
    return _EMOJI.sub(" ", _BRACKETED_LINK.sub(" ", text)).replace(_SPOILER_BARS, " ")


def is_link_spoiler(text: str, url: str | None) -> bool:
    """Checks whether the link of an embed stands behind spoiler bars.

    Args:
        text: The content of the message.
        url: The URL of the embed. Where no link in the text equals it, all links are considered.
    """
    written = list(find_links(text)) if url else []
    # Discord may have normalised the URL; then any of the links may be the one.
    same = [link for link in written if link.url == url] or written
    return any(link.hidden for link in same)


def _split_at_spoilers(text: str) -> Iterator[tuple[str, bool]]:
    for index, part in enumerate(text.split(_SPOILER_BARS)):
        yield part, index % 2 == 1


def _trim_url(url: str) -> str:
    """Removes the punctuation and the brackets of the surrounding sentence from a link."""
    counts, end = Counter(url), len(url)
    while end:
        last = url[end - 1]
        opening = _OPENING_BRACKETS.get(last)
        unopened = opening is not None and counts[last] > counts[opening]
        if last not in _TRAILING_PUNCTUATION and not unopened:
            break
        counts[last] -= 1
        end -= 1
    return url[:end]


IMAGE_EXTENSIONS = (
    ".png",
    ".apng",
    ".jpg",
    ".jpeg",
    ".jfif",
    ".webp",
    ".gif",
    ".bmp",
    ".tif",
    ".tiff",
    ".avif",
)
SOUND_EXTENSIONS = (".mp3", ".wav", ".ogg", ".oga", ".opus", ".m4a", ".aac", ".flac", ".aiff", ".aif")
_GENERIC_TYPES = frozenset({"application/octet-stream", "binary/octet-stream", "application/binary"})
"""Declared types that do not identify the content."""
_GIF_SITES = ("klipy.com", "giphy.com", "tenor.com")
"""Sites whose pages show one GIF each, which Discord's picker offers or, in the case of Tenor, offered."""


def is_image(attachment: discord.Attachment) -> bool:
    """Checks whether an attachment declares itself an image; GIFs count.

    Args:
        attachment: The attachment.
    """
    return _matches_type(attachment.content_type, attachment.filename, "image/", IMAGE_EXTENSIONS)


def is_video(attachment: discord.Attachment) -> bool:
    """Checks whether an attachment declares itself a video.

    Args:
        attachment: The attachment.
    """
    return _matches_type(attachment.content_type, attachment.filename, "video/", VIDEO_SUFFIXES)


def is_sound(attachment: discord.Attachment) -> bool:
    """Checks whether an attachment declares itself an audio file; voice messages do.

    Args:
        attachment: The attachment.
    """
    return _matches_type(attachment.content_type, attachment.filename, "audio/", SOUND_EXTENSIONS)


def is_image_or_video(kind: str | None, name: str) -> bool:
    """Checks whether a file is an image or a video by its declared type, or else by its name.

    Args:
        kind: The declared type; None if not found.
        name: The file's name.
    """
    return _matches_type(kind, name, "image/", IMAGE_EXTENSIONS) or _matches_type(
        kind, name, "video/", VIDEO_SUFFIXES
    )


def is_type_unknown(attachment: discord.Attachment) -> bool:
    """Checks whether an attachment's declared type says nothing about its content.

    Args:
        attachment: The attachment.
    """
    return _declared_type(attachment.content_type) is None


def filename_in_url(url: str) -> str:
    """Reads the file's name at the end of a URL.

    Args:
        url: The URL.

    Returns:
        The name; empty if the URL has none.
    """
    try:
        return urlsplit(url).path.rpartition("/")[2]
    except ValueError:
        return ""


def is_video_url(url: str) -> bool:
    """Checks whether a URL ends like that of a video file.

    Args:
        url: The URL.
    """
    return filename_in_url(url).lower().endswith(VIDEO_SUFFIXES)


def is_image_url(url: str) -> bool:
    """Checks whether a URL ends like that of an image or a video, or is a page of a site for GIFs.

    Args:
        url: The URL.
    """
    if filename_in_url(url).lower().endswith((*IMAGE_EXTENSIONS, *VIDEO_SUFFIXES)):
        return True
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return False
    return any(host == site or host.endswith(f".{site}") for site in _GIF_SITES)


def _matches_type(kind: str | None, name: str, type_: str, names: tuple[str, ...]) -> bool:
    declared = _declared_type(kind)
    return declared.startswith(type_) if declared else name.lower().endswith(names)


def _declared_type(kind: str | None) -> str | None:
    """Normalises a declared type; returns None for types that say nothing."""
    declared = (kind or "").partition(";")[0].strip().lower()
    return None if not declared or declared in _GENERIC_TYPES else declared


RESULT_LABEL = Message("source-label-dream").to_json()
"""What a dream is called as a source. Its alt text, which describes the recipe at length, would be repeated
with every dream of it."""
_MAX_LABEL_LENGTH = 300
_SPOILER_PREFIX = "SPOILER_"


def is_hidden(attachment: discord.Attachment) -> bool:
    """Returns whether an attachment is marked as a spoiler or, by Discord, as explicit.

    Args:
        attachment: The attachment.
    """
    return attachment.is_spoiler() or attachment.flags.contains_explicit_media


def from_attachment(
    attachment: discord.Attachment, message: int | None = None, person: int | None = None
) -> SourceImage:
    """Makes an attachment a source, regardless of its declared type.

    Args:
        attachment: The attachment.
        message: The id of its message.
        person: The id of the message's author.
    """
    sort = "film" if is_video(attachment) else "sound" if is_sound(attachment) else "picture"
    label = (attachment.description or "")[:_MAX_LABEL_LENGTH] or _label(
        f"source-label-{sort}", attachment.filename.removeprefix(_SPOILER_PREFIX)
    )
    explicit = attachment.flags.contains_explicit_media
    source = AttachmentSource(attachment.url, attachment.filename, attachment.size, explicit)
    return SourceImage(source, label, attachment.is_spoiler(), message, person)


def from_typed_text(url: str) -> SourceImage:
    """Makes a typed link or custom emoji a source. `||link||` is a spoiler.

    Args:
        url: The text.
    """
    written = next(find_links(url), None)
    if written:
        hidden = written.hidden or filename_in_url(written.url).startswith(_SPOILER_PREFIX)
        return SourceImage(UrlSource(written.url), _label("source-label-link"), hidden, None)
    pictured = next(find_emoji(url), None)
    if pictured:
        return from_emoji(pictured.emoji, pictured.hidden)
    return SourceImage(UrlSource(url.strip()), _label("source-label-link"), False, None)


def from_sticker(sticker: discord.StickerItem, message: int | None = None) -> SourceImage | None:
    """Makes a sticker a source.

    Args:
        sticker: The sticker.
        message: The id of its message.

    Returns:
        The source; None for Lottie stickers, which are no images.
    """
    if sticker.format is discord.StickerFormatType.lottie:
        return None
    label = _label("source-label-sticker", sticker.name)
    return SourceImage(_discord_file(sticker.url, filename_in_url(sticker.url)), label, False, message)


def from_emoji(drawn: discord.PartialEmoji, hidden: bool = False, message: int | None = None) -> SourceImage:
    """Makes a custom emoji a source.

    Args:
        drawn: The emoji.
        hidden: Whether it is a spoiler.
        message: The id of its message.
    """
    label = _label("source-label-emoji", drawn.name)
    return SourceImage(_discord_file(drawn.url, filename_in_url(drawn.url)), label, hidden, message)


def from_media_item(
    media: discord.UnfurledMediaItem,
    *,
    description: str | None = None,
    hidden: bool = False,
    message: int | None = None,
) -> SourceImage:
    """Makes the media of a gallery, thumbnail or file component a source.

    It is an attachment of the message, or a URL that its sender linked to.

    Args:
        media: The media.
        description: Its alt text.
        hidden: Whether it is a spoiler.
        message: The id of its message.
    """
    name = filename_in_url(media.url)
    explicit = media.flags.contains_explicit_media
    source: Source = (
        AttachmentSource(media.url, name, 0, explicit) if media.attachment_id else UrlSource(media.url)
    )
    key = "source-label-film" if is_video_url(media.url) else "source-label-picture"
    named = (
        _label(key, name.removeprefix(_SPOILER_PREFIX))
        if media.attachment_id
        else _label("source-label-link")
    )
    spoiler = hidden or media.flags.spoiler or name.startswith(_SPOILER_PREFIX)
    return SourceImage(source, (description or "")[:_MAX_LABEL_LENGTH] or named, spoiler, message)


def from_link(url: str, hidden: bool, message: int | None = None) -> SourceImage:
    """Makes a link or the image of an embed a source.

    Args:
        url: The URL.
        hidden: Whether it is a spoiler.
        message: The id of its message.
    """
    return SourceImage(UrlSource(url), _label("source-label-link"), hidden, message)


def _discord_file(url: str, name: str) -> AttachmentSource:
    """Makes a file on Discord's servers a source; its size is not known."""
    return AttachmentSource(url, name, 0)


def _label(key: str, name: str = "") -> str:
    return Message(key, {"name": name[:_MAX_LABEL_LENGTH]} if name else {}).to_json()


def from_components(
    components: Iterable[discord.Component], message: int, *, hidden: bool = False
) -> Iterator[SourceImage]:
    """Yields the sources in galleries, thumbnails and files among components, at any depth.

    Args:
        components: The components of a message.
        message: The id of the message.
        hidden: Whether all of them are spoilers.
    """
    for component in components:
        match component:
            case discord.Container():
                yield from from_components(component.children, message, hidden=hidden or component.spoiler)
            case discord.SectionComponent():
                yield from from_components([component.accessory], message, hidden=hidden)
            case discord.MediaGalleryComponent():
                for item in component.items:
                    yield from_media_item(
                        item.media,
                        description=item.description,
                        hidden=hidden or item.spoiler,
                        message=message,
                    )
            case discord.ThumbnailComponent():
                yield from_media_item(
                    component.media,
                    description=component.description,
                    hidden=hidden or component.spoiler,
                    message=message,
                )
            case discord.FileComponent():
                media = component.media
                if is_image_or_video(media.content_type, component.name or filename_in_url(media.url)):
                    yield from_media_item(media, hidden=hidden or component.spoiler, message=message)
