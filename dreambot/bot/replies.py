"""Sends progress, results and errors of a job to the place it was requested from. See `Reply`.

There are two delivery paths. One edits a message of the bot (the original interaction response while its
token is valid, or the bot's reply), which is idempotent. The other sends a message with the job's id as its
nonce, which Discord accepts once within a few minutes; after that the channel is searched before sending
again.
"""

import contextlib
import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import discord

from dreambot.bot import errors
from dreambot.bot.buttons import cancel_view, result_view
from dreambot.bot.channel_messages import (
    JobChannel,
    Reply,
    ResultMessage,
    is_progress_message,
    preview_files,
    translate_discord_errors,
)
from dreambot.bot.progress import ProgressFrame
from dreambot.i18n import translator_for
from dreambot.jobs.models import Job
from dreambot.jobs.store import TOKEN_LIFETIME
from dreambot.metrics import DeliveryMethod

log = logging.getLogger(__name__)


class _Original(int):
    """The id `@original`, which Discord accepts; discord.py takes only numbers, and would quote a string."""

    def __str__(self) -> str:
        return "@original"


_ORIGINAL = _Original()
_TOKEN_MARGIN = timedelta(seconds=15)


class InteractionReply:
    """Replies to an interaction, with no more of it than what the database stores. See `Reply`."""

    def __init__(self, client: discord.Client, job: Job, resumed: bool) -> None:
        """Prepares the reply.

        Args:
            client: The bot.
            job: The job.
            resumed: Whether an earlier process may have replied already.
        """
        self.way: DeliveryMethod = "edit"
        self._client = client
        self._job = job
        self.translate = translator_for(job.spec.reply_target.locale)
        self._channel = JobChannel(client, job)
        self._resumed = resumed
        self._has_content = False
        self._shown = job.answer
        self._webhook: discord.Webhook | None = None
        if job.spec.reply_target.token:
            target = job.spec.reply_target
            self._webhook = discord.Webhook.partial(
                target.application, job.spec.reply_target.token, client=client
            )
            # Only a webhook of this type can send ephemeral messages.
            self._webhook.type = discord.WebhookType.application

    async def show(self, frame: ProgressFrame) -> int | None:
        """Edits the original response; does nothing after its token expired.

        Args:
            frame: The state to show.
        """
        with translate_discord_errors():
            message = await self._edit(
                content=frame.text,
                attachments=preview_files(frame) or discord.utils.MISSING,
                view=cancel_view(self._job),
            )
        if message:
            self._shown, self._has_content = message.id, True
        return self._shown

    async def deliver(self, result: ResultMessage) -> int:
        """Edits the original response; after its token expired, sends a message that mentions the requester.

        Args:
            result: The result to send.
        """
        with translate_discord_errors():
            message = await self._edit(
                content=result.content,
                attachments=result.files(),
                view=_result_view(result),
            )
        return message.id if message else await self._deliver_late(result)

    async def refuse(self, text: str) -> None:
        """Reports the reason in private; after the token expired, in a message that mentions the requester.

        A resumed job may have been answered by an earlier process. Then the reason is written into the
        original response, for everyone to see: that edit can be repeated.

        Args:
            text: The reason.
        """
        if self._resumed and await self._edit(content=text, attachments=[], view=None):
            return
        webhook = self._valid_webhook()
        if webhook:
            try:
                await self._send_error_privately(webhook, text)
                return
            except discord.HTTPException as error:
                if not errors.is_interaction_expired(error):
                    raise
                self._webhook = None
        if self._job.spec.reply_target.reachable:
            content = f"<@{self._job.spec.owner}> {text}"
            with translate_discord_errors():
                if not (self._resumed and await self._channel.was_sent(content)):
                    await self._channel.send_once(content, None, **self._mention_owner())
            await self._remove_progress()
        else:
            await self._send_error_by_dm(text)

    async def ping(self, result: int) -> None:
        """Mentions the requester; see `Reply`.

        Args:
            result: The id of the message with the result.
        """
        await self._channel.ping(result, self.translate("core-ping"))

    async def park(self, text: str) -> None:
        """Reports that the job continues later; see `Reply`.

        Args:
            text: The text.
        """
        with translate_discord_errors():
            await self._edit(content=text, view=cancel_view(self._job))

    async def _edit(self, **changes: Any) -> discord.WebhookMessage | None:
        """Edits the original response; returns None after the token expired."""
        webhook = self._valid_webhook()
        if webhook is None:
            return None
        try:
            return await webhook.edit_message(_ORIGINAL, **changes)
        except discord.HTTPException as error:
            if not errors.is_interaction_expired(error):
                raise
            self._webhook = None
            return None

    async def _send_error_privately(self, webhook: discord.Webhook, text: str) -> None:
        """Replaces a public deferred response by a private message.

        A public deferral cannot become private, and its first follow-up would be as public as it is. So it is
        filled with a text, the reason follows as an ephemeral message, and then it is deleted.
        """
        if not self._has_content:
            try:
                await webhook.edit_message(_ORIGINAL, content=self.translate("core-no-dream"))
            except discord.HTTPException as error:
                if errors.is_transient(error):
                    raise
                # Then the reason itself fills the response, publicly, and stays there.
                log.info("the original response could not be edited: %s", error)
                await webhook.send(text)
                return
        await webhook.send(text, ephemeral=True)
        with contextlib.suppress(discord.NotFound):
            await webhook.delete_message(_ORIGINAL)

    async def _send_error_by_dm(self, text: str) -> None:
        """Sends the reason as a direct message, where the bot may not post in the channel."""
        try:
            channel = await self._client.create_dm(discord.Object(self._job.spec.owner))
            await channel.send(text, nonce=self._job.id)
        except discord.HTTPException as error:
            if not errors.is_channel_closed(error):
                raise

    async def _deliver_late(self, result: ResultMessage) -> int:
        if not self._job.spec.reply_target.reachable:
            raise errors.Undeliverable("core-out-of-time")
        self.way = "late"
        with translate_discord_errors():
            earlier = await self._channel.find_own_message()
            if earlier and not is_progress_message(earlier):
                if earlier.id != self._shown:
                    await self._remove_progress()
                return earlier.id
            sent = await self._channel.send_once(
                f"<@{self._job.spec.owner}> {self.translate('core-late')}\n{result.content}",
                result.source_message,
                files=result.files(),
                view=_result_view(result),
                **self._mention_owner(),
            )
        self._shown = earlier.id if earlier else self._shown
        await self._remove_progress()
        return sent.id

    async def _remove_progress(self) -> None:
        if self._shown:
            with contextlib.suppress(discord.HTTPException):
                await self._channel.message(self._shown).delete()

    def _valid_webhook(self) -> discord.Webhook | None:
        expired = datetime.now(UTC) > self._job.spec.reply_target.since + TOKEN_LIFETIME - _TOKEN_MARGIN
        return None if expired else self._webhook

    def _mention_owner(self) -> dict[str, Any]:
        requester = discord.Object(self._job.spec.owner)
        return {"allowed_mentions": discord.AllowedMentions(users=[requester], replied_user=False)}


class MessageReply:
    """Replies to a message. See `Reply`."""

    def __init__(self, client: discord.Client, job: Job, resumed: bool) -> None:
        """Prepares the reply.

        Args:
            client: The bot.
            job: The job.
            resumed: Whether an earlier process may have replied without storing the reply's id.
        """
        self.way: DeliveryMethod = "reply"
        self.translate = translator_for(job.spec.reply_target.locale)
        self._job = job
        self._channel = JobChannel(client, job)
        self._shown = job.answer
        self._must_search = resumed and job.answer is None

    async def show(self, frame: ProgressFrame) -> int | None:
        """Sends a reply at first, and edits it from then on.

        Args:
            frame: The state to show.
        """
        with translate_discord_errors():
            message = await self._find_message()
            if message is None:
                await self._reply(frame.text, view=cancel_view(self._job))
            else:
                await message.edit(
                    content=frame.text,
                    attachments=preview_files(frame) or discord.utils.MISSING,
                    view=cancel_view(self._job),
                )
        return self._shown

    async def deliver(self, result: ResultMessage) -> int:
        """Turns the reply into the result.

        Args:
            result: The result to send.
        """
        view = _result_view(result)
        with translate_discord_errors():
            message = await self._find_message()
            if message is None:
                sent = await self._reply(result.content, files=result.files(), view=view)
                if sent.attachments:
                    return sent.id
                # Discord returned the progress message of an earlier process, which has the same nonce.
                message = self._channel.message(sent.id)
            await message.edit(content=result.content, attachments=result.files(), view=view)
            return message.id

    async def refuse(self, text: str) -> None:
        """Writes the reason into the reply, or into a new one.

        Args:
            text: The reason.
        """
        with translate_discord_errors():
            message = await self._find_message()
            if message is None:
                await self._reply(text)
                return
            try:
                await message.edit(content=text, attachments=[], view=None)
            except discord.HTTPException as error:
                if (
                    errors.is_transient(error)
                    or errors.is_message_gone(error)
                    or errors.is_channel_closed(error)
                ):
                    raise
                log.info("the reply could not be edited, so a new one is sent: %s", error)
                await self._channel.send_reply_to(self._job.spec.reply_target.reply_to or 0, text)
                with contextlib.suppress(discord.HTTPException):
                    await message.delete()

    async def ping(self, result: int) -> None:
        """Mentions the requester; see `Reply`.

        Args:
            result: The id of the message with the result.
        """
        await self._channel.ping(result, self.translate("core-ping"))

    async def park(self, text: str) -> None:
        """Reports that the job continues later; see `Reply`.

        Args:
            text: The text.
        """
        if self._shown is not None:
            with translate_discord_errors():
                await self._channel.message(self._shown).edit(content=text)

    async def _find_message(self) -> discord.PartialMessage | None:
        if self._must_search:
            earlier = await self._channel.find_own_message()
            self._shown = earlier.id if earlier else None
            self._must_search = False
        return None if self._shown is None else self._channel.message(self._shown)

    async def _reply(self, text: str, **options: Any) -> discord.Message:
        target = self._job.spec.reply_target.reply_to
        sent = await self._channel.send_once(text, target, must_exist=True, mention_author=False, **options)
        self._shown = sent.id
        return sent


class SilentReply(MessageReply):
    """Replies to a message for auto-dream: with a result, or not at all."""

    async def show(self, frame: ProgressFrame) -> int | None:
        """Shows nothing: no one requested the dream.

        Args:
            frame: The state to show.
        """
        return None

    async def ping(self, result: int) -> None:
        """Does nothing: no one waits for the dream.

        Args:
            result: The id of the message with the result.
        """

    async def refuse(self, text: str) -> None:
        """Logs the reason.

        Args:
            text: The reason.
        """
        log.info("an auto-dream failed: %s", text)


def _result_view(result: ResultMessage) -> discord.ui.View:
    return result_view(result.job, result.recipe, gallery="share" if result.shareable else None)


def open_reply(client: discord.Client, job: Job, resumed: bool) -> Reply:
    """Makes the reply to a job.

    Args:
        client: The bot.
        job: The job.
        resumed: Whether an earlier process may have replied already.
    """
    if job.spec.reply_target.token is not None or job.spec.reply_target.reply_to is None:
        return InteractionReply(client, job, resumed)
    kind = SilentReply if job.spec.reply_target.quiet else MessageReply
    return kind(client, job, resumed)
