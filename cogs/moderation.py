"""`/block`, `/unblock` and `/forget`: for moderators, about people and about results."""

import re
from collections.abc import Iterable

import discord
from discord import app_commands
from discord.ext import commands

from dreambot.bot import errors, permissions
from dreambot.bot.client import DreamBot
from dreambot.bot.context import BotClient, Interaction
from dreambot.bot.moderation import delete_comparisons, notify_moderators
from dreambot.bot.pages.base import CONTROL_ID_PATTERN, PageControl
from dreambot.bot.sources import MAX_ID
from dreambot.errors import UserError
from dreambot.guilds.removal import RemovableResult
from dreambot.i18n import translator_for
from dreambot.jobs.models import Job

MAX_RESULTS = 200
"""The most results that one command deletes: Discord allows a few deletions per second."""
_UNKNOWN_CHANNEL = 10003
_ID = re.compile(r"(?<!\d)(\d{15,20})(?!\d)")


def parse_message_id(text: str) -> int | None:
    """Parses the id of a message from the id itself or a link to the message.

    Args:
        text: The text.

    Returns:
        The id; None for any other text.
    """
    named = _ID.findall(text)
    return min(int(named[-1]), MAX_ID) if named else None


class ForgetControl(PageControl, template=f"forget{CONTROL_ID_PATTERN}"):
    """The button that deletes all dreams of a user."""

    page = "forget"

    async def handle(self, interaction: Interaction) -> None:
        """Deletes them and reports how many there were.

        Args:
            interaction: The press.

        Raises:
            UserError: The user is no moderator.
        """
        guild = interaction.guild
        if guild is None or not interaction.permissions.manage_messages or not self.target:
            raise UserError("moderating-not-yours")
        await interaction.response.defer()
        person = int(self.target)
        found = await interaction.client.services.guild_store.result_removal.find_by_person(
            guild.id, person, MAX_RESULTS
        )
        deleted = await _delete_results(interaction, found)
        await interaction.edit_original_response(content=_summary(interaction, found, deleted), view=None)
        await notify_moderators(interaction, "moderating-log-forgot-of", count=deleted, person=f"<@{person}>")


class Moderation(commands.Cog):
    """Commands for moderators about users and results."""

    def __init__(self, bot: DreamBot) -> None:
        self.bot = bot
        bot.add_dynamic_items(ForgetControl)

    @app_commands.command(name="block", description="Block someone from using me in this server")
    @app_commands.describe(person="Who")
    @app_commands.guild_only()
    @app_commands.default_permissions(moderate_members=True)
    async def block(self, interaction: Interaction, person: discord.User) -> None:
        """Answers /block."""
        await interaction.response.defer(ephemeral=True)
        guild = interaction.guild_id or 0
        if person.bot or person.id == interaction.user.id:
            raise UserError("moderating-block-whom")
        await self.bot.services.guild_store.block(guild, person.id)
        await self.bot.services.gallery.withdraw(guild=guild, owner=person.id)
        for job in await self.bot.services.store.unfinished(guild=guild):
            if job.spec.owner == person.id:
                await cancel_as_moderator(self.bot, job)
        translate = translator_for(interaction.locale.value)
        await interaction.edit_original_response(
            content=translate("moderating-block-done", person=person.mention)
        )
        await notify_moderators(interaction, "moderating-log-block", person=person.mention)

    @app_commands.command(name="unblock", description="Let someone use me again, or see who is blocked")
    @app_commands.describe(person="Who; leave it out to see who is blocked")
    @app_commands.guild_only()
    @app_commands.default_permissions(moderate_members=True)
    async def unblock(self, interaction: Interaction, person: discord.User | None = None) -> None:
        """Answers /unblock."""
        await interaction.response.defer(ephemeral=True)
        guild, guild_store, translate = (
            interaction.guild_id or 0,
            self.bot.services.guild_store,
            translator_for(interaction.locale.value),
        )
        if person is None:
            blocked = await guild_store.blocked_member_ids(guild)
            named = " ".join(f"<@{one}>" for one in blocked[:50])
            text = (
                translate("moderating-blocked-list", people=named)
                if named
                else translate("moderating-blocked-nobody")
            )
            await interaction.edit_original_response(content=text)
            return
        was = await guild_store.unblock(guild, person.id)
        text = translate(
            "moderating-unblock-done" if was else "moderating-unblock-not", person=person.mention
        )
        await interaction.edit_original_response(content=text)
        if was:
            await notify_moderators(interaction, "moderating-log-unblock", person=person.mention)

    @app_commands.command(name="forget", description="Remove a dream, or all of somebody's, for good")
    @app_commands.describe(dream="A link to the dream's message, or its id", person="Whose dreams")
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_messages=True)
    async def forget(
        self, interaction: Interaction, dream: str | None = None, person: discord.User | None = None
    ) -> None:
        """Answers /forget."""
        await interaction.response.defer(ephemeral=True)
        if person:
            await self._ask_about(interaction, person)
            return
        message = parse_message_id(dream or "")
        if message is None:
            raise UserError("moderating-forget-what")
        guild = interaction.guild_id or 0
        found = await self.bot.services.guild_store.result_removal.find_by_message(
            guild, message, MAX_RESULTS
        )
        deleted = await _delete_results(interaction, found)
        unfinished = await self.bot.services.store.unfinished(guild=guild, message=message)
        deleted += await _cancel_moderated(interaction, unfinished)
        if not deleted and not found:
            raise UserError("moderating-not-a-dream")
        await interaction.edit_original_response(content=_summary(interaction, found, deleted))
        await notify_moderators(interaction, "moderating-log-forgot", count=deleted)

    async def _ask_about(self, interaction: Interaction, person: discord.User) -> None:
        """Shows how many dreams a user has, with the button that deletes them."""
        guild, translate = interaction.guild_id or 0, translator_for(interaction.locale.value)
        unfinished = await self.bot.services.store.unfinished(guild=guild)
        cancelled = await _cancel_moderated(
            interaction, [one for one in unfinished if one.spec.owner == person.id]
        )
        found = await self.bot.services.guild_store.result_removal.find_by_person(
            guild, person.id, MAX_RESULTS
        )
        if not found:
            # Not an error, whose text would show the mention as its characters.
            text = translate("moderating-forget-none", person=person.mention)
            if cancelled:
                text = translate("moderating-forget-done", count=cancelled)
            await interaction.edit_original_response(content=text)
            return
        view = discord.ui.View(timeout=None)
        label = translate("moderating-forget-button", count=len(found))
        view.add_item(ForgetControl.button(label, "person", str(person.id), style=discord.ButtonStyle.danger))
        question = translate("moderating-forget-sure", count=len(found), person=person.mention)
        await interaction.edit_original_response(content=question, view=view)


async def cancel_as_moderator(bot: BotClient, job: Job) -> bool:
    """Cancels a user's job in a moderator's name.

    Args:
        bot: The client.
        job: The job.

    Returns:
        Whether the job was unfinished.
    """
    return await bot.jobs.cancel(job.id, "core-cancelled-by-moderator")


async def _cancel_moderated(interaction: Interaction, unfinished: Iterable[Job]) -> int:
    """Cancels jobs in the channels that the moderator manages; returns how many."""
    cancelled = 0
    for job in unfinished:
        if permissions.permissions_in_channel(interaction, job.spec.reply_target.channel).manage_messages:
            await cancel_as_moderator(interaction.client, job)
            cancelled += 1
    return cancelled


async def _delete_results(interaction: Interaction, found: list[RemovableResult]) -> int:
    """Deletes results: the message first, and then what is stored.

    A result whose message cannot be deleted stays stored, and so does one in a channel that the moderator
    does not manage. Returns how many were deleted.
    """
    bot, deleted = interaction.client, 0
    for kept in found:
        if not permissions.permissions_in_channel(interaction, kept.channel).manage_messages:
            continue
        if kept.message:
            channel = bot.get_partial_messageable(kept.channel, guild_id=interaction.guild_id)
            try:
                await channel.get_partial_message(kept.message).delete()
            except discord.HTTPException as error:
                if not (errors.is_message_gone(error) or error.code == _UNKNOWN_CHANNEL):
                    continue
            await delete_comparisons(bot, bot.services.comparisons, [kept.message])
        await bot.services.gallery.withdraw(job=kept.job)
        await bot.services.files.remove(kept.job)
        await bot.services.guild_store.result_removal.forget(kept.job)
        deleted += 1
    return deleted


def _summary(interaction: Interaction, found: list[RemovableResult], deleted: int) -> str:
    translate = translator_for(interaction.locale.value)
    lines = [translate("moderating-forget-done", count=deleted)]
    if deleted < len(found):
        lines.append(translate("moderating-forget-left", count=len(found) - deleted))
    elif deleted >= MAX_RESULTS:
        lines.append(translate("moderating-forget-more"))
    return "\n".join(lines)


async def setup(bot: DreamBot) -> None:
    """Adds the extension; discord.py calls it."""
    await bot.add_cog(Moderation(bot))
