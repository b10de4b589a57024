"""Shows a result next to its source or parent, privately at first; the user can share the comparison."""

import asyncio
import contextlib
import io
import itertools
import re
from collections.abc import Sequence
from typing import Self

import discord
import numpy as np

from dreambot.bot import admission
from dreambot.bot.buttons.base import (
    JOB_ID_PATTERN,
    ButtonItem,
    JobButton,
    build_button,
    is_editable_by_bot,
    load_job,
)
from dreambot.bot.buttons.delete import DeleteComparisonButton
from dreambot.bot.buttons.variations import FROM_RESULT
from dreambot.bot.captions import source_label
from dreambot.bot.context import Interaction
from dreambot.bot.permissions import find_missing, needed_to_reply
from dreambot.bot.services import Services
from dreambot.bot.sources import ImagesOptedOut, may_use_images_of, refetch
from dreambot.errors import UserError
from dreambot.i18n import Translator, translator_for
from dreambot.jobs.history import Comparison
from dreambot.jobs.models import Job, SourceImage
from dreambot.media.picture import Picture, Pixels
from dreambot.recipe.request import is_sheet

_MAX_SIDE = 1024
_GAP = 8
"""In pixels."""
_MAX_BYTES = 4 * 2**20
_being_shown: set[int] = set()
"""The ids of the private messages whose comparison is being shown to everyone."""
_PARENT_ALT_KEY, _SOURCE_ALT_KEY = "results-compared-before-alt", "results-compared-alt"


class CompareButton(JobButton, ButtonItem, template=rf"dream:compare:{JOB_ID_PATTERN}"):
    """Shows a dream next to its parent, and next to the source that the first dream of its line had.

    Args:
        job_id: The id of the job.
        locale: The locale of the label; a pressed button is rebuilt without one.
    """

    def __init__(self, job_id: str, locale: str | None = None) -> None:
        discord.ui.DynamicItem.__init__(
            self, build_button(translator_for(locale)("results-compare"), f"dream:compare:{job_id}")
        )
        self.job_id = job_id

    async def press(self, interaction: Interaction) -> None:
        """Answers with the comparison in private.

        Args:
            interaction: The press.
        """
        message = interaction.message
        await interaction.response.defer(thinking=True, ephemeral=True)
        job = await load_job(interaction, self.job_id)
        after = refetch.result_image_in(message, job)
        earlier = await _earlier_images(interaction, job)
        translate, services = translator_for(interaction.locale.value), interaction.client.services
        files = [
            await _comparison_file(services, translate, key, before, after) for key, before in earlier.items()
        ]
        view = discord.ui.View(timeout=None)
        # Only there can it be deleted when one of its images is deleted.
        if message and is_editable_by_bot(interaction) and not job.spec.reply_target.private:
            view.add_item(ShareComparisonButton(job.id, message.id, translate))
        await interaction.edit_original_response(
            content=_content(translate, files), attachments=files, view=view
        )


class ShareComparisonButton(
    JobButton, ButtonItem, template=rf"dream:show:(?P<message>\d{{1,20}}):{JOB_ID_PATTERN}"
):
    """Shows a private comparison to everyone.

    Args:
        job_id: The id of the job.
        message: The id of the message with the dream.
        translate: The translator of the label; a pressed button is rebuilt without one.
    """

    def __init__(self, job_id: str, message: int = 0, translate: Translator | None = None) -> None:
        label = translate("results-show") if translate else None
        discord.ui.DynamicItem.__init__(self, build_button(label, f"dream:show:{message}:{job_id}"))
        self.job_id = job_id
        self.message = message

    @classmethod
    def _from_match(cls, match: re.Match[str]) -> Self:
        return cls(match["job"], int(match["message"]))

    async def press(self, interaction: Interaction) -> None:
        """Makes the comparison again from images that still exist, and posts it.

        It is a reply to the dream where the bot may reply.

        Args:
            interaction: The press.
        """
        await interaction.response.defer()
        private = interaction.message.id if interaction.message else 0
        if private in _being_shown:
            # The button was pressed twice before it disappeared.
            return
        _being_shown.add(private)
        try:
            await self._show(interaction)
        finally:
            _being_shown.discard(private)

    async def _show(self, interaction: Interaction) -> None:
        job = await load_job(interaction, self.job_id)
        client, translate, services = (
            interaction.client,
            translator_for(interaction.locale.value),
            interaction.client.services,
        )
        await admission.require_unblocked(services, admission.requester_of_interaction(interaction))
        if job.spec.reply_target.private:
            raise UserError("results-dream-gone")
        if not await may_use_images_of(services.guild_store, refetch.image_owner(job), interaction.user.id):
            raise ImagesOptedOut
        after = refetch.result_image_in(await refetch.fetch_result_message(client, job, self.message), job)
        earlier = await _earlier_images(interaction, job)
        files = [
            await _comparison_file(services, translate, key, before, after) for key, before in earlier.items()
        ]
        view = discord.ui.View(timeout=None)
        view.add_item(DeleteComparisonButton(job.id, interaction.user.id, self.message))
        content = f"{_content(translate, files)}\n-# {interaction.user.mention}"
        await interaction.edit_original_response(view=None)
        posted = await self._post(interaction, content, files, view)
        before, source = earlier.get(_PARENT_ALT_KEY), earlier.get(_SOURCE_ALT_KEY)
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
        if not await self._images_still_exist(interaction, job, earlier):
            channel = client.get_partial_messageable(
                interaction.channel_id or 0, guild_id=interaction.guild_id
            )
            await channel.get_partial_message(posted).delete()

    async def _images_still_exist(
        self, interaction: Interaction, job: Job, earlier: dict[str, SourceImage]
    ) -> bool:
        """Checks that no image was deleted before the comparison was stored."""
        try:
            await refetch.fetch_result_message(interaction.client, job, self.message)
            return (await _earlier_images(interaction, job)).keys() == earlier.keys()
        except refetch.ImageGone:
            return False

    async def _post(
        self,
        interaction: Interaction,
        content: str,
        files: Sequence[discord.File],
        view: discord.ui.View,
    ) -> int:
        """Replies to the dream with the bot's own token where it may; returns the message's id."""
        can_post = interaction.is_guild_integration() or interaction.context.dm_channel
        if not can_post or find_missing(interaction.app_permissions, needed_to_reply(interaction.channel)):
            follow_up: discord.Message = await interaction.followup.send(
                content, files=files, view=view, wait=True
            )
            return follow_up.id
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


async def _earlier_images(interaction: Interaction, job: Job) -> dict[str, SourceImage]:
    """Finds the images that a dream can be compared with, by the catalogue key of their alt text.

    They are the dream's parent, and the source of the first dream of its line.

    Raises:
        ImageGone: All of them were deleted.
        UserError: The dream has no source.
    """
    client, found = interaction.client, dict[str, SourceImage]()
    visible_channels = {interaction.channel_id, admission.parent_channel_id(interaction.channel)}
    # An image is only shown in its own channel and the threads of that channel.
    lineage = await interaction.client.services.job_history.line(job)
    lineage = list(
        itertools.takewhile(lambda one: one.spec.reply_target.channel in visible_channels, lineage)
    )
    if len(lineage) > 1 and not is_sheet(lineage[1].spec.request):
        with contextlib.suppress(refetch.ImageGone):
            found[_PARENT_ALT_KEY] = await _parent_image(interaction, job, lineage[1])
    try:
        original = await refetch.refetch_source(client, lineage[-1])
    except refetch.ImageGone:
        if not found:
            raise
        return found
    if original:
        found[_SOURCE_ALT_KEY] = original
    if not found:
        raise UserError("results-compare-nothing")
    return found


async def _parent_image(interaction: Interaction, job: Job, parent: Job) -> SourceImage:
    """Finds the image of the parent dream.

    Raises:
        ImageGone: It was deleted.
    """
    try:
        return await refetch.refetch_result(interaction.client, parent)
    except refetch.ImageGone:
        # Where no messages can be read, the source of this dream may be the parent's file.
        before = (
            await refetch.refetch_source(interaction.client, job) if job.spec.press in FROM_RESULT else None
        )
        if before is None:
            raise
        return before


async def _comparison_file(
    services: Services, translate: Translator, key: str, before: SourceImage, after: SourceImage
) -> discord.File:
    """Builds a file that shows both images. `key` is the catalogue key of its alt text."""
    data, extension = await _side_by_side(services, before, after)
    return discord.File(
        io.BytesIO(data),
        f"{key.removeprefix('results-').removesuffix('-alt')}.{extension}",
        spoiler=before.spoiler or after.spoiler,
        description=translate(key, subject=source_label(translate, before)),
    )


def _content(translate: Translator, files: Sequence[discord.File]) -> str:
    return translate("results-compared" if len(files) == 1 else "results-compared-both")


async def _side_by_side(services: Services, before: SourceImage, after: SourceImage) -> tuple[bytes, str]:
    """Joins both images into one, and returns the file and its extension.

    Wide images are placed above each other, others side by side, so that a phone shows them as large as
    possible.
    """
    async with (
        refetch.open_image_file(services.files, before) as first,
        refetch.open_image_file(services.files, after) as second,
    ):
        probe = await services.codecs.probe(second)
        scale = min(1.0, _MAX_SIDE / max(probe.width, probe.height))
        size = (max(1, round(probe.width * scale)), max(1, round(probe.height * scale)))
        pictures = [await services.codecs.decode(path, size=size) for path in (first, second)]
    joined = await asyncio.to_thread(_join_pixels, [picture.rgb for picture in pictures], size)
    encoded = await services.codecs.encode(Picture(joined), limit=_MAX_BYTES)
    return encoded.data, encoded.extension


def _join_pixels(pictures: list[Pixels], size: tuple[int, int]) -> Pixels:
    width, height = size
    axis = 0 if width > height else 1
    gap = np.zeros((_GAP, width, 3) if axis == 0 else (height, _GAP, 3), np.uint8)
    return np.concatenate([pictures[0], gap, pictures[1]], axis=axis)
