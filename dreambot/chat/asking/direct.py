"""What people write to the bot in direct messages, where every message is for it and most are small talk."""

import difflib
import re
from dataclasses import dataclass

import discord

from dreambot.chat.asking.pasted import read_words
from dreambot.chat.asking.typed import OPTIONS, AskingError, plain
from dreambot.chat.source import Sort, found_in
from dreambot.jobs.types import Subject
from dreambot.recipe import DreamRequest
from dreambot.recipe.layers import LAYERS
from dreambot.recipe.presets import PRESETS
from dreambot.recipe.trained import DEFAULT_MODEL
from dreambot.recipe.wishes import Request

_MOST_MISTYPED = 4
"""Words. Longer texts with a word that is no option are small talk, whatever the word resembles."""
_ALIKE = 0.75
_DREAM = re.compile(r"\bdream", re.IGNORECASE)


@dataclass(frozen=True)
class Direct:
    """A direct message, understood.

    Attributes:
        request: How to dream; None for small talk.
        picture: The picture in the message, or None.
        asks: Whether the words ask for a dream even where the message has no picture.
    """

    request: Request | None
    picture: Subject | None
    asks: bool


def read_direct(message: discord.Message) -> Direct:
    """Reads a direct message.

    A picture is dreamed whatever is said about it. Words alone ask for a dream where they name an option, or
    dreaming itself.

    Args:
        message: The message, with its content.

    Raises:
        UserError: The words are a request with a mistake in it.
    """
    picture, chatter = _picture_in(message)
    text = message.content
    words = re.findall(r"\w+", plain(text))
    try:
        request: Request | None = read_words(text)
    except AskingError:
        if _is_mistyped(words):
            raise
        request = None
    asks = request is not None and (request != DreamRequest() or bool(_DREAM.search(" ".join(words))))
    if picture is None or (chatter and words and not asks):
        return Direct(request if asks else None, None, asks)
    return Direct(request or DreamRequest(), picture, asks)


def _is_mistyped(words: list[str]) -> bool:
    """Whether words that could not be understood are meant as options all the same: some resemble one, and
    there is a number, as there is none in “my dog”."""
    names = (*PRESETS, *OPTIONS.values(), *(layer.name for layer in LAYERS[DEFAULT_MODEL]))
    if len(words) > _MOST_MISTYPED or not any(map(str.isdecimal, "".join(words))):
        return False
    return any(difflib.get_close_matches(word[:40].lower(), names, n=1, cutoff=_ALIKE) for word in words)


def _picture_in(message: discord.Message) -> tuple[Subject | None, bool]:
    """The picture of a message, and whether it may be only a remark: an emoji, or a link to some page. Any
    file counts, since its bytes may tell, and where it is none the answer says what it is."""
    found = found_in(message, any_file=True)
    if found is None:
        return None, False
    return found.subject, found.sort in {Sort.remark, Sort.page} and not message.stickers
