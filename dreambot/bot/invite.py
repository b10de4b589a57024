"""The invite link with the permissions that the bot uses. Does not import discord."""

from urllib.parse import urlencode

REQUIRED_PERMISSIONS = {
    "View Channels": 1 << 10,
    "Send Messages": 1 << 11,
    "Embed Links": 1 << 14,
    "Attach Files": 1 << 15,
    "Read Message History": 1 << 16,
    "Send Messages in Threads": 1 << 38,
}
"""Discord's names of the permissions, and their bits."""
ADMINISTRATOR = 1 << 3
SCOPES = ("bot", "applications.commands")
_AUTHORIZE_URL = "https://discord.com/oauth2/authorize"


def build_invite_url(application: int) -> str:
    """Builds the link with which a user adds the application to a server.

    Args:
        application: The application's id.
    """
    permissions = sum(REQUIRED_PERMISSIONS.values())
    query = {"client_id": application, "permissions": permissions, "scope": " ".join(SCOPES)}
    return f"{_AUTHORIZE_URL}?{urlencode(query)}"


def find_missing_permissions(permissions: int) -> list[str]:
    """Lists the required permissions that are missing.

    Args:
        permissions: Permission bits of the bot.

    Returns:
        Discord's names of the missing permissions.
    """
    if permissions & ADMINISTRATOR:
        return []
    return [name for name, bit in REQUIRED_PERMISSIONS.items() if not permissions & bit]
