"""Buttons. They keep no state: their ids say what they are about, so they outlive restarts."""

import re
from collections.abc import Iterator
from typing import Any, Protocol, Self, cast

import discord

from dreambot.chat import texts
from dreambot.jobs.types import Job


class Dreams(Protocol):
    """What knows the dreams."""

    async def job(self, job_id: str) -> Job | None:
        """The job of that id, whoever works on it."""

    async def cancel(self, job_id: str, words: str | None) -> bool:
        """Ends a dream, telling its owner so; whether there was one."""


class _Client(Protocol):
    dreamer: Dreams


class CancelButton(
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]],
    template=r"dream:cancel:(?P<job>[\w-]{1,25})",
):
    """Cancels a dream, for the one who asked for it and for those who may manage messages."""

    def __init__(self, job_id: str) -> None:
        super().__init__(
            discord.ui.Button(
                label="Cancel", style=discord.ButtonStyle.secondary, custom_id=f"dream:cancel:{job_id}"
            )
        )
        self.job_id = job_id

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """The button behind an id that somebody pressed, or forged."""
        return cls(match["job"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Answers a press."""
        dreamer = cast(_Client, interaction.client).dreamer
        job = await dreamer.job(self.job_id)
        here = job is not None and job.ask.place.channel == interaction.channel_id
        if job is None or not here or job.state.final:
            await interaction.response.send_message(texts.ALREADY_OVER, ephemeral=True)
        elif job.ask.owner == interaction.user.id:
            await interaction.response.defer()
            await dreamer.cancel(self.job_id, texts.CANCELLED)
        elif interaction.permissions.manage_messages:
            await interaction.response.send_message(texts.CANCELLED_OTHERS, ephemeral=True)
            await dreamer.cancel(self.job_id, texts.CANCELLED_BY_MODERATOR)
        else:
            await interaction.response.send_message(texts.NOT_YOURS, ephemeral=True)


class DeleteButton(
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]],
    template=r"dream:delete:(?P<job>[\w-]{1,25})",
):
    """Takes a result away again, for the one who asked for it and for those who may manage messages. Its id
    is also how a result is known again after a restart, so that nobody gets it twice."""

    def __init__(self, job_id: str) -> None:
        super().__init__(
            discord.ui.Button(
                emoji="🗑️", style=discord.ButtonStyle.secondary, custom_id=f"dream:delete:{job_id}"
            )
        )
        self.job_id = job_id

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """The button behind an id that somebody pressed, or forged."""
        return cls(match["job"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Answers a press."""
        job = await cast(_Client, interaction.client).dreamer.job(self.job_id)
        message = interaction.message
        mine = job is not None and job.ask.owner == interaction.user.id
        if message is None or not (mine or interaction.permissions.manage_messages):
            await interaction.response.send_message(texts.NOT_YOURS_TO_DELETE, ephemeral=True)
            return
        await interaction.response.defer()
        await interaction.delete_original_response()


def cancel_view(job_id: str) -> discord.ui.View:
    """A row with the Cancel button."""
    return _row(CancelButton(job_id))


def result_view(job: Job, *, film: bool) -> discord.ui.View:
    """What stands under a result. film: it moves."""
    return _row(DeleteButton(job.id))


def is_unfinished(message: discord.Message) -> bool:
    """Whether a message of ours is still a progress message, whose picture is only a preview."""
    return any(custom_id.startswith("dream:cancel:") for custom_id in _custom_ids(message))


def is_about(message: discord.Message, job_id: str) -> bool:
    """Whether a message of ours shows that job's progress or result."""
    return any(custom_id.endswith(f":{job_id}") for custom_id in _custom_ids(message))


def _row(item: discord.ui.Item[Any]) -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    view.add_item(item)
    return view


def _custom_ids(message: discord.Message) -> Iterator[str]:
    for row in message.components:
        if isinstance(row, discord.ActionRow):
            yield from (item.custom_id or "" for item in row.children if isinstance(item, discord.Button))
