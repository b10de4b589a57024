"""`/look`: saves looks with a name, lists and deletes them, and chooses the default ones."""

import difflib

import discord
from discord import app_commands
from discord.ext import commands

from dreambot.bot.client import DreamBot
from dreambot.bot.commands import usable_everywhere
from dreambot.bot.context import Interaction
from dreambot.bot.looks import apply_look, no_such_look
from dreambot.bot.moderation import notify_moderators
from dreambot.bot.pages.base import CONTROL_ID_PATTERN, PageControl
from dreambot.bot.pages.looks import looks_page
from dreambot.bot.requests.completion import ChoicePairs, build_choices, fit_choices
from dreambot.bot.requests.look_choices import (
    checked_name,
    complete_look,
    look_names,
    look_pairs,
    usable_looks,
)
from dreambot.bot.requests.messages import parse_pasted
from dreambot.bot.requests.options import recipe_from_link
from dreambot.errors import UserError
from dreambot.guilds.looks import LookOwner, SavedLook, name_key
from dreambot.i18n import translator_for
from dreambot.recipe import Recipe, SourceFacts
from dreambot.recipe.looks import look_from_recipe
from dreambot.recipe.presets import OFFERED_PRESETS, PRESETS, current_name
from dreambot.recipe.request import needs_source, resolve_request
from dreambot.zoo.registry import find_model

Choices = list[app_commands.Choice[str]]

_MAX_NAMED = 10
_USUAL_SOURCE = SourceFacts(512, 384)
"""What pasted options are resolved for: they come without a picture."""


class LooksControl(PageControl, template=f"looks{CONTROL_ID_PATTERN}"):
    """A control of the page with the looks."""

    page = "looks"

    async def handle(self, interaction: Interaction) -> None:
        """Turns the page.

        Args:
            interaction: The press.
        """
        await interaction.response.defer()
        target = self.target or ""
        await _show(interaction, int(target) if target.isascii() and target.isdecimal() else 0)


@usable_everywhere
class Looks(commands.GroupCog, name="look", description="Looks with a name of your own"):
    """The commands /look save, list, delete and default."""

    def __init__(self, bot: DreamBot) -> None:
        super().__init__()
        self.bot = bot
        self._looks = bot.services.guild_store.looks
        bot.add_dynamic_items(LooksControl)

    @app_commands.command(name="save", description="Give the look of a dream a name, to use it as a preset")
    @app_commands.describe(
        name="Its name, at most 24 characters",
        link="A link to a message with a dream of mine; without one, your own newest dream here",
        recipe="A recipe, in place of a dream",
        server="Save it for everyone in this server, as a moderator",
    )
    async def save(
        self,
        interaction: Interaction,
        name: str,
        link: str | None = None,
        recipe: str | None = None,
        server: bool = False,
    ) -> None:
        """Saves the look of a dream or of a recipe."""
        await interaction.response.defer(ephemeral=True)
        owner, name = _owner(interaction, server=server), checked_name(name)
        if link and recipe:
            raise UserError("dreaming-recipe-alone", option="link")
        if recipe:
            found = await self._pasted_recipe(interaction, recipe)
        elif link:
            found = await recipe_from_link(interaction, link)
        else:
            found = await self._newest_recipe(interaction)
        await self._looks.save(owner, name, look_from_recipe(found))
        command = "/hellscape" if found.hellscape else "/dream"
        await self._answer(interaction, "looks-saved", name=name, command=f"{command} preset:{name}")
        if server:
            await notify_moderators(interaction, "moderating-log-look-saved", name=name)

    @app_commands.command(name="list", description="The saved looks that you can use here")
    async def list(self, interaction: Interaction) -> None:
        """Shows the page with the looks."""
        await interaction.response.defer(ephemeral=True)
        await _show(interaction, 0)

    @app_commands.command(name="delete", description="Delete a saved look")
    @app_commands.describe(name="Its name", server="Delete a look of the server, as a moderator")
    async def delete(self, interaction: Interaction, name: str, server: bool = False) -> None:
        """Deletes a look."""
        await interaction.response.defer(ephemeral=True)
        owner = _owner(interaction, server=server)
        if not await self._looks.delete(owner, name):
            theirs = [one.name for one in await self._looks.all_of([owner])]
            if not theirs:
                raise UserError(f"looks-none-to-delete-{owner.scope}")
            near = difflib.get_close_matches(name, theirs, n=3, cutoff=0.3) or theirs[:_MAX_NAMED]
            raise UserError("looks-unknown", name=name[:40], names=near)
        await self._answer(interaction, "looks-deleted", name=name)
        if server:
            await notify_moderators(interaction, "moderating-log-look-deleted", name=name)

    @app_commands.command(name="default", description="How to dream when no look is named")
    @app_commands.describe(
        name="A preset or a saved look; without one, there is no default any more",
        channel="For everyone in this channel, as a moderator",
    )
    async def default(self, interaction: Interaction, name: str | None = None, channel: bool = False) -> None:
        """Chooses the default look of the user, or of the channel."""
        await interaction.response.defer(ephemeral=True)
        if channel:
            _require_server(interaction)
            may = interaction.permissions
            if not (may.manage_guild or may.manage_channels):
                raise UserError("moderating-not-yours")
        name = await self._usable_name(interaction, name, server=channel) if name else None
        kind = "channel" if channel else "person"
        if channel:
            await self._looks.set_channel_default(interaction.channel_id or 0, name)
            await notify_moderators(interaction, "moderating-log-settings")
        else:
            await self.bot.services.guild_store.update_person(interaction.user.id, look=name)
        if name:
            await self._answer(interaction, f"looks-default-{kind}", name=name)
        else:
            await self._answer(interaction, f"looks-no-default-{kind}")

    @delete.autocomplete("name")
    async def _own_name(self, interaction: Interaction, typed: str) -> Choices:
        scope = "server" if interaction.namespace.server else "person"
        looks = [one for one in await usable_looks(interaction) if one.scope == scope]
        pairs: ChoicePairs = look_pairs(looks, translator_for(interaction.locale.value))
        return build_choices(fit_choices(pair for pair in pairs if name_key(typed) in name_key(pair[1])))

    @default.autocomplete("name")
    async def _default_name(self, interaction: Interaction, typed: str) -> Choices:
        return build_choices(await complete_look(interaction, typed, OFFERED_PRESETS))

    async def _pasted_recipe(self, interaction: Interaction, text: str) -> Recipe:
        """Reads a pasted recipe. The line below a result is resolved as for a picture of usual size."""
        services = self.bot.services
        request = parse_pasted(text)
        request = await apply_look(self._looks, request, interaction.user.id, interaction.guild_id)
        return resolve_request(
            request,
            _USUAL_SOURCE if needs_source(request) else None,
            seed=interaction.id % 2**32,
            models=find_model,
            precision=services.executor.precision,
            max_pixels=services.settings.max_pixels,
        )

    async def _newest_recipe(self, interaction: Interaction) -> Recipe:
        job_history = self.bot.services.job_history
        channel = interaction.channel_id or 0
        for job in await job_history.dreams(interaction.user.id, channel=channel, most=1):
            if job.recipe:
                return job.recipe
        raise UserError("looks-no-dream-here")

    async def _usable_name(self, interaction: Interaction, name: str, *, server: bool) -> str:
        """Returns the name of a preset or look, if it may be a default."""
        if current_name(name) in PRESETS:
            return current_name(name)
        person = None if server else interaction.user.id
        found = await self._looks.find(person, interaction.guild_id, name)
        if found is None:
            known = look_names(await self._looks.names(person, interaction.guild_id))
            raise no_such_look(name, [*OFFERED_PRESETS, *known])
        if found.recipe and found.recipe.hellscape:
            raise UserError("looks-hellscape", name=found.name)
        return found.name

    async def _answer(self, interaction: Interaction, key: str, **values: str) -> None:
        shown = {name: discord.utils.escape_markdown(value) for name, value in values.items()}
        if "command" in values:
            shown["command"] = f"`{values['command']}`"
        translate = translator_for(interaction.locale.value)
        await interaction.edit_original_response(content=translate(key, **shown))


async def _show(interaction: Interaction, page: int) -> None:
    services, guild = interaction.client.services, interaction.guild_id
    store = services.guild_store.looks
    owners = [LookOwner("person", interaction.user.id)]
    owners += [LookOwner("server", guild)] if guild else []
    saved: list[SavedLook] = await store.all_of(owners)
    own = (await services.guild_store.person(interaction.user.id)).look
    here = await store.channel_default(interaction.channel_id or 0) if guild else None
    translate = translator_for(interaction.locale.value)
    await interaction.edit_original_response(
        view=looks_page(LooksControl, saved, (own, here), translate, page)
    )


def _require_server(interaction: Interaction) -> None:
    if interaction.guild_id is None or not interaction.is_guild_integration():
        raise UserError("looks-not-in-server")


def _owner(interaction: Interaction, *, server: bool) -> LookOwner:
    """Returns whose looks are changed.

    Raises:
        UserError: The user may not change those of the server.
    """
    if not server:
        return LookOwner("person", interaction.user.id)
    _require_server(interaction)
    if not interaction.permissions.manage_guild:
        raise UserError("moderating-not-yours")
    return LookOwner("server", interaction.guild_id or 0)


async def setup(bot: DreamBot) -> None:
    """Adds the extension; discord.py calls it."""
    await bot.add_cog(Looks(bot))
