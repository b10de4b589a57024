"""Taking a dream back while it is under way."""

from typing import Any

import discord

from dreambot.chat.buttons.pressing import JOB, Item, JobButton, bot_of, button, is_moderator, job_behind
from dreambot.chat.words import Told, words, words_in


class CancelButton(JobButton, Item, template=rf"dream:cancel:{JOB}"):
    """Cancels a dream, for the one who asked for it and for those who may manage messages."""

    def __init__(self, job_id: str, locale: str | None = None) -> None:
        discord.ui.DynamicItem.__init__(
            self, button(words(locale)("results-cancel"), f"dream:cancel:{job_id}")
        )
        self.job_id = job_id

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Ends it, or says why not."""
        dreamer = bot_of(interaction).dreamer
        job = await job_behind(interaction, self.job_id)
        if job.state.final:
            raise Told("results-over")
        if job.ask.owner == interaction.user.id:
            await interaction.response.defer()
            await dreamer.cancel(self.job_id, "core-cancelled")
        elif is_moderator(interaction):
            words_here = words_in(interaction)
            await interaction.response.send_message(words_here("results-cancelled-others"), ephemeral=True)
            await dreamer.cancel(self.job_id, "core-cancelled-by-moderator")
        else:
            raise Told("results-cancel-not-yours")
