"""Checks the bot's permissions before any work starts, and names the missing ones."""

from collections.abc import Mapping
from typing import Any

import discord

from dreambot.errors import UserError
from dreambot.i18n import Translator, join_items, translator_for
from dreambot.jobs.models import Job


class MissingPermissions(UserError):
    """The bot lacks permissions in the channel; the text names them as Discord does."""

    def __init__(self, missing: list[str]) -> None:
        """Builds the error.

        Args:
            missing: The names of the missing permissions.
        """
        self.missing = missing
        super().__init__("core-missing")

    def text(self, translator: Translator | None = None) -> str:
        """Renders the error with the names of the permissions; see `UserError.text`.

        Args:
            translator: The user's translator; None for English.
        """
        translate = translator or translator_for(None)
        return translate(
            "core-missing", count=len(self.missing), permissions=format_names(self.missing, translate)
        )


_NAME_KEYS = {
    "view_channel": "core-permission-view-channel",
    "send_messages": "core-permission-send-messages",
    "send_messages_in_threads": "core-permission-send-messages-in-threads",
    "attach_files": "core-permission-attach-files",
    "read_message_history": "core-permission-read-message-history",
}
NEEDED_TO_ANSWER = ("attach_files",)
"""An interaction response does not need the permission to send messages."""
NEEDED_FOR_HISTORY = ("view_channel", "read_message_history")


def permissions_in_channel(interaction: discord.Interaction[Any], channel_id: int) -> discord.Permissions:
    """Determines the user's permissions in another channel of the server.

    For a deleted or unknown channel these are the user's permissions in the whole server. Of a private thread
    the bot does not know all members, so from outside only those who manage threads have permissions there.

    Args:
        interaction: The user's interaction.
        channel_id: The id of the channel.
    """
    member = interaction.user
    if channel_id == interaction.channel_id:
        return interaction.permissions
    if interaction.guild is None or not isinstance(member, discord.Member):
        return discord.Permissions.none()
    channel = interaction.guild.get_channel_or_thread(channel_id)
    if channel is None:
        return member.guild_permissions
    if not isinstance(channel, discord.Thread):
        return channel.permissions_for(member)
    if channel.parent is None:
        return discord.Permissions.none()
    have = channel.permissions_for(member)
    hidden = channel.is_private() and channel.owner_id != member.id and not have.manage_threads
    return discord.Permissions.none() if hidden else have


def may_view(interaction: discord.Interaction[Any], channel_id: int) -> bool:
    """Checks whether the user sees a channel of the server with its earlier messages.

    Args:
        interaction: The user's interaction.
        channel_id: The id of the channel; of one that the bot does not know, it is not known who sees it.
    """
    if channel_id == interaction.channel_id:
        return True
    if interaction.guild is None or interaction.guild.get_channel_or_thread(channel_id) is None:
        return False
    have = permissions_in_channel(interaction, channel_id)
    return have.view_channel and have.read_message_history


def may_see_job(interaction: discord.Interaction[Any], job: Job) -> bool:
    """Checks whether the user may know of a job: it is their own, or where they see its result.

    Args:
        interaction: The user's interaction.
        job: The job.
    """
    target = job.spec.reply_target
    return job.spec.owner == interaction.user.id or (
        not target.private and may_view(interaction, target.channel)
    )


def permissions_in_selected(interaction: discord.Interaction[Any]) -> dict[int, discord.Permissions]:
    """Reads the bot's permissions in the channels that were just selected, by channel id.

    Discord states them with the choice, so that they are right where the cached overwrites are not.

    Args:
        interaction: The choice.
    """
    data: Mapping[str, Any] = interaction.data or {}
    channels = data.get("resolved", {}).get("channels", {})
    return {
        int(channel): discord.Permissions(int(selected["app_permissions"]))
        for channel, selected in channels.items()
        if "app_permissions" in selected
    }


def needed_to_reply(channel: object) -> tuple[str, ...]:
    """Lists the permissions that a reply with an image needs.

    Args:
        channel: The channel; threads need another permission than channels.
    """
    send = "send_messages_in_threads" if isinstance(channel, discord.Thread) else "send_messages"
    return ("view_channel", send, "attach_files", "read_message_history")


def find_missing(have: discord.Permissions, needed: tuple[str, ...]) -> list[str]:
    """Lists the missing permissions.

    Args:
        have: The permissions that the bot has.
        needed: Names of permissions, as discord.py names them.
    """
    if have.administrator:
        return []
    missing = [name for name in needed if not getattr(have, name)]
    if "attach_files" in needed and not (have.attach_files or have.send_messages):
        # Attaching needs the permission to send, so granting only the permission to attach would not help.
        missing = ["send_messages", *(name for name in missing if name != "send_messages")]
    return missing


def format_names(missing: list[str], translate: Translator) -> str:
    """Formats the names of permissions in a language, as Discord calls them.

    Args:
        missing: Names of permissions, as discord.py names them.
        translate: The translator of the user's language.
    """
    return join_items(translate, (f"**{translate(_NAME_KEYS[name])}**" for name in missing))


def require(have: discord.Permissions, needed: tuple[str, ...]) -> None:
    """Checks that the bot has the permissions.

    Args:
        have: The permissions that the bot has.
        needed: Names of permissions, as discord.py names them.

    Raises:
        MissingPermissions: Some are missing.
    """
    missing = find_missing(have, needed)
    if missing:
        raise MissingPermissions(missing)
