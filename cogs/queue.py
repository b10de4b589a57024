"""`/queue`: waiting and running jobs, and how long they will take."""

from discord import app_commands
from discord.ext import commands

from cogs.moderation import cancel_as_moderator
from dreambot.bot import permissions
from dreambot.bot.client import DreamBot
from dreambot.bot.context import Interaction
from dreambot.bot.moderation import notify_moderators
from dreambot.bot.pages.base import CONTROL_ID_PATTERN, PageControl, selected_values
from dreambot.bot.pages.queue import QueueEntry, queue_page
from dreambot.errors import UserError
from dreambot.i18n import translator_for
from dreambot.jobs.models import Job


class QueueControl(PageControl, template=f"queue{CONTROL_ID_PATTERN}"):
    """A control of the queue page."""

    page = "queue"

    async def handle(self, interaction: Interaction) -> None:
        """Selects a job, cancels it, or refreshes the page.

        Args:
            interaction: The press or choice.
        """
        await interaction.response.defer()
        if self.action == "cancel":
            await _cancel(interaction, self.target or "")
        await _show(interaction, next(iter(selected_values(interaction)), None))


class Queue(commands.Cog):
    """The command that opens the page."""

    def __init__(self, bot: DreamBot) -> None:
        self.bot = bot
        bot.add_dynamic_items(QueueControl)

    @app_commands.command(name="queue", description="The queue here, and how long it will take")
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    async def queue(self, interaction: Interaction) -> None:
        """Answers /queue."""
        await interaction.response.defer(ephemeral=True)
        await _show(interaction)


async def _show(interaction: Interaction, target: str | None = None) -> None:
    entries = await _entries(interaction)
    page = queue_page(QueueControl, entries, translator_for(interaction.locale.value), chosen=target)
    await interaction.edit_original_response(view=page)


async def _entries(interaction: Interaction) -> list[QueueEntry]:
    """Loads the server's jobs, or those of a direct conversation."""
    bot = interaction.client
    if interaction.guild_id:
        found = await bot.services.store.unfinished(guild=interaction.guild_id)
    else:
        found = await bot.services.store.unfinished(channel=interaction.channel_id)
    return [
        QueueEntry(
            job,
            bot.jobs.latest_progress(job.id),
            permissions.may_see_job(interaction, job),
            _may_cancel(interaction, job),
        )
        for job in found
        if job.withdrawn is None
    ]


async def _cancel(interaction: Interaction, job_id: str) -> None:
    """Cancels a job, if it is the user's or in a channel that they moderate.

    Raises:
        UserError: It is over, or the user may not cancel it.
    """
    bot = interaction.client
    job = await bot.jobs.job(job_id)
    if job is None or job.spec.reply_target.guild != interaction.guild_id or job.state.final:
        raise UserError("moderating-queue-over")
    if not _may_cancel(interaction, job):
        raise UserError("moderating-not-yours")
    if job.spec.owner == interaction.user.id:
        await bot.jobs.cancel(job.id, "core-cancelled")
        return
    await cancel_as_moderator(bot, job)
    await notify_moderators(interaction, "moderating-log-cancelled", person=f"<@{job.spec.owner}>")


def _may_cancel(interaction: Interaction, job: Job) -> bool:
    return (
        job.spec.owner == interaction.user.id
        or permissions.permissions_in_channel(interaction, job.spec.reply_target.channel).manage_messages
    )


async def setup(bot: DreamBot) -> None:
    """Adds the extension; discord.py calls it."""
    await bot.add_cog(Queue(bot))
