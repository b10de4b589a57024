"""What Discord shows of commands, in people's languages.

Names of commands and options are the same in every language, so that `/dream layer:mixed5` means the same to
everybody who reads it, and to the bot where it is typed after a mention. What is translated is what explains
them: descriptions, choices, and the names of menus.
"""

import re
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import TranslationContextLocation as Location

from dreambot.chat.words import FALLBACK, words
from dreambot.chat.words.catalogue import read_all
from dreambot.chat.words.english import wordings

_NOT_A_LETTER = re.compile(r"[^a-z0-9]+")


class CatalogueTranslator(app_commands.Translator):
    """discord.py asks it for each text of each command, in each of Discord's languages."""

    async def load(self) -> None:
        """Called when it is installed: reads everything, so that nobody waits for that later."""
        read_all()
        wordings()

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        """The text in a language, or None where it stays as it is in the code, which is English."""
        key, say = key_of(context.location, context.data), words(locale.value)
        return say(key) if key and say.locale != FALLBACK and say.has(key) else None


def key_of(location: Location, data: Any) -> str | None:
    """The catalogue's key of a text: `command-autodream-on`, `option-dream-layer`, `menu-dream-this`,
    `choice-only-for-me`. None for names that are the same in every language."""
    match location:
        case Location.command_name if isinstance(data, app_commands.ContextMenu):
            return f"menu-{_slug(data.name)}"
        case Location.command_description | Location.group_description:
            return f"command-{_slug(data.qualified_name)}"
        case Location.parameter_description:
            return f"option-{_slug(data.command.qualified_name)}-{_slug(data.display_name)}"
        case Location.choice_name:
            return f"choice-{_slug(data.name)}"
    return None


def _slug(text: str) -> str:
    return _NOT_A_LETTER.sub("-", text.lower()).strip("-")
