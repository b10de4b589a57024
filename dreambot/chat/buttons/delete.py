"""Taking a result away again."""

from typing import Any

import discord

from dreambot.chat import texts
from dreambot.chat.buttons.pressing import JOB, Item, JobButton, bot_of, button


class DeleteButton(JobButton, Item, template=rf"dream:delete:{JOB}"):
    """Takes a result away again, for the one who asked for it and for those who may manage messages. Its id
    is also how a result is known again after a restart, so that nobody gets it twice."""

    def __init__(self, job_id: str, locale: str | None = None) -> None:
        Item.__init__(self, button(None, f"dream:delete:{job_id}", emoji="🗑️"))
        self.job_id = job_id

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Deletes it, or says who may."""
        job = await bot_of(interaction).dreamer.job(self.job_id)
        message = interaction.message
        mine = job is not None and job.ask.owner == interaction.user.id
        if message is None or not (mine or interaction.permissions.manage_messages):
            await interaction.response.send_message(texts.NOT_YOURS_TO_DELETE, ephemeral=True)
            return
        await interaction.response.defer()
        await interaction.delete_original_response()
