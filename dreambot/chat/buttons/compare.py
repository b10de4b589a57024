"""Before and after, side by side, for the one who asks."""

import asyncio
import io
from typing import Any

import discord
import numpy as np

from dreambot.chat import refetch
from dreambot.chat.buttons.pressing import JOB, Item, JobButton, bot_of, button, job_behind
from dreambot.chat.words import Told, words, words_in
from dreambot.jobs.types import Job, Subject
from dreambot.media.picture import Picture, Pixels
from dreambot.services import Services

_LONGER_SIDE = 1024
_GAP = 8
"""Pixels."""
_LARGEST = 8 * 2**20


class CompareButton(JobButton, Item, template=rf"dream:compare:{JOB}"):
    """Shows a dream beside what it was dreamed upon."""

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
        before = await _before(interaction, job)
        say = words_in(interaction)
        data, extension = await _side_by_side(bot_of(interaction).services, before, after)
        await interaction.edit_original_response(
            content=say("results-compared"),
            attachments=[
                discord.File(
                    io.BytesIO(data),
                    f"compared.{extension}",
                    spoiler=before.spoiler or after.spoiler,
                    description=say("results-compared-alt", subject=before.label),
                )
            ],
        )


async def _before(interaction: discord.Interaction[Any], job: Job) -> Subject:
    """What a dream was dreamed upon; where that is gone, the dream it came from."""
    client = interaction.client
    try:
        before = await refetch.source_of(client, job)
    except refetch.PictureGone:
        if not job.ask.parent:
            raise
        return await refetch.dream_of(client, await job_behind(interaction, job.ask.parent))
    if before is None:
        raise Told("results-compare-nothing")
    return before


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
