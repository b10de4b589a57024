"""What Discord's refusals mean, and what people are told of anything that failed."""

import textwrap

import aiohttp
import discord

from dreambot.chat.words import Told, Words
from dreambot.chat.words.english import from_english
from dreambot.errors import UserError
from dreambot.metrics import Failure
from dreambot.zoo.errors import WeightsError, not_installed

_TOKEN_OVER = {10015, 10062, 50027}
_MESSAGE_GONE = {10008}
_NO_REPLIES = 160002
# Channel or guild gone, no access, closed DM, no permission, thread archived or locked, no history.
_NO_WAY_IN = {10003, 10004, 50001, 50007, 50013, 50083, _NO_REPLIES, 160005}
_ARCHIVED = {50083, 160005}
# AutoMod: a message, a title, a link.
_BLOCKED = {200000, 200001, 240000}
_TOO_LARGE = 40005
_BAD_FORM = 50035
MOST = 1900


class Unwanted(Exception):
    """Somebody deleted the message that was answered, or our answer: the dream is not wanted any more."""


class Undeliverable(Told):
    """No way leads to the people who asked."""

    def __init__(self, key: str, why: Failure = "no_way_in", **values: str | float) -> None:
        super().__init__(key, **values)
        self.why: Failure = why


class Refused(Undeliverable):
    """Discord turned down what the bot asked of it; the sentence says why, as far as its error code tells."""

    def __init__(self, error: discord.HTTPException) -> None:
        key, why = _meaning(error)
        super().__init__(key, why, code=str(error.code or error.status))


def _meaning(error: discord.HTTPException) -> tuple[str, Failure]:
    """(the key of what to say, the word for those who count)."""
    if error.code in _BLOCKED:
        return "core-blocked", "discord"
    if error.code in _ARCHIVED:
        return "core-archived", "no_way_in"
    if no_way_in(error):
        return "core-no-way-in", "no_way_in"
    if too_large(error):
        return "core-too-large", "too_large"
    return "core-refused", "discord"


def token_is_over(error: discord.HTTPException) -> bool:
    """Whether an interaction can no longer be answered: 10062, 50027, or its webhook is gone."""
    return error.code in _TOKEN_OVER


def token_is_refused(error: BaseException) -> bool:
    """Whether Discord refuses the bot's own token, which was revoked. The gateway closes soon."""
    # The token of an interaction that is over has a code of its own.
    return isinstance(error, discord.HTTPException) and error.status == 401 and not error.code


def message_is_gone(error: discord.HTTPException) -> bool:
    """Whether the message that was edited, or replied to, was deleted."""
    return error.code in _MESSAGE_GONE or (error.code == _BAD_FORM and "message_reference" in error.text)


def no_way_in(error: discord.HTTPException) -> bool:
    """Whether the channel is gone, closed to the bot, or the bot was thrown out."""
    return error.code in _NO_WAY_IN


def no_replies(error: discord.HTTPException) -> bool:
    """Whether the bot may send, but not as a reply: it cannot read what was said before."""
    return error.code == _NO_REPLIES


def too_large(error: discord.HTTPException) -> bool:
    """Whether a file was too large."""
    return error.status == 413 or error.code == _TOO_LARGE


def passing(error: Exception) -> bool:
    """Whether the same request may well succeed in a moment: 5xx, 429, a dropped connection."""
    if isinstance(error, discord.HTTPException):
        return error.status >= 500 or error.status == 429
    return isinstance(error, (aiohttp.ClientError, OSError))


def failure(error: Exception) -> Failure:
    """Why a finished dream reached nobody, in a word for those who count."""
    match error:
        case Unwanted():
            return "deleted"
        case Undeliverable(why=why):
            return why
        case discord.HTTPException():
            return "discord"
        case aiohttp.ClientError() | OSError():
            return "connection"
    return "other"


def in_words(error: BaseException, words: Words) -> str:
    """What to tell the person whose dream failed, in their language; never more than a message holds.

    A text with a caret under a character is shown in a code block, where the caret stands right.
    """
    if not isinstance(error, UserError) or (isinstance(error, WeightsError) and not error.network):
        return words("core-gone-wrong")
    if isinstance(error, WeightsError):
        # Its own message is for the operator, who reads it in the log.
        told = not_installed(error.network)
    else:
        told = error.said(words) if isinstance(error, Told) else str(error)
    first, _, rest = told.partition("\n")
    first = from_english(words, first)
    first = discord.utils.escape_mentions(first)[:MOST]
    if not rest:
        return first
    shown = textwrap.dedent(rest).replace("```", "'''")[: MOST - len(first)]
    return f"{first}\n```\n{shown}\n```"
