"""Taking a result away again."""

import asyncio
from typing import Any

import discord

from dreambot.chat import refetch
from dreambot.chat.buttons.pressing import (
    JOB,
    Item,
    JobButton,
    bot_of,
    button,
    is_moderator,
    is_theirs,
)
from dreambot.chat.words import Told
from dreambot.jobs.lost import DatabaseError

_PATIENCE = 1.5


class DeleteButton(JobButton, Item, template=rf"dream:delete:{JOB}"):
    """Takes a result away again: for the one who asked for it, the one whose picture it was, moderators, and
    where these say so everybody. Its id is also how a result is known again after a restart, so that nobody
    gets it twice."""

    def __init__(self, job_id: str, locale: str | None = None) -> None:
        discord.ui.DynamicItem.__init__(self, button(None, f"dream:delete:{job_id}", emoji="🗑️"))
        self.job_id = job_id

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Deletes it, or says who may."""
        if not (is_moderator(interaction) or await self._may(interaction)):
            raise Told("results-delete-not-yours")
        await interaction.response.defer()
        await interaction.delete_original_response()

    async def _may(self, interaction: discord.Interaction[Any]) -> bool:
        bot = bot_of(interaction)
        try:
            async with asyncio.timeout(_PATIENCE):
                job = await bot.dreamer.job(self.job_id)
                if job and (is_theirs(interaction, job) or refetch.whose(job) == interaction.user.id):
                    return True
                return (await bot.services.community.guild(interaction.guild_id)).deleters == "everyone"
        except (TimeoutError, DatabaseError) as error:
            raise Told("results-not-now") from error
