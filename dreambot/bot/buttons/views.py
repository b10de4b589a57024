"""The rows of buttons under progress messages and results, with *Cancel*, *More…* and *Undo*."""

import asyncio
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Self

import discord

from dreambot.bot import captions
from dreambot.bot.buttons.base import (
    JOB_ID_PATTERN,
    ButtonItem,
    JobButton,
    build_button,
    is_moderator,
    is_requester,
    load_job,
)
from dreambot.bot.buttons.compare import CompareButton
from dreambot.bot.buttons.delete import DeleteButton
from dreambot.bot.buttons.variations import LayerButton, PickButton, VariationButton, variation_action
from dreambot.bot.context import Interaction
from dreambot.bot.sources import refetch
from dreambot.errors import UserError
from dreambot.i18n import translator_for
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
    content = (
        captions.result_content(caption, recipe, corrupted=corrupted)
        + captions.button_line(translate, parent.spec)
        + captions.default_look_line(translate, parent.spec)
        + captions.failed_picture_lines(translate, parent)
    )
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


def result_view(job: Job, recipe: Recipe, *, more: bool = False) -> discord.ui.View:
    """Builds the buttons under a result.

    Args:
        job: The job.
        recipe: Its recipe.
        more: Whether *More…* was pressed.
    """
    kind = result_kind(job, recipe)
    rows = (*FIRST_ROWS[kind], *(MORE_ROWS.get(kind, ()) if more else ()))
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
    return VariationButton(job.id, variation_action(action), locale)


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
        view = result_view(job, job.recipe, more=self.rows == "more")
        # The buttons are found by their ids; discord.py would keep a view in memory that is not stopped.
        view.stop()
        await interaction.response.edit_message(view=view)


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
        await interaction.edit_original_response(
            content=before.content,
            attachments=before.pictures,
            view=result_view(before.job, before.recipe),
        )


def _build_view(*rows: Iterable[discord.ui.Item[Any]]) -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    for number, row in enumerate(rows):
        for item in row:
            item.row = number
            view.add_item(item)
    return view
