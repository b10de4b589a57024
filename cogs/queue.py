"""`/queue`: waiting and running jobs, and how long they will take."""

import discord
from discord import app_commands
from discord.ext import commands

from cogs.moderation import cancel_as_moderator
from dreambot.bot import permissions
from dreambot.bot.client import DreamBot
from dreambot.bot.moderation import notify_moderators
from dreambot.bot.pages.base import CONTROL_ID_PATTERN, PageControl, selected_values
from dreambot.bot.pages.queue import QueueEntry, queue_page
from dreambot.errors import UserError
from dreambot.i18n import translator_for
from dreambot.jobs.models import Job

Interaction = discord.Interaction[DreamBot]


class QueueControl(PageControl, template=f"queue{CONTROL_ID_PATTERN}"):
    """What is on the page."""

    page = "queue"

    async def used(self, interaction: Interaction) -> None:
        """Chooses, cancels, or looks again."""
        await interaction.response.defer()
        if self.action == "cancel":
            await _cancel(interaction, self.about or "")
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


async def _show(interaction: Interaction, about: str | None = None) -> None:
    entries = await _entries(interaction)
    page = queue_page(QueueControl, entries, translator_for(interaction.locale.value), chosen=about)
    await interaction.edit_original_response(view=page)


async def _entries(interaction: Interaction) -> list[QueueEntry]:
    """The server's jobs, or those of a direct conversation."""
    bot = interaction.client
    if interaction.guild_id:
        found = await bot.services.store.unfinished(guild=interaction.guild_id)
    else:
        found = await bot.services.store.unfinished(channel=interaction.channel_id)
    return [
        QueueEntry(
            job, bot.dreamer.latest_update(job.id), _may_see(interaction, job), _may_cancel(interaction, job)
        )
        for job in found
        if job.withdrawn is None
    ]


async def _cancel(interaction: Interaction, job_id: str) -> None:
    """Ends a dream, if it is theirs or they look after its channel. Raises Told."""
    bot = interaction.client
    job = await bot.dreamer.job(job_id)
    if job is None or job.ask.place.guild != interaction.guild_id or job.state.final:
        raise UserError("moderating-queue-over")
    if not _may_cancel(interaction, job):
        raise UserError("moderating-not-yours")
    if job.ask.owner == interaction.user.id:
        await bot.dreamer.cancel(job.id, translator_for(interaction.locale.value)("core-cancelled"))
        return
    await cancel_as_moderator(bot, job)
    whose = f"<@{job.ask.owner}>"
    who, guild = interaction.user.mention, interaction.guild_id or 0
    await notify_moderators(bot, bot.services, guild, "moderating-log-cancelled", who=who, person=whose)


def _may_see(interaction: Interaction, job: Job) -> bool:
    """Whether they may know whose it is."""
    if job.ask.owner == interaction.user.id:
        return True
    return (
        not job.ask.place.private
        and permissions.permissions_in_channel(interaction, job.ask.place.channel).view_channel
    )


def _may_cancel(interaction: Interaction, job: Job) -> bool:
    return (
        job.ask.owner == interaction.user.id
        or permissions.permissions_in_channel(interaction, job.ask.place.channel).manage_messages
    )


async def setup(bot: DreamBot) -> None:
    """Called by discord.py when the extension is loaded."""
    await bot.add_cog(Queue(bot))
