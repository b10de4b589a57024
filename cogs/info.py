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
"""Pictures in dreambot/bot/examples, in the order they are shown."""


class About(commands.Cog):
    """Says what there is to know."""

    def __init__(self, bot: DreamBot) -> None:
        self.bot = bot
        self._commands: dict[str, str] = {}

    @app_commands.command(name="help", description="See what to do, in three pictures")
    @usable_everywhere
    async def help(self, interaction: discord.Interaction[DreamBot]) -> None:
        """Answers /help."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        words = translator_for(interaction.locale.value)
        await interaction.edit_original_response(
            view=_help_view(words, await self._mentions()),
            attachments=[_example_file(words, name) for name in EXAMPLES],
        )

    @app_commands.command(name="about", description="Version, networks and their authors")
    @usable_everywhere
    async def about(self, interaction: discord.Interaction[DreamBot]) -> None:
        """Answers /about."""
        words, source = translator_for(interaction.locale.value), self.bot.services.settings.source_url
        embed = discord.Embed(
            title=f"dreambot {__version__}", description=words("operating-about"), url=source
        )
        for name, told in _model_fields(words).items():
            embed.add_field(name=name, value=told, inline=False)
        embed.set_footer(text=words("operating-about-thanks"))
        await interaction.response.send_message(embed=embed, view=self._links(words, source), ephemeral=True)

    def _links(self, words: Translator, source: str | None) -> discord.ui.View:
        view = discord.ui.View(timeout=None)
        invite = build_invite_url(self.bot.application_id or 0)
        view.add_item(discord.ui.Button(label=words("operating-about-invite"), url=invite))
        if source:
            view.add_item(discord.ui.Button(label=words("operating-about-source"), url=source))
        return view

    async def _mentions(self) -> dict[str, str]:
        """What opens each command when it is tapped; asked for once, since Discord gives them their ids."""
        if not self._commands:
            try:
                found = await self.bot.tree.fetch_commands()
            except discord.HTTPException as error:
                log.warning("the ids of commands cannot be had: %s", error)
                return {}
            self._commands = {command.name: command.mention for command in found}
        return self._commands


def _help_view(words: Translator, mentions: dict[str, str]) -> discord.ui.LayoutView:
    """Each picture beneath the words that it belongs to."""
    view = discord.ui.LayoutView(timeout=None)
    for name in EXAMPLES:
        view.add_item(discord.ui.TextDisplay("\n".join(_section_lines(words, name, mentions))))
        shows = words(f"operating-help-picture-{name}")
        view.add_item(
            discord.ui.MediaGallery(discord.MediaGalleryItem(_attachment_url(name), description=shows))
        )
    view.add_item(discord.ui.TextDisplay("\n".join(_command_lines(words, ("layers", "privacy"), mentions))))
    return view


def _section_lines(words: Translator, picture: str, mentions: dict[str, str]) -> list[str]:
    if picture == "first":
        return [words(f"operating-help-{step}") for step in ("title", "post", "menu", "buttons")]
    return _command_lines(
        words, ("dream",) if picture == "looks" else ("hellscape", "bend", "summon"), mentions
    )


def _command_lines(words: Translator, names: Sequence[str], mentions: dict[str, str]) -> list[str]:
    return [words(f"operating-help-{name}", command=mentions.get(name, f"`/{name}`")) for name in names]


def _attachment_url(name: str) -> str:
    return f"attachment://{name}.jpg"


def _example_file(words: Translator, name: str) -> discord.File:
    data = (files("dreambot.bot") / "examples" / f"{name}.jpg").read_bytes()
    return discord.File(io.BytesIO(data), f"{name}.jpg", description=words(f"operating-help-picture-{name}"))


def _model_fields(words: Translator) -> dict[str, str]:
    """The networks that can be named, and who made them."""
    told = {}
    for name in registry.model_names():
        made = MODELS.get(name) or DOWNLOADS.get(name)
        if made is None:
            told[name] = words("operating-about-own-model")
        else:
            told[name] = words(
                "operating-about-model", title=made.title, authors=made.authors, licence=made.licence
            )
    return dict(list(told.items())[:25])


class Stats(commands.Cog):
    """Counts dreams."""

    def __init__(self, bot: DreamBot) -> None:
        self.bot = bot
        self._tallies = JobStatistics(bot.services.store.database)

    @app_commands.command(name="stats", description="How much was dreamed here, and with what")
    @usable_everywhere
    async def stats(self, interaction: discord.Interaction[DreamBot]) -> None:
        """Answers /stats: in a server about the server, elsewhere about the asker alone."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        words, guild, person = (
            translator_for(interaction.locale.value),
            interaction.guild_id,
            interaction.user.id,
        )
        lines = []
        if guild:
            lines.append(words("operating-stats-here", count=await self._tallies.done(guild=guild)))
            lines += _favourite_lines(words, await self._tallies.favourites(guild=guild))
            mine = await self._tallies.done(guild=guild, owner=person)
            lines.append(words("operating-stats-yours-here", count=mine))
        else:
            lines.append(words("operating-stats-yours", count=await self._tallies.done(owner=person)))
            lines += _favourite_lines(words, await self._tallies.favourites(owner=person))
        await interaction.edit_original_response(content="\n".join(lines))


def _favourite_lines(words: Translator, favourites: Favourites) -> list[str]:
    """What is liked best, a line for each, with what it shows."""
    layers = [
        (f"`{layer}`: {find_layer(layer, model).description.text(words)}", count)
        for (model, layer), count in favourites.layers
    ]
    presets = [
        (f"`{name}`: {describe_name(words, name)}" if name in PRESETS else f"`{name}`", count)
        for name, count in favourites.presets
    ]
    told = []
    for key, liked in (("layers", layers), ("presets", presets), ("summoned", favourites.summoned)):
        if liked:
            told.append(words(f"operating-stats-{key}"))
            told += [f"- {what} · {count}×" for what, count in liked]
    return told


class Layers(commands.Cog):
    """Shows what there is to dream."""

    def __init__(self, bot: DreamBot) -> None:
        self.bot = bot

    async def cog_load(self) -> None:
        """Makes the pages answer, those of before a restart too."""
        self.bot.add_dynamic_items(LayersControl)

    async def cog_unload(self) -> None:
        """Leaves them be."""
        self.bot.remove_dynamic_items(LayersControl)

    @app_commands.command(name="layers", description="See what each layer dreams, and pick one")
    @app_commands.describe(model="Another network")
    @usable_everywhere
    async def layers(self, interaction: discord.Interaction[DreamBot], *, model: str | None = None) -> None:
        """Answers /layers."""
        await interaction.response.defer(ephemeral=True)
        page = layers_page(
            (model or DEFAULT_MODEL).strip().lower(), 0, translator_for(interaction.locale.value)
        )
        await interaction.edit_original_response(view=page.view, attachments=page.files)

    @layers.autocomplete("model")
    async def _model(
        self, interaction: discord.Interaction[DreamBot], typed: str
    ) -> list[app_commands.Choice[str]]:
        return build_choices(complete_model(typed, translator_for(interaction.locale.value)))


async def setup(bot: DreamBot) -> None:
    """Called by discord.py when the extension is loaded."""
    await bot.add_cog(About(bot))
    await bot.add_cog(Stats(bot))
    await bot.add_cog(Layers(bot))
