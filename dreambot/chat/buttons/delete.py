"""Taking a result away again, after a question."""

import asyncio
import re
from typing import Any, Literal, Self

import discord

from dreambot.chat import errors, refetch
from dreambot.chat.buttons.pressing import (
    JOB,
    Item,
    JobButton,
    bot_of,
    button,
    is_moderator,
    is_theirs,
    is_within_reach,
)
from dreambot.chat.marks import is_about
from dreambot.chat.words import Told, Words, words_in
from dreambot.jobs.lost import DatabaseError

Choice = Literal["delete", "keep"]

_PATIENCE = 1.5
_PRESSED = 0
"""Stands for the message that the question is part of."""


class DeleteButton(JobButton, Item, template=rf"dream:delete:{JOB}"):
    """Takes a result away again: for the one who asked for it, the one whose picture it was, moderators, and
    where these say so everybody. Its id is also how a result is known again after a restart, so that nobody
    gets it twice."""

    def __init__(self, job_id: str, locale: str | None = None) -> None:
        discord.ui.DynamicItem.__init__(self, button(None, f"dream:delete:{job_id}", emoji="🗑️"))
        self.job_id = job_id

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Asks whether it is meant, or says who may."""
        await require_deleter(interaction, self.job_id, interaction.message)
        await ask(interaction, self.job_id)


class DeleteComparisonButton(
    JobButton, Item, template=rf"dream:uncompare:(?P<sharer>\d{{1,20}}):(?P<dream>\d{{1,20}}):{JOB}"
):
    """Takes away a comparison that somebody showed to everyone: for them, and for those who may delete the
    dream in it. Its id is also how a comparison is known again, and the message with its dream."""

    def __init__(self, job_id: str, sharer: int = 0, dream: int = 0) -> None:
        custom_id = f"dream:uncompare:{sharer}:{dream}:{job_id}"
        discord.ui.DynamicItem.__init__(self, button(None, custom_id, emoji="🗑️"))
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
            await require_deleter(interaction, self.job_id, None)
        await interaction.response.defer()
        await interaction.delete_original_response()


class SureButton(
    JobButton, Item, template=rf"dream:sure:(?P<choice>delete|keep):(?P<message>\d{{1,20}}):{JOB}"
):
    """An answer to the question whether a result is to be deleted."""

    def __init__(
        self, job_id: str, choice: Choice = "keep", message: int = _PRESSED, say: Words | None = None
    ) -> None:
        style = discord.ButtonStyle.danger if choice == "delete" else discord.ButtonStyle.secondary
        label = say(f"results-withdrawn-{choice}") if say else choice
        custom_id = f"dream:sure:{choice}:{message}:{job_id}"
        discord.ui.DynamicItem.__init__(self, button(label, custom_id, style=style))
        self.job_id = job_id
        self.choice: Choice = choice
        self.message = message

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """See `JobButton`."""
        choice: Choice = "delete" if match["choice"] == "delete" else "keep"
        return cls(match["job"], choice, int(match["message"]))

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Deletes the result, or takes the question back."""
        if self.message != _PRESSED:
            await self._answer_apart(interaction)
            return
        await require_deleter(interaction, self.job_id, interaction.message)
        if self.choice == "keep" and interaction.message:
            await interaction.response.edit_message(view=_without_question(interaction.message, self.job_id))
            return
        await interaction.response.defer()
        await interaction.delete_original_response()

    async def _answer_apart(self, interaction: discord.Interaction[Any]) -> None:
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
            if not (mine and is_about(message, self.job_id)):
                raise Told("results-unknown")
            await require_deleter(interaction, self.job_id, message)
            await message.delete()
        except discord.HTTPException as error:
            # Somebody else may have deleted it meanwhile.
            if not errors.message_is_gone(error):
                raise
        await interaction.edit_original_response(content=words_in(interaction)("results-deleted"), view=None)


async def ask(interaction: discord.Interaction[Any], job_id: str) -> None:
    """Asks the one who pressed whether a result is to be deleted: in private, or in the result's own message
    where that can only be deleted by a press on it."""
    say, message = words_in(interaction), interaction.message
    if message is None:
        raise Told("results-unknown")
    if not is_within_reach(interaction):
        await interaction.response.edit_message(view=_with_question(message, job_id, say))
        return
    view = discord.ui.View(timeout=None)
    for choice in ("delete", "keep"):
        view.add_item(SureButton(job_id, choice, message.id, say))
    await interaction.response.send_message(say("results-delete-sure"), view=view, ephemeral=True)


async def require_deleter(
    interaction: discord.Interaction[Any], job_id: str, message: discord.Message | None
) -> None:
    """Raises Told unless the one who pressed may delete a job's result. message: the one that shows it."""
    if is_moderator(interaction):
        return
    bot = bot_of(interaction)
    try:
        async with asyncio.timeout(_PATIENCE):
            job = await bot.dreamer.job(job_id)
            if job and (is_theirs(interaction, job, message) or refetch.whose(job) == interaction.user.id):
                return
            if (await bot.services.community.guild(interaction.guild_id)).deleters == "everyone":
                return
    except (TimeoutError, DatabaseError) as error:
        raise Told("results-not-now") from error
    raise Told("results-delete-not-yours")


def _with_question(message: discord.Message, job_id: str, say: Words) -> discord.ui.View:
    """A message's buttons with the question in the place of 🗑️."""
    view = _view_of(message, without=f"dream:delete:{job_id}")
    row = _last_row(view) + 1
    for choice in ("delete", "keep"):
        asked = SureButton(job_id, choice, _PRESSED, say)
        asked.row = row
        view.add_item(asked)
    return view


def _without_question(message: discord.Message, job_id: str) -> discord.ui.View:
    """A message's buttons with 🗑️ in the place of the question."""
    view = _view_of(message, without="dream:sure:")
    back = DeleteButton(job_id)
    back.row = _last_row(view)
    view.add_item(back)
    return view


def _view_of(message: discord.Message, *, without: str) -> discord.ui.View:
    view = discord.ui.View.from_message(message, timeout=None)
    for item in list(view.children):
        if isinstance(item, discord.ui.Button) and (item.custom_id or "").startswith(without):
            view.remove_item(item)
    # Its buttons are known by their ids. discord.py would keep a view that has not ended.
    view.stop()
    return view


def _last_row(view: discord.ui.View) -> int:
    return max((item.row or 0 for item in view.children), default=0)
