"""Guilds, channels, emoji, stickers and reactions as Discord's JSON."""

import re

from dreambot.sandbox.models import Channel, ChannelType, Emoji, Guild, Json, Message, Sticker, User
from dreambot.sandbox.payload.users import member_json, role_json, timestamp, user_json

_CUSTOM_EMOJI = re.compile(r"([A-Za-z0-9_]{2,32}):(\d{1,20})")


def split_emoji(key: str) -> tuple[str, int | None]:
    """Returns (name, id) of an emoji in reactions; the id is None for a Unicode emoji.

    Args:
        key: The emoji, or `name:id`.
    """
    found = _CUSTOM_EMOJI.fullmatch(key)
    return (key, None) if found is None else (found[1], int(found[2]))


def partial_emoji_json(key: str) -> Json:
    """Returns the emoji of a reaction.

    Args:
        key: The emoji, or `name:id`.
    """
    name, number = split_emoji(key)
    return {"id": None if number is None else str(number), "name": name}


def emoji_json(emoji: Emoji, owner: User) -> Json:
    """Returns an emoji of a guild.

    Args:
        emoji: The emoji.
        owner: The user who is shown as its creator.
    """
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
    """Returns a sticker of a guild.

    Args:
        sticker: The sticker.
        guild: The guild.
    """
    return {
        **sticker_item_json(sticker),
        "description": None,
        "tags": "art",
        "type": 2,
        "available": True,
        "guild_id": str(guild.id),
    }


def sticker_item_json(sticker: Sticker) -> Json:
    """Returns a sticker as messages list it.

    Args:
        sticker: The sticker.
    """
    return {"id": str(sticker.id), "name": sticker.name, "format_type": sticker.format}


def reactions_json(message: Message, viewer_id: int) -> list[Json]:
    """Returns the reactions of a message.

    Args:
        message: The message.
        viewer_id: The user whose reactions are marked `me`.
    """
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


_SPOILER_CHANNEL = 1 << 21


def channel_json(channel: Channel, viewer: User) -> Json:
    """Returns a channel object.

    Args:
        channel: The channel.
        viewer: The user who receives it; a direct channel lists the others as recipients.
    """
    last = str(max(channel.messages)) if channel.messages else None
    body: Json = {
        "id": str(channel.id),
        "type": int(channel.type),
        "flags": _SPOILER_CHANNEL if channel.spoiler else 0,
        "last_message_id": last,
        "last_pin_timestamp": None,
    }
    if channel.type is ChannelType.DM or channel.guild is None:
        return {**body, "recipients": [user_json(one) for one in channel.recipients if one is not viewer]}
    if channel.parent is not None and channel.owner is not None:
        return {
            **body,
            "guild_id": str(channel.guild.id),
            "name": channel.name,
            "parent_id": str(channel.parent.id),
            "owner_id": str(channel.owner.id),
            "rate_limit_per_user": 0,
            "message_count": len(channel.messages),
            "member_count": 1,
            "total_message_sent": len(channel.messages),
            "thread_metadata": {
                "archived": channel.archived,
                "locked": False,
                "auto_archive_duration": 1440,
                "archive_timestamp": timestamp(channel.created_at),
                "create_timestamp": timestamp(channel.created_at),
            },
        }
    return {
        **body,
        "guild_id": str(channel.guild.id),
        "name": channel.name,
        "parent_id": None,
        "rate_limit_per_user": 0,
        "topic": channel.topic,
        "position": channel.position,
        "nsfw": channel.nsfw,
        "permission_overwrites": [
            {"id": str(one.id), "type": one.kind, "allow": str(int(one.allow)), "deny": str(int(one.deny))}
            for one in channel.overwrites.values()
        ],
    }


def guild_json(guild: Guild) -> Json:
    """Returns a guild object as REST responds with it.

    Args:
        guild: The guild.
    """
    return {
        "id": str(guild.id),
        "name": guild.name,
        "owner_id": str(guild.owner.id),
        "roles": [role_json(role) for role in guild.roles.values()],
        "emojis": [emoji_json(one, guild.owner) for one in guild.emojis.values()],
        "stickers": [sticker_json(one, guild) for one in guild.stickers.values()],
        "features": [],
        "icon": None,
        "description": None,
        "home_header": None,
        "splash": None,
        "discovery_splash": None,
        "banner": None,
        "application_id": None,
        "region": "us-west",
        "afk_channel_id": None,
        "afk_timeout": 300,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "widget_enabled": False,
        "widget_channel_id": None,
        "verification_level": 0,
        "default_message_notifications": 0,
        "mfa_level": 0,
        "explicit_content_filter": 0,
        "max_presences": None,
        "max_members": 500_000,
        "max_stage_video_channel_users": 50,
        "max_video_channel_users": 25,
        "vanity_url_code": None,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "preferred_locale": guild.locale,
        "rules_channel_id": None,
        "safety_alerts_channel_id": None,
        "public_updates_channel_id": None,
        "premium_progress_bar_enabled": False,
        "nsfw": False,
        "nsfw_level": 0,
        "incidents_data": None,
    }


def guild_create_json(guild: Guild, viewer: User, now: float, *, all_members: bool) -> Json:
    """Returns the data of GUILD_CREATE.

    Args:
        guild: The guild.
        viewer: The bot; without the members intent only its own membership is listed.
        now: Unix seconds.
        all_members: Whether all members are listed.
    """
    own = guild.members[viewer.id]
    listed = list(guild.members.values()) if all_members else [own]
    return {
        **guild_json(guild),
        "joined_at": timestamp(own.joined_at),
        "large": False,
        "unavailable": False,
        "member_count": len(guild.members),
        "members": [member_json(member, now) for member in listed],
        "channels": [channel_json(channel, viewer) for channel in guild.channels.values()],
        "threads": [channel_json(thread, viewer) for thread in guild.threads.values() if not thread.archived],
        "presences": [],
        "voice_states": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }
