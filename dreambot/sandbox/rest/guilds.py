"""Guilds, their roles and members."""

from dreambot.sandbox.model import Json
from dreambot.sandbox.payload.application import MEMBERS
from dreambot.sandbox.payload.emoji import emoji_json, sticker_json
from dreambot.sandbox.payload.people import member_json, role_json
from dreambot.sandbox.payload.places import channel_json, guild_json
from dreambot.sandbox.refusal import refuse
from dreambot.sandbox.rest.context import Call


async def get(call: Call) -> Json:
    """GET /guilds/{guild_id}"""
    body = guild_json(call.guild)
    if call.query.get("with_counts") in ("1", "true"):
        body |= {"approximate_member_count": len(call.guild.members), "approximate_presence_count": 1}
    return body


async def channels(call: Call) -> list[Json]:
    """GET /guilds/{guild_id}/channels"""
    return [channel_json(channel, call.world.bot) for channel in call.guild.channels.values()]


async def roles(call: Call) -> list[Json]:
    """GET /guilds/{guild_id}/roles"""
    return [role_json(role) for role in call.guild.roles.values()]


async def emojis(call: Call) -> list[Json]:
    """GET /guilds/{guild_id}/emojis"""
    return [emoji_json(one, call.guild.owner) for one in call.guild.emojis.values()]


async def stickers(call: Call) -> list[Json]:
    """GET /guilds/{guild_id}/stickers"""
    return [sticker_json(one, call.guild) for one in call.guild.stickers.values()]


async def sticker(call: Call) -> Json:
    """GET /stickers/{sticker_id}"""
    return sticker_json(*call.world.find_sticker(call.id("sticker_id")))


async def member(call: Call) -> Json:
    """GET /guilds/{guild_id}/members/{user_id}"""
    found = call.guild.members.get(call.id("user_id"))
    if found is None:
        call.world.find_user(call.id("user_id"))
        raise refuse(10007)
    return member_json(found, call.world.clock.now())


async def members(call: Call) -> list[Json]:
    """GET /guilds/{guild_id}/members, which needs the members intent"""
    if not call.world.application.intents & MEMBERS:
        raise refuse(50001)
    after, limit = call.number("after") or 0, call.number("limit") or 1
    found = sorted(one for one in call.guild.members if one > after)[:limit]
    return [member_json(call.guild.members[one], call.world.clock.now()) for one in found]
