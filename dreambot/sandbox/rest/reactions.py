"""Reactions over REST."""

from dreambot.sandbox.model import Json, Message
from dreambot.sandbox.payload.people import user_json
from dreambot.sandbox.permissions import Permission
from dreambot.sandbox.reacting import clear, react, unreact
from dreambot.sandbox.refusal import refuse
from dreambot.sandbox.rest.channels import require
from dreambot.sandbox.rest.context import Call


def _message(call: Call, *needed: Permission) -> Message:
    require(call.world, call.channel, *needed)
    return call.world.find_message(call.channel, call.id("message_id"))


async def add(call: Call) -> None:
    """PUT …/reactions/{emoji}/@me"""
    react(call.world, call.world.bot, _message(call), call.path["emoji"])


async def remove_own(call: Call) -> None:
    """DELETE …/reactions/{emoji}/@me"""
    unreact(call.world, call.world.bot, _message(call), call.path["emoji"])


async def remove(call: Call) -> None:
    """DELETE …/reactions/{emoji}/{user_id}"""
    message = _message(call, Permission.MANAGE_MESSAGES)
    unreact(call.world, call.world.find_user(call.id("user_id")), message, call.path["emoji"])


async def clear_emoji(call: Call) -> None:
    """DELETE …/reactions/{emoji}"""
    clear(call.world, _message(call, Permission.MANAGE_MESSAGES), call.path["emoji"])


async def clear_all(call: Call) -> None:
    """DELETE …/reactions"""
    clear(call.world, _message(call, Permission.MANAGE_MESSAGES))


async def users(call: Call) -> list[Json]:
    """GET …/reactions/{emoji}"""
    found = _message(call).reactions.get(call.path["emoji"])
    if found is None:
        raise refuse(10014)
    after, limit = call.number("after") or 0, call.number("limit") or 25
    return [user_json(one) for one in sorted(found, key=lambda one: one.id) if one.id > after][:limit]
