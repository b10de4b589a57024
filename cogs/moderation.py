"""`/block`, `/unblock` and `/forget`: people who may not, and pictures that should not be."""

import re

import discord
from discord import app_commands
from discord.ext import commands

from dreambot.bot import DreamBot
from dreambot.chat import errors, permissions
from dreambot.chat.comparisons import take_down
from dreambot.chat.log_channel import tell_moderators
from dreambot.chat.pages.control import REST, Control
from dreambot.chat.words import words, words_in
from dreambot.chat.words.told import Told
from dreambot.community.forgetting import Kept
from dreambot.jobs.types import Job

Interaction = discord.Interaction[DreamBot]

MOST = 200
"""Results that are forgotten at a time: Discord lets a bot delete a few messages a second."""
_NO_SUCH_CHANNEL = 10003
_ID = re.compile(r"(?<!\d)(\d{15,20})(?!\d)")


def message_id_in(text: str) -> int | None:
    """The id of a message in a text that is the id, or a link to the message; None for any other."""
    named = _ID.findall(text)
    return int(named[-1]) if named else None


class ForgetControl(Control, template=f"forget{REST}"):
    """The button that has all of a person's dreams forgotten."""

    page = "forget"

    async def used(self, interaction: Interaction) -> None:
        """Does it, and says how many there were."""
        guild = interaction.guild
        if guild is None or not interaction.permissions.manage_messages or not self.about:
            raise Told("moderating-not-yours")
        await interaction.response.defer()
        person = int(self.about)
        found = await interaction.client.services.community.forgetting.of_person(guild.id, person, MOST)
        gone = await _forget(interaction, found)
        await interaction.edit_original_response(content=_outcome(interaction, found, gone), view=None)
        await _tell(interaction, "moderating-log-forgot-of", count=gone, person=f"<@{person}>")


class Moderation(commands.Cog):
    """What moderators do about people and pictures."""

    def __init__(self, bot: DreamBot) -> None:
        self.bot = bot
        bot.add_dynamic_items(ForgetControl)

    @app_commands.command(name="block", description="Somebody may not use me in this server any more")
    @app_commands.describe(person="Who")
    @app_commands.guild_only()
    @app_commands.default_permissions(moderate_members=True)
    async def block(self, interaction: Interaction, person: discord.User) -> None:
        """Answers /block."""
        await interaction.response.defer(ephemeral=True)
        guild = interaction.guild_id or 0
        if person.bot or person.id == interaction.user.id:
            raise Told("moderating-block-whom")
        await self.bot.services.community.block(guild, person.id)
        for job in await self.bot.services.store.unfinished(guild=guild):
            if job.ask.owner == person.id:
                await cancel(self.bot, job)
        say = words_in(interaction)
        await interaction.edit_original_response(content=say("moderating-block-done", person=person.mention))
        await _tell(interaction, "moderating-log-block", person=person.mention)

    @app_commands.command(name="unblock", description="Somebody may use me again; or see who may not")
    @app_commands.describe(person="Who; leave it out to see who is blocked")
    @app_commands.guild_only()
    @app_commands.default_permissions(moderate_members=True)
    async def unblock(self, interaction: Interaction, person: discord.User | None = None) -> None:
        """Answers /unblock."""
        await interaction.response.defer(ephemeral=True)
        guild, community, say = interaction.guild_id or 0, self.bot.services.community, words_in(interaction)
        if person is None:
            blocked = await community.blocked_people(guild)
            named = " ".join(f"<@{one}>" for one in blocked[:50])
            told = say("moderating-blocked-list", people=named) if named else say("moderating-blocked-nobody")
            await interaction.edit_original_response(content=told)
            return
        was = await community.unblock(guild, person.id)
        told = say("moderating-unblock-done" if was else "moderating-unblock-not", person=person.mention)
        await interaction.edit_original_response(content=told)
        if was:
            await _tell(interaction, "moderating-log-unblock", person=person.mention)

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
        message = message_id_in(dream or "")
        if message is None:
            raise Told("moderating-forget-what")
        guild = interaction.guild_id or 0
        found = await self.bot.services.community.forgetting.of_message(guild, message, MOST)
        gone = await _forget(interaction, found)
        for job in await self.bot.services.store.unfinished(guild=guild, message=message):
            if permissions.elsewhere(interaction, job.ask.place.channel).manage_messages:
                await cancel(self.bot, job)
                gone += 1
        if not gone and not found:
            raise Told("moderating-not-a-dream")
        await interaction.edit_original_response(content=_outcome(interaction, found, gone))
        await _tell(interaction, "moderating-log-forgot", count=gone)

    async def _ask_about(self, interaction: Interaction, person: discord.User) -> None:
        """Shows how many dreams there are, and the button that removes them."""
        guild, say = interaction.guild_id or 0, words_in(interaction)
        for job in await self.bot.services.store.unfinished(guild=guild):
            if job.ask.owner == person.id:
                await cancel(self.bot, job)
        found = await self.bot.services.community.forgetting.of_person(guild, person.id, MOST)
        if not found:
            raise Told("moderating-forget-none", person=person.mention)
        view = discord.ui.View(timeout=None)
        label = say("moderating-forget-button", count=len(found))
        view.add_item(ForgetControl.button(label, "person", str(person.id), style=discord.ButtonStyle.danger))
        asked = say("moderating-forget-sure", count=len(found), person=person.mention)
        await interaction.edit_original_response(content=asked, view=view)


async def cancel(bot: DreamBot, job: Job) -> bool:
    """Ends somebody's dream in a moderator's name; whether there was one."""
    return await bot.dreamer.cancel(job.id, words(job.ask.place.locale)("core-cancelled-by-moderator"))


async def _forget(interaction: Interaction, found: list[Kept]) -> int:
    """Removes results, the message first: what cannot be removed is not forgotten, nor what lies in channels
    that the moderator does not look after. Returns how many are gone."""
    bot, gone = interaction.client, 0
    for kept in found:
        if not permissions.elsewhere(interaction, kept.channel).manage_messages:
            continue
        if kept.message:
            channel = bot.get_partial_messageable(kept.channel, guild_id=interaction.guild_id)
            try:
                await channel.get_partial_message(kept.message).delete()
            except discord.HTTPException as error:
                if not (errors.message_is_gone(error) or error.code == _NO_SUCH_CHANNEL):
                    continue
            await take_down(bot, bot.services.comparisons, [kept.message])
        await bot.services.files.remove(kept.job)
        await bot.services.community.forgetting.forget(kept.job)
        gone += 1
    return gone


def _outcome(interaction: Interaction, found: list[Kept], gone: int) -> str:
    say = words_in(interaction)
    lines = [say("moderating-forget-done", count=gone)]
    if gone < len(found):
        lines.append(say("moderating-forget-left", count=len(found) - gone))
    elif gone >= MOST:
        lines.append(say("moderating-forget-more"))
    return "\n".join(lines)


async def _tell(interaction: Interaction, key: str, **values: str | float) -> None:
    bot, who = interaction.client, interaction.user.mention
    await tell_moderators(bot, bot.services, interaction.guild_id or 0, key, who=who, **values)


async def setup(bot: DreamBot) -> None:
    """Called by discord.py when the extension is loaded."""
    await bot.add_cog(Moderation(bot))
