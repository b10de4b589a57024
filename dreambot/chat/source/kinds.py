"""What names and declared types say of files. What they are, their bytes will tell."""

from urllib.parse import urlsplit

import discord

from dreambot.media.page import FILM_NAMES

PICTURE_NAMES = (".png", ".apng", ".jpg", ".jpeg", ".jfif", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".avif")
_SILENT = frozenset({"application/octet-stream", "binary/octet-stream", "application/binary"})
"""Declared types that say nothing."""
_GALLERIES = ("tenor.com", "giphy.com")
"""Sites of moving pictures, whose pages show one each."""


def is_picture(attachment: discord.Attachment) -> bool:
    """Whether an attachment says it is a picture, moving ones such as GIFs among them."""
    return _is(attachment.content_type, attachment.filename, "image/", PICTURE_NAMES)


def is_film(attachment: discord.Attachment) -> bool:
    """Whether an attachment says it is a film."""
    return _is(attachment.content_type, attachment.filename, "video/", FILM_NAMES)


def shows_something(kind: str | None, name: str) -> bool:
    """Whether a file of that declared type and name can be looked at. kind: None where nothing is said."""
    return _is(kind, name, "image/", PICTURE_NAMES) or _is(kind, name, "video/", FILM_NAMES)


def is_undeclared(attachment: discord.Attachment) -> bool:
    """Whether neither its type nor its name tells what an attachment is."""
    return _declared(attachment.content_type) is None


def name_in(url: str) -> str:
    """The file's name at the end of an address; nothing where there is none."""
    try:
        return urlsplit(url).path.rpartition("/")[2]
    except ValueError:
        return ""


def links_to_film(url: str) -> bool:
    """Whether an address ends like a film's."""
    return name_in(url).lower().endswith(FILM_NAMES)


def links_to_picture(url: str) -> bool:
    """Whether an address ends like a picture's or a film's, or is a page of Tenor or Giphy."""
    if name_in(url).lower().endswith((*PICTURE_NAMES, *FILM_NAMES)):
        return True
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return False
    return any(host == site or host.endswith(f".{site}") for site in _GALLERIES)


def _is(kind: str | None, name: str, type_: str, names: tuple[str, ...]) -> bool:
    declared = _declared(kind)
    return declared.startswith(type_) if declared else name.lower().endswith(names)


def _declared(kind: str | None) -> str | None:
    """A declared type in small letters; None where it says nothing."""
    declared = (kind or "").partition(";")[0].strip().lower()
    return None if not declared or declared in _SILENT else declared
