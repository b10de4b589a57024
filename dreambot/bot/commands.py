"""The application commands as a whole: where they can be used, their translations, the command tree and
its errors.

The tree is published only when it changed. Names of commands and options are the same in every language, so
that `/dream layer:mixed5` means the same to every reader, and to the bot when it is typed after a mention.
Translated are descriptions, choices and the names of context menus.
"""

import hashlib
import json
import logging
import re
from typing import Any, Protocol, TypeVar

import discord
from discord import app_commands
from discord.abc import Snowflake
from discord.app_commands import TranslationContextLocation as Location

from dreambot.bot import errors
from dreambot.errors import UserError
from dreambot.i18n import FALLBACK, translator_for
from dreambot.i18n.catalogue import load_catalogues
from dreambot.recipe.presets import PRESETS
from dreambot.zoo.catalogue import WeightsError

_ALL_CONTEXTS = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True)
_ALL_INSTALLS = app_commands.AppInstallationType(guild=True, user=True)

Command = TypeVar("Command")


def usable_everywhere(command: Command) -> Command:
    """Decorates a slash command: it needs no server, nor the bot to be in it."""
    placed = app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)(command)
    return app_commands.allowed_installs(guilds=True, users=True)(placed)


def context_menu(name: str, callback: Any) -> app_commands.ContextMenu:
    """A menu of messages or users, as the callback's second argument says, that needs neither."""
    return app_commands.ContextMenu(
        name=name, callback=callback, allowed_contexts=_ALL_CONTEXTS, allowed_installs=_ALL_INSTALLS
    )


_NOT_A_LETTER = re.compile(r"[^a-z0-9]+")


class CommandTranslator(app_commands.Translator):
    """discord.py asks it for each text of each command, in each of Discord's languages."""

    async def load(self) -> None:
        """Called when it is installed: reads everything, so that nobody waits for that later."""
        load_catalogues()

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        """The text in a language, or None where it stays as it is in the code, which is English."""
        key, say = catalogue_key(context.location, context.data), translator_for(locale.value)
        if say.locale == FALLBACK or key is None:
            return None
        if context.location is Location.choice_name and context.data.value in PRESETS:
            name = str(context.data.value)
            return f"{name}: {PRESETS[name].description.text(say)}"
        return say(key) if say.has(key) else None


def catalogue_key(location: Location, data: Any) -> str | None:
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


log = logging.getLogger(__name__)

_HASH_KEY = "commands"
_ALREADY_ACKNOWLEDGED = 40060


class MetadataStore(Protocol):
    """Where the hash of what was published is kept."""

    async def get(self, key: str) -> str | None:
        """What was noted, or None."""

    async def put(self, key: str, value: str) -> None:
        """Notes it for the next start."""


class DreamCommandTree(app_commands.CommandTree[Any]):
    """Discord's commands of ours."""

    async def publish(
        self, notes: MetadataStore, *, guild: Snowflake | None = None, anew: bool = False
    ) -> int:
        """Publishes the commands if they changed since last time, or Discord lost them; how many it did.
        guild: the commands of one server, not those of all. anew: publishes them in any case."""
        payload = sorted([await self._payload(command) for command in self._ours(guild)], key=_name_and_type)
        text = json.dumps([self.client.application_id, payload], sort_keys=True, default=str)
        fingerprint = hashlib.sha256(text.encode()).hexdigest()
        key = f"{_HASH_KEY} {guild.id}" if guild else _HASH_KEY
        if not anew and await notes.get(key) == fingerprint:
            found = await self.fetch_commands(guild=guild)
            if {(command.name, command.type.value) for command in found} == set(map(_name_and_type, payload)):
                return 0
        await self.sync(guild=guild)
        await notes.put(key, fingerprint)
        log.info("published %d commands", len(payload))
        return len(payload)

    async def _payload(self, command: Any) -> Any:
        """What Discord is sent of a command, in all languages."""
        translator = self.translator
        return await command.get_translated_payload(self, translator) if translator else command.to_dict(self)

    def _ours(self, guild: Snowflake | None) -> list[Any]:
        kinds = (
            discord.AppCommandType.chat_input,
            discord.AppCommandType.message,
            discord.AppCommandType.user,
        )
        return [command for kind in kinds for command in self.get_commands(guild=guild, type=kind)]

    async def on_error(
        self, interaction: discord.Interaction[Any], error: app_commands.AppCommandError, /
    ) -> None:
        """See `tell_failure`."""
        await send_error(
            interaction, error.original if isinstance(error, app_commands.CommandInvokeError) else error
        )


async def send_error(interaction: discord.Interaction[Any], cause: Exception) -> None:
    """Says what went wrong, in private, where that is still possible."""
    if isinstance(cause, discord.HTTPException) and _is_interaction_over(cause):
        log.warning("an interaction was over before it could be acknowledged: %s", cause)
        return
    if isinstance(cause, discord.HTTPException):
        log.warning("an interaction failed, as Discord refused: %s", cause)
        cause = errors.DiscordRefused(cause)
    elif isinstance(cause, WeightsError):
        log.warning("%s", cause)
    elif not isinstance(cause, UserError):
        log.error("an interaction failed", exc_info=cause)
    text = errors.error_text(cause, translator_for(interaction.locale.value))
    try:
        if interaction.response.is_done():
            await interaction.followup.send(text, ephemeral=True)
        else:
            await interaction.response.send_message(text, ephemeral=True)
    except discord.HTTPException as refusal:
        log.warning("nobody could be told: %s", refusal)


def _is_interaction_over(error: discord.HTTPException) -> bool:
    return errors.is_interaction_expired(error) or error.code == _ALREADY_ACKNOWLEDGED


def _name_and_type(command: Any) -> tuple[str, int]:
    return command["name"], command["type"]
