"""Emoji, stickers and reactions as Discord's JSON."""

import re

from dreambot.sandbox.model import Emoji, Guild, Json, Message, Sticker, User
from dreambot.sandbox.payload.people import user_json

_CUSTOM = re.compile(r"([A-Za-z0-9_]{2,32}):(\d{1,20})")


def split_emoji(key: str) -> tuple[str, int | None]:
    """(name, id) of an emoji as reactions name it: a plain one, or `name:id`."""
    found = _CUSTOM.fullmatch(key)
    return (key, None) if found is None else (found[1], int(found[2]))


def partial_emoji_json(key: str) -> Json:
    """The emoji of a reaction."""
    name, number = split_emoji(key)
    return {"id": None if number is None else str(number), "name": name}


def emoji_json(emoji: Emoji, owner: User) -> Json:
    """An emoji of a guild."""
    return {
        "id": str(emoji.id),
        "name": emoji.name,
        "roles": [],
        "user": user_json(owner),
        "require_colons": True,
        "managed": False,
        "animated": emoji.animated,
        "available": True,
    }


def sticker_json(sticker: Sticker, guild: Guild) -> Json:
    """A sticker of a guild."""
    return {
        **sticker_item_json(sticker),
        "description": None,
        "tags": "art",
        "type": 2,
        "available": True,
        "guild_id": str(guild.id),
    }


def sticker_item_json(sticker: Sticker) -> Json:
    """A sticker as messages list it."""
    return {"id": str(sticker.id), "name": sticker.name, "format_type": sticker.format}


def reactions_json(message: Message, viewer_id: int) -> list[Json]:
    """The reactions of a message; `viewer_id` tells whose are `me`."""
    return [
        {
            "emoji": partial_emoji_json(key),
            "count": len(users),
            "count_details": {"burst": 0, "normal": len(users)},
            "burst_colors": [],
            "me": any(user.id == viewer_id for user in users),
            "me_burst": False,
        }
        for key, users in message.reactions.items()
    ]
