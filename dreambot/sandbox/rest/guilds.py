"""REST handlers for guilds, their channels, roles, members, emoji and stickers."""

from dreambot.sandbox.errors import api_error
from dreambot.sandbox.models import Json
from dreambot.sandbox.payload.guilds import channel_json, emoji_json, guild_json, sticker_json
from dreambot.sandbox.payload.users import MEMBERS, member_json, role_json
from dreambot.sandbox.requests import ApiCall


async def get_guild(call: ApiCall) -> Json:
    """Handles GET /guilds/{guild_id}.

    Args:
        call: The request; `with_counts` in its query adds the member counts.
    """
    body = guild_json(call.guild)
    if call.query.get("with_counts") in ("1", "true"):
        body |= {"approximate_member_count": len(call.guild.members), "approximate_presence_count": 1}
    return body


async def list_channels(call: ApiCall) -> list[Json]:
    """Handles GET /guilds/{guild_id}/channels.

    Args:
        call: The request.
    """
    return [channel_json(channel, call.world.bot) for channel in call.guild.channels.values()]


async def list_roles(call: ApiCall) -> list[Json]:
    """Handles GET /guilds/{guild_id}/roles.

    Args:
        call: The request.
    """
    return [role_json(role) for role in call.guild.roles.values()]


async def list_emojis(call: ApiCall) -> list[Json]:
    """Handles GET /guilds/{guild_id}/emojis.

    Args:
        call: The request.
    """
    return [emoji_json(one, call.guild.owner) for one in call.guild.emojis.values()]


async def list_stickers(call: ApiCall) -> list[Json]:
    """Handles GET /guilds/{guild_id}/stickers.

    Args:
        call: The request.
    """
    return [sticker_json(one, call.guild) for one in call.guild.stickers.values()]


async def get_sticker(call: ApiCall) -> Json:
    """Handles GET /stickers/{sticker_id}.

    Args:
        call: The request.

    Raises:
        ApiError: 10060, there is no such sticker.
    """
    return sticker_json(*call.world.find_sticker(call.id("sticker_id")))


async def get_member(call: ApiCall) -> Json:
    """Handles GET /guilds/{guild_id}/members/{user_id}.

    Args:
        call: The request.

    Raises:
        ApiError: 10013 if there is no such user, 10007 if they are not a member.
    """
    found = call.guild.members.get(call.id("user_id"))
    if found is None:
        call.world.find_user(call.id("user_id"))
        raise api_error(10007)
    return member_json(found, call.world.clock.now())


async def list_members(call: ApiCall) -> list[Json]:
    """Handles GET /guilds/{guild_id}/members.

    Args:
        call: The request; its query may have `after` and `limit` (default 1).

    Raises:
        ApiError: 50001, the application lacks the members intent.
    """
    if not call.world.application.intents & MEMBERS:
        raise api_error(50001)
    after, limit = call.number("after") or 0, call.number("limit") or 1
    found = sorted(one for one in call.guild.members if one > after)[:limit]
    return [member_json(call.guild.members[one], call.world.clock.now()) for one in found]
