"""Which permissions are needed where, and how missing ones are named."""

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
        # The permission to attach has no effect without the permission to send.
        (discord.TextChannel, "view_channel read_message_history", None),
    ],
)
def test_threads_and_forum_posts_need_another_permission(
    channel: type[object], granted: str, missing: list[str] | None
) -> None:
    have = discord.Permissions(**dict.fromkeys(granted.split(), True))
    place = object.__new__(channel)
    lacking = permissions.find_missing(have, permissions.needed_to_reply(place))
    assert lacking == (["send_messages", "attach_files"] if missing is None else missing)


def test_missing_permissions_have_discords_names() -> None:
    error = permissions.MissingPermissions(["send_messages_in_threads", "attach_files"])
    assert "**Send Messages in Threads** and **Attach Files**" in str(error)
    assert "**Nachrichten in Threads senden**" in error.text(translator_for("de"))
