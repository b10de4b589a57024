"""`/history`: what one dreamed here, and what each dream came from."""

import asyncio
import logging
from collections.abc import Sequence

import discord
from discord import app_commands
from discord.ext import commands

from dreambot.bot import DreamBot
from dreambot.chat import permissions, refetch, source
from dreambot.chat.anywhere import anywhere
from dreambot.chat.pages.control import REST, Control, chosen
from dreambot.chat.pages.history import dreams_page, line_page, on_page
from dreambot.chat.words import Told, words_in
from dreambot.jobs.types import Job

log = logging.getLogger(__name__)

_MOST = 100
_PATIENCE = 5.0
"""Seconds that a page waits for its pictures."""

Interaction = discord.Interaction[DreamBot]


class HistoryControl(Control, template=f"history{REST}"):
    """What is on the page."""

    page = "history"

    async def used(self, interaction: Interaction) -> None:
        """Turns the page, or shows a dream's line."""
        await interaction.response.defer()
        if self.action == "line":
            page, _, job_id = next(iter(chosen(interaction)), "").partition(" ")
            await _show_line(interaction, job_id, _number(page))
        else:
            await _show(interaction, _number(self.about))


class History(commands.Cog):
    """The command that opens the page."""

    def __init__(self, bot: DreamBot) -> None:
        self.bot = bot
        bot.add_dynamic_items(HistoryControl)

    @app_commands.command(name="history", description="What you dreamed here, and what each dream came from")
    @anywhere
    async def history(self, interaction: Interaction) -> None:
        """Answers /history."""
        await interaction.response.defer(ephemeral=True)
        await _show(interaction, 0)


async def _show(interaction: Interaction, page: int) -> None:
    dreams = await _dreams(interaction)
    pictures = await _pictures(interaction, on_page(dreams, page))
    view = dreams_page(HistoryControl, dreams, words_in(interaction), page, pictures)
    await interaction.edit_original_response(view=view)


async def _show_line(interaction: Interaction, job_id: str, page: int) -> None:
    lineage = interaction.client.services.lineage
    job = await interaction.client.dreamer.job(job_id)
    if job is None or job.ask.owner != interaction.user.id:
        raise Told("results-history-not-yours")
    view = line_page(HistoryControl, await lineage.line(job), words_in(interaction), page)
    await interaction.edit_original_response(view=view)


async def _dreams(interaction: Interaction) -> list[Job]:
    """Those in the server; outside of servers, those in the conversation."""
    guild = interaction.guild_id
    channel = None if guild else interaction.channel_id
    lineage = interaction.client.services.lineage
    return await lineage.dreams(interaction.user.id, guild=guild, channel=channel, most=_MOST)


async def _pictures(interaction: Interaction, dreams: Sequence[Job]) -> dict[str, discord.Attachment]:
    """What the results show, of those that the asker may see here and that are found soon enough."""
    looking = {
        asyncio.create_task(_picture(interaction, job)): job.id
        for job in dreams
        if _may_be_shown(interaction, job)
    }
    if not looking:
        return {}
    found, late = await asyncio.wait(looking, timeout=_PATIENCE)
    for task in late:
        task.cancel()
    pictures = ((looking[task], task.result()) for task in found)
    return {job_id: picture for job_id, picture in pictures if picture}


async def _picture(interaction: Interaction, job: Job) -> discord.Attachment | None:
    """The picture of a job's result, if its message is still there and is no video."""
    try:
        message = await refetch.dream_message(interaction.client, job)
    except (refetch.PictureGone, discord.HTTPException) as error:
        log.debug("a result is not shown in a history: %s", error)
        return None
    picture = message.attachments[0]
    return picture if (picture.content_type or "").startswith("image/") else None


def _may_be_shown(interaction: Interaction, job: Job) -> bool:
    """Whether the asker sees the result where it is, and its channel's age restriction allows it here."""
    place = job.ask.place
    if place.private or place.channel == interaction.channel_id:
        return not place.private
    if interaction.guild is None:
        return False
    have = permissions.elsewhere(interaction, place.channel)
    there = interaction.guild.get_channel_or_thread(place.channel)
    leaves = source.is_restricted(there) and not source.is_restricted(interaction.channel)
    return have.view_channel and have.read_message_history and not leaves


def _number(text: str | None) -> int:
    """A page's number; what somebody forged is the first page."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 4 else 0


async def setup(bot: DreamBot) -> None:
    """Called by discord.py when the extension is loaded."""
    await bot.add_cog(History(bot))
