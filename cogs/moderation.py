"""`/block`, `/unblock` and `/forget`: for moderators, about people and about results."""

import re

import discord
from discord import app_commands
from discord.ext import commands

from dreambot.bot import errors, permissions
from dreambot.bot.client import DreamBot
from dreambot.bot.moderation import delete_comparisons, notify_moderators
from dreambot.bot.pages.base import CONTROL_ID_PATTERN, PageControl
from dreambot.errors import UserError
from dreambot.guilds.removal import RemovableResult
from dreambot.i18n import translator_for
from dreambot.jobs.models import Job

Interaction = discord.Interaction[DreamBot]

MAX_RESULTS = 200
"""Results that are forgotten at a time: Discord lets a bot delete a few messages a second."""
_UNKNOWN_CHANNEL = 10003
_ID = re.compile(r"(?<!\d)(\d{15,20})(?!\d)")


def parse_message_id(text: str) -> int | None:
    """The id of a message in a text that is the id, or a link to the message; None for any other."""
    named = _ID.findall(text)
    return int(named[-1]) if named else None


class ForgetControl(PageControl, template=f"forget{CONTROL_ID_PATTERN}"):
    """The button that has all of a person's dreams forgotten."""

    page = "forget"

    async def used(self, interaction: Interaction) -> None:
        """Does it, and says how many there were."""
        guild = interaction.guild
        if guild is None or not interaction.permissions.manage_messages or not self.about:
            raise UserError("moderating-not-yours")
        await interaction.response.defer()
        person = int(self.about)
        found = await interaction.client.services.guild_store.result_removal.find_by_person(
            guild.id, person, MAX_RESULTS
        )
        gone = await _delete_results(interaction, found)
        await interaction.edit_original_response(content=_summary(interaction, found, gone), view=None)
        await _notify(interaction, "moderating-log-forgot-of", count=gone, person=f"<@{person}>")


class Moderation(commands.Cog):
    """What moderators do about people and pictures."""

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
        for job in await self.bot.services.store.unfinished(guild=guild):
            if job.ask.owner == person.id:
                await cancel_as_moderator(self.bot, job)
        say = translator_for(interaction.locale.value)
        await interaction.edit_original_response(content=say("moderating-block-done", person=person.mention))
        await _notify(interaction, "moderating-log-block", person=person.mention)

    @app_commands.command(name="unblock", description="Let someone use me again, or see who is blocked")
    @app_commands.describe(person="Who; leave it out to see who is blocked")
    @app_commands.guild_only()
    @app_commands.default_permissions(moderate_members=True)
    async def unblock(self, interaction: Interaction, person: discord.User | None = None) -> None:
        """Answers /unblock."""
        await interaction.response.defer(ephemeral=True)
        guild, guild_store, say = (
            interaction.guild_id or 0,
            self.bot.services.guild_store,
            translator_for(interaction.locale.value),
        )
        if person is None:
            blocked = await guild_store.blocked_member_ids(guild)
            named = " ".join(f"<@{one}>" for one in blocked[:50])
            told = say("moderating-blocked-list", people=named) if named else say("moderating-blocked-nobody")
            await interaction.edit_original_response(content=told)
            return
        was = await guild_store.unblock(guild, person.id)
        told = say("moderating-unblock-done" if was else "moderating-unblock-not", person=person.mention)
        await interaction.edit_original_response(content=told)
        if was:
            await _notify(interaction, "moderating-log-unblock", person=person.mention)

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
        gone = await _delete_results(interaction, found)
        for job in await self.bot.services.store.unfinished(guild=guild, message=message):
            if permissions.permissions_in_channel(interaction, job.ask.place.channel).manage_messages:
                await cancel_as_moderator(self.bot, job)
                gone += 1
        if not gone and not found:
            raise UserError("moderating-not-a-dream")
        await interaction.edit_original_response(content=_summary(interaction, found, gone))
        await _notify(interaction, "moderating-log-forgot", count=gone)

    async def _ask_about(self, interaction: Interaction, person: discord.User) -> None:
        """Shows how many dreams there are, and the button that removes them."""
        guild, say = interaction.guild_id or 0, translator_for(interaction.locale.value)
        for job in await self.bot.services.store.unfinished(guild=guild):
            if job.ask.owner == person.id:
                await cancel_as_moderator(self.bot, job)
        found = await self.bot.services.guild_store.result_removal.find_by_person(
            guild, person.id, MAX_RESULTS
        )
        if not found:
            raise UserError("moderating-forget-none", person=person.mention)
        view = discord.ui.View(timeout=None)
        label = say("moderating-forget-button", count=len(found))
        view.add_item(ForgetControl.button(label, "person", str(person.id), style=discord.ButtonStyle.danger))
        asked = say("moderating-forget-sure", count=len(found), person=person.mention)
        await interaction.edit_original_response(content=asked, view=view)


async def cancel_as_moderator(bot: DreamBot, job: Job) -> bool:
    """Ends somebody's dream in a moderator's name; whether there was one."""
    return await bot.dreamer.cancel(
        job.id, translator_for(job.ask.place.locale)("core-cancelled-by-moderator")
    )


async def _delete_results(interaction: Interaction, found: list[RemovableResult]) -> int:
    """Removes results, the message first: what cannot be removed is not forgotten, nor what lies in channels
    that the moderator does not look after. Returns how many are gone."""
    bot, gone = interaction.client, 0
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
        await bot.services.files.remove(kept.job)
        await bot.services.guild_store.result_removal.forget(kept.job)
        gone += 1
    return gone


def _summary(interaction: Interaction, found: list[RemovableResult], gone: int) -> str:
    say = translator_for(interaction.locale.value)
    lines = [say("moderating-forget-done", count=gone)]
    if gone < len(found):
        lines.append(say("moderating-forget-left", count=len(found) - gone))
    elif gone >= MAX_RESULTS:
        lines.append(say("moderating-forget-more"))
    return "\n".join(lines)


async def _notify(interaction: Interaction, key: str, **values: str | float) -> None:
    bot, who = interaction.client, interaction.user.mention
    await notify_moderators(bot, bot.services, interaction.guild_id or 0, key, who=who, **values)


async def setup(bot: DreamBot) -> None:
    """Called by discord.py when the extension is loaded."""
    await bot.add_cog(Moderation(bot))
