"""Taking a dream back while it is under way."""

from typing import Any

import discord

from dreambot.chat import texts
from dreambot.chat.buttons.pressing import JOB, Item, JobButton, bot_of, button, job_behind
from dreambot.chat.words import words


class CancelButton(JobButton, Item, template=rf"dream:cancel:{JOB}"):
    """Cancels a dream, for the one who asked for it and for those who may manage messages."""

    def __init__(self, job_id: str, locale: str | None = None) -> None:
        label = words(locale)("results-cancel")
        Item.__init__(self, button(label, f"dream:cancel:{job_id}"))
        self.job_id = job_id

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Ends it, or says why not."""
        dreamer = bot_of(interaction).dreamer
        job = await job_behind(interaction, self.job_id)
        if job.state.final:
            await interaction.response.send_message(texts.ALREADY_OVER, ephemeral=True)
        elif job.ask.owner == interaction.user.id:
            await interaction.response.defer()
            await dreamer.cancel(self.job_id, texts.CANCELLED)
        elif interaction.permissions.manage_messages:
            await interaction.response.send_message(texts.CANCELLED_OTHERS, ephemeral=True)
            await dreamer.cancel(self.job_id, texts.CANCELLED_BY_MODERATOR)
        else:
            await interaction.response.send_message(texts.NOT_YOURS, ephemeral=True)
