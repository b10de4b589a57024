"""Messages come, change and go: the one place that does it, for bots, people and interactions alike."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from dreambot.sandbox.events import Event
from dreambot.sandbox.model import (
    Attachment,
    Channel,
    Interaction,
    Json,
    Message,
    MessageFlag,
    Sticker,
    User,
)
from dreambot.sandbox.payload.media import describe
from dreambot.sandbox.permissions import Permission
from dreambot.sandbox.world import World

_USER_MENTION = re.compile(r"<@!?(\d{1,20})>")
_ROLE_MENTION = re.compile(r"<@&(\d{1,20})>")
_ALL_MENTIONS: Json = {"parse": ["users", "roles", "everyone"], "replied_user": True}
_UNSAFE = re.compile(r"[^\w.\-]+", re.ASCII)


@dataclass(frozen=True)
class Upload:
    """A file on its way in."""

    filename: str
    data: bytes
    description: str | None = None
    title: str | None = None


@dataclass(frozen=True)
class Draft:
    """A message on its way in, already checked."""

    content: str = ""
    uploads: Sequence[Upload] = ()
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    flags: int = 0
    reply_to: int | None = None
    nonce: str | int | None = None
    allowed_mentions: Json | None = None
    tts: bool = False
    stickers: Sequence[Sticker] = ()
    forwarded: Message | None = None


def safe_filename(name: str) -> str:
    """A file's name as Discord keeps it: blanks become underscores, other signs go."""
    cleaned = _UNSAFE.sub("", name.strip().replace(" ", "_")).lstrip(".")
    return cleaned or "unknown"


def attach(world: World, channel_id: int, upload: Upload, *, ephemeral: bool = False) -> Attachment:
    """Store a file; the caller puts it where it belongs."""
    attachment = Attachment(
        id=world.ids.next(),
        channel_id=channel_id,
        filename=safe_filename(upload.filename),
        data=upload.data,
        description=upload.description or None,
        title=upload.title,
        ephemeral=ephemeral,
    )
    world.uploads[attachment.id] = attachment
    return describe(upload.data, attachment)


def post(
    world: World,
    channel: Channel,
    author: User,
    draft: Draft,
    *,
    kind: int = 0,
    interaction: Interaction | None = None,
    follows: int | None = None,
    webhook: int | None = None,
) -> Message:
    """Put a message in a channel and tell everyone. `kind` is Discord's message type, `webhook`
    the id of a stranger's webhook that sends it."""
    ephemeral = bool(draft.flags & MessageFlag.EPHEMERAL)
    message = Message(
        id=world.ids.next(),
        channel=channel,
        author=author,
        created=world.clock.now(),
        type=kind,
        content=draft.content,
        embeds=draft.embeds,
        components=draft.components,
        flags=draft.flags,
        reply_to=draft.reply_to,
        nonce=draft.nonce,
        interaction=interaction,
        follows=follows,
        webhook=webhook,
        tts=draft.tts,
        stickers=list(draft.stickers),
    )
    if draft.forwarded is not None:
        message.origin, message.snapshot = draft.forwarded, _copy(world, draft.forwarded, channel)
        message.flags |= MessageFlag.HAS_SNAPSHOT
    message.attachments = [attach(world, channel.id, one, ephemeral=ephemeral) for one in draft.uploads]
    resolve_mentions(world, message, draft.allowed_mentions)
    channel.messages[message.id] = message
    world.hub.publish(Event("MESSAGE_CREATE", guild=channel.guild, channel=channel, message=message))
    return message


def _copy(world: World, message: Message, channel: Channel) -> Message:
    """What a forward keeps of a message; it outlives the original."""
    files = [
        attach(world, channel.id, Upload(one.filename, one.data, one.description, one.title))
        for one in message.attachments
    ]
    return replace(message, channel=channel, attachments=files, reactions={}, reply_to=None)


def changed(world: World, message: Message, *, edited: bool = True) -> None:
    """Tell everyone that a message is no longer what it was; `edited` marks it so."""
    if edited:
        message.edited = world.clock.now()
    channel = message.channel
    world.hub.publish(Event("MESSAGE_UPDATE", guild=channel.guild, channel=channel, message=message))


def delete(world: World, message: Message) -> None:
    """Remove a message and its files, and tell everyone."""
    channel = message.channel
    _take_out(world, message)
    world.hub.publish(Event("MESSAGE_DELETE", guild=channel.guild, channel=channel, message=message))


def delete_many(world: World, channel: Channel, messages: Sequence[Message]) -> None:
    """Remove messages of a channel at once."""
    for message in messages:
        _take_out(world, message)
    ids = {"ids": [str(message.id) for message in messages]}
    world.hub.publish(Event("MESSAGE_DELETE_BULK", guild=channel.guild, channel=channel, data=ids))


def _take_out(world: World, message: Message) -> None:
    message.channel.messages.pop(message.id, None)
    message.deleted = True
    kept = [] if message.snapshot is None else message.snapshot.attachments
    for attachment in [*message.attachments, *kept]:
        world.uploads.pop(attachment.id, None)


def resolve_mentions(world: World, message: Message, allowed: Json | None) -> None:
    """Find who a message mentions; `allowed` is Discord's allowed_mentions (None: everything in the text,
    and the author replied to)."""
    rules = _ALL_MENTIONS if allowed is None else allowed
    parse, text = rules.get("parse") or [], message.content
    users = [int(one) for one in _USER_MENTION.findall(text)]
    if "users" not in parse:
        users = [one for one in users if str(one) in [str(two) for two in rules.get("users") or []]]
    target = message.channel.messages.get(message.reply_to or 0)
    if target is not None and rules.get("replied_user"):
        users.append(target.author.id)
    message.mentions = [world.users[one] for one in dict.fromkeys(users) if one in world.users]
    roles = [int(one) for one in _ROLE_MENTION.findall(text)]
    named = [str(one) for one in rules.get("roles") or []]
    message.mention_roles = [one for one in dict.fromkeys(roles) if "roles" in parse or str(one) in named]
    message.mention_everyone = (
        "everyone" in parse
        and ("@everyone" in text or "@here" in text)
        and bool(world.permissions(message.channel, message.author) & Permission.MENTION_EVERYONE)
    )
