"""`/help`, which shows what to do in pictures, and `/about`."""

import io
import logging
from collections.abc import Sequence
from importlib.resources import files

import discord
from discord import app_commands
from discord.ext import commands

from dreambot import __version__
from dreambot.bot import DreamBot
from dreambot.chat.anywhere import anywhere
from dreambot.chat.words import Words, words_in
from dreambot.invitation import invitation
from dreambot.zoo import known
from dreambot.zoo.catalogue import DOWNLOADS, MODELS

log = logging.getLogger(__name__)

EXAMPLES = ("first", "looks", "more")
"""Pictures in dreambot/chat/examples, in the order they are shown."""


class About(commands.Cog):
    """Says what there is to know."""

    def __init__(self, bot: DreamBot) -> None:
        self.bot = bot
        self._commands: dict[str, str] = {}

    @app_commands.command(name="help", description="See what to do, in three pictures")
    @anywhere
    async def help(self, interaction: discord.Interaction[DreamBot]) -> None:
        """Answers /help."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        words = words_in(interaction)
        await interaction.edit_original_response(
            view=_help(words, await self._mentions()),
            attachments=[_example(words, name) for name in EXAMPLES],
        )

    @app_commands.command(name="about", description="Version, networks and their authors")
    @anywhere
    async def about(self, interaction: discord.Interaction[DreamBot]) -> None:
        """Answers /about."""
        words, source = words_in(interaction), self.bot.services.settings.source_url
        embed = discord.Embed(
            title=f"dreambot {__version__}", description=words("operating-about"), url=source
        )
        for name, told in _models(words).items():
            embed.add_field(name=name, value=told, inline=False)
        embed.set_footer(text=words("operating-about-thanks"))
        await interaction.response.send_message(embed=embed, view=self._links(words, source), ephemeral=True)

    def _links(self, words: Words, source: str | None) -> discord.ui.View:
        view = discord.ui.View(timeout=None)
        invite = invitation(self.bot.application_id or 0)
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


def _help(words: Words, mentions: dict[str, str]) -> discord.ui.LayoutView:
    """Each picture beneath the words that it belongs to."""
    view = discord.ui.LayoutView(timeout=None)
    for name in EXAMPLES:
        view.add_item(discord.ui.TextDisplay("\n".join(_told(words, name, mentions))))
        shows = words(f"operating-help-picture-{name}")
        view.add_item(discord.ui.MediaGallery(discord.MediaGalleryItem(_attached(name), description=shows)))
    view.add_item(discord.ui.TextDisplay("\n".join(_named(words, ("layers", "privacy"), mentions))))
    return view


def _told(words: Words, picture: str, mentions: dict[str, str]) -> list[str]:
    if picture == "first":
        return [words(f"operating-help-{step}") for step in ("title", "post", "menu", "buttons")]
    return _named(words, ("dream",) if picture == "looks" else ("hellscape", "bend", "summon"), mentions)


def _named(words: Words, names: Sequence[str], mentions: dict[str, str]) -> list[str]:
    return [words(f"operating-help-{name}", command=mentions.get(name, f"`/{name}`")) for name in names]


def _attached(name: str) -> str:
    return f"attachment://{name}.jpg"


def _example(words: Words, name: str) -> discord.File:
    data = (files("dreambot.chat") / "examples" / f"{name}.jpg").read_bytes()
    return discord.File(io.BytesIO(data), f"{name}.jpg", description=words(f"operating-help-picture-{name}"))


def _models(words: Words) -> dict[str, str]:
    """The networks that can be named, and who made them."""
    told = {}
    for name in known.names():
        made = MODELS.get(name) or DOWNLOADS.get(name)
        if made is None:
            told[name] = words("operating-about-own-model")
        else:
            told[name] = words(
                "operating-about-model", title=made.title, authors=made.authors, licence=made.licence
            )
    return dict(list(told.items())[:25])


async def setup(bot: DreamBot) -> None:
    """Called by discord.py when the extension is loaded."""
    await bot.add_cog(About(bot))
