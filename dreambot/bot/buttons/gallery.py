"""Shares dreams in the gallery, and withdraws them."""

import asyncio
import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import discord
import numpy as np

from dreambot.bot import admission
from dreambot.bot.buttons.base import is_editable_by_bot
from dreambot.bot.buttons.variations import FROM_RESULT
from dreambot.bot.context import BotClient, Interaction
from dreambot.bot.hall import count_stars
from dreambot.bot.services import Services
from dreambot.bot.sources import (
    ImagesOptedOut,
    attachment_id_in_url,
    is_age_restricted,
    may_use_images_of,
    refetch,
)
from dreambot.bot.spoiler_channels import is_spoiler_channel
from dreambot.errors import UserError
from dreambot.jobs.gallery import GalleryFile, MediaKind, SharedDream, file_name, new_gallery_id
from dreambot.jobs.models import AttachmentSource, Job, SourceImage
from dreambot.media.decode import Probe
from dreambot.media.encode import PREVIEW_MAX_SIDE
from dreambot.media.picture import Pixels
from dreambot.recipe.request import is_sheet

log = logging.getLogger(__name__)

MAX_STARS = 1000
"""Beyond this, stars are not counted: Discord lists a hundred people in an answer."""
_BEFORE_PIXELS = 1280 * 1280
_BEFORE_BYTES = 2**20
_THUMBNAIL_FRAMES, _THUMBNAIL_FPS = 100, 10.0
_EXTENSIONS = {"PNG": "png", "JPEG": "jpg", "WEBP": "webp", "GIF": "gif", "MP4": "mp4", "WEBM": "webm"}
_VIDEOS = frozenset({"MP4", "WEBM"})


@dataclass(frozen=True)
class _Media:
    file: GalleryFile
    data: bytes


def require_shareable(interaction: Interaction, job: Job) -> None:
    """Checks what is known without asking Discord: that dreams can be shared from this channel.

    Args:
        interaction: The press.
        job: The job of the dream.

    Raises:
        UserError: They may not; the text says why.
    """
    if not interaction.client.services.settings.gallery:
        raise UserError("gallery-off")
    # Elsewhere the bot is not told when the message is deleted.
    if job.spec.reply_target.private or not is_editable_by_bot(interaction):
        raise UserError("gallery-not-here")
    if refusal := channel_refusal(interaction.channel):
        raise UserError(refusal)


def channel_refusal(channel: object) -> str | None:
    """Returns why a channel's dreams never appear in the gallery.

    Args:
        channel: Any channel.

    Returns:
        The code of the error; None if they may appear.
    """
    if is_age_restricted(channel):
        return "gallery-age-restricted"
    return "gallery-spoiler" if is_spoiler_channel(channel) else None


async def share(interaction: Interaction, job: Job) -> SharedDream:
    """Copies a dream to the gallery.

    Args:
        interaction: The press, which `require_shareable` has checked.
        job: The job of the dream.

    Returns:
        The dream in the gallery; the one that is there, if it was shared before.

    Raises:
        UserError: It may not be shown there, or it was deleted in the meantime.
    """
    client, services = interaction.client, interaction.client.services
    await _require_allowed(interaction, job)
    shown_in = interaction.message.id if interaction.message else None
    message = await refetch.fetch_result_message(client, job, shown_in)
    lineage = await services.job_history.line(job)
    _require_harmless(message, lineage)
    uploads = await _find_uploads(interaction, lineage)
    _require_own_material(lineage, uploads)
    before = _first_upload(interaction, lineage, uploads)
    media, thumbnail = await _copy_results(services, refetch.result_images_in(message, job))
    comparable = len(media) == 1 and media[0].file.kind == "image" and not is_sheet(job.spec.request)
    earlier = await _copy_before(services, before) if before and comparable else None
    everything = [*media, *([earlier] if earlier else []), thumbnail]
    source, origin, sound = job.spec.source, lineage[-1].spec.source, job.spec.sound
    shared = await services.gallery.share(
        SharedDream(
            id=new_gallery_id(),
            job=job.id,
            owner=job.spec.owner,
            guild=job.spec.reply_target.guild,
            channel=job.spec.reply_target.channel,
            parent=admission.parent_channel_id(interaction.channel),
            message=message.id,
            source_message=source.message if source else None,
            source_person=refetch.image_owner(job),
            origin_message=origin.message if origin else None,
            sound_message=sound.message if sound else None,
            results=tuple(one.file for one in media),
            before=earlier.file if earlier else None,
            thumbnail=thumbnail.file,
            size=sum(len(one.data) for one in everything),
            stars=await count_stars(message, job.spec.owner, MAX_STARS),
            shared=datetime.now(UTC),
        ),
        {one.file.name: one.data for one in everything},
    )
    try:
        # What became of it while it was copied has not found it in the gallery yet.
        await _require_allowed(interaction, job)
        await _require_still_there(client, job, message.id)
    except Exception:
        # Also without an answer from Discord: the user is shown an error.
        await services.gallery.withdraw(job=job.id)
        raise
    return shared


def gallery_link(services: Services, dream: SharedDream) -> str | None:
    """Returns the address of a dream's page; None if the operator has set no address.

    Args:
        services: The services of this process.
        dream: The dream.
    """
    base = services.settings.gallery_url
    return f"{base}/dream/{dream.id}" if base else None


async def update_stars(client: BotClient, channel_id: int, message_id: int) -> None:
    """Counts the stars of a dream in the gallery again.

    Args:
        client: The bot.
        channel_id: The channel of the message.
        message_id: The message whose reactions changed.

    Raises:
        discord.HTTPException: The message cannot be read.
        DatabaseUnavailable: The database cannot be reached.
    """
    if not client.services.settings.gallery:
        return
    dream = await client.services.gallery.of_message(message_id)
    if dream is None:
        return
    channel = client.get_partial_messageable(channel_id, guild_id=dream.guild)
    message = await channel.fetch_message(message_id)
    await client.services.gallery.set_stars(dream.id, await count_stars(message, dream.owner, MAX_STARS))


async def _require_allowed(interaction: Interaction, job: Job) -> None:
    """Checks what moderators, the operator and the owner of the picture have chosen."""
    services = interaction.client.services
    await admission.require_unblocked(services, admission.requester_of_interaction(interaction))
    if not (await services.guild_store.guild(interaction.guild_id)).gallery:
        raise UserError("gallery-server-off")
    if not await may_use_images_of(services.guild_store, refetch.image_owner(job), job.spec.owner):
        raise ImagesOptedOut
    if refusal := channel_refusal(interaction.channel):
        raise UserError(refusal)


def _require_harmless(message: discord.Message, lineage: Sequence[Job]) -> None:
    """Checks that neither the dream nor what it was made from is hidden or marked as explicit."""
    if any(one.spoiler for one in lineage) or any(one.is_spoiler() for one in message.attachments):
        raise UserError("gallery-spoiler")
    _require_unmarked([image for one in lineage for image in one.inputs])
    if any(one.flags.contains_explicit_media for one in message.attachments):
        raise UserError("gallery-explicit")


def _require_unmarked(images: Iterable[SourceImage]) -> None:
    for image in images:
        if image.spoiler:
            raise UserError("gallery-spoiler")
        if isinstance(image.source, AttachmentSource) and image.source.explicit:
            raise UserError("gallery-explicit")


async def _find_uploads(interaction: Interaction, lineage: Sequence[Job]) -> dict[SourceImage, SourceImage]:
    """Looks again at what the dream, and the first of its line, were made from.

    Returns:
        What the user uploaded: each file as it is stored → as it is now.

    Raises:
        UserError: Something was deleted, or is marked in the meantime.
    """
    client, user = interaction.client, interaction.user.id
    messages: dict[int, discord.Message | None] = {}
    uploads = {}
    for job in {one.id: one for one in (lineage[0], _first_frame_job(lineage), lineage[-1]) if one}.values():
        for image in job.inputs:
            now = await refetch.fetch_posted(client, job.spec.reply_target, image, messages)
            if now is None:
                raise UserError("gallery-picture-gone")
            _require_unmarked([now])
            message = messages.get(image.message or 0)
            if _is_uploaded_by(user, job, image, message):
                uploads[image] = now
    return uploads


def _is_uploaded_by(user: int, job: Job, image: SourceImage, message: discord.Message | None) -> bool:
    """Whether a user uploaded a file. What a message forwards is not among its own attachments."""
    attachment = _attachment_id(image)
    if attachment is None or image.person not in (None, user):
        return False
    if image.message is None:
        # An option of a command: whoever wrote the command has uploaded it.
        return job.spec.owner == user
    if message is None or message.author.id != user:
        return False
    return attachment in {attachment_id_in_url(one.url) for one in message.attachments}


def _attachment_id(image: SourceImage) -> int | None:
    return attachment_id_in_url(image.source.url) if isinstance(image.source, AttachmentSource) else None


def _require_own_material(lineage: Sequence[Job], uploads: Collection[SourceImage]) -> None:
    """Checks that what is seen or heard unchanged in a dream was uploaded by the user here."""
    begins = _first_frame_job(lineage)
    if begins and begins.spec.source not in uploads:
        raise UserError("gallery-begins-with-picture")
    if lineage[0].spec.sound and lineage[0].spec.sound not in uploads:
        raise UserError("gallery-sound-of-others")


def _first_frame_job(lineage: Sequence[Job]) -> Job | None:
    """Finds the job with whose source the result begins; None if it begins with something dreamed."""
    job, earlier = lineage[0], lineage[1:]
    source, recipe = job.spec.source, job.recipe
    if recipe and not (recipe.is_clip or recipe.hellscape):
        return None
    if source is None or recipe is None or not recipe.needs_source:
        return None
    for index, one in enumerate(earlier):
        if source.message is not None and one.result_message == source.message:
            return _first_frame_job(earlier[index:])
    # A message that shows an earlier dream again is not that job's own.
    return None if job.spec.press in FROM_RESULT else job


def _first_upload(
    interaction: Interaction, lineage: Sequence[Job], uploads: Mapping[SourceImage, SourceImage]
) -> SourceImage | None:
    """Finds the picture that the first dream of a line was made from, if the user uploaded it here."""
    visible = {interaction.channel_id, admission.parent_channel_id(interaction.channel)}
    first = lineage[-1].spec.source
    if first is None or any(one.spec.reply_target.channel not in visible for one in lineage):
        return None
    return uploads.get(first)


async def _copy_results(services: Services, images: Sequence[SourceImage]) -> tuple[list[_Media], _Media]:
    """Copies the files of a dream or an album; returns them, and a thumbnail of the first."""
    copies, thumbnail = [], None
    for image in images:
        async with refetch.open_image_file(services.files, image) as path:
            probe = await services.codecs.probe(path)
            data = await asyncio.to_thread(path.read_bytes)
            thumbnail = thumbnail or await _thumbnail(services, path, probe)
        extension = _EXTENSIONS.get(probe.format)
        if extension is None:
            raise refetch.ImageGone("results-dream-gone")
        kind: MediaKind = "image"
        if probe.format in _VIDEOS:
            kind = "video"
        elif probe.frames > 1:
            kind = "animation"
        copies.append(_Media(GalleryFile(file_name(data, extension), kind, probe.width, probe.height), data))
    if thumbnail is None:
        raise refetch.ImageGone("results-dream-gone")
    return copies, thumbnail


async def _thumbnail(services: Services, path: Path, probe: Probe) -> _Media:
    """Makes a small picture. Of what moves, it is the frame that differs most from the first one.

    A clip begins with the picture that the dream was made from, and some other videos with one close to it.
    """
    scale = min(1.0, PREVIEW_MAX_SIDE / max(probe.width, probe.height))
    width, height = (max(1, round(side * scale)) for side in (probe.width, probe.height))
    if probe.frames > 1:
        video = await services.codecs.frames(
            path, size=(width, height), max_frames=_THUMBNAIL_FRAMES, max_fps=_THUMBNAIL_FPS
        )
        rgb = await asyncio.to_thread(_most_changed, video.rgb)
    else:
        rgb = (await services.codecs.decode(path, size=(width, height))).rgb
    data = await services.codecs.preview(rgb)
    return _Media(GalleryFile(file_name(data, "jpg"), "image", width, height), data)


def _most_changed(frames: Pixels) -> Pixels:
    coarse = frames[:, ::8, ::8].astype(np.int16)
    most_changed: Pixels = frames[int(np.abs(coarse - coarse[0]).mean(axis=(1, 2, 3)).argmax())]
    return most_changed


async def _copy_before(services: Services, image: SourceImage) -> _Media | None:
    """Encodes a person's picture again, which leaves out what a camera writes into it, such as the place."""
    try:
        async with refetch.open_image_file(services.files, image) as path:
            picture = await services.codecs.decode(path, max_pixels=_BEFORE_PIXELS)
    except UserError as error:
        log.info("a dream is shared without the picture that it was made from: %s", error)
        return None
    encoded = await services.codecs.encode(picture, limit=_BEFORE_BYTES, format="JPEG")
    name = file_name(encoded.data, encoded.extension)
    return _Media(GalleryFile(name, "image", encoded.width, encoded.height), encoded.data)


async def _require_still_there(client: BotClient, job: Job, message: int) -> None:
    """Checks that the dream was not deleted, nor its requester's data, before the row was stored."""
    stored = await client.services.store.get(job.id)
    if stored is None or stored.spec.owner != job.spec.owner:
        raise refetch.ImageGone("results-dream-gone")
    await refetch.fetch_result_message(client, job, message)
