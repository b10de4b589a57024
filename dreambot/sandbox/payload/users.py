"""Users, members, roles and the application as Discord's JSON."""

from datetime import UTC, datetime

from dreambot.sandbox.models import Application, Json, Member, Role, User


def timestamp(moment: float) -> str:
    """Returns a time as Discord writes it: ISO 8601 with microseconds, in UTC.

    Args:
        moment: Unix seconds.
    """
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="microseconds")


def user_json(user: User) -> Json:
    """Returns a user object.

    Args:
        user: The user.
    """
    body: Json = {
        "id": str(user.id),
        "username": user.username,
        "global_name": user.global_name,
        "discriminator": f"{user.id % 9999 + 1:04}" if user.bot else "0",
        "avatar": user.avatar,
        "avatar_decoration_data": None,
        "banner": None,
        "accent_color": None,
        "collectibles": None,
        "primary_guild": None,
        "public_flags": 0,
        "flags": 0,
    }
    return {**body, "bot": True} if user.bot else body


def own_user_json(user: User) -> Json:
    """Returns the user object that an account gets of itself.

    Args:
        user: The account.
    """
    return {**user_json(user), "mfa_enabled": True, "locale": "en-US", "verified": True, "email": None}


def member_json(member: Member, now: float, *, permissions: int | None = None, user: bool = True) -> Json:
    """Returns a guild member object.

    Args:
        member: The member.
        now: Unix seconds, to compare with the end of a timeout.
        permissions: The permissions in a channel, which interactions include.
        user: Whether the user object is included.
    """
    body: Json = {
        "avatar": None,
        "avatar_decoration_data": None,
        "banner": None,
        "collectibles": None,
        "communication_disabled_until": (
            timestamp(member.timed_out_until) if member.timed_out_until > now else None
        ),
        "flags": 0,
        "joined_at": timestamp(member.joined_at),
        "nick": member.nick,
        "pending": False,
        "premium_since": None,
        "roles": [str(role) for role in member.roles],
        "mute": False,
        "deaf": False,
    }
    if user:
        body["user"] = user_json(member.user)
    if permissions is not None:
        body["permissions"] = str(int(permissions))
    return body


def role_json(role: Role) -> Json:
    """Returns a role object.

    Args:
        role: The role.
    """
    return {
        "id": str(role.id),
        "name": role.name,
        "description": None,
        "permissions": str(int(role.permissions)),
        "position": role.position,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": False,
        "mentionable": role.mentionable,
        "icon": None,
        "unicode_emoji": None,
        "flags": 0,
    }


PRESENCES = 1 << 8
MEMBERS = 1 << 1
MESSAGE_CONTENT = 1 << 15
# The application flag that shows each privileged intent of an unverified application.
_INTENT_FLAGS = {PRESENCES: 1 << 13, MEMBERS: 1 << 15, MESSAGE_CONTENT: 1 << 19}


def application_flags(application: Application) -> int:
    """Returns the application's flags, which show its privileged intents.

    Args:
        application: The application.
    """
    return sum(flag for intent, flag in _INTENT_FLAGS.items() if application.intents & intent)


def application_json(application: Application, guilds: int) -> Json:
    """Returns the application object that its own bot gets.

    Args:
        application: The application.
        guilds: The number of guilds that the bot is in.
    """
    return {
        "id": str(application.id),
        "name": application.name,
        "icon": None,
        "description": "",
        "type": None,
        "bot": user_json(application.bot),
        "bot_public": True,
        "bot_require_code_grant": False,
        "integration_types_config": {"0": {}, "1": {}},
        "verify_key": f"{application.id:064x}",
        "flags": application_flags(application),
        "flags_new": str(application_flags(application)),
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "owner": user_json(application.owner),
        "approximate_guild_count": guilds,
        "approximate_user_install_count": len(application.installs),
        "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0,
        "team": None,
        "eligible_oauth2_scopes": [],
    }
