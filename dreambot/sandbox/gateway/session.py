"""A gateway session: encodes events by the session's intents, numbers them and keeps them for RESUME."""

import secrets
from collections import deque
from dataclasses import dataclass, field

from dreambot.sandbox.events import Event
from dreambot.sandbox.models import Json, Message
from dreambot.sandbox.payload.guilds import channel_json, guild_create_json, guild_json
from dreambot.sandbox.payload.messages import message_json, redact_content
from dreambot.sandbox.payload.users import MEMBERS, MESSAGE_CONTENT, member_json, role_json
from dreambot.sandbox.permissions import Permission
from dreambot.sandbox.world import World, shard_of

GUILDS = 1 << 0
_EXPRESSIONS_INTENT = 1 << 3
_MESSAGE_INTENTS = (1 << 9, 1 << 12)
_REACTION_INTENTS = (1 << 10, 1 << 13)
_TYPING_INTENTS = (1 << 11, 1 << 14)
_GUILD_EVENTS = ("GUILD_", "CHANNEL_", "THREAD_")


def event_json(world: World, event: Event, intents: int) -> Json | None:
    """Returns the data of an event, or None if a session with these intents does not receive it.

    Args:
        world: The sandbox's state.
        event: The event.
        intents: The session's intents.
    """
    if event.name == "INTERACTION_CREATE":
        return event.data
    if event.guild is not None and world.bot.id not in event.guild.members:
        return None
    if event.channel is not None and not _bot_can_see(world, event):
        return None
    if event.name.startswith("MESSAGE_REACTION_"):
        return _reaction_data(world, event) if _has_intent(event, _REACTION_INTENTS, intents) else None
    if event.name == "MESSAGE_DELETE_BULK":
        return _bulk_delete_data(event) if _has_intent(event, _MESSAGE_INTENTS, intents) else None
    if event.message is not None:
        return _message_data(world, event, event.message, intents)
    if event.name == "TYPING_START":
        return _typing_data(world, event) if _has_intent(event, _TYPING_INTENTS, intents) else None
    if event.name.startswith("GUILD_MEMBER_"):
        own = event.name == "GUILD_MEMBER_UPDATE" and event.user is world.bot
        return _member_data(world, event) if own or intents & MEMBERS else None
    if event.name in ("GUILD_EMOJIS_UPDATE", "GUILD_STICKERS_UPDATE"):
        return _expressions_data(event) if intents & _EXPRESSIONS_INTENT else None
    if event.name.startswith(_GUILD_EVENTS) and intents & GUILDS:
        return _guild_data(world, event, intents)
    return None


def _has_intent(event: Event, bits: tuple[int, int], intents: int) -> bool:
    return bool(intents & bits[event.guild is None])


def _bot_can_see(world: World, event: Event) -> bool:
    assert event.channel is not None
    if event.name.startswith("CHANNEL_"):
        return event.guild is not None
    return bool(world.permissions(event.channel, world.bot) & Permission.VIEW_CHANNEL)


def _message_data(world: World, event: Event, message: Message, intents: int) -> Json | None:
    if not _has_intent(event, _MESSAGE_INTENTS, intents) or message.ephemeral:
        return None
    guild: Json = {"guild_id": str(event.guild.id)} if event.guild else {}
    if event.name == "MESSAGE_DELETE":
        return {"id": str(message.id), "channel_id": str(message.channel.id), **guild}
    body = message_json(message, world.links, world.application.id)
    if not intents & MESSAGE_CONTENT:
        body = redact_content(body, message, world.bot)
    if event.guild is not None and message.author.id in event.guild.members:
        member = event.guild.members[message.author.id]
        guild["member"] = member_json(member, world.clock.now(), user=False)
    return {**body, **guild}


def _reaction_data(world: World, event: Event) -> Json:
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


def _bulk_delete_data(event: Event) -> Json:
    assert event.channel is not None
    guild: Json = {"guild_id": str(event.guild.id)} if event.guild else {}
    return {**event.data, "channel_id": str(event.channel.id), **guild}


def _expressions_data(event: Event) -> Json | None:
    if event.guild is None:
        return None
    body, key = guild_json(event.guild), event.name.split("_")[1].lower()
    return {"guild_id": str(event.guild.id), key: body[key]}


def _typing_data(world: World, event: Event) -> Json:
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


def _member_data(world: World, event: Event) -> Json | None:
    if event.guild is None or event.user is None:
        return None
    if event.name == "GUILD_MEMBER_REMOVE":
        return {"guild_id": str(event.guild.id), **event.data}
    member = event.guild.members[event.user.id]
    return {**member_json(member, world.clock.now()), "guild_id": str(event.guild.id)}


def _guild_data(world: World, event: Event, intents: int) -> Json | None:
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


_KEPT_EVENTS = 1000


@dataclass(eq=False)
class Session:
    """The gateway session of one shard.

    It outlives its connection for a while, so that RESUME can send the events that were missed.
    """

    world: World
    intents: int
    shard: tuple[int, int]
    id: str = field(default_factory=lambda: secrets.token_hex(16))
    sequence: int = 0
    sent: deque[Json] = field(default_factory=lambda: deque(maxlen=_KEPT_EVENTS))
    disconnected_at: float | None = None

    def encode(self, event: Event) -> Json | None:
        """Returns the frame of an event and keeps it, or None if this session does not receive it.

        Args:
            event: The event.
        """
        home = 0 if event.guild is None else shard_of(event.guild.id, self.shard[1])
        if home != self.shard[0]:
            return None
        data = event_json(self.world, event, self.intents)
        return None if data is None else self.frame(event.name, data)

    def frame(self, name: str, data: Json) -> Json:
        """Returns the next dispatch frame of this session and keeps it.

        Args:
            name: The event's name.
            data: The event's data.
        """
        self.sequence += 1
        frame = {"op": 0, "s": self.sequence, "t": name, "d": data}
        self.sent.append(frame)
        return frame

    def frames_after(self, sequence: int) -> list[Json] | None:
        """Returns the dispatch frames after a sequence number, or None if they are no longer kept.

        Args:
            sequence: The last sequence number that the bot received.
        """
        if sequence > self.sequence or (self.sent and sequence < self.sent[0]["s"] - 1):
            return None
        return [frame for frame in self.sent if frame["s"] > sequence]
