"""Pictures of age-restricted channels stay in such channels."""

from collections.abc import Callable
from urllib.parse import urlsplit

import discord

from dreambot.chat.words import Told
from dreambot.jobs.types import FileSource, Subject

_FOLDERS = frozenset({"attachments", "ephemeral-attachments"})


def attachment_id_of(url: str) -> int | None:
    """The id of the attachment behind one of Discord's addresses, which stays when the address has expired;
    None for any other address."""
    found = _kept_at(url)
    return found[1] if found else None


def require_place(subject: Subject, known: Callable[[int], object], here: object) -> None:
    """Raises UserError for an attachment of an age-restricted channel, where `here` is a channel of a server
    that is not. known: a channel by its id, if it is known."""
    if not _in_place(subject, known, here):
        raise Told("source-restricted")


def require_place_of(subject: Subject, message: discord.Message) -> None:
    """The same for what a message shows, or forwards."""
    if not is_in_place(subject, message):
        raise Told("source-restricted")


def is_in_place(subject: Subject, message: discord.Message) -> bool:
    """Whether what a message shows, or forwards, may be dreamed where it is."""
    if message.guild is None:
        return True
    known = message.guild.get_channel_or_thread
    forwarded = message.reference if message.message_snapshots else None
    if forwarded and _leaves(known(forwarded.channel_id), message.channel):
        return False
    return _in_place(subject, known, message.channel)


def _in_place(subject: Subject, known: Callable[[int], object], here: object) -> bool:
    source = subject.source
    found = None if isinstance(source, FileSource) else _kept_at(source.url)
    return not (found and _leaves(known(found[0]), here))


def _leaves(origin: object, here: object) -> bool:
    return is_restricted(origin) is True and is_restricted(here) is False


def _kept_at(url: str) -> tuple[int, int] | None:
    """The ids of channel and attachment in an address of Discord's."""
    try:
        parts = urlsplit(url).path.split("/")
    except ValueError:
        return None
    if len(parts) != 5 or parts[1] not in _FOLDERS or not all(id_.isdecimal() for id_ in parts[2:4]):
        return None
    return int(parts[2]), int(parts[3])


def is_restricted(channel: object) -> bool | None:
    """Whether a channel is age-restricted; None for those that cannot be, such as direct messages."""
    if isinstance(channel, (discord.abc.GuildChannel, discord.Thread)):
        nsfw = getattr(channel, "is_nsfw", None)
        return bool(nsfw and nsfw())
    return None
