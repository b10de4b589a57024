"""Deletes results and comparisons, after a confirmation, or because their source message was deleted."""

import asyncio
import contextlib
import logging
import re
from typing import Literal, Self

import discord

from dreambot.bot import errors
from dreambot.bot.buttons.base import (
    JOB_ID_PATTERN,
    LOOKUP_TIMEOUT_S,
    ButtonItem,
    JobButton,
    build_button,
    is_editable_by_bot,
    is_moderator,
    is_requester,
    load_job,
    view_without,
)
from dreambot.bot.channel_messages import is_about_job
from dreambot.bot.context import Interaction
from dreambot.bot.moderation import delete_comparisons
from dreambot.bot.sources import refetch
from dreambot.errors import UserError
from dreambot.i18n import Translator, translator_for
from dreambot.jobs.database import DatabaseError
from dreambot.jobs.history import JobHistory
from dreambot.jobs.models import Job

log = logging.getLogger(__name__)

ConfirmChoice = Literal["delete", "keep"]

_THIS_MESSAGE = 0
"""In a custom id: the message that the button is part of."""


class DeleteButton(JobButton, ButtonItem, template=rf"dream:delete:{JOB_ID_PATTERN}"):
    """Deletes a result: for the requester, the owner of the source image and moderators.

    Where the server's settings say so, for everyone. A result is also recognised by the id of this button or
    of *More…* after a restart, so that it is not sent twice.

    Args:
        job_id: The id of the job.
        locale: Unused: the button has no label.
    """

    def __init__(self, job_id: str, locale: str | None = None) -> None:
        discord.ui.DynamicItem.__init__(self, build_button(None, f"dream:delete:{job_id}", emoji="🗑️"))
        self.job_id = job_id

    async def press(self, interaction: Interaction) -> None:
        """Asks for confirmation, or says who may delete the result.

        Args:
            interaction: The press.
        """
        await require_delete_permission(interaction, self.job_id, interaction.message)
        await ask_for_confirmation(interaction, self.job_id)


class DeleteComparisonButton(
    JobButton,
    ButtonItem,
    template=rf"dream:uncompare:(?P<sharer>\d{{1,20}}):(?P<dream>\d{{1,20}}):{JOB_ID_PATTERN}",
):
    """Deletes a shared comparison: for the user who shared it, and for those who may delete the dream.

    A comparison is also recognised by this button's id, which names the message with the dream.

    Args:
        job_id: The id of the job.
        sharer: The id of the user who shared it.
        dream: The id of the message with the dream.
    """

    def __init__(self, job_id: str, sharer: int = 0, dream: int = 0) -> None:
        custom_id = f"dream:uncompare:{sharer}:{dream}:{job_id}"
        discord.ui.DynamicItem.__init__(self, build_button(None, custom_id, emoji="🗑️"))
        self.job_id = job_id
        self.sharer = sharer

    @classmethod
    def _from_match(cls, match: re.Match[str]) -> Self:
        return cls(match["job"], int(match["sharer"]), int(match["dream"]))

    async def press(self, interaction: Interaction) -> None:
        """Deletes the comparison without asking: it can be made again.

        Args:
            interaction: The press.
        """
        if interaction.user.id != self.sharer:
            await require_delete_permission(interaction, self.job_id, None)
        await interaction.response.defer()
        await interaction.delete_original_response()


class ConfirmDeleteButton(
    JobButton,
    ButtonItem,
    template=rf"dream:sure:(?P<choice>delete|keep):(?P<message>\d{{1,20}}):{JOB_ID_PATTERN}",
):
    """An answer to the question whether to delete a result.

    Args:
        job_id: The id of the job.
        choice: The answer.
        message: The id of the message with the result; 0 stands for the message that the button is part of.
        translate: The translator of the label; a pressed button is rebuilt without one.
    """

    def __init__(
        self,
        job_id: str,
        choice: ConfirmChoice = "keep",
        message: int = _THIS_MESSAGE,
        translate: Translator | None = None,
    ) -> None:
        style = discord.ButtonStyle.danger if choice == "delete" else discord.ButtonStyle.secondary
        label = translate(f"results-withdrawn-{choice}") if translate else choice
        custom_id = f"dream:sure:{choice}:{message}:{job_id}"
        discord.ui.DynamicItem.__init__(self, build_button(label, custom_id, style=style))
        self.job_id = job_id
        self.choice: ConfirmChoice = choice
        self.message = message

    @classmethod
    def _from_match(cls, match: re.Match[str]) -> Self:
        choice: ConfirmChoice = "delete" if match["choice"] == "delete" else "keep"
        return cls(match["job"], choice, int(match["message"]))

    async def press(self, interaction: Interaction) -> None:
        """Deletes the result, or removes the question.

        Args:
            interaction: The press.
        """
        if self.message != _THIS_MESSAGE:
            await self._answer_separate_question(interaction)
            return
        await require_delete_permission(interaction, self.job_id, interaction.message)
        if self.choice == "keep" and interaction.message:
            await interaction.response.edit_message(
                view=_view_without_confirmation(interaction.message, self.job_id)
            )
            return
        await interaction.response.defer()
        await interaction.delete_original_response()

    async def _answer_separate_question(self, interaction: Interaction) -> None:
        """Handles a press on a question in an ephemeral message of its own."""
        await interaction.response.defer()
        if self.choice == "keep":
            await interaction.delete_original_response()
            return
        client = interaction.client
        channel = client.get_partial_messageable(interaction.channel_id or 0, guild_id=interaction.guild_id)
        try:
            message = await channel.fetch_message(self.message)
            mine = client.user is not None and message.author.id == client.user.id
            if not (mine and is_about_job(message, self.job_id)):
                raise UserError("results-unknown")
            await require_delete_permission(interaction, self.job_id, message)
            await message.delete()
        except discord.HTTPException as error:
            # Another user may have deleted it in the meantime.
            if not errors.is_message_gone(error):
                raise
        await interaction.edit_original_response(
            content=translator_for(interaction.locale.value)("results-deleted"), view=None
        )


async def ask_for_confirmation(interaction: Interaction, job_id: str) -> None:
    """Asks whether a result is to be deleted.

    The question is an ephemeral message; where the result can only be deleted by a press on its own message,
    it is part of that message.

    Args:
        interaction: The press.
        job_id: The id of the job.

    Raises:
        UserError: The message of the press is unknown.
    """
    translate, message = translator_for(interaction.locale.value), interaction.message
    if message is None:
        raise UserError("results-unknown")
    if not is_editable_by_bot(interaction):
        await interaction.response.edit_message(view=_view_with_confirmation(message, job_id, translate))
        return
    view = discord.ui.View(timeout=None)
    for choice in ("delete", "keep"):
        view.add_item(ConfirmDeleteButton(job_id, choice, message.id, translate))
    await interaction.response.send_message(translate("results-delete-sure"), view=view, ephemeral=True)


async def require_delete_permission(
    interaction: Interaction, job_id: str, message: discord.Message | None
) -> None:
    """Checks that the user may delete a job's result.

    Args:
        interaction: The press.
        job_id: The id of the job.
        message: The message with the result.

    Raises:
        UserError: The user may not, or the database does not answer in 1.5 s.
    """
    if is_moderator(interaction):
        return
    bot = interaction.client
    try:
        async with asyncio.timeout(LOOKUP_TIMEOUT_S):
            job = await bot.jobs.job(job_id)
            if job and (
                is_requester(interaction, job, message) or refetch.image_owner(job) == interaction.user.id
            ):
                return
            if (await bot.services.guild_store.guild(interaction.guild_id)).deleters == "everyone":
                return
    except (TimeoutError, DatabaseError) as error:
        raise UserError("results-not-now") from error
    raise UserError("results-delete-not-yours")


def _view_with_confirmation(message: discord.Message, job_id: str, translate: Translator) -> discord.ui.View:
    """Copies a message's buttons with the question in place of 🗑️."""
    view = view_without(message, f"dream:delete:{job_id}")
    row = _last_row(view) + 1
    for choice in ("delete", "keep"):
        button = ConfirmDeleteButton(job_id, choice, _THIS_MESSAGE, translate)
        button.row = row
        view.add_item(button)
    return view


def _view_without_confirmation(message: discord.Message, job_id: str) -> discord.ui.View:
    """Copies a message's buttons with 🗑️ in place of the question."""
    view = view_without(message, "dream:sure:")
    back = DeleteButton(job_id)
    back.row = _last_row(view)
    view.add_item(back)
    return view


def _last_row(view: discord.ui.View) -> int:
    return max((item.row or 0 for item in view.children), default=0)


_MAX_DREAMS = 50


async def dreams_from_message(job_history: JobHistory, message: int) -> list[Job]:
    """Finds the public dreams of a message's image, and the dreams that continue them.

    Args:
        job_history: The stored jobs.
        message: The id of the message.

    Returns:
        At most fifty jobs, newest first.
    """
    found: dict[str, Job] = {}
    messages = [message]
    while messages and len(found) < _MAX_DREAMS:
        for job in await job_history.find_by_source(messages.pop()):
            if job.id not in found and job.result_message and not job.spec.reply_target.private:
                found[job.id] = job
                messages.append(job.result_message)
    return sorted(found.values(), key=lambda job: job.id, reverse=True)


async def ask_about_dreams(
    channel: discord.abc.Messageable, message: int, dreams: list[Job], translate: Translator
) -> None:
    """Asks below the newest remaining dream whether to delete the dreams of a deleted image.

    Nothing is sent where the bot may not post any more.

    Args:
        channel: The channel to ask in.
        message: The id of the deleted message.
        dreams: The dreams of its image, newest first.
        translate: The translator of the server's language.
    """
    source = next(job for job in dreams if job.spec.source and job.spec.source.message == message)
    view = discord.ui.View(timeout=None)
    view.add_item(SourceDeletedButton(source.id, "delete", translate))
    view.add_item(SourceDeletedButton(source.id, "keep", translate))
    for job in dreams:
        under = discord.MessageReference(
            message_id=job.result_message or 0, channel_id=job.spec.reply_target.channel
        )
        try:
            await channel.send(
                translate("results-withdrawn", count=len(dreams)),
                reference=under,
                view=view,
                mention_author=False,
                silent=True,
            )
            return
        except discord.HTTPException as error:
            if not errors.is_message_gone(error):
                log.info("could not ask about the dreams of a deleted image: %s", error)
                return


class SourceDeletedButton(
    JobButton, ButtonItem, template=rf"withdrawn:(?P<choice>delete|keep):{JOB_ID_PATTERN}"
):
    """Delete or Keep, after the source of dreams was deleted.

    For the owner of the source image and moderators; for each requester, only about their own dreams.

    Args:
        job_id: The id of the job.
        choice: The answer.
        translate: The translator of the label; a pressed button is rebuilt without one.
    """

    def __init__(
        self, job_id: str, choice: ConfirmChoice = "keep", translate: Translator | None = None
    ) -> None:
        style = discord.ButtonStyle.danger if choice == "delete" else discord.ButtonStyle.secondary
        label = translate(f"results-withdrawn-{choice}") if translate else choice
        custom_id = f"withdrawn:{choice}:{job_id}"
        discord.ui.DynamicItem.__init__(self, build_button(label, custom_id, style=style))
        self.job_id = job_id
        self.choice: ConfirmChoice = choice

    @classmethod
    def _from_match(cls, match: re.Match[str]) -> Self:
        return cls(match["job"], "delete" if match["choice"] == "delete" else "keep")

    async def press(self, interaction: Interaction) -> None:
        """Deletes the dreams that the user may delete, or keeps them; then removes the question.

        Args:
            interaction: The press.
        """
        job = await load_job(interaction, self.job_id)
        source = job.spec.source.message if job.spec.source else None
        await interaction.response.defer()
        dreams = (
            await dreams_from_message(interaction.client.services.job_history, source) if source else [job]
        )
        may_delete_all = is_moderator(interaction) or refetch.image_owner(job) == interaction.user.id
        deletable = [one for one in dreams if may_delete_all or one.spec.owner == interaction.user.id]
        if not deletable:
            raise UserError("results-withdrawn-not-yours")
        if self.choice == "delete":
            for one in deletable:
                await _delete_result(interaction.client, one)
                if one.result_message:
                    comparisons = interaction.client.services.comparisons
                    await delete_comparisons(interaction.client, comparisons, [one.result_message])
        if may_delete_all or len(deletable) == len(dreams):
            with contextlib.suppress(discord.NotFound):
                await interaction.delete_original_response()


async def _delete_result(client: discord.Client, job: Job) -> None:
    channel = client.get_partial_messageable(
        job.spec.reply_target.channel, guild_id=job.spec.reply_target.guild
    )
    try:
        await channel.get_partial_message(job.result_message or 0).delete()
    except discord.HTTPException as error:
        if errors.is_channel_closed(error):
            raise UserError("results-withdrawn-cannot") from error
        if not errors.is_message_gone(error):
            raise
