"""The bot's application as Discord's JSON."""

from dreambot.sandbox.model import Application, Json
from dreambot.sandbox.payload.people import user_json

PRESENCES = 1 << 8
MEMBERS = 1 << 1
MESSAGE_CONTENT = 1 << 15
# Each privileged intent and the application flag that tells an unverified application was granted it.
_FLAG_OF_INTENT = {PRESENCES: 1 << 13, MEMBERS: 1 << 15, MESSAGE_CONTENT: 1 << 19}


def application_flags(application: Application) -> int:
    """The application's flags, which tell its privileged intents."""
    return sum(flag for intent, flag in _FLAG_OF_INTENT.items() if application.intents & intent)


def application_json(application: Application, guilds: int) -> Json:
    """The application object its own bot gets; `guilds` is in how many it is."""
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
