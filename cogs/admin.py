"""`/admin`: for the bot's owners only, in their own server."""

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import discord
from discord import app_commands

from dreambot.bot.client import DreamBot
from dreambot.bot.context import Interaction
from dreambot.bot.pages.admin import format_device, format_models, format_stats
from dreambot.errors import UserError
from dreambot.gallery.dashboard import DASHBOARD_LIFETIME_HOURS, dashboard_link
from dreambot.guilds.eligibility import ALL_GUILDS, ALL_MEMBERS
from dreambot.i18n import translator_for
from dreambot.jobs.personal_data import PersonalData
from dreambot.jobs.statistics import JobStatistics

log = logging.getLogger(__name__)

MAX_DRAIN_S = 840
"""In seconds: an interaction can be answered for fifteen minutes."""
_MAX_CHOICES = 25


class NotOwner(UserError, app_commands.CheckFailure):
    """The user is not one of the application's owners."""

    def __init__(self) -> None:
        super().__init__("operating-admin-owners-only")


class Admin(app_commands.Group):
    """Commands for the operator: this process of the bot, and blocks that apply everywhere."""

    def __init__(self, bot: DreamBot) -> None:
        """Builds the group.

        Args:
            bot: The client.
        """
        super().__init__(
            name="admin",
            description="Manage the bot",
            default_permissions=discord.Permissions(administrator=True),
        )
        self.bot = bot

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Admits the application's owners only, regardless of the server's command permissions.

        Args:
            interaction: The interaction of a command.

        Raises:
            NotOwner: The user is not an owner.
        """
        await interaction.response.defer(ephemeral=True, thinking=True)
        if not await self.bot.is_owner(interaction.user):
            raise NotOwner
        return True

    @app_commands.command(name="sync", description="Publish the commands now")
    async def sync(self, interaction: Interaction) -> None:
        """Publishes all commands, also those that did not change."""
        key_values, tree = self.bot.services.key_values, self.bot.tree
        count = await tree.publish(key_values, force=True)
        count += await tree.publish(key_values, guild=interaction.guild, force=True)
        await self._reply(interaction, "operating-admin-synced", count=count)

    @app_commands.command(name="drain", description="Take no new dreams and finish the running ones")
    @app_commands.describe(seconds="How long running dreams may take; the rest resume after a restart")
    async def drain(
        self,
        interaction: Interaction,
        seconds: app_commands.Range[int, 0, MAX_DRAIN_S] | None = None,
    ) -> None:
        """Accepts no new jobs, and delivers the running ones."""
        limit = self.bot.services.settings.drain_seconds if seconds is None else seconds
        count = len(self.bot.jobs.active_job_ids())
        await self._reply(interaction, "operating-admin-draining", count=count)
        log.info("an owner started a drain")
        await self.bot.drain(min(limit, MAX_DRAIN_S))
        await self._reply(interaction, "operating-admin-drained")

    @app_commands.command(name="devices", description="The devices and their state")
    async def devices(self, interaction: Interaction) -> None:
        """Lists the devices of this process."""
        translate = translator_for(interaction.locale.value)
        lines = [format_device(translate, state) for state in self.bot.services.executor.device_states()]
        await interaction.edit_original_response(
            content="\n".join(lines) or translate("operating-admin-no-devices")
        )

    @app_commands.command(name="models", description="The installed networks")
    async def models(self, interaction: Interaction) -> None:
        """Lists the known networks."""
        translate, folder = translator_for(interaction.locale.value), self.bot.services.settings.weights_dir
        await interaction.edit_original_response(content=format_models(translate, folder))

    @app_commands.command(name="stats", description="The queue, and what was done")
    async def stats(self, interaction: Interaction) -> None:
        """Counts jobs by state: unfinished ones, and those of the last day and week."""
        services, now = self.bot.services, datetime.now(UTC)
        tallies = JobStatistics(services.store.database)
        await interaction.edit_original_response(
            content=format_stats(
                translator_for(interaction.locale.value),
                servers=len(self.bot.guilds),
                latency=self.bot.latency,
                waiting=services.executor.waiting(),
                unfinished=await services.store.counts(),
                day=await tallies.states(now - timedelta(days=1)),
                week=await tallies.states(now - timedelta(days=7)),
            )
        )

    @app_commands.command(
        name="dashboard", description="A link to a page with the queue, the devices and the failures"
    )
    async def dashboard(self, interaction: Interaction) -> None:
        """Signs a link to the dashboard, which is valid for some hours."""
        services = self.bot.services
        if not services.settings.gallery:
            raise UserError("gallery-off")
        link = await dashboard_link(services.key_values, services.settings)
        await self._reply(interaction, "gallery-dashboard-link", link=link, hours=DASHBOARD_LIFETIME_HOURS)

    @app_commands.command(name="block-server", description="Refuse every request from a server")
    @app_commands.describe(server="The server's id, or its name from the list")
    async def block_server(self, interaction: Interaction, server: str) -> None:
        """Blocks a server, and cancels its unfinished jobs."""
        guild = _parse_server_id(server)
        await self.bot.services.guild_store.block(guild, ALL_MEMBERS)
        await self.bot.services.gallery.withdraw(guild=guild)
        await self.bot.jobs.cancel_all("core-cancelled", guild=guild)
        await self._reply(interaction, "operating-admin-server-blocked", server=self._called(guild))

    @app_commands.command(name="unblock-server", description="Accept requests from a server again")
    @app_commands.describe(server="The server's id, or its name from the list")
    async def unblock_server(self, interaction: Interaction, server: str) -> None:
        """Removes the block of a server."""
        guild = _parse_server_id(server)
        was = await self.bot.services.guild_store.unblock(guild, ALL_MEMBERS)
        key = "operating-admin-server-unblocked" if was else "operating-admin-not-blocked"
        await self._reply(interaction, key, server=self._called(guild))

    @app_commands.command(name="block-person", description="Refuse every request from a person, everywhere")
    @app_commands.describe(person="Who; an id will do")
    async def block_person(self, interaction: Interaction, person: discord.User) -> None:
        """Blocks a user in all servers and in direct messages, and cancels their unfinished jobs."""
        services = self.bot.services
        await services.guild_store.block(ALL_GUILDS, person.id)
        await services.gallery.withdraw(owner=person.id)
        personal = PersonalData(services.store.database, services.files)
        for job in await personal.unfinished(person.id):
            await self.bot.jobs.cancel(job, "core-cancelled")
        await self._reply(interaction, "operating-admin-person-blocked", person=person.mention)

    @app_commands.command(name="unblock-person", description="Accept requests from a person again")
    @app_commands.describe(person="Who; an id will do")
    async def unblock_person(self, interaction: Interaction, person: discord.User) -> None:
        """Removes the block of a user; blocks by a server's moderators remain."""
        was = await self.bot.services.guild_store.unblock(ALL_GUILDS, person.id)
        key = "operating-admin-person-unblocked" if was else "operating-admin-not-blocked"
        await self._reply(interaction, key, person=person.mention, server=person.mention)

    @block_server.autocomplete("server")
    @unblock_server.autocomplete("server")
    async def _servers(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Completes servers. The check is repeated, since a group's check does not apply to completion."""
        if not await self.bot.is_owner(interaction.user):
            return []
        found = (guild for guild in self.bot.guilds if typed.lower() in f"{guild.name.lower()} {guild.id}")
        named = [app_commands.Choice(name=guild.name[:100], value=str(guild.id)) for guild in found]
        return named[:_MAX_CHOICES]

    def _called(self, guild: int) -> str:
        found = self.bot.get_guild(guild)
        return discord.utils.escape_markdown(found.name) if found else str(guild)

    async def _reply(self, interaction: Interaction, key: str, **values: str | float) -> None:
        await interaction.edit_original_response(
            content=translator_for(interaction.locale.value)(key, **values)
        )


def _parse_server_id(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 0 < int(text[:20]) < 2**63):
        raise UserError("operating-admin-no-server")
    return int(text)


async def setup(bot: DreamBot) -> None:
    """Adds the extension; discord.py calls it."""
    guild_id = bot.services.settings.admin_guild
    if guild_id is None:
        return
    guild = discord.Object(guild_id)
    bot.tree.add_command(Admin(bot), guild=guild)
    try:
        await bot.tree.publish(bot.services.key_values, guild=guild)
    except discord.HTTPException as error:
        # The bot may not have been invited to the server yet.
        log.warning("DREAMBOT_ADMIN_GUILD: /admin could not be published to server %d: %s", guild_id, error)
