"""The link that invites the bot, with just the permissions that it uses."""

from urllib.parse import urlencode

NEEDED = {
    "View Channels": 1 << 10,
    "Send Messages": 1 << 11,
    "Embed Links": 1 << 14,
    "Attach Files": 1 << 15,
    "Read Message History": 1 << 16,
    "Send Messages in Threads": 1 << 38,
}
"""Discord's own names of permissions, and their bits."""
ADMINISTRATOR = 1 << 3
SCOPES = ("bot", "applications.commands")
_PAGE = "https://discord.com/oauth2/authorize"


def invitation(application: int) -> str:
    """The page on which somebody adds the application to a server of theirs."""
    permissions = sum(NEEDED.values())
    asked = {"client_id": application, "permissions": permissions, "scope": " ".join(SCOPES)}
    return f"{_PAGE}?{urlencode(asked)}"


def missing(permissions: int) -> list[str]:
    """The names of the permissions that are needed and not among these bits."""
    if permissions & ADMINISTRATOR:
        return []
    return [name for name, bit in NEEDED.items() if not permissions & bit]
