"""Deletes results and comparisons, after a confirmation, or because their source message was deleted."""

import asyncio
import contextlib
import logging
import re
from typing import Any, Literal, Self

import discord

from dreambot.bot import errors
from dreambot.bot.buttons.base import (
    JOB_ID_PATTERN,
    ButtonItem,
    JobButton,
    build_button,
    client_of,
    is_editable_by_bot,
    is_moderator,
    is_requester,
    load_job,
)
from dreambot.bot.channel_messages import is_about_job
from dreambot.bot.moderation import delete_comparisons
from dreambot.bot.sources import refetch
from dreambot.errors import UserError
from dreambot.i18n import Translator, translator_for
from dreambot.jobs.database import DatabaseError
from dreambot.jobs.history import JobHistory
from dreambot.jobs.models import Job

ConfirmChoice = Literal["delete", "keep"]

_LOOKUP_TIMEOUT_S = 1.5
_THIS_MESSAGE = 0
"""Stands for the message that the question is part of."""


class DeleteButton(JobButton, ButtonItem, template=rf"dream:delete:{JOB_ID_PATTERN}"):
    """Takes a result away again: for the one who asked for it, the one whose picture it was, moderators, and
    where these say so everybody. Its id is also how a result is known again after a restart, so that nobody
    gets it twice."""

    def __init__(self, job_id: str, locale: str | None = None) -> None:
        discord.ui.DynamicItem.__init__(self, build_button(None, f"dream:delete:{job_id}", emoji="🗑️"))
        self.job_id = job_id

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Asks whether it is meant, or says who may."""
        await require_delete_permission(interaction, self.job_id, interaction.message)
        await ask_for_confirmation(interaction, self.job_id)


class DeleteComparisonButton(
    JobButton,
    ButtonItem,
    template=rf"dream:uncompare:(?P<sharer>\d{{1,20}}):(?P<dream>\d{{1,20}}):{JOB_ID_PATTERN}",
):
    """Takes away a comparison that somebody showed to everyone: for them, and for those who may delete the
    dream in it. Its id is also how a comparison is known again, and the message with its dream."""

    def __init__(self, job_id: str, sharer: int = 0, dream: int = 0) -> None:
        custom_id = f"dream:uncompare:{sharer}:{dream}:{job_id}"
        discord.ui.DynamicItem.__init__(self, build_button(None, custom_id, emoji="🗑️"))
        self.job_id = job_id
        self.sharer = sharer

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """See `JobButton`."""
        return cls(match["job"], int(match["sharer"]), int(match["dream"]))

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Deletes it at once: it can be shown again."""
        if interaction.user.id != self.sharer:
            await require_delete_permission(interaction, self.job_id, None)
        await interaction.response.defer()
        await interaction.delete_original_response()


class ConfirmDeleteButton(
    JobButton,
    ButtonItem,
    template=rf"dream:sure:(?P<choice>delete|keep):(?P<message>\d{{1,20}}):{JOB_ID_PATTERN}",
):
    """An answer to the question whether a result is to be deleted."""

    def __init__(
        self,
        job_id: str,
        choice: ConfirmChoice = "keep",
        message: int = _THIS_MESSAGE,
        say: Translator | None = None,
    ) -> None:
        style = discord.ButtonStyle.danger if choice == "delete" else discord.ButtonStyle.secondary
        label = say(f"results-withdrawn-{choice}") if say else choice
        custom_id = f"dream:sure:{choice}:{message}:{job_id}"
        discord.ui.DynamicItem.__init__(self, build_button(label, custom_id, style=style))
        self.job_id = job_id
        self.choice: ConfirmChoice = choice
        self.message = message

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """See `JobButton`."""
        choice: ConfirmChoice = "delete" if match["choice"] == "delete" else "keep"
        return cls(match["job"], choice, int(match["message"]))

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Deletes the result, or takes the question back."""
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

    async def _answer_separate_question(self, interaction: discord.Interaction[Any]) -> None:
        """Answers a question that one person sees, in a message of its own."""
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
            # Somebody else may have deleted it meanwhile.
            if not errors.is_message_gone(error):
                raise
        await interaction.edit_original_response(
            content=translator_for(interaction.locale.value)("results-deleted"), view=None
        )


async def ask_for_confirmation(interaction: discord.Interaction[Any], job_id: str) -> None:
    """Asks the one who pressed whether a result is to be deleted: in private, or in the result's own message
    where that can only be deleted by a press on it."""
    say, message = translator_for(interaction.locale.value), interaction.message
    if message is None:
        raise UserError("results-unknown")
    if not is_editable_by_bot(interaction):
        await interaction.response.edit_message(view=_view_with_confirmation(message, job_id, say))
        return
    view = discord.ui.View(timeout=None)
    for choice in ("delete", "keep"):
        view.add_item(ConfirmDeleteButton(job_id, choice, message.id, say))
    await interaction.response.send_message(say("results-delete-sure"), view=view, ephemeral=True)


async def require_delete_permission(
    interaction: discord.Interaction[Any], job_id: str, message: discord.Message | None
) -> None:
    """Raises Told unless the one who pressed may delete a job's result. message: the one that shows it."""
    if is_moderator(interaction):
        return
    bot = client_of(interaction)
    try:
        async with asyncio.timeout(_LOOKUP_TIMEOUT_S):
            job = await bot.dreamer.job(job_id)
            if job and (
                is_requester(interaction, job, message) or refetch.image_owner(job) == interaction.user.id
            ):
                return
            if (await bot.services.guild_store.guild(interaction.guild_id)).deleters == "everyone":
                return
    except (TimeoutError, DatabaseError) as error:
        raise UserError("results-not-now") from error
    raise UserError("results-delete-not-yours")


def _view_with_confirmation(message: discord.Message, job_id: str, say: Translator) -> discord.ui.View:
    """A message's buttons with the question in the place of 🗑️."""
    view = _view_without(message, without=f"dream:delete:{job_id}")
    row = _last_row(view) + 1
    for choice in ("delete", "keep"):
        asked = ConfirmDeleteButton(job_id, choice, _THIS_MESSAGE, say)
        asked.row = row
        view.add_item(asked)
    return view


def _view_without_confirmation(message: discord.Message, job_id: str) -> discord.ui.View:
    """A message's buttons with 🗑️ in the place of the question."""
    view = _view_without(message, without="dream:sure:")
    back = DeleteButton(job_id)
    back.row = _last_row(view)
    view.add_item(back)
    return view


def _view_without(message: discord.Message, *, without: str) -> discord.ui.View:
    view = discord.ui.View.from_message(message, timeout=None)
    for item in list(view.children):
        if isinstance(item, discord.ui.Button) and (item.custom_id or "").startswith(without):
            view.remove_item(item)
    # Its buttons are known by their ids. discord.py would keep a view that has not ended.
    view.stop()
    return view


def _last_row(view: discord.ui.View) -> int:
    return max((item.row or 0 for item in view.children), default=0)


log = logging.getLogger(__name__)

SourceDeletedChoice = Literal["delete", "keep"]

_MAX_DREAMS = 50


async def dreams_from_message(job_history: JobHistory, message: int) -> list[Job]:
    """The dreams upon a message's picture, and those that go on from them, as far as others can see them;
    newest first, at most fifty."""
    found: dict[str, Job] = {}
    messages = [message]
    while messages and len(found) < _MAX_DREAMS:
        for job in await job_history.find_by_source(messages.pop()):
            if job.id not in found and job.result_message and not job.ask.place.private:
                found[job.id] = job
                messages.append(job.result_message)
    return sorted(found.values(), key=lambda job: job.id, reverse=True)


async def ask_about_dreams(
    channel: discord.abc.Messageable, message: int, dreams: list[Job], say: Translator
) -> None:
    """Asks under the newest of the dreams that are still there. message: what was deleted. dreams: upon that,
    newest first. Where the bot may not speak any more, nothing is said."""
    upon = next(job for job in dreams if job.ask.subject and job.ask.subject.message == message)
    view = discord.ui.View(timeout=None)
    view.add_item(SourceDeletedButton(upon.id, "delete", say))
    view.add_item(SourceDeletedButton(upon.id, "keep", say))
    for job in dreams:
        under = discord.MessageReference(message_id=job.result_message or 0, channel_id=job.ask.place.channel)
        try:
            await channel.send(
                say("results-withdrawn", count=len(dreams)),
                reference=under,
                view=view,
                mention_author=False,
                silent=True,
            )
            return
        except discord.HTTPException as error:
            if not errors.is_message_gone(error):
                log.info("nobody was asked about the dreams of a deleted picture: %s", error)
                return


class SourceDeletedButton(
    JobButton, ButtonItem, template=rf"withdrawn:(?P<choice>delete|keep):{JOB_ID_PATTERN}"
):
    """Delete or Keep, for the one whose picture it was, moderators, and each asker as to their own dreams."""

    def __init__(
        self, job_id: str, choice: SourceDeletedChoice = "keep", say: Translator | None = None
    ) -> None:
        style = discord.ButtonStyle.danger if choice == "delete" else discord.ButtonStyle.secondary
        label = say(f"results-withdrawn-{choice}") if say else choice
        custom_id = f"withdrawn:{choice}:{job_id}"
        discord.ui.DynamicItem.__init__(self, build_button(label, custom_id, style=style))
        self.job_id = job_id
        self.choice: SourceDeletedChoice = choice

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """See `JobButton`."""
        return cls(match["job"], "delete" if match["choice"] == "delete" else "keep")

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Deletes what is theirs to delete, or lets it be; then the question goes, too."""
        job = await load_job(interaction, self.job_id)
        upon = job.ask.subject.message if job.ask.subject else None
        await interaction.response.defer()
        dreams = (
            await dreams_from_message(client_of(interaction).services.job_history, upon) if upon else [job]
        )
        all_of_them = is_moderator(interaction) or refetch.image_owner(job) == interaction.user.id
        theirs = [one for one in dreams if all_of_them or one.ask.owner == interaction.user.id]
        if not theirs:
            raise UserError("results-withdrawn-not-yours")
        if self.choice == "delete":
            for one in theirs:
                await _delete_result(interaction.client, one)
                if one.result_message:
                    comparisons = client_of(interaction).services.comparisons
                    await delete_comparisons(interaction.client, comparisons, [one.result_message])
        if all_of_them or len(theirs) == len(dreams):
            with contextlib.suppress(discord.NotFound):
                await interaction.delete_original_response()


async def _delete_result(client: discord.Client, job: Job) -> None:
    channel = client.get_partial_messageable(job.ask.place.channel, guild_id=job.ask.place.guild)
    try:
        await channel.get_partial_message(job.result_message or 0).delete()
    except discord.HTTPException as error:
        if errors.is_channel_closed(error):
            raise UserError("results-withdrawn-cannot") from error
        if not errors.is_message_gone(error):
            raise
