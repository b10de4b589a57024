"""`/history`: the user's dreams here, and the lineage of each."""

import asyncio
import logging
from collections.abc import Sequence

import discord
from discord import app_commands
from discord.ext import commands

from dreambot.bot import permissions, sources
from dreambot.bot.client import DreamBot
from dreambot.bot.commands import usable_everywhere
from dreambot.bot.context import Interaction
from dreambot.bot.pages.base import CONTROL_ID_PATTERN, PageControl, selected_values
from dreambot.bot.pages.history import dreams_on_page, history_page, lineage_page
from dreambot.bot.sources import refetch
from dreambot.errors import UserError
from dreambot.i18n import translator_for
from dreambot.jobs.models import Job

log = logging.getLogger(__name__)

_MAX_DREAMS = 100
_IMAGES_TIMEOUT_S = 5.0
"""How long a page waits for its images."""


class HistoryControl(PageControl, template=f"history{CONTROL_ID_PATTERN}"):
    """A control of the history page."""

    page = "history"

    async def handle(self, interaction: Interaction) -> None:
        """Turns the page, or shows the lineage of a dream.

        Args:
            interaction: The press or choice.
        """
        await interaction.response.defer()
        if self.action == "line":
            page, _, job_id = next(iter(selected_values(interaction)), "").partition(" ")
            await _show_lineage(interaction, job_id, _parse_page_number(page))
        else:
            await _show(interaction, _parse_page_number(self.target))


class History(commands.Cog):
    """The command that opens the page."""

    def __init__(self, bot: DreamBot) -> None:
        self.bot = bot
        bot.add_dynamic_items(HistoryControl)

    @app_commands.command(name="history", description="What you dreamed here, and what each dream came from")
    @usable_everywhere
    async def history(self, interaction: Interaction) -> None:
        """Answers /history."""
        await interaction.response.defer(ephemeral=True)
        await _show(interaction, 0)


async def _show(interaction: Interaction, page: int) -> None:
    dreams = await _load_dreams(interaction)
    pictures = await _fetch_images(interaction, dreams_on_page(dreams, page))
    view = history_page(HistoryControl, dreams, translator_for(interaction.locale.value), page, pictures)
    await interaction.edit_original_response(view=view)


async def _show_lineage(interaction: Interaction, job_id: str, page: int) -> None:
    job_history = interaction.client.services.job_history
    job = await interaction.client.jobs.job(job_id)
    if job is None or job.spec.owner != interaction.user.id:
        raise UserError("results-history-not-yours")
    view = lineage_page(
        HistoryControl, await job_history.line(job), translator_for(interaction.locale.value), page
    )
    await interaction.edit_original_response(view=view)


async def _load_dreams(interaction: Interaction) -> list[Job]:
    """Loads the user's dreams in the server; outside of servers, those in the conversation."""
    guild = interaction.guild_id
    channel = None if guild else interaction.channel_id
    job_history = interaction.client.services.job_history
    return await job_history.dreams(interaction.user.id, guild=guild, channel=channel, most=_MAX_DREAMS)


async def _fetch_images(interaction: Interaction, dreams: Sequence[Job]) -> dict[str, discord.Attachment]:
    """Fetches the results that may be shown here, as far as they arrive within the timeout."""
    looking = {
        asyncio.create_task(_fetch_image(interaction, job)): job.id
        for job in dreams
        if _may_be_shown(interaction, job)
    }
    if not looking:
        return {}
    found, late = await asyncio.wait(looking, timeout=_IMAGES_TIMEOUT_S)
    for task in late:
        task.cancel()
    pictures = ((looking[task], task.result()) for task in found)
    return {job_id: picture for job_id, picture in pictures if picture}


async def _fetch_image(interaction: Interaction, job: Job) -> discord.Attachment | None:
    """Fetches a job's result; returns None if its message is deleted, or it is a video."""
    try:
        message = await refetch.fetch_result_message(interaction.client, job)
    except (refetch.ImageGone, discord.HTTPException) as error:
        log.debug("a result is not shown in a history: %s", error)
        return None
    picture = message.attachments[0]
    return picture if (picture.content_type or "").startswith("image/") else None


def _may_be_shown(interaction: Interaction, job: Job) -> bool:
    """Checks that the user can see the result where it is, and that its age restriction allows it here."""
    target = job.spec.reply_target
    if target.private or target.channel == interaction.channel_id:
        return not target.private
    if interaction.guild is None or not permissions.may_view(interaction, target.channel):
        return False
    there = interaction.guild.get_channel_or_thread(target.channel)
    leaves = sources.is_age_restricted(there) and not sources.is_age_restricted(interaction.channel)
    return not leaves


def _parse_page_number(text: str | None) -> int:
    """Parses a page number; a forged one gives the first page."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 4 else 0


async def setup(bot: DreamBot) -> None:
    """Adds the extension; discord.py calls it."""
    await bot.add_cog(History(bot))
