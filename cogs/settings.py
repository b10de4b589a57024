"""`/settings`: what a server's moderators settle, on one page without anything to learn."""

from collections.abc import Callable

import discord
from discord import app_commands
from discord.ext import commands

from dreambot.bot import DreamBot
from dreambot.chat import permissions
from dreambot.chat.gate import parent_of
from dreambot.chat.log_channel import tell_moderators
from dreambot.chat.pages.control import REST, Control, chosen
from dreambot.chat.pages.settings import (
    LimitsForm,
    autodream_changed,
    autodream_page,
    changed,
    main_page,
    with_limits,
)
from dreambot.chat.words import words_in
from dreambot.chat.words.told import Told
from dreambot.community import AutoDream, GuildSettings, RoleLimits

Interaction = discord.Interaction[DreamBot]


class SettingsControl(Control, template=f"settings{REST}"):
    """What is on the pages."""

    page = "settings"

    async def used(self, interaction: Interaction) -> None:
        """Changes what it stands for, and draws the page anew."""
        guild, values = _guild(interaction), chosen(interaction)
        if self.action.startswith("auto"):
            _require_manager(interaction, of_channel=True)
            await interaction.response.defer()
            if values:
                rule = self.action.removeprefix("auto-")
                await set_autodream(interaction, lambda now: autodream_changed(now, rule, values[0]))
            await show_autodream(interaction)
            return
        _require_manager(interaction)
        if self.action in ("role", "limits"):
            await _ask_for_limits(interaction, guild, self.about or values[0])
            return
        await interaction.response.defer()
        if self.action != "back":
            told = [self.about] if self.about else values
            await _set(interaction, guild, lambda now: changed(now, self.action, told))
        await show(interaction)


async def show(interaction: Interaction) -> None:
    """Draws the first page, in the place of what was there."""
    guild, community = _guild(interaction), interaction.client.services.community
    settings = await community.guild(guild.id)
    here = await community.autodream(interaction.channel_id or 0)
    page = main_page(SettingsControl, guild, settings, here, words_in(interaction))
    await interaction.edit_original_response(view=page)


async def show_autodream(interaction: Interaction) -> None:
    """Draws the page of the channel's auto-dream."""
    say, services = words_in(interaction), interaction.client.services
    channel = interaction.channel_id or 0
    page = autodream_page(
        SettingsControl,
        channel,
        await services.community.autodream(channel),
        say,
        most=services.settings.autodream_per_hour,
        lacking=await in_the_way(interaction),
        back=interaction.permissions.manage_guild,
    )
    await interaction.edit_original_response(view=page)


async def in_the_way(interaction: Interaction) -> list[str]:
    """Why pictures of the channel could not be dreamed unasked, in sentences."""
    say, channel, found = words_in(interaction), interaction.channel_id or 0, []
    settings = await interaction.client.services.community.guild(interaction.guild_id)
    missing = permissions.lacking(interaction.app_permissions, permissions.to_reply(interaction.channel))
    if missing:
        named = permissions.named(missing, say)
        found.append(say("moderating-page-lacking", channel=f"<#{channel}>", permissions=named))
    if not settings.allows(channel, parent_of(interaction.channel)):
        found.append(say("moderating-auto-elsewhere"))
    if not interaction.client.sees_messages:
        found.append(say("moderating-auto-blind"))
    return found


async def set_autodream(interaction: Interaction, change: Callable[[AutoDream], AutoDream]) -> AutoDream:
    """Changes how the channel's pictures are dreamed unasked, tells the moderators, and returns it."""
    services, channel = interaction.client.services, interaction.channel_id or 0
    before, rules = await services.community.change_autodream(channel, change)
    if bool(before.chance) != bool(rules.chance):
        key = "moderating-log-auto-on" if rules.chance else "moderating-log-auto-off"
        await _tell(interaction, key, channel=f"<#{channel}>")
    return rules


async def _set(
    interaction: Interaction, guild: discord.Guild, change: Callable[[GuildSettings], GuildSettings]
) -> None:
    await interaction.client.services.community.change_guild(guild.id, change)
    await _tell(interaction, "moderating-log-settings")


async def _ask_for_limits(interaction: Interaction, guild: discord.Guild, role_id: str) -> None:
    if not role_id.isdecimal():
        raise Told("moderating-stale")
    role, settings = int(role_id), await interaction.client.services.community.guild(guild.id)
    everyone = role == guild.id
    named = guild.get_role(role)

    async def save(interaction: Interaction, limits: RoleLimits) -> None:
        _require_manager(interaction)
        await interaction.response.defer()
        await _set(interaction, guild, lambda now: with_limits(now, role, limits, everyone=everyone))
        await show(interaction)

    limits = settings.everyone if everyone else settings.roles.get(role, RoleLimits())
    form = LimitsForm(named.name if named else role_id, limits, words_in(interaction), save)
    await interaction.response.send_modal(form)


def _guild(interaction: Interaction) -> discord.Guild:
    if interaction.guild is None:
        raise Told("moderating-stale")
    return interaction.guild


def _require_manager(interaction: Interaction, *, of_channel: bool = False) -> None:
    """Raises Told for those who may not settle anything, whatever page they have before them."""
    may = interaction.permissions
    if not (may.manage_guild or (of_channel and may.manage_channels)):
        raise Told("moderating-not-yours")


async def _tell(interaction: Interaction, key: str, **values: str) -> None:
    services = interaction.client.services
    who = interaction.user.mention
    await tell_moderators(interaction.client, services, interaction.guild_id or 0, key, who=who, **values)


class ServerSettings(commands.Cog):
    """The command that opens the page."""

    def __init__(self, bot: DreamBot) -> None:
        self.bot = bot
        bot.add_dynamic_items(SettingsControl)

    @app_commands.command(name="settings", description="What I may do in this server, and where")
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    async def settings(self, interaction: Interaction) -> None:
        """Answers /settings."""
        await interaction.response.defer(ephemeral=True)
        await show(interaction)


async def setup(bot: DreamBot) -> None:
    """Called by discord.py when the extension is loaded."""
    await bot.add_cog(ServerSettings(bot))
