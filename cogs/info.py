"""`/help`, `/about`, `/stats` and `/layers`."""

import io
import logging
from collections.abc import Sequence
from importlib.resources import files

import discord
from discord import app_commands
from discord.ext import commands

from dreambot import __version__
from dreambot.bot.captions import describe_name
from dreambot.bot.client import DreamBot
from dreambot.bot.commands import usable_everywhere
from dreambot.bot.context import Interaction
from dreambot.bot.invite import build_invite_url
from dreambot.bot.pages.layers import LayersControl, layers_page
from dreambot.bot.requests.completion import build_choices, complete_model
from dreambot.i18n import Translator, translator_for
from dreambot.jobs.statistics import Favourites, JobStatistics
from dreambot.recipe import find_layer
from dreambot.recipe.layers import DEFAULT_MODEL
from dreambot.recipe.presets import PRESETS
from dreambot.zoo import registry
from dreambot.zoo.catalogue import DOWNLOADS, MODELS

log = logging.getLogger(__name__)

EXAMPLES = ("first", "looks", "more")
"""Images in dreambot/bot/examples, in the order in which they are shown."""


class About(commands.Cog):
    """The commands /help and /about."""

    def __init__(self, bot: DreamBot) -> None:
        self.bot = bot
        self._commands: dict[str, str] = {}

    @app_commands.command(name="help", description="See what to do, in three pictures")
    @usable_everywhere
    async def help(self, interaction: Interaction) -> None:
        """Answers /help."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        translate = translator_for(interaction.locale.value)
        await interaction.edit_original_response(
            view=_help_view(translate, await self._mentions()),
            attachments=[_example_file(translate, name) for name in EXAMPLES],
        )

    @app_commands.command(name="about", description="Version, networks and their authors")
    @usable_everywhere
    async def about(self, interaction: Interaction) -> None:
        """Answers /about."""
        translate, source = translator_for(interaction.locale.value), self.bot.services.settings.source_url
        embed = discord.Embed(
            title=f"dreambot {__version__}", description=translate("operating-about"), url=source
        )
        for name, description in _model_fields(translate).items():
            embed.add_field(name=name, value=description, inline=False)
        embed.set_footer(text=translate("operating-about-thanks"))
        await interaction.response.send_message(
            embed=embed, view=self._links(translate, source), ephemeral=True
        )

    def _links(self, translate: Translator, source: str | None) -> discord.ui.View:
        view = discord.ui.View(timeout=None)
        invite = build_invite_url(self.bot.application_id or 0)
        view.add_item(discord.ui.Button(label=translate("operating-about-invite"), url=invite))
        if source:
            view.add_item(discord.ui.Button(label=translate("operating-about-source"), url=source))
        return view

    async def _mentions(self) -> dict[str, str]:
        """Loads the clickable mentions of the commands, once: Discord assigns their ids."""
        if not self._commands:
            try:
                found = await self.bot.tree.fetch_commands()
            except discord.HTTPException as error:
                log.warning("the ids of the commands could not be fetched: %s", error)
                return {}
            self._commands = {command.name: command.mention for command in found}
        return self._commands


def _help_view(translate: Translator, mentions: dict[str, str]) -> discord.ui.LayoutView:
    """Builds the help page: each image below its text."""
    view = discord.ui.LayoutView(timeout=None)
    for name in EXAMPLES:
        view.add_item(discord.ui.TextDisplay("\n".join(_section_lines(translate, name, mentions))))
        shows = translate(f"operating-help-picture-{name}")
        view.add_item(
            discord.ui.MediaGallery(discord.MediaGalleryItem(_attachment_url(name), description=shows))
        )
    view.add_item(
        discord.ui.TextDisplay("\n".join(_command_lines(translate, ("layers", "privacy"), mentions)))
    )
    return view


def _section_lines(translate: Translator, picture: str, mentions: dict[str, str]) -> list[str]:
    if picture == "first":
        return [translate(f"operating-help-{step}") for step in ("title", "post", "menu", "buttons")]
    return _command_lines(
        translate, ("dream",) if picture == "looks" else ("hellscape", "bend", "summon"), mentions
    )


def _command_lines(translate: Translator, names: Sequence[str], mentions: dict[str, str]) -> list[str]:
    return [translate(f"operating-help-{name}", command=mentions.get(name, f"`/{name}`")) for name in names]


def _attachment_url(name: str) -> str:
    return f"attachment://{name}.jpg"


def _example_file(translate: Translator, name: str) -> discord.File:
    data = (files("dreambot.bot") / "examples" / f"{name}.jpg").read_bytes()
    return discord.File(
        io.BytesIO(data), f"{name}.jpg", description=translate(f"operating-help-picture-{name}")
    )


def _model_fields(translate: Translator) -> dict[str, str]:
    """Lists the available networks and their authors."""
    fields = {}
    for name in registry.model_names():
        made = MODELS.get(name) or DOWNLOADS.get(name)
        if made is None:
            fields[name] = translate("operating-about-own-model")
        else:
            fields[name] = translate(
                "operating-about-model", title=made.title, authors=made.authors, licence=made.licence
            )
    return dict(list(fields.items())[:25])


class Stats(commands.Cog):
    """The command /stats."""

    def __init__(self, bot: DreamBot) -> None:
        self.bot = bot
        self._tallies = JobStatistics(bot.services.store.database)

    @app_commands.command(name="stats", description="How much was dreamed here, and with what")
    @usable_everywhere
    async def stats(self, interaction: Interaction) -> None:
        """Answers /stats: about the server, or outside of servers about the user alone."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        translate, guild, person = (
            translator_for(interaction.locale.value),
            interaction.guild_id,
            interaction.user.id,
        )
        lines = []
        if guild:
            lines.append(translate("operating-stats-here", count=await self._tallies.done(guild=guild)))
            lines += _favourite_lines(translate, await self._tallies.favourites(guild=guild))
            mine = await self._tallies.done(guild=guild, owner=person)
            lines.append(translate("operating-stats-yours-here", count=mine))
        else:
            lines.append(translate("operating-stats-yours", count=await self._tallies.done(owner=person)))
            lines += _favourite_lines(translate, await self._tallies.favourites(owner=person))
        await interaction.edit_original_response(content="\n".join(lines))


def _favourite_lines(translate: Translator, favourites: Favourites) -> list[str]:
    """Lists the most used layers, presets and classes, one a line."""
    layers = [
        (f"`{layer}`: {find_layer(layer, model).description.text(translate)}", count)
        for (model, layer), count in favourites.layers
    ]
    presets = [
        (f"`{name}`: {describe_name(translate, name)}" if name in PRESETS else f"`{name}`", count)
        for name, count in favourites.presets
    ]
    lines = []
    for key, liked in (("layers", layers), ("presets", presets), ("summoned", favourites.summoned)):
        if liked:
            lines.append(translate(f"operating-stats-{key}"))
            lines += [f"- {what} · {count}×" for what, count in liked]
    return lines


class Layers(commands.Cog):
    """The command /layers."""

    def __init__(self, bot: DreamBot) -> None:
        self.bot = bot

    async def cog_load(self) -> None:
        """Registers the controls of the pages, also for pages from before a restart."""
        self.bot.add_dynamic_items(LayersControl)

    async def cog_unload(self) -> None:
        """Removes the controls of the pages."""
        self.bot.remove_dynamic_items(LayersControl)

    @app_commands.command(name="layers", description="See what each layer dreams, and pick one")
    @app_commands.describe(model="Another network")
    @usable_everywhere
    async def layers(self, interaction: Interaction, *, model: str | None = None) -> None:
        """Answers /layers."""
        await interaction.response.defer(ephemeral=True)
        page = layers_page(
            (model or DEFAULT_MODEL).strip().lower(), 0, translator_for(interaction.locale.value)
        )
        await interaction.edit_original_response(view=page.view, attachments=page.files)

    @layers.autocomplete("model")
    async def _model(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return build_choices(complete_model(typed, translator_for(interaction.locale.value)))


async def setup(bot: DreamBot) -> None:
    """Adds the extension; discord.py calls it."""
    await bot.add_cog(About(bot))
    await bot.add_cog(Stats(bot))
    await bot.add_cog(Layers(bot))
