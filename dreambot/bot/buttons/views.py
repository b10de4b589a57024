"""The rows of buttons under progress messages and results, with *Cancel* and *Undo*."""

import asyncio
import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

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
from dreambot.bot.buttons.variations import LayerButton, VariationAction, VariationButton
from dreambot.bot.context import Interaction
from dreambot.bot.sources import refetch
from dreambot.errors import UserError
from dreambot.i18n import translator_for
from dreambot.jobs.models import Job
from dreambot.recipe import Recipe
from dreambot.recipe.hellscape import HellscapeRequest
from dreambot.recipe.request import RepeatRequest, Request


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
        picture: The file.
    """

    job: Job
    recipe: Recipe
    content: str
    picture: discord.File


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
    attachment = message.attachments[0]
    async with refetch.open_image_file(services.files, refetch.result_image_in(message, parent)) as path:
        data = await asyncio.to_thread(path.read_bytes)
    corrupted = (await services.guild_store.guild(interaction.guild_id)).captions
    translate = translator_for(parent.spec.reply_target.locale)
    # Results from before captions were stored have none.
    caption = parent.caption or captions.choose_caption(translate, recipe, parent.id)
    content = (
        captions.result_content(caption, recipe, corrupted=corrupted)
        + captions.button_line(translate, parent.spec)
        + captions.default_look_line(translate, parent.spec)
    )
    return EarlierResult(
        parent,
        recipe,
        content,
        discord.File(
            io.BytesIO(data),
            attachment.filename.removeprefix("SPOILER_"),
            spoiler=attachment.is_spoiler(),
            description=attachment.description,
        ),
    )


def cancel_view(job: Job) -> discord.ui.View:
    """Builds the buttons under a progress message.

    Args:
        job: The job.
    """
    return _build_view([CancelButton(job.id, job.spec.reply_target.locale)])


def result_view(job: Job, *, video: bool) -> discord.ui.View:
    """Builds the buttons under a result, in rows that fit on a phone.

    A hellscape has no Deeper, since it has no depth of layers to go to; a moving result has no Zoom and no
    Compare.

    Args:
        job: The job.
        video: Whether the result moves.
    """
    locale = job.spec.reply_target.locale

    def go_on(*actions: VariationAction) -> list[discord.ui.Item[Any]]:
        return [VariationButton(job.id, action, locale) for action in actions]

    back = [UndoButton(job.id, locale)] if job.spec.parent else []
    last = [*back, DeleteButton(job.id, locale)]
    if is_hellscape(job.spec.request):
        return _build_view([*go_on("louder", "quieter", "again"), *last])
    first, layer = go_on("deeper", "louder", "quieter"), LayerButton(job.id, locale)
    if video:
        return _build_view(first, [layer, *go_on("bend", "again")], last)
    compare = CompareButton(job.id, locale)
    return _build_view(first, [layer, *go_on("bend", "zoom")], [*go_on("again"), compare, *last])


def is_hellscape(request: Request) -> bool:
    """Checks whether a request asks for a hellscape video.

    Args:
        request: The request.
    """
    repeated = isinstance(request, RepeatRequest) and request.recipe.hellscape is not None
    return repeated or isinstance(request, HellscapeRequest)


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
            attachments=[before.picture],
            view=result_view(before.job, video=before.recipe.frames > 1),
        )


def _build_view(*rows: Iterable[discord.ui.Item[Any]]) -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    for number, row in enumerate(rows):
        for item in row:
            item.row = number
            view.add_item(item)
    return view
