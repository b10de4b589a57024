"""The bot itself, other users, direct conversations, and where the gateway is."""

from dreambot.sandbox.check.form import Form
from dreambot.sandbox.model import Json
from dreambot.sandbox.payload.application import application_json
from dreambot.sandbox.payload.people import own_user_json, user_json
from dreambot.sandbox.payload.places import channel_json
from dreambot.sandbox.permissions import in_guild
from dreambot.sandbox.refusal import refuse
from dreambot.sandbox.rest.context import Call

SHARD_AT = 1000


async def gateway(call: Call) -> Json:
    """GET /gateway"""
    return {"url": call.world.links.base.replace("http", "ws", 1) + "/gateway"}


async def gateway_bot(call: Call) -> Json:
    """GET /gateway/bot"""
    together = call.world.identify_concurrency or 1
    limit = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": together}
    shards = call.world.shards or 1 + len(call.world.bot_guilds) // SHARD_AT
    return {**await gateway(call), "shards": shards, "session_start_limit": limit}


async def application(call: Call) -> Json:
    """GET /applications/@me and /oauth2/applications/@me"""
    return application_json(call.world.application, len(call.world.bot_guilds))


async def me(call: Call) -> Json:
    """GET /users/@me"""
    return own_user_json(call.world.bot)


async def user(call: Call) -> Json:
    """GET /users/{user_id}"""
    return user_json(call.world.find_user(call.id("user_id")))


async def my_guilds(call: Call) -> list[Json]:
    """GET /users/@me/guilds"""
    bot = call.world.bot
    return [
        {
            "id": str(guild.id),
            "name": guild.name,
            "icon": None,
            "banner": None,
            "owner": guild.owner is bot,
            "permissions": str(int(in_guild(guild, guild.members[bot.id]))),
            "features": [],
        }
        for guild in call.world.bot_guilds
    ]


async def open_direct(call: Call) -> Json:
    """POST /users/@me/channels"""
    form = Form()
    recipient = form.snowflake(call.json, "recipient_id")
    form.done()
    person = call.world.find_user(recipient)
    if person is call.world.bot or person.bot:
        raise refuse(50007)
    return channel_json(call.world.direct_channel(person, call.world.bot), call.world.bot)
