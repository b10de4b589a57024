"""A dream beside what was there before it, for the one who asks, who can then show it to everyone."""

import asyncio
import contextlib
import io
import itertools
import re
from collections.abc import Sequence
from typing import Any, Self

import discord
import numpy as np

from dreambot.chat import gate, refetch
from dreambot.chat.buttons.delete import DeleteComparisonButton
from dreambot.chat.buttons.going_on import UPON_ITSELF
from dreambot.chat.buttons.pressing import (
    JOB,
    Item,
    JobButton,
    bot_of,
    button,
    is_within_reach,
    job_behind,
)
from dreambot.chat.permissions import lacking, to_reply
from dreambot.chat.source import Untouchable, permitted
from dreambot.chat.words import Told, Words, words, words_in
from dreambot.jobs.comparisons import Comparison
from dreambot.jobs.types import Job, Subject
from dreambot.media.picture import Picture, Pixels
from dreambot.services import Services

_LONGER_SIDE = 1024
_GAP = 8
"""Pixels."""
_LARGEST = 4 * 2**20
_BEFORE, _SOURCE = "results-compared-before-alt", "results-compared-alt"


class CompareButton(JobButton, Item, template=rf"dream:compare:{JOB}"):
    """Shows a dream beside the one it goes on from, and beside the picture that this began with."""

    def __init__(self, job_id: str, locale: str | None = None) -> None:
        discord.ui.DynamicItem.__init__(
            self, button(words(locale)("results-compare"), f"dream:compare:{job_id}")
        )
        self.job_id = job_id

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Answers in private."""
        message = interaction.message
        await interaction.response.defer(thinking=True, ephemeral=True)
        job = await job_behind(interaction, self.job_id)
        after = refetch.dream_in(message, job)
        earlier = await _earlier(interaction, job)
        say, services = words_in(interaction), bot_of(interaction).services
        files = [await _compared(services, say, key, before, after) for key, before in earlier.items()]
        view = discord.ui.View(timeout=None)
        # Elsewhere it could not be deleted when one of its pictures is.
        if message and is_within_reach(interaction) and not job.ask.place.private:
            view.add_item(ShowButton(job.id, message.id, say))
        await interaction.edit_original_response(content=_content(say, files), attachments=files, view=view)


class ShowButton(JobButton, Item, template=rf"dream:show:(?P<message>\d{{1,20}}):{JOB}"):
    """Shows everyone a comparison that one person sees."""

    def __init__(self, job_id: str, message: int = 0, say: Words | None = None) -> None:
        label = say("results-show") if say else None
        discord.ui.DynamicItem.__init__(self, button(label, f"dream:show:{message}:{job_id}"))
        self.job_id = job_id
        self.message = message

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """See `JobButton`."""
        return cls(match["job"], int(match["message"]))

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Makes the comparison again, of pictures that are still there, and posts it: under the dream where
        that is possible."""
        await interaction.response.defer()
        job = await job_behind(interaction, self.job_id)
        client, say, services = interaction.client, words_in(interaction), bot_of(interaction).services
        await gate.require_unblocked(services, gate.asker_in(interaction))
        if job.ask.place.private:
            raise Told("results-dream-gone")
        if not await permitted(services.community, refetch.whose(job), interaction.user.id):
            raise Untouchable
        after = refetch.dream_in(await refetch.dream_message(client, job, self.message), job)
        earlier = await _earlier(interaction, job)
        files = [await _compared(services, say, key, before, after) for key, before in earlier.items()]
        view = discord.ui.View(timeout=None)
        view.add_item(DeleteComparisonButton(job.id, interaction.user.id, self.message))
        content = f"{_content(say, files)}\n-# {interaction.user.mention}"
        await interaction.edit_original_response(view=None)
        posted = await self._post(interaction, content, files, view)
        before, source = earlier.get(_BEFORE), earlier.get(_SOURCE)
        await services.comparisons.note(
            Comparison(
                message=posted,
                guild=interaction.guild_id,
                channel=interaction.channel_id or 0,
                person=interaction.user.id,
                job=job.id,
                dream=self.message,
                before=before.message if before else None,
                source=source.message if source else None,
            )
        )
        if not await self._still_there(interaction, job, earlier):
            channel = client.get_partial_messageable(
                interaction.channel_id or 0, guild_id=interaction.guild_id
            )
            await channel.get_partial_message(posted).delete()

    async def _still_there(
        self, interaction: discord.Interaction[Any], job: Job, earlier: dict[str, Subject]
    ) -> bool:
        """Whether none of the pictures was deleted while the comparison was made, before it was noted."""
        try:
            await refetch.dream_message(interaction.client, job, self.message)
            return (await _earlier(interaction, job)).keys() == earlier.keys()
        except refetch.PictureGone:
            return False

    async def _post(
        self,
        interaction: discord.Interaction[Any],
        content: str,
        files: Sequence[discord.File],
        view: discord.ui.View,
    ) -> int:
        """Replies to the dream with the bot's own token where it may, and returns the message's id."""
        there = interaction.is_guild_integration() or interaction.context.dm_channel
        if not there or lacking(interaction.app_permissions, to_reply(interaction.channel)):
            told: discord.Message = await interaction.followup.send(
                content, files=files, view=view, wait=True
            )
            return told.id
        channel = interaction.client.get_partial_messageable(
            interaction.channel_id or 0, guild_id=interaction.guild_id
        )
        dream = discord.MessageReference(
            message_id=self.message, channel_id=interaction.channel_id or 0, fail_if_not_exists=False
        )
        sent: discord.Message = await channel.send(
            content, files=files, view=view, reference=dream, mention_author=False
        )
        return sent.id


async def _earlier(interaction: discord.Interaction[Any], job: Job) -> dict[str, Subject]:
    """What a dream can be held beside, by the key of its alt text: the dream it goes on from, and the picture
    that the first of its line began with. Raises PictureGone where all of that is gone, and Told where the
    dream came out of nothing."""
    client, found = interaction.client, dict[str, Subject]()
    homes = {interaction.channel_id, gate.parent_of(interaction.channel)}
    # No picture is shown in another channel than its own and that one's threads.
    line = await bot_of(interaction).services.lineage.line(job)
    line = list(itertools.takewhile(lambda one: one.ask.place.channel in homes, line))
    if len(line) > 1:
        with contextlib.suppress(refetch.PictureGone):
            found[_BEFORE] = await _parent(interaction, job, line[1])
    try:
        original = await refetch.source_of(client, line[-1])
    except refetch.PictureGone:
        if not found:
            raise
        return found
    if original:
        found[_SOURCE] = original
    if not found:
        raise Told("results-compare-nothing")
    return found


async def _parent(interaction: discord.Interaction[Any], job: Job, parent: Job) -> Subject:
    """The dream that a dream goes on from. Raises PictureGone."""
    try:
        return await refetch.dream_of(interaction.client, parent)
    except refetch.PictureGone:
        # Where no messages can be read, the file that was dreamed may still be there.
        before = await refetch.source_of(interaction.client, job) if job.ask.press in UPON_ITSELF else None
        if before is None:
            raise
        return before


async def _compared(
    services: Services, say: Words, key: str, before: Subject, after: Subject
) -> discord.File:
    """A file that shows both. key: of its alt text."""
    data, extension = await _side_by_side(services, before, after)
    return discord.File(
        io.BytesIO(data),
        f"{key.removeprefix('results-').removesuffix('-alt')}.{extension}",
        spoiler=before.spoiler or after.spoiler,
        description=say(key, subject=before.label),
    )


def _content(say: Words, files: Sequence[discord.File]) -> str:
    return say("results-compared" if len(files) == 1 else "results-compared-both")


async def _side_by_side(services: Services, before: Subject, after: Subject) -> tuple[bytes, str]:
    """One picture of both as (file, extension): beside each other, or where they are wide, above one another,
    so that a phone shows them as large as can be."""
    async with (
        refetch.fetched(services.files, before) as first,
        refetch.fetched(services.files, after) as second,
    ):
        probe = await services.codecs.probe(second)
        scale = min(1.0, _LONGER_SIDE / max(probe.width, probe.height))
        size = (max(1, round(probe.width * scale)), max(1, round(probe.height * scale)))
        pictures = [await services.codecs.decode(path, size=size) for path in (first, second)]
    joined = await asyncio.to_thread(_joined, [picture.rgb for picture in pictures], size)
    encoded = await services.codecs.encode(Picture(joined), limit=_LARGEST)
    return encoded.data, encoded.extension


def _joined(pictures: list[Pixels], size: tuple[int, int]) -> Pixels:
    width, height = size
    axis = 0 if width > height else 1
    gap = np.zeros((_GAP, width, 3) if axis == 0 else (height, _GAP, 3), np.uint8)
    return np.concatenate([pictures[0], gap, pictures[1]], axis=axis)
