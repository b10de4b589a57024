"""Buttons. They keep no state: their ids say what they are about, so they outlive restarts."""

import re
from typing import Any, Protocol, Self, cast

import discord

from dreambot.chat import texts


class Cancels(Protocol):
    """What knows the running dreams."""

    def owner_of(self, job_id: str) -> int | None:
        """Who asked for a dream that is not over yet."""

    def cancel(self, job_id: str, words: str) -> bool:
        """Ends a dream, telling its owner so; whether there was one."""


class _Client(Protocol):
    dreamer: Cancels


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
        owner = dreamer.owner_of(self.job_id)
        mine = owner == interaction.user.id
        if owner is None:
            await interaction.response.send_message(texts.ALREADY_OVER, ephemeral=True)
        elif mine:
            await interaction.response.defer()
            dreamer.cancel(self.job_id, texts.CANCELLED)
        elif interaction.permissions.manage_messages:
            await interaction.response.send_message(texts.CANCELLED_OTHERS, ephemeral=True)
            dreamer.cancel(self.job_id, texts.CANCELLED_BY_MODERATOR)
        else:
            await interaction.response.send_message(texts.NOT_YOURS, ephemeral=True)


def cancel_view(job_id: str) -> discord.ui.View:
    """A row with the Cancel button."""
    view = discord.ui.View(timeout=None)
    view.add_item(CancelButton(job_id))
    return view


def is_unfinished(message: discord.Message) -> bool:
    """Whether a message of ours is still a progress message, whose picture is only a preview."""
    return any(
        isinstance(item, discord.Button) and (item.custom_id or "").startswith("dream:cancel:")
        for row in message.components
        if isinstance(row, discord.ActionRow)
        for item in row.children
    )
