"""The rows of buttons under progress messages and results, with *Cancel*, *More…* and *Undo*."""

import asyncio
import contextlib
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Self, cast

import discord

from dreambot.bot import captions
from dreambot.bot.buttons.base import (
    JOB_ID_PATTERN,
    ButtonItem,
    JobButton,
    build_button,
    is_editable_by_bot,
    is_moderator,
    is_requester,
    load_job,
    stateless,
    view_without,
)
from dreambot.bot.buttons.compare import CompareButton
from dreambot.bot.buttons.delete import DeleteButton
from dreambot.bot.buttons.gallery import gallery_link, require_shareable, share
from dreambot.bot.buttons.variations import LayerButton, PickButton, VariationAction, VariationButton
from dreambot.bot.context import Interaction
from dreambot.bot.services import Services
from dreambot.bot.sources import refetch
from dreambot.errors import UserError
from dreambot.i18n import Translator, translator_for
from dreambot.jobs.models import Job
from dreambot.recipe import Recipe


class CancelButton(JobButton, ButtonItem, template=rf"dream:cancel:{JOB_ID_PATTERN}"):
    """Cancels a job: for the requester and for users who may manage messages.

    Args:
        job_id: The id of the job.
        locale: The locale of the label.
    """

    def __init__(self, job_id: str, locale: str | None = None) -> None:
        discord.ui.DynamicItem.__init__(
            self, build_button(translator_for(locale)("results-cancel"), f"dream:cancel:{job_id}")
        )
        self.job_id = job_id

    async def press(self, interaction: Interaction) -> None:
        """Cancels the job, or says why it cannot be cancelled.

        Args:
            interaction: The press.
        """
        jobs = interaction.client.jobs
        job = await load_job(interaction, self.job_id)
        if job.state.final:
            raise UserError("results-over")
        if job.spec.owner == interaction.user.id:
            await interaction.response.defer()
            await jobs.cancel(self.job_id, "core-cancelled")
        elif is_moderator(interaction):
            translate = translator_for(interaction.locale.value)
            await interaction.response.send_message(translate("results-cancelled-others"), ephemeral=True)
            await jobs.cancel(self.job_id, "core-cancelled-by-moderator")
        else:
            raise UserError("results-cancel-not-yours")


@dataclass(frozen=True)
class EarlierResult:
    """The content of a message that shows an earlier dream again.

    Attributes:
        job: The job of that dream.
        recipe: Its recipe.
        content: The text.
        pictures: The file, or those of an album.
    """

    job: Job
    recipe: Recipe
    content: str
    pictures: list[discord.File]


async def load_parent(interaction: Interaction, job: Job) -> tuple[Job, Recipe]:
    """Loads the job that a job continues, with its recipe.

    Args:
        interaction: The press.
        job: The job.

    Raises:
        ImageGone: It was deleted from the database.
    """
    if job.spec.parent:
        try:
            parent = await load_job(interaction, job.spec.parent)
        except UserError as error:
            raise refetch.ImageGone("results-undo-gone") from error
        if parent.recipe:
            return parent, parent.recipe
    raise refetch.ImageGone("results-undo-gone")


async def render_result(interaction: Interaction, parent: Job, recipe: Recipe) -> EarlierResult:
    """Rebuilds the message of an earlier dream from the message that shows it.

    Args:
        interaction: The press.
        parent: The job of the earlier dream.
        recipe: Its recipe.

    Raises:
        ImageGone: The message does not show it any more.
    """
    services = interaction.client.services
    try:
        message = await refetch.fetch_result_message(interaction.client, parent)
    except refetch.ImageGone as error:
        raise refetch.ImageGone("results-undo-gone") from error
    pictures = []
    for image, attachment in zip(
        refetch.result_images_in(message, parent), message.attachments, strict=False
    ):
        async with refetch.open_image_file(services.files, image) as path:
            data = await asyncio.to_thread(path.read_bytes)
        pictures.append(
            discord.File(
                io.BytesIO(data),
                attachment.filename.removeprefix("SPOILER_"),
                spoiler=attachment.is_spoiler(),
                description=attachment.description,
            )
        )
    corrupted = (await services.guild_store.guild(interaction.guild_id)).captions
    translate = translator_for(parent.spec.reply_target.locale)
    # Results from before captions were stored have none.
    caption = parent.caption or captions.choose_caption(translate, recipe, parent.id)
    lines = (
        captions.button_line(translate, parent.spec)
        + captions.default_look_line(translate, parent.spec)
        + captions.failed_picture_lines(translate, parent)
    )
    content = captions.result_content(caption, recipe, corrupted=corrupted, lines=lines)
    return EarlierResult(parent, recipe, content, pictures)


def cancel_view(job: Job) -> discord.ui.View:
    """Builds the buttons under a progress message.

    Args:
        job: The job.
    """
    return _build_view([CancelButton(job.id, job.spec.reply_target.locale)])


ResultKind = Literal["still", "sheet", "album", "clip", "video", "hellscape"]


def result_kind(job: Job, recipe: Recipe) -> ResultKind:
    """Returns what kind of result a job has, which decides its buttons.

    Args:
        job: The job.
        recipe: Its recipe.
    """
    if recipe.sheet:
        return "sheet"
    if recipe.hellscape:
        return "hellscape"
    if recipe.is_clip:
        return "clip"
    if job.album:
        return "album"
    return "video" if recipe.frames > 1 else "still"


FIRST_ROWS: Mapping[ResultKind, tuple[tuple[str, ...], ...]] = {
    "still": (("deeper", "again", "layer", "watch", "more"),),
    "video": (("deeper", "again", "layer", "louder", "more"),),
    "album": (("deeper", "again", "layer", "louder", "more"),),
    "clip": (("louder", "quieter", "again", "layer", "delete"),),
    "hellscape": (("louder", "quieter", "again", "undo", "delete"),),
    # As in the picture.
    "sheet": (("1", "2"), ("3", "4"), ("again", "undo", "delete")),
}
"""The buttons under every result: mostly five, those that lead to the best next picture first."""
MORE_ROWS: Mapping[ResultKind, tuple[tuple[str, ...], ...]] = {
    "still": (("louder", "quieter", "bend"), ("zoom", "compare", "undo", "delete")),
    "video": (("quieter", "bend", "undo", "delete"),),
    "album": (("quieter", "bend", "undo", "delete"),),
}
"""The rows that *More…* adds below."""

GalleryAction = Literal["share", "withdraw", "without-picture"]


def result_view(
    job: Job, recipe: Recipe, *, more: bool = False, gallery: GalleryAction | None = None
) -> discord.ui.View:
    """Builds the buttons under a result.

    Args:
        job: The job.
        recipe: Its recipe.
        more: Whether *More…* was pressed.
        gallery: What the button for the gallery does; None if there is no gallery. It has a row of its own,
            which *More…* adds where there is such a button.
    """
    kind = result_kind(job, recipe)
    rows = (*FIRST_ROWS[kind], *(MORE_ROWS.get(kind, ()) if more else ()))
    if gallery and (more or kind not in MORE_ROWS):
        rows = (*rows, (gallery,))
    return _build_view(
        *(
            [_result_button(job, action, more) for action in row if action != "undo" or job.spec.parent]
            for row in rows
        )
    )


def _result_button(job: Job, action: str, more: bool) -> discord.ui.Item[Any]:
    locale = job.spec.reply_target.locale
    match action:
        case "1" | "2" | "3" | "4":
            return PickButton(job.id, int(action))
        case "layer":
            return LayerButton(job.id, locale)
        case "compare":
            return CompareButton(job.id, locale)
        case "undo":
            return UndoButton(job.id, locale)
        case "delete":
            return DeleteButton(job.id, locale)
        case "more":
            return MoreButton(job.id, "less" if more else "more", locale)
        case "share" | "withdraw":
            return GalleryButton(job.id, action, locale)
    return VariationButton(job.id, cast(VariationAction, action), locale)


class MoreButton(JobButton, ButtonItem, template=rf"dream:(?P<rows>more|less):{JOB_ID_PATTERN}"):
    """Shows the other buttons of a result in its own message, or hides them; anyone may press it.

    Args:
        job_id: The id of the job.
        rows: What a press shows.
        locale: The locale of the label.
    """

    def __init__(
        self, job_id: str, rows: Literal["more", "less"] = "more", locale: str | None = None
    ) -> None:
        label = translator_for(locale)(f"results-{rows}")
        discord.ui.DynamicItem.__init__(self, build_button(label, f"dream:{rows}:{job_id}"))
        self.job_id = job_id
        self.rows = rows

    @classmethod
    def _from_match(cls, match: re.Match[str]) -> Self:
        return cls(match["job"], "less" if match["rows"] == "less" else "more")

    async def press(self, interaction: Interaction) -> None:
        """Edits the buttons of the message.

        Args:
            interaction: The press.
        """
        job = await load_job(interaction, self.job_id)
        if job.recipe is None:
            raise UserError("results-unknown")
        more = self.rows == "more"
        action = await gallery_action(interaction.client.services, job) if more else None
        await interaction.response.edit_message(view=result_view(job, job.recipe, more=more, gallery=action))


async def gallery_action(services: Services, job: Job) -> GalleryAction | None:
    """Determines what the button for the gallery does.

    Args:
        services: The services of this process.
        job: The job of the dream.

    Returns:
        The action; None if there is no gallery, the server does not want to be in it, or only the requester
        can see the dream.
    """
    target = job.spec.reply_target
    if not services.settings.gallery or target.private:
        return None
    if await services.gallery.of_job(job.id):
        return "withdraw"
    return "share" if (await services.guild_store.guild(target.guild)).gallery else None


class GalleryButton(
    JobButton,
    ButtonItem,
    template=rf"dream:(?P<action>share|withdraw|without-picture):{JOB_ID_PATTERN}",
):
    """Shares a dream in the gallery, withdraws it, or hides the picture beside it: for the requester.

    Args:
        job_id: The id of the job.
        action: What a press does.
        locale: The locale of the label.
    """

    def __init__(self, job_id: str, action: GalleryAction = "share", locale: str | None = None) -> None:
        label = translator_for(locale)(f"gallery-{action}")
        discord.ui.DynamicItem.__init__(self, build_button(label, f"dream:{action}:{job_id}"))
        self.job_id = job_id
        self.action: GalleryAction = action

    @classmethod
    def _from_match(cls, match: re.Match[str]) -> Self:
        return cls(match["job"], cast(GalleryAction, match["action"]))

    async def press(self, interaction: Interaction) -> None:
        """Does what the label says, answers in private, and changes the button.

        Args:
            interaction: The press.
        """
        try:
            job = await load_job(interaction, self.job_id)
        except UserError as error:
            if error.message.code != "results-unknown":
                raise
            await self._remove_button(interaction)
            return
        gallery, translate = interaction.client.services.gallery, translator_for(interaction.locale.value)
        if job.recipe is None:
            raise UserError("results-unknown")
        if interaction.user.id != job.spec.owner:
            raise UserError("gallery-not-yours")
        match self.action:
            case "share":
                require_shareable(interaction, job)
                await interaction.response.defer(ephemeral=True, thinking=True)
                try:
                    await self._share(interaction, job, translate)
                except UserError:
                    # The message may be gone, which is one of the reasons.
                    with contextlib.suppress(discord.HTTPException):
                        await self._change_button(interaction, job, job.recipe)
                    raise
                await self._change_button(interaction, job, job.recipe)
            case "withdraw":
                await interaction.response.defer(ephemeral=True, thinking=True)
                text = "gallery-withdrawn" if await gallery.withdraw(job=job.id) else "gallery-not-there"
                await interaction.edit_original_response(content=translate(text))
                await self._change_button(interaction, job, job.recipe)
            case "without-picture":
                await interaction.response.defer()
                text = "gallery-picture-hidden" if await gallery.hide_before(job.id) else "gallery-not-there"
                await interaction.edit_original_response(content=translate(text), view=None)

    async def _remove_button(self, interaction: Interaction) -> None:
        """Removes the button of a dream about which nothing is stored any more, and which is not shown."""
        text, message = translator_for(interaction.locale.value)("gallery-not-there"), interaction.message
        await interaction.response.send_message(text, ephemeral=True)
        if message and is_editable_by_bot(interaction):
            await message.edit(view=view_without(message, f"dream:{self.action}:"))

    async def _share(self, interaction: Interaction, job: Job, translate: Translator) -> None:
        shared = await share(interaction, job)
        lines, view = [translate("gallery-shared")], discord.ui.View(timeout=None)
        if shared.before:
            lines.append(translate("gallery-shared-with-picture"))
            view.add_item(GalleryButton(job.id, "without-picture", interaction.locale.value))
        if link := gallery_link(interaction.client.services, shared):
            lines.append(link)
        await interaction.edit_original_response(content="\n".join(lines), view=view)

    async def _change_button(self, interaction: Interaction, job: Job, recipe: Recipe) -> None:
        message = interaction.message
        if message is None or not is_editable_by_bot(interaction):
            return
        action = await gallery_action(interaction.client.services, job)
        await message.edit(view=result_view(job, recipe, more=True, gallery=action))


class UndoButton(JobButton, ButtonItem, template=rf"dream:undo:{JOB_ID_PATTERN}"):
    """Turns a result's message back into the parent dream: for the requester and moderators.

    Args:
        job_id: The id of the job.
        locale: The locale of the label.
    """

    def __init__(self, job_id: str, locale: str | None = None) -> None:
        discord.ui.DynamicItem.__init__(
            self, build_button(translator_for(locale)("results-undo"), f"dream:undo:{job_id}")
        )
        self.job_id = job_id

    async def press(self, interaction: Interaction) -> None:
        """Edits the message back, or says what was deleted.

        Args:
            interaction: The press.
        """
        job = await load_job(interaction, self.job_id)
        if not (is_requester(interaction, job, interaction.message) or is_moderator(interaction)):
            raise UserError("results-undo-not-yours")
        parent, recipe = await load_parent(interaction, job)
        await interaction.response.defer()
        before = await render_result(interaction, parent, recipe)
        services = interaction.client.services
        await interaction.edit_original_response(
            content=before.content,
            attachments=before.pictures,
            view=result_view(before.job, before.recipe, gallery=await gallery_action(services, parent)),
        )
        # The message no longer shows this dream.
        await services.gallery.withdraw(job=job.id)


def _build_view(*rows: Iterable[discord.ui.Item[Any]]) -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    for number, row in enumerate(rows):
        for item in row:
            item.row = number
            view.add_item(item)
    return stateless(view)
