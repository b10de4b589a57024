"""Pictures of age-restricted channels stay in such channels."""

from urllib.parse import urlsplit

import discord

from dreambot.chat.words import Told
from dreambot.jobs.types import Subject, UrlSource

_FOLDERS = frozenset({"attachments", "ephemeral-attachments"})


def attachment_id_of(url: str) -> int | None:
    """The id of the attachment behind one of Discord's addresses, which stays when the address has expired;
    None for any other address."""
    found = _kept_at(url)
    return found[1] if found else None


def require_place(subject: Subject, client: discord.Client, here: object) -> None:
    """Raises UserError where a link leads to an attachment of an age-restricted channel, and `here` is a
    channel of a server that is not. client: what knows the channels."""
    found = _kept_at(subject.source.url) if isinstance(subject.source, UrlSource) else None
    if found and _restricted(client.get_channel(found[0])) is True and _restricted(here) is False:
        raise Told("source-restricted")


def _kept_at(url: str) -> tuple[int, int] | None:
    """The ids of channel and attachment in an address of Discord's."""
    try:
        parts = urlsplit(url).path.split("/")
    except ValueError:
        return None
    if len(parts) != 5 or parts[1] not in _FOLDERS or not all(id_.isdecimal() for id_ in parts[2:4]):
        return None
    return int(parts[2]), int(parts[3])


def _restricted(channel: object) -> bool | None:
    """Whether a channel is age-restricted; None for those that cannot be, such as direct messages."""
    if isinstance(channel, (discord.abc.GuildChannel, discord.Thread)):
        nsfw = getattr(channel, "is_nsfw", None)
        return bool(nsfw and nsfw())
    return None
