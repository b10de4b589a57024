"""Answers to interactions: the original answer while the token lives, then a message in the channel."""

import contextlib
import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import discord

from dreambot.chat import errors
from dreambot.chat.answers.parcel import Parcel, meaning, preview
from dreambot.chat.answers.posting import Channel
from dreambot.chat.buttons import cancel_view, result_view
from dreambot.chat.marks import is_unfinished
from dreambot.chat.progress import Frame
from dreambot.chat.words import words
from dreambot.jobs.store import TOKEN_LIFE
from dreambot.jobs.types import Job
from dreambot.metrics import Way

log = logging.getLogger(__name__)


class _Original(int):
    """Discord takes this word where discord.py only knows ids, and would quote a string."""

    def __str__(self) -> str:
        return "@original"


_ORIGINAL = _Original()
_MARGIN = timedelta(seconds=15)


class InteractionAnswer:
    """See `Answer`. Needs no more of the interaction than what is stored of it."""

    def __init__(self, client: discord.Client, job: Job, resumed: bool) -> None:
        """resumed: an earlier life may have said something already."""
        self.way: Way = "edit"
        self._client = client
        self._job = job
        self.words = words(job.ask.place.locale)
        self._channel = Channel(client, job)
        self._resumed = resumed
        self._filled = False
        self._shown = job.answer
        self._webhook: discord.Webhook | None = None
        if job.ask.place.token:
            place = job.ask.place
            self._webhook = discord.Webhook.partial(place.application, job.ask.place.token, client=client)
            # Only such a webhook may send what one person alone sees.
            self._webhook.type = discord.WebhookType.application

    async def show(self, frame: Frame) -> int | None:
        """Edits the original answer; does nothing once the token is over."""
        with meaning():
            message = await self._edit(
                content=frame.text,
                attachments=preview(frame) or discord.utils.MISSING,
                view=cancel_view(self._job),
            )
        if message:
            self._shown, self._filled = message.id, True
        return self._shown

    async def deliver(self, parcel: Parcel) -> int:
        """The original answer becomes the dream; after the token's life, a message mentions the asker."""
        with meaning():
            message = await self._edit(
                content=parcel.content,
                attachments=[parcel.file()],
                view=result_view(self._job, film=parcel.film),
            )
        return message.id if message else await self._deliver_late(parcel)

    async def refuse(self, text: str) -> None:
        """In private while the token lives; after that a message mentions the asker. What an earlier life may
        have said already is said in a way that can be repeated: for all to see, in the original answer."""
        if self._resumed and await self._edit(content=text, attachments=[], view=None):
            return
        webhook = self._living_webhook()
        if webhook:
            try:
                await self._refuse_privately(webhook, text)
                return
            except discord.HTTPException as error:
                if not errors.token_is_over(error):
                    raise
                self._webhook = None
        if self._job.ask.place.reachable:
            content = f"<@{self._job.ask.owner}> {text}"
            with meaning():
                if not (self._resumed and await self._channel.said(content)):
                    await self._channel.send_once(content, None, **self._to_asker())
            await self._remove_progress()
        else:
            await self._tell_directly(text)

    async def ping(self, result: int) -> None:
        """See `Answer`."""
        await self._channel.ping(result, self.words("core-ping"))

    async def park(self, text: str) -> None:
        """See `Answer`."""
        with meaning():
            await self._edit(content=text, view=cancel_view(self._job))

    async def _edit(self, **changes: Any) -> discord.WebhookMessage | None:
        """The original answer, changed; None once the token is over."""
        webhook = self._living_webhook()
        if webhook is None:
            return None
        try:
            return await webhook.edit_message(_ORIGINAL, **changes)
        except discord.HTTPException as error:
            if not errors.token_is_over(error):
                raise
            self._webhook = None
            return None

    async def _refuse_privately(self, webhook: discord.Webhook, text: str) -> None:
        """A public deferral cannot turn private, and a first follow-up to it would be as public as it is. So
        it is filled in, what follows is for the asker's eyes only, and it is deleted."""
        if not self._filled:
            try:
                await webhook.edit_message(_ORIGINAL, content=self.words("core-no-dream"))
            except discord.HTTPException as error:
                if errors.passing(error):
                    raise
                # Then the sentence itself fills it in, for all to see, and has to stay.
                log.info("the answer could not be filled in: %s", error)
                await webhook.send(text)
                return
        await webhook.send(text, ephemeral=True)
        with contextlib.suppress(discord.NotFound):
            await webhook.delete_message(_ORIGINAL)

    async def _tell_directly(self, text: str) -> None:
        """Nothing can be said where it was asked, so that nothing came of it is said in a direct message."""
        try:
            channel = await self._client.create_dm(discord.Object(self._job.ask.owner))
            await channel.send(text, nonce=self._job.id)
        except discord.HTTPException as error:
            if not errors.no_way_in(error):
                raise

    async def _deliver_late(self, parcel: Parcel) -> int:
        if not self._job.ask.place.reachable:
            raise errors.Undeliverable("core-out-of-time")
        self.way = "late"
        with meaning():
            earlier = await self._channel.ours()
            if earlier and not is_unfinished(earlier):
                if earlier.id != self._shown:
                    await self._remove_progress()
                return earlier.id
            sent = await self._channel.send_once(
                f"<@{self._job.ask.owner}> {self.words('core-late')}\n{parcel.content}",
                parcel.upon,
                file=parcel.file(),
                view=result_view(self._job, film=parcel.film),
                **self._to_asker(),
            )
        self._shown = earlier.id if earlier else self._shown
        await self._remove_progress()
        return sent.id

    async def _remove_progress(self) -> None:
        if self._shown:
            with contextlib.suppress(discord.HTTPException):
                await self._channel.message(self._shown).delete()

    def _living_webhook(self) -> discord.Webhook | None:
        over = datetime.now(UTC) > self._job.ask.place.since + TOKEN_LIFE - _MARGIN
        return None if over else self._webhook

    def _to_asker(self) -> dict[str, Any]:
        asker = discord.Object(self._job.ask.owner)
        return {"allowed_mentions": discord.AllowedMentions(users=[asker], replied_user=False)}
