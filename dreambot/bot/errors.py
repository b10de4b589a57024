"""Classifies Discord's error codes, and turns any error into the text that the user sees."""

import textwrap

import aiohttp
import discord

from dreambot.errors import UserError
from dreambot.i18n import Translator
from dreambot.metrics import DeliveryFailure
from dreambot.zoo.catalogue import WeightsError, not_installed

_TOKEN_EXPIRED_CODES = {10015, 10062, 50027}
_MESSAGE_GONE_CODES = {10008}
_REPLY_FORBIDDEN_CODE = 160002
# Channel or guild gone, no access, closed DM, no permission, thread archived or locked, no history.
_CHANNEL_CLOSED_CODES = {10003, 10004, 50001, 50007, 50013, 50083, _REPLY_FORBIDDEN_CODE, 160005}
_ARCHIVED_CODES = {50083, 160005}
# AutoMod: a message, a title, a link.
_AUTOMOD_CODES = {200000, 200001, 240000}
_TOO_LARGE_CODE = 40005
_INVALID_FORM_CODE = 50035
MAX_TEXT_LENGTH = 1900


class ReplyDeleted(Exception):
    """Somebody deleted the message that was answered, or our answer: the dream is not wanted any more."""


class Undeliverable(UserError):
    """No way leads to the people who asked."""

    def __init__(self, key: str, why: DeliveryFailure = "no_way_in", **values: str | float) -> None:
        super().__init__(key, **values)
        self.why: DeliveryFailure = why


class DiscordRefused(Undeliverable):
    """Discord turned down what the bot asked of it; the sentence says why, as far as its error code tells."""

    def __init__(self, error: discord.HTTPException) -> None:
        key, why = _classify(error)
        super().__init__(key, why, code=str(error.code or error.status))


def _classify(error: discord.HTTPException) -> tuple[str, DeliveryFailure]:
    """(the key of what to say, the word for those who count)."""
    if error.code in _AUTOMOD_CODES:
        return "core-blocked", "discord"
    if error.code in _ARCHIVED_CODES:
        return "core-archived", "no_way_in"
    if is_channel_closed(error):
        return "core-no-way-in", "no_way_in"
    if is_file_too_large(error):
        return "core-too-large", "too_large"
    return "core-refused", "discord"


def is_interaction_expired(error: discord.HTTPException) -> bool:
    """Whether an interaction can no longer be answered: 10062, 50027, or its webhook is gone."""
    return error.code in _TOKEN_EXPIRED_CODES


def is_bot_token_refused(error: BaseException) -> bool:
    """Whether Discord refuses the bot's own token, which was revoked. The gateway closes soon."""
    # The token of an interaction that is over has a code of its own.
    return isinstance(error, discord.HTTPException) and error.status == 401 and not error.code


def is_message_gone(error: discord.HTTPException) -> bool:
    """Whether the message that was edited, or replied to, was deleted."""
    return error.code in _MESSAGE_GONE_CODES or (
        error.code == _INVALID_FORM_CODE and "message_reference" in error.text
    )


def is_channel_closed(error: discord.HTTPException) -> bool:
    """Whether the channel is gone, closed to the bot, or the bot was thrown out."""
    return error.code in _CHANNEL_CLOSED_CODES


def is_reply_forbidden(error: discord.HTTPException) -> bool:
    """Whether the bot may send, but not as a reply: it cannot read what was said before."""
    return error.code == _REPLY_FORBIDDEN_CODE


def is_file_too_large(error: discord.HTTPException) -> bool:
    """Whether a file was too large."""
    return error.status == 413 or error.code == _TOO_LARGE_CODE


def is_transient(error: Exception) -> bool:
    """Whether the same request may well succeed in a moment: 5xx, 429, a dropped connection."""
    if isinstance(error, discord.HTTPException):
        return error.status >= 500 or error.status == 429
    return isinstance(error, (aiohttp.ClientError, OSError))


def failure_reason(error: Exception) -> DeliveryFailure:
    """Why a finished dream reached nobody, in a word for those who count."""
    match error:
        case ReplyDeleted():
            return "deleted"
        case Undeliverable(why=why):
            return why
        case discord.HTTPException():
            return "discord"
        case aiohttp.ClientError() | OSError():
            return "connection"
    return "other"


def error_text(error: BaseException, words: Translator) -> str:
    """What to tell the person whose dream failed, in their language; never more than a message holds.

    A text with a caret under a character is shown in a code block, where the caret stands right.
    """
    if not isinstance(error, UserError) or (isinstance(error, WeightsError) and not error.network):
        return words("core-gone-wrong")
    # The message of a WeightsError is for the operator, who reads it in the log.
    message = not_installed(error.network) if isinstance(error, WeightsError) else None
    text = message.text(words) if message else error.text(words)
    first, _, rest = text.partition("\n")
    first = discord.utils.escape_mentions(first)[:MAX_TEXT_LENGTH]
    if not rest:
        return first
    shown = textwrap.dedent(rest).replace("```", "'''")[: MAX_TEXT_LENGTH - len(first)]
    return f"{first}\n```\n{shown}\n```"
