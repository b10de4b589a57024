"""From an event to the JSON a session gets of it, by its intents."""

from dreambot.sandbox.events import Event
from dreambot.sandbox.model import Json, Message
from dreambot.sandbox.payload.application import MEMBERS, MESSAGE_CONTENT
from dreambot.sandbox.payload.message import message_json
from dreambot.sandbox.payload.people import member_json, role_json
from dreambot.sandbox.payload.places import channel_json, guild_create_json, guild_json
from dreambot.sandbox.payload.redact import redact
from dreambot.sandbox.permissions import Permission
from dreambot.sandbox.world import World

GUILDS = 1 << 0
_EXPRESSIONS = 1 << 3
_MESSAGES = (1 << 9, 1 << 12)
_REACTIONS = (1 << 10, 1 << 13)
_TYPING = (1 << 11, 1 << 14)
_GUILD_EVENTS = ("GUILD_", "CHANNEL_", "THREAD_")


def dispatch_json(world: World, event: Event, intents: int) -> Json | None:
    """The event's `d`, or None where a session with these intents does not get it."""
    if event.name == "INTERACTION_CREATE":
        return event.data
    if event.guild is not None and world.bot.id not in event.guild.members:
        return None
    if event.channel is not None and not _can_see(world, event):
        return None
    if event.name.startswith("MESSAGE_REACTION_"):
        return _reaction(world, event) if _wanted(event, _REACTIONS, intents) else None
    if event.name == "MESSAGE_DELETE_BULK":
        return _bulk(event) if _wanted(event, _MESSAGES, intents) else None
    if event.message is not None:
        return _message(world, event, event.message, intents)
    if event.name == "TYPING_START":
        return _typing(world, event) if _wanted(event, _TYPING, intents) else None
    if event.name.startswith("GUILD_MEMBER_"):
        own = event.name == "GUILD_MEMBER_UPDATE" and event.user is world.bot
        return _member(world, event) if own or intents & MEMBERS else None
    if event.name in ("GUILD_EMOJIS_UPDATE", "GUILD_STICKERS_UPDATE"):
        return _expressions(event) if intents & _EXPRESSIONS else None
    if event.name.startswith(_GUILD_EVENTS) and intents & GUILDS:
        return _guild(world, event, intents)
    return None


def _wanted(event: Event, bits: tuple[int, int], intents: int) -> bool:
    return bool(intents & bits[event.guild is None])


def _can_see(world: World, event: Event) -> bool:
    assert event.channel is not None
    if event.name.startswith("CHANNEL_"):
        return event.guild is not None
    return bool(world.permissions(event.channel, world.bot) & Permission.VIEW_CHANNEL)


def _message(world: World, event: Event, message: Message, intents: int) -> Json | None:
    if not _wanted(event, _MESSAGES, intents) or message.ephemeral:
        return None
    guild: Json = {"guild_id": str(event.guild.id)} if event.guild else {}
    if event.name == "MESSAGE_DELETE":
        return {"id": str(message.id), "channel_id": str(message.channel.id), **guild}
    body = message_json(message, world.links, world.application.id)
    if not intents & MESSAGE_CONTENT:
        body = redact(body, message, world.bot)
    if event.guild is not None and message.author.id in event.guild.members:
        member = event.guild.members[message.author.id]
        guild["member"] = member_json(member, world.clock.now(), user=False)
    return {**body, **guild}


def _reaction(world: World, event: Event) -> Json:
    message = event.message
    assert message is not None
    body: Json = {"channel_id": str(message.channel.id), "message_id": str(message.id), **event.data}
    if event.guild is not None:
        body["guild_id"] = str(event.guild.id)
    if event.user is None:
        return body
    body |= {"user_id": str(event.user.id), "burst": False, "type": 0}
    if event.name == "MESSAGE_REACTION_ADD":
        body |= {"message_author_id": str(message.author.id), "burst_colors": []}
        if event.guild is not None and event.user.id in event.guild.members:
            body["member"] = member_json(event.guild.members[event.user.id], world.clock.now())
    return body


def _bulk(event: Event) -> Json:
    assert event.channel is not None
    guild: Json = {"guild_id": str(event.guild.id)} if event.guild else {}
    return {**event.data, "channel_id": str(event.channel.id), **guild}


def _expressions(event: Event) -> Json | None:
    if event.guild is None:
        return None
    body, key = guild_json(event.guild), event.name.split("_")[1].lower()
    return {"guild_id": str(event.guild.id), key: body[key]}


def _typing(world: World, event: Event) -> Json:
    assert event.channel is not None
    assert event.user is not None
    body: Json = {
        "channel_id": str(event.channel.id),
        "user_id": str(event.user.id),
        "timestamp": int(world.clock.now()),
    }
    if event.guild is None:
        return body
    member = event.guild.members[event.user.id]
    return {**body, "guild_id": str(event.guild.id), "member": member_json(member, world.clock.now())}


def _member(world: World, event: Event) -> Json | None:
    if event.guild is None or event.user is None:
        return None
    if event.name == "GUILD_MEMBER_REMOVE":
        return {"guild_id": str(event.guild.id), **event.data}
    member = event.guild.members[event.user.id]
    return {**member_json(member, world.clock.now()), "guild_id": str(event.guild.id)}


def _guild(world: World, event: Event, intents: int) -> Json | None:
    if event.guild is None:
        return None
    if event.channel is not None:
        return channel_json(event.channel, world.bot)
    if event.name == "GUILD_CREATE":
        everyone = bool(intents & MEMBERS)
        return guild_create_json(event.guild, world.bot, world.clock.now(), all_members=everyone)
    if event.name == "GUILD_ROLE_DELETE":
        return {"guild_id": str(event.guild.id), "role_id": str(event.data["role_id"])}
    if event.name.startswith("GUILD_ROLE_"):
        return {"guild_id": str(event.guild.id), "role": role_json(event.guild.roles[event.data["role_id"]])}
    if event.name == "GUILD_UPDATE":
        return guild_json(event.guild)
    return {"id": str(event.guild.id)}
