"""What the bot may do where it was asked, found out before any work."""

import discord

from dreambot.errors import UserError


class MissingPermissions(UserError):
    """The bot lacks permissions where it was asked; the message names them."""


_WORDS = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages",
    "send_messages_in_threads": "Send Messages in Threads",
    "attach_files": "Attach Files",
    "read_message_history": "Read Message History",
}
TO_ANSWER = ("attach_files",)
"""An interaction's answer needs no leave to send."""
TO_LOOK_BACK = ("view_channel", "read_message_history")


def to_reply(channel: object) -> tuple[str, ...]:
    """What a reply with a picture needs in that kind of channel."""
    send = "send_messages_in_threads" if isinstance(channel, discord.Thread) else "send_messages"
    return ("view_channel", send, "attach_files", "read_message_history")


def lacking(have: discord.Permissions, needed: tuple[str, ...]) -> list[str]:
    """The needed permissions that are not there, in Discord's own words."""
    if have.administrator:
        return []
    missing = [_WORDS[name] for name in needed if not getattr(have, name)]
    if "attach_files" in needed and not (have.attach_files or have.send_messages):
        # Who may not send may not attach either, and granting the latter alone would change nothing.
        missing = [_WORDS["send_messages"], *(word for word in missing if word != _WORDS["send_messages"])]
    return missing


def require(have: discord.Permissions, needed: tuple[str, ...]) -> None:
    """Raises MissingPermissions naming what is missing."""
    missing = lacking(have, needed)
    if missing:
        words = " and ".join(f"**{word}**" for word in missing)
        plural = "permissions" if len(missing) > 1 else "permission"
        raise MissingPermissions(
            f"I lack the {plural} {words} here. A moderator can grant it in the channel's settings."
        )
