"""REST handlers for the bot's account and application, other users, DMs and the gateway's URL."""

from dreambot.sandbox.errors import api_error
from dreambot.sandbox.models import Json
from dreambot.sandbox.payload.guilds import channel_json
from dreambot.sandbox.payload.users import application_json, own_user_json, user_json
from dreambot.sandbox.permissions import guild_permissions
from dreambot.sandbox.requests import ApiCall
from dreambot.sandbox.validation.form import FormValidator

GUILDS_PER_SHARD = 1000


async def get_gateway(call: ApiCall) -> Json:
    """Handles GET /gateway.

    Args:
        call: The request.
    """
    return {"url": call.world.links.base.replace("http", "ws", 1) + "/gateway"}


async def get_gateway_bot(call: ApiCall) -> Json:
    """Handles GET /gateway/bot.

    Args:
        call: The request.
    """
    together = call.world.identify_concurrency or 1
    limit = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": together}
    shards = call.world.shards or 1 + len(call.world.bot_guilds) // GUILDS_PER_SHARD
    return {**await get_gateway(call), "shards": shards, "session_start_limit": limit}


async def get_application(call: ApiCall) -> Json:
    """Handles GET /applications/@me and /oauth2/applications/@me.

    Args:
        call: The request.
    """
    return application_json(call.world.application, len(call.world.bot_guilds))


async def get_current_user(call: ApiCall) -> Json:
    """Handles GET /users/@me.

    Args:
        call: The request.
    """
    return own_user_json(call.world.bot)


async def get_user(call: ApiCall) -> Json:
    """Handles GET /users/{user_id}.

    Args:
        call: The request.

    Raises:
        ApiError: 10013, there is no such user.
    """
    return user_json(call.world.find_user(call.id("user_id")))


async def list_current_user_guilds(call: ApiCall) -> list[Json]:
    """Handles GET /users/@me/guilds.

    Args:
        call: The request.
    """
    bot = call.world.bot
    return [
        {
            "id": str(guild.id),
            "name": guild.name,
            "icon": None,
            "banner": None,
            "owner": guild.owner is bot,
            "permissions": str(int(guild_permissions(guild, guild.members[bot.id]))),
            "features": [],
        }
        for guild in call.world.bot_guilds
    ]


async def create_dm(call: ApiCall) -> Json:
    """Handles POST /users/@me/channels.

    Args:
        call: The request; its body has `recipient_id`.

    Raises:
        ApiError: 10013 if there is no such user, 50007 if the user is a bot.
    """
    form = FormValidator()
    recipient = form.snowflake(call.json, "recipient_id")
    form.raise_errors()
    user = call.world.find_user(recipient)
    if user is call.world.bot or user.bot:
        raise api_error(50007)
    return channel_json(call.world.dm_channel(user, call.world.bot), call.world.bot)
