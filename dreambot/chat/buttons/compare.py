"""A dream beside what was there before it, for the one who asks, who can then show it to everyone."""

import asyncio
import contextlib
import io
import re
from collections.abc import Sequence
from typing import Any, Self

import discord
import numpy as np

from dreambot.chat import gate, refetch
from dreambot.chat.buttons.delete import DeleteComparisonButton
from dreambot.chat.buttons.going_on import UPON_ITSELF
from dreambot.chat.buttons.pressing import JOB, Item, JobButton, bot_of, button, job_behind
from dreambot.chat.permissions import lacking, to_reply
from dreambot.chat.words import Told, Words, words, words_in
from dreambot.jobs.types import AttachmentSource, Job, Subject
from dreambot.media.picture import Picture, Pixels
from dreambot.services import Services

_LONGER_SIDE = 1024
_GAP = 8
"""Pixels."""
_LARGEST = 4 * 2**20


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
        if message and not job.ask.place.private:
            view.add_item(ShowButton(job.id, message.id, say))
        key = "results-compared" if len(files) == 1 else "results-compared-both"
        await interaction.edit_original_response(content=say(key), attachments=files, view=view)


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
        """Posts the pictures once more, under the dream where that is possible."""
        await interaction.response.defer()
        job = await job_behind(interaction, self.job_id)
        services = bot_of(interaction).services
        await gate.require_unblocked(services, gate.asker_in(interaction))
        shown = interaction.message
        if job.ask.place.private or shown is None or not shown.attachments:
            raise Told("results-dream-gone")
        files = [await _copied(services, attachment) for attachment in shown.attachments]
        view = discord.ui.View(timeout=None)
        view.add_item(DeleteComparisonButton(job.id, interaction.user.id))
        content = f"{shown.content}\n-# {interaction.user.mention}"
        await interaction.edit_original_response(view=None)
        if not await self._post(interaction, content, files, view):
            await interaction.followup.send(content, files=files, view=view)

    async def _post(
        self,
        interaction: discord.Interaction[Any],
        content: str,
        files: Sequence[discord.File],
        view: discord.ui.View,
    ) -> bool:
        """Replies to the dream with the bot's own token; whether it could."""
        there = interaction.is_guild_integration() or interaction.context.dm_channel
        if not there or lacking(interaction.app_permissions, to_reply(interaction.channel)):
            return False
        channel = interaction.client.get_partial_messageable(
            interaction.channel_id or 0, guild_id=interaction.guild_id
        )
        dream = discord.MessageReference(
            message_id=self.message, channel_id=interaction.channel_id or 0, fail_if_not_exists=False
        )
        await channel.send(content, files=files, view=view, reference=dream, mention_author=False)
        return True


async def _earlier(interaction: discord.Interaction[Any], job: Job) -> dict[str, Subject]:
    """What a dream can be held beside, by the key of its alt text: the dream it goes on from, and the picture
    that the first of its line began with. Raises PictureGone where all of that is gone, and Told where the
    dream came out of nothing."""
    client, found = interaction.client, dict[str, Subject]()
    line = await bot_of(interaction).services.lineage.line(job)
    if len(line) > 1:
        with contextlib.suppress(refetch.PictureGone):
            found["results-compared-before-alt"] = await _parent(interaction, job, line[1])
    try:
        original = await refetch.source_of(client, line[-1])
    except refetch.PictureGone:
        if not found:
            raise
        return found
    if original:
        found["results-compared-alt"] = original
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


async def _copied(services: Services, attachment: discord.Attachment) -> discord.File:
    """An attachment of ours, to be sent once more."""
    source = AttachmentSource(attachment.url, attachment.filename, attachment.size)
    subject = Subject(source, "", attachment.is_spoiler(), None)
    async with refetch.fetched(services.files, subject) as path:
        data = await asyncio.to_thread(path.read_bytes)
    return discord.File(
        io.BytesIO(data),
        attachment.filename.removeprefix("SPOILER_"),
        spoiler=attachment.is_spoiler(),
        description=attachment.description,
    )


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
