"""Commands that work wherever the bot can be used: in servers, in direct messages, and among friends."""

from typing import Any, TypeVar

from discord import app_commands

_EVERYWHERE = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True)
_EITHER_WAY = app_commands.AppInstallationType(guild=True, user=True)

Command = TypeVar("Command")


def anywhere(command: Command) -> Command:
    """Decorates a slash command: it needs no server, nor the bot to be in it."""
    placed = app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)(command)
    return app_commands.allowed_installs(guilds=True, users=True)(placed)


def menu(name: str, callback: Any) -> app_commands.ContextMenu:
    """A menu of messages or users, as the callback's second argument says, that needs neither."""
    return app_commands.ContextMenu(
        name=name, callback=callback, allowed_contexts=_EVERYWHERE, allowed_installs=_EITHER_WAY
    )
