"""Checks the bot's permissions before any work starts, and names the missing ones."""

from typing import Any

import discord

from dreambot.errors import UserError
from dreambot.i18n import Translator, join_items, translator_for


class MissingPermissions(UserError):
    """The bot lacks permissions where it was asked; the message names them as Discord does."""

    def __init__(self, missing: list[str]) -> None:
        self.missing = missing
        super().__init__("core-missing")

    def text(self, translator: Translator | None = None) -> str:
        """See `UserError.text`."""
        say = translator or translator_for(None)
        return say("core-missing", count=len(self.missing), permissions=format_names(self.missing, say))


_NAME_KEYS = {
    "view_channel": "core-permission-view-channel",
    "send_messages": "core-permission-send-messages",
    "send_messages_in_threads": "core-permission-send-messages-in-threads",
    "attach_files": "core-permission-attach-files",
    "read_message_history": "core-permission-read-message-history",
}
NEEDED_TO_ANSWER = ("attach_files",)
"""An interaction's answer needs no leave to send."""
NEEDED_FOR_HISTORY = ("view_channel", "read_message_history")


def permissions_in_channel(interaction: discord.Interaction[Any], channel_id: int) -> discord.Permissions:
    """What whoever began an interaction may do in another channel of the server; what has become of a channel
    that cannot be seen is for those who look after the whole server."""
    member = interaction.user
    if channel_id == interaction.channel_id:
        return interaction.permissions
    if interaction.guild is None or not isinstance(member, discord.Member):
        return discord.Permissions.none()
    channel = interaction.guild.get_channel_or_thread(channel_id)
    return channel.permissions_for(member) if channel else member.guild_permissions


def needed_to_reply(channel: object) -> tuple[str, ...]:
    """What a reply with a picture needs in that kind of channel."""
    send = "send_messages_in_threads" if isinstance(channel, discord.Thread) else "send_messages"
    return ("view_channel", send, "attach_files", "read_message_history")


def find_missing(have: discord.Permissions, needed: tuple[str, ...]) -> list[str]:
    """The needed permissions that are not there."""
    if have.administrator:
        return []
    missing = [name for name in needed if not getattr(have, name)]
    if "attach_files" in needed and not (have.attach_files or have.send_messages):
        # Who may not send may not attach either, and granting the latter alone would change nothing.
        missing = ["send_messages", *(name for name in missing if name != "send_messages")]
    return missing


def format_names(missing: list[str], words: Translator) -> str:
    """Permissions as Discord calls them, one after the other."""
    return join_items(words, (f"**{words(_NAME_KEYS[name])}**" for name in missing))


def require(have: discord.Permissions, needed: tuple[str, ...]) -> None:
    """Raises MissingPermissions naming what is missing."""
    missing = find_missing(have, needed)
    if missing:
        raise MissingPermissions(missing)
