"""Where a dream's words and picture go: back to an interaction, or as a reply to a message.

Two ways lead out, no third: editing the interaction's original answer while its token lives (Discord
takes the same edit twice without harm), and a channel message with the job's id as its nonce (Discord
sends that once).
"""

import contextlib
import io
import logging
from dataclasses import dataclass
from typing import Any, Protocol

import discord

from dreambot.chat import errors, texts
from dreambot.chat.progress import Frame
from dreambot.chat.views import cancel_view

log = logging.getLogger(__name__)

DEFAULT_LIMIT = 10 * 2**20
"""Bytes that Discord takes everywhere; a server may take more, but only interactions say so."""


class TooLarge(Exception):
    """Discord did not take a file of this size."""


@dataclass(frozen=True)
class Parcel:
    """A dream ready to be sent."""

    job: str
    content: str
    data: bytes
    filename: str
    alt: str
    spoiler: bool

    def file(self) -> discord.File:
        """A new upload: one is used up by each attempt."""
        return discord.File(io.BytesIO(self.data), self.filename, spoiler=self.spoiler, description=self.alt)


class Answer(Protocol):
    """One way to answer. limit: bytes a file may have. spoiler: whether pictures are to be hidden."""

    limit: int

    async def show(self, frame: Frame, job: str, spoiler: bool) -> None:
        """Shows progress, with a Cancel button. Raises Unwanted if the message was deleted."""

    async def deliver(self, parcel: Parcel) -> int:
        """Sends the dream and returns the message's id. Raises TooLarge, Unwanted, Undeliverable."""

    async def refuse(self, text: str) -> None:
        """Says why there is no dream, as privately as can be."""


class InteractionAnswer:
    """Answers an interaction that was deferred."""

    def __init__(self, client: discord.Client, interaction: discord.Interaction[Any]) -> None:
        self.limit = interaction.filesize_limit or DEFAULT_LIMIT
        self._client = client
        self._interaction = interaction
        self._message: int | None = None
        self._over = False

    async def show(self, frame: Frame, job: str, spoiler: bool) -> None:
        """Edits the original answer; does nothing once the token is over."""
        if self._token_is_over():
            return
        with _meaning():
            try:
                message = await self._interaction.edit_original_response(
                    content=frame.text,
                    attachments=_preview(frame, spoiler) or discord.utils.MISSING,
                    view=cancel_view(job),
                )
            except discord.HTTPException as error:
                if not errors.token_is_over(error):
                    raise
                self._over = True
            else:
                self._message = message.id

    async def deliver(self, parcel: Parcel) -> int:
        """The original answer becomes the dream; after the token's life, a message mentions the asker."""
        if not self._token_is_over():
            with _meaning():
                try:
                    message = await self._interaction.edit_original_response(
                        content=parcel.content, attachments=[parcel.file()], view=None
                    )
                    return message.id
                except discord.HTTPException as error:
                    if not errors.token_is_over(error):
                        raise
                    self._over = True
        return await self._deliver_late(parcel)

    async def refuse(self, text: str) -> None:
        """In private while the token lives; after that a message mentions the asker."""
        if not self._token_is_over():
            try:
                await self._refuse_privately(text)
                return
            except discord.HTTPException as error:
                if not errors.token_is_over(error):
                    raise
                self._over = True
        await self._channel().send(f"{self._interaction.user.mention} {text}", **self._to_asker())
        await self._remove_progress()

    async def _refuse_privately(self, text: str) -> None:
        """A public deferral cannot turn private, and a first follow-up to it would be as public as it is. So
        it is filled in, what follows is for the asker's eyes only, and it is deleted."""
        with contextlib.suppress(discord.NotFound):
            if self._message is None:
                await self._interaction.edit_original_response(content=texts.NO_DREAM)
        await self._interaction.followup.send(text, ephemeral=True)
        with contextlib.suppress(discord.NotFound):
            await self._interaction.delete_original_response()

    async def _deliver_late(self, parcel: Parcel) -> int:
        with _meaning():
            sent = await self._channel().send(
                f"{self._interaction.user.mention} {texts.LATE}\n{parcel.content}",
                file=parcel.file(),
                nonce=parcel.job,
                **self._to_asker(),
            )
        await self._remove_progress()
        return sent.id

    async def _remove_progress(self) -> None:
        if self._message:
            with contextlib.suppress(discord.HTTPException):
                await self._channel().get_partial_message(self._message).delete()

    def _token_is_over(self) -> bool:
        return self._over or self._interaction.is_expired()

    def _to_asker(self) -> dict[str, Any]:
        return {"allowed_mentions": discord.AllowedMentions(users=[self._interaction.user])}

    def _channel(self) -> discord.PartialMessageable:
        channel, guild = self._interaction.channel_id, self._interaction.guild_id
        return self._client.get_partial_messageable(channel or 0, guild_id=guild)


class ReplyAnswer:
    """Answers a message with a reply, which shows progress and then becomes the dream."""

    def __init__(self, message: discord.Message) -> None:
        self.limit = DEFAULT_LIMIT
        self._asked = message
        self._reply: discord.Message | None = None

    async def show(self, frame: Frame, job: str, spoiler: bool) -> None:
        """Replies at first, edits the reply from then on."""
        with _meaning():
            view = cancel_view(job)
            if self._reply is None:
                self._reply = await self._asked.reply(frame.text, view=view, mention_author=False)
            else:
                kept = _preview(frame, spoiler) or discord.utils.MISSING
                await self._reply.edit(content=frame.text, attachments=kept, view=view)

    async def deliver(self, parcel: Parcel) -> int:
        """The reply becomes the dream."""
        with _meaning():
            if self._reply is None:
                sent = await self._asked.reply(
                    parcel.content, file=parcel.file(), nonce=parcel.job, mention_author=False
                )
                return sent.id
            await self._reply.edit(content=parcel.content, attachments=[parcel.file()], view=None)
            return self._reply.id

    async def refuse(self, text: str) -> None:
        """Says it in the reply, or in a new one."""
        with _meaning():
            if self._reply is None:
                await self._asked.reply(text, mention_author=False)
            else:
                await self._reply.edit(content=text, attachments=[], view=None)


class QuietAnswer(ReplyAnswer):
    """Answers a message nobody asked about: with a dream or not at all."""

    async def show(self, frame: Frame, job: str, spoiler: bool) -> None:
        """Nothing: people did not ask."""

    async def refuse(self, text: str) -> None:
        """Only the log hears of it."""
        log.info("auto-dream of message %s came to nothing: %s", self._asked.id, text)


def _preview(frame: Frame, spoiler: bool) -> list[discord.File]:
    if not frame.preview:
        return []
    return [discord.File(io.BytesIO(frame.preview), "dreaming.jpg", spoiler=spoiler)]


@contextlib.contextmanager
def _meaning() -> Any:
    """Discord's refusals as what they mean for a dream; those that mean nothing to it pass."""
    try:
        yield
    except discord.HTTPException as error:
        if errors.message_is_gone(error):
            raise errors.Unwanted from error
        if errors.too_large(error):
            raise TooLarge from error
        if errors.no_way_in(error):
            raise errors.Undeliverable("I may no longer post where this dream was asked for.") from error
        raise
