"""The command tree: published only when it changed, and never failing in silence."""

import hashlib
import json
import logging
from typing import Any, Protocol

import discord
from discord import app_commands
from discord.abc import Snowflake

from dreambot.chat import errors
from dreambot.chat.words import words_in
from dreambot.errors import UserError
from dreambot.zoo.errors import WeightsError

log = logging.getLogger(__name__)

_KEY = "commands"
_ALREADY = 40060


class Notes(Protocol):
    """Where the hash of what was published is kept."""

    async def get_meta(self, key: str) -> str | None:
        """What was noted, or None."""

    async def set_meta(self, key: str, value: str) -> None:
        """Notes it for the next start."""


class DreamTree(app_commands.CommandTree[Any]):
    """Discord's commands of ours."""

    async def publish(self, notes: Notes, *, guild: Snowflake | None = None, anew: bool = False) -> int:
        """Publishes the commands if they changed since last time, or Discord lost them; how many it did.
        guild: the commands of one server, not those of all. anew: publishes them in any case."""
        payload = sorted([await self._payload(command) for command in self._ours(guild)], key=_by_name)
        text = json.dumps([self.client.application_id, payload], sort_keys=True, default=str)
        fingerprint = hashlib.sha256(text.encode()).hexdigest()
        key = f"{_KEY} {guild.id}" if guild else _KEY
        if not anew and await notes.get_meta(key) == fingerprint:
            found = await self.fetch_commands(guild=guild)
            if {(command.name, command.type.value) for command in found} == set(map(_by_name, payload)):
                return 0
        await self.sync(guild=guild)
        await notes.set_meta(key, fingerprint)
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
        await tell_failure(
            interaction, error.original if isinstance(error, app_commands.CommandInvokeError) else error
        )


async def tell_failure(interaction: discord.Interaction[Any], cause: Exception) -> None:
    """Says what went wrong, in private, where that is still possible."""
    if isinstance(cause, discord.HTTPException) and _too_late(cause):
        log.warning("an interaction was over before it could be acknowledged: %s", cause)
        return
    if isinstance(cause, discord.HTTPException):
        log.warning("an interaction failed, as Discord refused: %s", cause)
        cause = errors.Refused(cause)
    elif isinstance(cause, WeightsError):
        log.warning("%s", cause)
    elif not isinstance(cause, UserError):
        log.error("an interaction failed", exc_info=cause)
    text = errors.in_words(cause, words_in(interaction))
    try:
        if interaction.response.is_done():
            await interaction.followup.send(text, ephemeral=True)
        else:
            await interaction.response.send_message(text, ephemeral=True)
    except discord.HTTPException as refusal:
        log.warning("nobody could be told: %s", refusal)


def _too_late(error: discord.HTTPException) -> bool:
    return errors.token_is_over(error) or error.code == _ALREADY


def _by_name(command: Any) -> tuple[str, int]:
    return command["name"], command["type"]
