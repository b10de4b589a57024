"""Answers to messages: a reply, which shows progress and then becomes the dream."""

import contextlib
import logging
from typing import Any

import discord

from dreambot.chat import errors
from dreambot.chat.answers.parcel import Parcel, meaning, preview
from dreambot.chat.answers.posting import Channel
from dreambot.chat.buttons import cancel_view, result_view
from dreambot.chat.progress import Frame
from dreambot.chat.words import words
from dreambot.jobs.types import Job
from dreambot.metrics import Way

log = logging.getLogger(__name__)


class ReplyAnswer:
    """See `Answer`."""

    def __init__(self, client: discord.Client, job: Job, resumed: bool) -> None:
        """resumed: in an earlier life there may have been a reply that we never heard of."""
        self.way: Way = "reply"
        self.words = words(job.ask.place.locale)
        self._job = job
        self._channel = Channel(client, job)
        self._shown = job.answer
        self._unsure = resumed and job.answer is None

    async def show(self, frame: Frame) -> int | None:
        """Replies at first, edits the reply from then on."""
        with meaning():
            message = await self._known()
            if message is None:
                await self._reply(frame.text, view=cancel_view(self._job))
            else:
                await message.edit(
                    content=frame.text,
                    attachments=preview(frame) or discord.utils.MISSING,
                    view=cancel_view(self._job),
                )
        return self._shown

    async def deliver(self, parcel: Parcel) -> int:
        """The reply becomes the dream."""
        view = result_view(self._job, film=parcel.film)
        with meaning():
            message = await self._known()
            if message is None:
                sent = await self._reply(parcel.content, file=parcel.file(), view=view)
                if sent.attachments:
                    return sent.id
                # Discord took it for the progress message of an earlier life, which has the same nonce.
                message = self._channel.message(sent.id)
            await message.edit(content=parcel.content, attachments=[parcel.file()], view=view)
            return message.id

    async def refuse(self, text: str) -> None:
        """Says it in the reply, or in a new one."""
        with meaning():
            message = await self._known()
            if message is None:
                await self._reply(text)
                return
            try:
                await message.edit(content=text, attachments=[], view=None)
            except discord.HTTPException as error:
                if errors.passing(error) or errors.message_is_gone(error) or errors.no_way_in(error):
                    raise
                log.info("the reply could not be changed, so another one says why: %s", error)
                await self._channel.send_beneath(self._job.ask.place.reply_to or 0, text)
                with contextlib.suppress(discord.HTTPException):
                    await message.delete()

    async def ping(self, result: int) -> None:
        """See `Answer`."""
        await self._channel.ping(result, self.words("core-ping"))

    async def park(self, text: str) -> None:
        """See `Answer`."""
        if self._shown is not None:
            with meaning():
                await self._channel.message(self._shown).edit(content=text)

    async def _known(self) -> discord.PartialMessage | None:
        if self._unsure:
            earlier = await self._channel.ours()
            self._shown = earlier.id if earlier else None
            self._unsure = False
        return None if self._shown is None else self._channel.message(self._shown)

    async def _reply(self, text: str, **more: Any) -> discord.Message:
        asked = self._job.ask.place.reply_to
        sent = await self._channel.send_once(text, asked, needed=True, mention_author=False, **more)
        self._shown = sent.id
        return sent


class QuietAnswer(ReplyAnswer):
    """Answers a message nobody asked about: with a dream or not at all."""

    async def show(self, frame: Frame) -> int | None:
        """Nothing: people did not ask."""
        return None

    async def ping(self, result: int) -> None:
        """Nobody waits."""

    async def refuse(self, text: str) -> None:
        """Only the log hears of it."""
        log.info("an auto-dream came to nothing: %s", text)
