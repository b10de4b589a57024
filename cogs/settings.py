"""`/settings`: the settings of a server, for its moderators."""

from collections.abc import Callable

import discord
from discord import app_commands
from discord.ext import commands

from dreambot.bot import permissions
from dreambot.bot.admission import parent_channel_id
from dreambot.bot.client import DreamBot
from dreambot.bot.context import Interaction
from dreambot.bot.moderation import notify_moderators
from dreambot.bot.pages.autodream import apply_autodream_setting, autodream_page
from dreambot.bot.pages.base import CONTROL_ID_PATTERN, PageControl, selected_values
from dreambot.bot.pages.settings import LimitsModal, apply_setting, set_role_limits, settings_page
from dreambot.errors import UserError
from dreambot.guilds.autodream import AutoDreamSettings
from dreambot.guilds.looks import LookName
from dreambot.guilds.settings import GuildSettings, RoleLimits
from dreambot.i18n import translator_for


class SettingsControl(PageControl, template=f"settings{CONTROL_ID_PATTERN}"):
    """A control of the settings pages."""

    page = "settings"

    async def handle(self, interaction: Interaction) -> None:
        """Changes the setting, and draws the page again.

        Args:
            interaction: The press or choice.
        """
        guild, values = _require_guild(interaction), selected_values(interaction)
        if self.action.startswith("auto"):
            _require_manager(interaction, of_channel=True)
            await interaction.response.defer()
            if values:
                rule, looks = self.action.removeprefix("auto-"), await _still_looks(interaction)
                await set_autodream(
                    interaction, lambda current: apply_autodream_setting(current, rule, values[0], looks)
                )
            await show_autodream(interaction)
            return
        _require_manager(interaction)
        if self.action in ("role", "limits"):
            await _open_limits_modal(interaction, guild, self.target or values[0])
            return
        await interaction.response.defer()
        if self.action != "back":
            new_values = [self.target] if self.target else values
            await _change_settings(
                interaction, guild, lambda current: apply_setting(current, self.action, new_values)
            )
        await show_settings(interaction)


async def show_settings(interaction: Interaction) -> None:
    """Draws the page with the server's settings in place of what was there.

    Args:
        interaction: The interaction to answer.
    """
    guild, guild_store = _require_guild(interaction), interaction.client.services.guild_store
    settings = await guild_store.guild(guild.id)
    here = await guild_store.autodream(interaction.channel_id or 0)
    page = settings_page(
        SettingsControl,
        guild,
        settings,
        here,
        translator_for(interaction.locale.value),
        permissions.permissions_in_selected(interaction),
        gallery=interaction.client.services.settings.gallery,
    )
    await interaction.edit_original_response(view=page)


async def show_autodream(interaction: Interaction) -> None:
    """Draws the page with the channel's auto-dream settings.

    Args:
        interaction: The interaction to answer.
    """
    translate, services = translator_for(interaction.locale.value), interaction.client.services
    channel = interaction.channel_id or 0
    page = autodream_page(
        SettingsControl,
        channel,
        await services.guild_store.autodream(channel),
        translate,
        most_per_hour=services.settings.autodream_per_hour,
        looks=await _still_looks(interaction),
        lacking=await autodream_problems(interaction),
        back=interaction.permissions.manage_guild,
    )
    await interaction.edit_original_response(view=page)


async def _still_looks(interaction: Interaction) -> list[LookName]:
    """Lists the names of the server's looks that a picture can have."""
    names = await interaction.client.services.guild_store.looks.names(None, interaction.guild_id)
    return [one for one in names if not one.video]


async def autodream_problems(interaction: Interaction) -> list[str]:
    """Lists the reasons why auto-dream would not work in the channel, as sentences.

    Args:
        interaction: The interaction to answer.
    """
    translate, channel, found = translator_for(interaction.locale.value), interaction.channel_id or 0, []
    settings = await interaction.client.services.guild_store.guild(interaction.guild_id)
    missing = permissions.find_missing(
        interaction.app_permissions, permissions.needed_to_reply(interaction.channel)
    )
    if missing:
        named = permissions.format_names(missing, translate)
        found.append(translate("moderating-page-lacking", channel=f"<#{channel}>", permissions=named))
    if not settings.allows(channel, parent_channel_id(interaction.channel)):
        found.append(translate("moderating-auto-elsewhere"))
    if not interaction.client.intents.message_content:
        found.append(translate("moderating-auto-blind"))
    return found


async def set_autodream(
    interaction: Interaction, change: Callable[[AutoDreamSettings], AutoDreamSettings]
) -> AutoDreamSettings:
    """Changes the channel's auto-dream settings, and reports it to the log channel.

    Args:
        interaction: The interaction to answer.
        change: Computes the new settings from the current ones.

    Returns:
        The new settings.
    """
    services, channel = interaction.client.services, interaction.channel_id or 0
    before, rules = await services.guild_store.update_autodream(channel, change)
    if bool(before.chance) != bool(rules.chance):
        key = "moderating-log-auto-on" if rules.chance else "moderating-log-auto-off"
        await notify_moderators(interaction, key, channel=f"<#{channel}>")
    return rules


async def _change_settings(
    interaction: Interaction, guild: discord.Guild, change: Callable[[GuildSettings], GuildSettings]
) -> None:
    services = interaction.client.services
    settings = await services.guild_store.update_guild(guild.id, change)
    if not settings.gallery:
        await services.gallery.withdraw(guild=guild.id)
    await notify_moderators(interaction, "moderating-log-settings")


async def _open_limits_modal(interaction: Interaction, guild: discord.Guild, role_id: str) -> None:
    if not role_id.isdecimal():
        raise UserError("moderating-stale")
    role, settings = int(role_id), await interaction.client.services.guild_store.guild(guild.id)
    everyone = role == guild.id
    named = guild.get_role(role)

    async def save(interaction: Interaction, limits: RoleLimits) -> None:
        _require_manager(interaction)
        await interaction.response.defer()
        await _change_settings(
            interaction, guild, lambda current: set_role_limits(current, role, limits, everyone=everyone)
        )
        await show_settings(interaction)

    limits = settings.everyone if everyone else settings.roles.get(role, RoleLimits())
    form = LimitsModal(
        named.name if named else role_id, limits, translator_for(interaction.locale.value), save
    )
    await interaction.response.send_modal(form)


def _require_guild(interaction: Interaction) -> discord.Guild:
    if interaction.guild is None:
        raise UserError("moderating-stale")
    return interaction.guild


def _require_manager(interaction: Interaction, *, of_channel: bool = False) -> None:
    """Checks that the user may change the settings, regardless of the page they see.

    Raises:
        UserError: They may not.
    """
    may = interaction.permissions
    if not (may.manage_guild or (of_channel and may.manage_channels)):
        raise UserError("moderating-not-yours")


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
        await show_settings(interaction)


async def setup(bot: DreamBot) -> None:
    """Adds the extension; discord.py calls it."""
    await bot.add_cog(ServerSettings(bot))
