"""Classifies Discord's error codes, and turns any error into the text that the user sees."""

import textwrap

import aiohttp
import discord

from dreambot.errors import UserError
from dreambot.i18n import Translator
from dreambot.jobs.interfaces import FileTooLarge
from dreambot.jobs.pipeline import JobWithdrawn
from dreambot.metrics import DeliveryFailure
from dreambot.workers.types import WeightsMissing
from dreambot.zoo.catalogue import WeightsError, not_installed

_TOKEN_EXPIRED_CODES = {10015, 10062, 50027}
_MESSAGE_GONE_CODES = {10008}
_REPLY_FORBIDDEN_CODE = 160002
# Channel or server gone, no access, closed DM, no permission, thread archived or locked, no history.
_CHANNEL_CLOSED_CODES = {10003, 10004, 50001, 50007, 50013, 50083, _REPLY_FORBIDDEN_CODE, 160005}
_ARCHIVED_CODES = {50083, 160005}
# AutoMod: a message, a title, a link.
_AUTOMOD_CODES = {200000, 200001, 240000}
_TOO_LARGE_CODE = 40005
_INVALID_FORM_CODE = 50035
MAX_TEXT_LENGTH = 1900


class ReplyDeleted(JobWithdrawn):
    """The message that was replied to, or the bot's reply, was deleted: the dream is not wanted any more."""

    def __init__(self) -> None:
        super().__init__(None)


class Undeliverable(UserError):
    """A result or an error cannot be sent to the user."""

    def __init__(self, key: str, why: DeliveryFailure = "no_way_in", **values: str | float) -> None:
        """Builds the error.

        Args:
            key: The catalogue key of the user's text.
            why: The label of the metric.
            **values: The values of the text.
        """
        super().__init__(key, **values)
        self.why: DeliveryFailure = why


class DiscordRefused(Undeliverable):
    """Discord refused a request of the bot; the text names the reason, if the error code identifies it."""

    def __init__(self, error: discord.HTTPException) -> None:
        """Builds the error.

        Args:
            error: Discord's error.
        """
        key, why = _classify(error)
        super().__init__(key, why, code=str(error.code or error.status))


def _classify(error: discord.HTTPException) -> tuple[str, DeliveryFailure]:
    """Maps Discord's error to the key of the user's text and the label of the metric."""
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
    """Checks whether an interaction can no longer be answered: 10062, 50027, or its webhook is gone.

    Args:
        error: Discord's error.
    """
    return error.code in _TOKEN_EXPIRED_CODES


def is_bot_token_refused(error: BaseException) -> bool:
    """Checks whether Discord refuses the bot's own token: it was revoked, and the gateway closes soon.

    Args:
        error: Any error.
    """
    # An expired interaction token has a code of its own.
    return isinstance(error, discord.HTTPException) and error.status == 401 and not error.code


def is_message_gone(error: discord.HTTPException) -> bool:
    """Checks whether the message that was edited or replied to was deleted.

    Args:
        error: Discord's error.
    """
    return error.code in _MESSAGE_GONE_CODES or (
        error.code == _INVALID_FORM_CODE and "message_reference" in error.text
    )


def is_channel_closed(error: discord.HTTPException) -> bool:
    """Checks whether the channel is gone or closed to the bot, or the bot was removed from the server.

    Args:
        error: Discord's error.
    """
    return error.code in _CHANNEL_CLOSED_CODES


def is_reply_forbidden(error: discord.HTTPException) -> bool:
    """Checks whether the bot may send, but not as a reply, since it cannot read earlier messages.

    Args:
        error: Discord's error.
    """
    return error.code == _REPLY_FORBIDDEN_CODE


def is_file_too_large(error: discord.HTTPException) -> bool:
    """Checks whether Discord refused a file because of its size.

    Args:
        error: Discord's error.
    """
    return error.status == 413 or error.code == _TOO_LARGE_CODE


def is_transient(error: Exception) -> bool:
    """Checks whether a repeated request may succeed: 5xx, 429, or a dropped connection.

    Args:
        error: Any error of a request.
    """
    if isinstance(error, discord.HTTPException):
        return error.status >= 500 or error.status == 429
    return isinstance(error, (aiohttp.ClientError, OSError))


def failure_reason(error: Exception) -> DeliveryFailure:
    """Names the reason why a finished dream was not delivered, as a label of the metrics.

    Args:
        error: What the delivery raised.
    """
    match error:
        case ReplyDeleted():
            return "deleted"
        case FileTooLarge():
            return "too_large"
        case Undeliverable(why=why):
            return why
        case discord.HTTPException():
            return "discord"
        case aiohttp.ClientError() | OSError():
            return "connection"
    return "other"


def error_text(error: BaseException, translate: Translator) -> str:
    """Renders an error for the user.

    A text with a caret under a character is shown in a code block, where the caret stands at the right place.

    Args:
        error: Any error. Only the text of a `UserError` is shown; for others the text says that something
            failed.
        translate: The user's translator.

    Returns:
        At most 2,000 characters.
    """
    if not isinstance(error, UserError) or (
        isinstance(error, WeightsError | WeightsMissing) and not error.network
    ):
        return translate("core-gone-wrong")
    # The message of a WeightsError is for the operator, who reads it in the log.
    message = not_installed(error.network) if isinstance(error, WeightsError | WeightsMissing) else None
    text = message.text(translate) if message else error.text(translate)
    first, _, rest = text.partition("\n")
    first = discord.utils.escape_mentions(first)[:MAX_TEXT_LENGTH]
    if not rest:
        return first
    shown = textwrap.dedent(rest).replace("```", "'''")[: MAX_TEXT_LENGTH - len(first)]
    return f"{first}\n```\n{shown}\n```"
