"""What is needed where, and how what is missing is named."""

import discord
import pytest

from dreambot.bot import permissions
from dreambot.i18n import translator_for


@pytest.mark.parametrize(
    ("channel", "granted", "missing"),
    [
        (discord.TextChannel, "view_channel read_message_history attach_files", ["send_messages"]),
        (
            discord.Thread,
            "view_channel read_message_history attach_files send_messages",
            ["send_messages_in_threads"],
        ),
        (discord.TextChannel, "administrator", []),
        # Without leave to send, leave to attach is worth nothing.
        (discord.TextChannel, "view_channel read_message_history", None),
    ],
)
def test_a_thread_or_a_forums_post_has_a_permission_of_its_own(
    channel: type[object], granted: str, missing: list[str] | None
) -> None:
    have = discord.Permissions(**dict.fromkeys(granted.split(), True))
    place = object.__new__(channel)
    lacking = permissions.find_missing(have, permissions.needed_to_reply(place))
    assert lacking == (["send_messages", "attach_files"] if missing is None else missing)


def test_what_is_missing_is_named_as_discord_names_it() -> None:
    error = permissions.MissingPermissions(["send_messages_in_threads", "attach_files"])
    assert "**Send Messages in Threads** and **Attach Files**" in str(error)
    assert "**Nachrichten in Threads senden**" in error.text(translator_for("de"))
