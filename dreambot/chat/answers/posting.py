"""Messages of ours in a channel: sent once, found again."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import discord

from dreambot.chat import errors
from dreambot.chat.marks import is_about
from dreambot.jobs.types import Job

log = logging.getLogger(__name__)

_MARGIN = timedelta(seconds=10)
"""Discord's clock and ours may differ by so much."""
_PAGES = 300
_LONGEST_NONCE = 25
PING_STAYS = 120.0
"""Seconds: long enough to be tapped on, and then only the dream is left."""


class Channel:
    """A job's channel, reached with the bot's own token."""

    def __init__(self, client: discord.Client, job: Job) -> None:
        self._client = client
        self._job = job
        place = job.ask.place
        self._channel = client.get_partial_messageable(place.channel, guild_id=place.guild)

    def message(self, message_id: int) -> discord.PartialMessage:
        """A message there, unseen."""
        return self._channel.get_partial_message(message_id)

    async def send_once(
        self, content: str, reply_to: int | None, *, needed: bool = False, **more: Any
    ) -> discord.Message:
        """Sends a message that Discord takes once in a few minutes, however often it is sent. reply_to: the
        message it answers. needed: without that message there is nothing to say."""
        if reply_to is None:
            return await self._channel.send(content, nonce=self._job.id, **more)
        target = discord.MessageReference(
            message_id=reply_to, channel_id=self._job.ask.place.channel, fail_if_not_exists=needed
        )
        try:
            return await self._channel.send(content, nonce=self._job.id, reference=target, **more)
        except discord.HTTPException as error:
            if needed or not errors.no_replies(error):
                raise
        return await self._channel.send(content, nonce=self._job.id, **more)

    async def send_beneath(self, message: int, content: str) -> None:
        """Sends another message in reply to one, taken by Discord once as well."""
        beneath = discord.MessageReference(
            message_id=message, channel_id=self._job.ask.place.channel, fail_if_not_exists=False
        )
        nonce = f"{self._job.id}-why"[:_LONGEST_NONCE]
        await self._channel.send(content, reference=beneath, nonce=nonce, mention_author=False)

    async def ping(self, result: int, text: str) -> None:
        """Mentions the asker beneath a message of ours, for a while: an edit calls nobody back. It is tried
        once, has an id of its own for Discord, and nothing is lost where it fails."""
        owner = self._job.ask.owner
        beneath = discord.MessageReference(
            message_id=result, channel_id=self._job.ask.place.channel, fail_if_not_exists=True
        )
        try:
            await self._channel.send(
                f"<@{owner}> {text}",
                reference=beneath,
                nonce=f"{self._job.id}-ping"[:_LONGEST_NONCE],
                allowed_mentions=discord.AllowedMentions(users=[discord.Object(owner)], replied_user=False),
                delete_after=PING_STAYS,
            )
        except discord.HTTPException as error:
            log.info("nobody was called back: %s", error)

    async def ours(self) -> discord.Message | None:
        """Our newest message about the job; None where there is none or the channel cannot be read."""
        since = {self._job.created, self._job.delivering or self._job.created}
        found = [one for start in sorted(since) for one in await self._after(start) if self._is_ours(one)]
        if self._job.answer is not None:
            found += await self._at(self._job.answer)
        return max(found, key=lambda one: one.id, default=None)

    async def said(self, content: str) -> bool:
        """Whether we have said just that since the job came to its end."""
        if self._job.delivering is None:
            return False
        return any(
            one.content == content and self._is_mine(one) for one in await self._after(self._job.delivering)
        )

    async def _after(self, start: datetime) -> Iterable[discord.Message]:
        history = self._channel.history(after=start - _MARGIN, oldest_first=True, limit=_PAGES)
        try:
            return [one async for one in history]
        except discord.HTTPException as error:
            if not errors.no_way_in(error):
                raise
            log.info("the job's channel cannot be looked through: %s", error)
            return []

    async def _at(self, message_id: int) -> Iterable[discord.Message]:
        try:
            return [one for one in [await self.message(message_id).fetch()] if self._is_ours(one)]
        except discord.HTTPException as error:
            if not (errors.no_way_in(error) or errors.message_is_gone(error)):
                raise
            return []

    def _is_ours(self, message: discord.Message) -> bool:
        return self._is_mine(message) and is_about(message, self._job.id)

    def _is_mine(self, message: discord.Message) -> bool:
        return self._client.user is not None and message.author.id == self._client.user.id
