"""The bot's own messages: the content of a result, sending it once, and finding it by its button ids."""

import contextlib
import io
import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

import discord

from dreambot.bot import errors
from dreambot.bot.progress import ProgressFrame
from dreambot.i18n import Translator
from dreambot.jobs.interfaces import FileTooLarge
from dreambot.jobs.models import Job
from dreambot.metrics import DeliveryMethod
from dreambot.recipe import Recipe

log = logging.getLogger(__name__)

_ID_PREFIX, _CANCEL_ID = "dream:", "dream:cancel:"
_RESULT_ID = re.compile(r"dream:(?:more|less|delete):([\w-]{1,25})")
"""Of two buttons, of which every result has one."""
_COMPARISON_ID = re.compile(r"dream:uncompare:\d{1,20}:(\d{1,20}):")


def is_progress_message(message: discord.Message) -> bool:
    """Checks whether the bot's message still shows progress, so that its image is only a preview.

    Args:
        message: A message of the bot.
    """
    return any(custom_id.startswith(_CANCEL_ID) for custom_id in _custom_ids(message))


def is_about_job(message: discord.Message, job_id: str) -> bool:
    """Checks whether the bot's message shows the progress or the result of a job.

    Args:
        message: A message of the bot.
        job_id: The id of the job.
    """
    return any(custom_id.endswith(f":{job_id}") for custom_id in _custom_ids(message))


def job_id_of_result(message: discord.Message) -> str | None:
    """Reads the id of the job whose result the bot's message shows.

    Args:
        message: A message of the bot.

    Returns:
        The id; None for other messages.
    """
    found = (_RESULT_ID.fullmatch(custom_id) for custom_id in _custom_ids(message))
    return next((match[1] for match in found if match), None)


def compared_message_id(message: discord.Message) -> int | None:
    """Reads which dream a comparison is about.

    Args:
        message: A message of the bot.

    Returns:
        The id of the message with the dream, in the same channel; None for other messages.
    """
    found = (_COMPARISON_ID.match(custom_id) for custom_id in _custom_ids(message))
    return next((int(match[1]) for match in found if match), None)


def _custom_ids(message: discord.Message) -> Iterator[str]:
    for row in message.components:
        if isinstance(row, discord.ActionRow):
            ids = (getattr(item, "custom_id", None) or "" for item in row.children)
            yield from (one for one in ids if one.startswith(_ID_PREFIX))


@dataclass(frozen=True)
class ResultAttachment:
    """A file of a result message.

    Attributes:
        data: The file.
        filename: The file's name.
        alt: The alt text.
        spoiler: Whether the file is hidden behind a click.
    """

    data: bytes
    filename: str
    alt: str
    spoiler: bool


@dataclass(frozen=True)
class ResultMessage:
    """The content of a result message.

    Attributes:
        job: The job, with the pictures of an album.
        content: The text.
        attachments: The file, or those of an album.
        source_message: The id of the message with the source.
        recipe: What the result was made by.
        shareable: Whether there is a gallery that it can be shared in.
    """

    job: Job
    content: str
    attachments: tuple[ResultAttachment, ...]
    source_message: int | None
    recipe: Recipe
    shareable: bool = False

    def files(self) -> list[discord.File]:
        """Makes new uploads: each attempt to send uses them up."""
        return [
            discord.File(io.BytesIO(one.data), one.filename, spoiler=one.spoiler, description=one.alt)
            for one in self.attachments
        ]


class Reply(Protocol):
    """The reply to a job's request; it also continues the reply of an earlier process.

    Attributes:
        way: How the result was delivered, once it is.
        translate: The translator of the reply's language.
    """

    way: DeliveryMethod
    translate: Translator

    async def show(self, frame: ProgressFrame) -> int | None:
        """Shows progress with a Cancel button.

        Args:
            frame: The state to show.

        Returns:
            The id of the message that shows it; None if not found.

        Raises:
            ReplyDeleted: The message, or the message that was replied to, was deleted.
        """

    async def deliver(self, result: ResultMessage) -> int:
        """Sends the result, unless an earlier process has sent it.

        Args:
            result: The result to send.

        Returns:
            The id of the message with the result.

        Raises:
            FileTooLarge: Discord does not accept a file of this size.
            ReplyDeleted: The message, or the message that was replied to, was deleted.
            Undeliverable: The result cannot be sent.
        """

    async def refuse(self, text: str) -> None:
        """Reports why there is no dream, in private where that is possible.

        Args:
            text: The reason.
        """

    async def ping(self, result: int) -> None:
        """Mentions the requester below a delivered result, at most once.

        Args:
            result: The id of the message with the result.
        """

    async def park(self, text: str) -> None:
        """Reports in the progress message that the job continues after the next start.

        Args:
            text: The text.
        """


def preview_files(frame: ProgressFrame) -> list[discord.File]:
    """Makes the upload of a progress message.

    Args:
        frame: The state to show.

    Returns:
        One file, or none if there is no preview.
    """
    if not frame.preview:
        return []
    return [discord.File(io.BytesIO(frame.preview), "dreaming.jpg", spoiler=frame.spoiler)]


@contextlib.contextmanager
def translate_discord_errors() -> Iterator[None]:
    """Raises Discord's errors as what they mean for a job.

    Errors that may not occur again (5xx, 429, connection) pass, and so do an expired interaction and a
    refused bot token.

    Raises:
        ReplyDeleted: The message, or the message that was replied to, was deleted.
        FileTooLarge: Discord does not accept a file of this size.
        DiscordRefused: Discord refused for another reason.
    """
    try:
        yield
    except discord.HTTPException as error:
        if errors.is_message_gone(error):
            raise errors.ReplyDeleted from error
        if errors.is_file_too_large(error):
            raise FileTooLarge from error
        if (
            errors.is_transient(error)
            or errors.is_interaction_expired(error)
            or errors.is_bot_token_refused(error)
        ):
            raise
        raise errors.DiscordRefused(error) from error


_CLOCK_SKEW = timedelta(seconds=10)
"""The largest expected difference between Discord's clock and ours."""
_HISTORY_LIMIT = 300
_MAX_NONCE_LENGTH = 25
PING_LIFETIME_S = 120.0
"""After that the mention is deleted, and only the result remains."""


class JobChannel:
    """The channel of a job, used with the bot's own token."""

    def __init__(self, client: discord.Client, job: Job) -> None:
        """Opens the channel.

        Args:
            client: The bot.
            job: The job.
        """
        self._client = client
        self._job = job
        target = job.spec.reply_target
        self._channel = client.get_partial_messageable(target.channel, guild_id=target.guild)

    def message(self, message_id: int) -> discord.PartialMessage:
        """Refers to a message of the channel without fetching it.

        Args:
            message_id: The id of the message.
        """
        return self._channel.get_partial_message(message_id)

    async def send_once(
        self, content: str, reply_to: int | None, *, must_exist: bool = False, **options: Any
    ) -> discord.Message:
        """Sends a message once, however often it is repeated within a few minutes.

        The job's id is its nonce, and Discord returns the first message for a repeated nonce.

        Args:
            content: The text.
            reply_to: The id of the message to reply to.
            must_exist: Fails if the message to reply to is gone; otherwise a plain message is sent.
            **options: Arguments of discord.py's `send`.
        """
        if reply_to is None:
            return await self._channel.send(content, nonce=self._job.id, **options)
        target = discord.MessageReference(
            message_id=reply_to, channel_id=self._job.spec.reply_target.channel, fail_if_not_exists=must_exist
        )
        try:
            return await self._channel.send(content, nonce=self._job.id, reference=target, **options)
        except discord.HTTPException as error:
            if must_exist or not errors.is_reply_forbidden(error):
                raise
        return await self._channel.send(content, nonce=self._job.id, **options)

    async def send_reply_to(self, message: int, content: str) -> None:
        """Sends another reply to a message, with a nonce of its own.

        Args:
            message: The id of the message to reply to.
            content: The text.
        """
        reference = discord.MessageReference(
            message_id=message, channel_id=self._job.spec.reply_target.channel, fail_if_not_exists=False
        )
        nonce = f"{self._job.id}-why"[:_MAX_NONCE_LENGTH]
        await self._channel.send(content, reference=reference, nonce=nonce, mention_author=False)

    async def ping(self, result: int, text: str) -> None:
        """Mentions the requester below the result, since an edit does not notify anyone.

        The mention is deleted after two minutes. It is sent once, with a nonce of its own; a failure is only
        logged.

        Args:
            result: The id of the message with the result.
            text: The text after the mention.
        """
        owner = self._job.spec.owner
        reference = discord.MessageReference(
            message_id=result, channel_id=self._job.spec.reply_target.channel, fail_if_not_exists=True
        )
        try:
            await self._channel.send(
                f"<@{owner}> {text}",
                reference=reference,
                nonce=f"{self._job.id}-ping"[:_MAX_NONCE_LENGTH],
                allowed_mentions=discord.AllowedMentions(users=[discord.Object(owner)], replied_user=False),
                delete_after=PING_LIFETIME_S,
            )
        except discord.HTTPException as error:
            log.info("the requester could not be mentioned: %s", error)

    async def find_own_message(self) -> discord.Message | None:
        """Finds the bot's newest message about the job.

        Returns:
            The message; None if it does not exist or the channel cannot be read.
        """
        since = {self._job.created, self._job.delivering or self._job.created}
        found = [
            one
            for start in sorted(since)
            for one in await self._messages_after(start)
            if self._is_about_our_job(one)
        ]
        if self._job.answer is not None:
            found += await self._own_message_at(self._job.answer)
        return max(found, key=lambda one: one.id, default=None)

    async def was_sent(self, content: str) -> bool:
        """Checks whether the bot has sent exactly this text since the job's delivery began.

        Args:
            content: The text.
        """
        if self._job.delivering is None:
            return False
        return any(
            one.content == content and self._is_own_message(one)
            for one in await self._messages_after(self._job.delivering)
        )

    async def _messages_after(self, start: datetime) -> Iterable[discord.Message]:
        history = self._channel.history(after=start - _CLOCK_SKEW, oldest_first=True, limit=_HISTORY_LIMIT)
        try:
            return [one async for one in history]
        except discord.HTTPException as error:
            if not errors.is_channel_closed(error):
                raise
            log.info("the history of the job's channel cannot be read: %s", error)
            return []

    async def _own_message_at(self, message_id: int) -> Iterable[discord.Message]:
        try:
            return [one for one in [await self.message(message_id).fetch()] if self._is_about_our_job(one)]
        except discord.HTTPException as error:
            if not (errors.is_channel_closed(error) or errors.is_message_gone(error)):
                raise
            return []

    def _is_about_our_job(self, message: discord.Message) -> bool:
        return self._is_own_message(message) and is_about_job(message, self._job.id)

    def _is_own_message(self, message: discord.Message) -> bool:
        return self._client.user is not None and message.author.id == self._client.user.id
