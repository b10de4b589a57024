"""What stands in the text of a message: links and emoji, and which of them hide behind spoiler bars."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import discord

_LINK = re.compile(r"https?://[^\s<>|]+", re.IGNORECASE)
_BRACKETED = re.compile(rf"<{_LINK.pattern}>|{_LINK.pattern}", re.IGNORECASE)
_EMOJI = re.compile(r"<(?P<moves>a?):(?P<name>\w{2,32}):(?P<id>\d{15,20})>", re.ASCII)
_BARS = "||"
_AFTER = ".,;:!?'\"*_~`"
_BRACKETS = {")": "(", "]": "["}


@dataclass(frozen=True)
class Link:
    """A link in a text. hidden: behind spoiler bars."""

    url: str
    hidden: bool


@dataclass(frozen=True)
class WrittenEmoji:
    """One of a server's own emoji in a text. hidden: behind spoiler bars."""

    emoji: discord.PartialEmoji
    hidden: bool


def links(text: str) -> Iterator[Link]:
    """The links in a text, in their order."""
    for part, hidden in _parts(text):
        for match in _LINK.finditer(part):
            yield Link(_trimmed(match[0]), hidden)


def emoji(text: str) -> Iterator[WrittenEmoji]:
    """The emoji in a text that are not everybody's, in their order."""
    for part, hidden in _parts(text):
        for match in _EMOJI.finditer(part):
            found = discord.PartialEmoji(
                name=match["name"], animated=bool(match["moves"]), id=int(match["id"])
            )
            yield WrittenEmoji(found, hidden)


def without_pictures(text: str) -> str:
    """A text without its links, its emoji and its spoiler bars: the words that are left."""
    return _EMOJI.sub(" ", _BRACKETED.sub(" ", text)).replace(_BARS, " ")


def hides(text: str, url: str | None) -> bool:
    """Whether the link that an embed was made from stands behind spoiler bars."""
    written = list(links(text)) if url else []
    # Discord may have tidied the address up; then any of them could be meant.
    same = [link for link in written if link.url == url] or written
    return any(link.hidden for link in same)


def _parts(text: str) -> Iterator[tuple[str, bool]]:
    for index, part in enumerate(text.split(_BARS)):
        yield part, index % 2 == 1


def _trimmed(url: str) -> str:
    """Without what ends the sentence, or the brackets, that a link stands in."""
    counts, end = Counter(url), len(url)
    while end:
        last = url[end - 1]
        opening = _BRACKETS.get(last)
        unopened = opening is not None and counts[last] > counts[opening]
        if last not in _AFTER and not unopened:
            break
        counts[last] -= 1
        end -= 1
    return url[:end]
