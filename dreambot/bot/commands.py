"""The application commands as a whole: contexts, translations, the command tree and its errors.

The tree is published only when it changed. Names of commands and options are the same in every language, so
that `/dream layer:mixed5` means the same to every reader, and to the bot when it is typed after a mention.
Translated are descriptions, choices and the names of context menus.
"""

import hashlib
import json
import logging
import re
from typing import Any, TypeVar

import discord
from discord import app_commands
from discord.abc import Snowflake
from discord.app_commands import TranslationContextLocation as Location

from dreambot.bot import errors
from dreambot.errors import UserError
from dreambot.i18n import FALLBACK, translator_for
from dreambot.i18n.catalogue import load_catalogues
from dreambot.jobs.key_value import KeyValueStore
from dreambot.zoo.catalogue import WeightsError

log = logging.getLogger(__name__)

_ALL_CONTEXTS = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True)
_ALL_INSTALLS = app_commands.AppInstallationType(guild=True, user=True)

Command = TypeVar("Command")


def usable_everywhere(command: Command) -> Command:
    """Decorates a slash command: usable in servers, direct and group messages, also by user install.

    Args:
        command: The command.

    Returns:
        The same command.
    """
    placed = app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)(command)
    return app_commands.allowed_installs(guilds=True, users=True)(placed)


def context_menu(name: str, callback: Any) -> app_commands.ContextMenu:
    """Builds a context menu that is usable everywhere, also by user install.

    Args:
        name: The menu's name.
        callback: Its second argument's annotation decides between a message menu and a user menu.
    """
    return app_commands.ContextMenu(
        name=name, callback=callback, allowed_contexts=_ALL_CONTEXTS, allowed_installs=_ALL_INSTALLS
    )


_NOT_A_LETTER = re.compile(r"[^a-z0-9]+")


class CommandTranslator(app_commands.Translator):
    """Translates the texts of the commands for discord.py, one text and one language at a time."""

    async def load(self) -> None:
        """Reads all catalogues when the translator is installed, so that no user waits for it later."""
        load_catalogues()

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        """Translates a text of a command.

        Args:
            string: The English text.
            locale: The language.
            context: Which text of which command it is.

        Returns:
            The translated text; None where the English text is used.
        """
        key, translate = catalogue_key(context.location, context.data), translator_for(locale.value)
        if translate.locale == FALLBACK or key is None:
            return None
        return translate(key) if translate.has(key) else None


def catalogue_key(location: Location, data: Any) -> str | None:
    """Builds the catalogue key of a command's text.

    Examples: `command-autodream-on`, `option-dream-layer`, `menu-dream-this`, `choice-only-for-me`.

    Args:
        location: Which kind of text it is.
        data: The command, parameter or choice, as discord.py passes it.

    Returns:
        The key; None for names, which are the same in every language.
    """
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


_HASH_KEY = "commands"
_ALREADY_ACKNOWLEDGED = 40060


class DreamCommandTree(app_commands.CommandTree[Any]):
    """The command tree: publishes itself when it changed, and reports errors to the user."""

    async def publish(
        self, key_values: KeyValueStore, *, guild: Snowflake | None = None, force: bool = False
    ) -> int:
        """Publishes the commands if they changed, or if Discord does not have them any more.

        Args:
            key_values: Stores the hash of the published commands.
            guild: The server whose commands to publish; None for the global commands.
            force: Publishes them in any case.

        Returns:
            The number of published commands.
        """
        payload = [await self._payload(command) for command in self._ours(guild)]
        payload = sorted(map(with_file_types, payload), key=_name_and_type)
        text = json.dumps([self.client.application_id, payload], sort_keys=True, default=str)
        fingerprint = hashlib.sha256(text.encode()).hexdigest()
        key = f"{_HASH_KEY} {guild.id}" if guild else _HASH_KEY
        if not force and await key_values.get(key) == fingerprint:
            found = await self.fetch_commands(guild=guild)
            if {(command.name, command.type.value) for command in found} == set(map(_name_and_type, payload)):
                return 0
        application, http = self.client.application_id or 0, self.client.http
        if guild is None:
            await http.bulk_upsert_global_commands(application, payload)
        else:
            await http.bulk_upsert_guild_commands(application, guild.id, payload)
        await key_values.put(key, fingerprint)
        log.info("published %d commands", len(payload))
        return len(payload)

    async def _payload(self, command: Any) -> Any:
        """Builds what Discord receives for a command, in all languages."""
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
        """Reports an error of a command; see `send_error`.

        Args:
            interaction: The interaction of the command.
            error: What the command raised.
        """
        await send_error(
            interaction, error.original if isinstance(error, app_commands.CommandInvokeError) else error
        )


IMAGE_TYPES = ("image", "video", ".apng", ".bmp", ".tif", ".tiff", ".m4v")
SOUND_TYPES = ("audio", "video", ".aac", ".oga", ".aif", ".aiff")
"""What Discord's client lets people attach: its own groups of extensions, and those they do not contain."""
_ATTACHMENT_OPTION = discord.AppCommandOptionType.attachment.value


def with_file_types(command: dict[str, Any]) -> dict[str, Any]:
    """Adds the allowed files to the attachment options of a command; discord.py 2.7 has no argument for it.

    Args:
        command: The command, or one of its options, as Discord receives it.

    Returns:
        A copy with `file_types` in each attachment option, those of subcommands included.
    """
    changed = dict(command)
    if changed.get("type") == _ATTACHMENT_OPTION:
        changed["file_types"] = list(SOUND_TYPES if changed["name"] == "sound" else IMAGE_TYPES)
    if changed.get("options"):
        changed["options"] = [with_file_types(option) for option in changed["options"]]
    return changed


async def send_error(interaction: discord.Interaction[Any], cause: Exception) -> None:
    """Logs an error and sends its text to the user in private, where that is still possible.

    Args:
        interaction: The interaction to answer.
        cause: The error.
    """
    if isinstance(cause, discord.HTTPException) and _is_interaction_over(cause):
        log.warning("an interaction expired before it could be acknowledged: %s", cause)
        return
    if isinstance(cause, discord.HTTPException):
        log.warning("an interaction failed because Discord refused a request: %s", cause)
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
        log.warning("the error could not be sent to the user: %s", refusal)


def _is_interaction_over(error: discord.HTTPException) -> bool:
    return errors.is_interaction_expired(error) or error.code == _ALREADY_ACKNOWLEDGED


def _name_and_type(command: Any) -> tuple[str, int]:
    return command["name"], command["type"]
