"""Creates, updates and deletes messages and reactions, for bots, users and interactions."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from dreambot.sandbox.errors import ApiError, RejectedByClient, api_error
from dreambot.sandbox.events import Event
from dreambot.sandbox.models import (
    Attachment,
    Channel,
    Interaction,
    Json,
    Message,
    MessageFlag,
    Sticker,
    User,
)
from dreambot.sandbox.payload.guilds import partial_emoji_json, split_emoji
from dreambot.sandbox.payload.messages import set_media_info
from dreambot.sandbox.permissions import Permission
from dreambot.sandbox.world import World

_USER_MENTION = re.compile(r"<@!?(\d{1,20})>")
_ROLE_MENTION = re.compile(r"<@&(\d{1,20})>")
_ALL_MENTIONS: Json = {"parse": ["users", "roles", "everyone"], "replied_user": True}
_UNSAFE_CHARACTERS = re.compile(r"[^\w.\-]+", re.ASCII)


@dataclass(frozen=True)
class Upload:
    """A file that is being uploaded. `flags` are those of `Attachment`.

    Only a voice message has a `waveform` and `duration_secs`.
    """

    filename: str
    data: bytes
    description: str | None = None
    title: str | None = None
    flags: int = 0
    waveform: str | None = None
    duration_secs: float | None = None


@dataclass(frozen=True)
class MessageDraft:
    """A validated message that is not stored yet. `forwarded` is the message that a forward copies."""

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
    """Returns a filename as Discord stores it: with underscores, without special characters.

    Args:
        name: The filename as sent.
    """
    cleaned = _UNSAFE_CHARACTERS.sub("", name.strip().replace(" ", "_")).lstrip(".")
    return cleaned or "unknown"


def store_upload(world: World, channel_id: int, upload: Upload, *, ephemeral: bool = False) -> Attachment:
    """Stores a file. The caller attaches it to a message or an interaction.

    Args:
        world: The sandbox's state.
        channel_id: The channel in whose CDN folder it is stored.
        upload: The file.
        ephemeral: Whether it belongs to an ephemeral message or an option of a command.
    """
    attachment = Attachment(
        id=world.ids.next(),
        channel_id=channel_id,
        filename=safe_filename(upload.filename),
        data=upload.data,
        description=upload.description or None,
        title=upload.title,
        ephemeral=ephemeral,
        flags=upload.flags,
        waveform=upload.waveform,
        duration_secs=upload.duration_secs,
    )
    world.uploads[attachment.id] = attachment
    return set_media_info(upload.data, attachment)


def store_message(
    world: World,
    channel: Channel,
    author: User,
    draft: MessageDraft,
    *,
    kind: int = 0,
    interaction: Interaction | None = None,
    followup_of: int | None = None,
    webhook_id: int | None = None,
) -> Message:
    """Adds a message to a channel and publishes the event.

    Args:
        world: The sandbox's state.
        channel: The channel.
        author: The author.
        draft: The content.
        kind: Discord's message type.
        interaction: The interaction that the message answers.
        followup_of: For a follow-up message, the id of the original response.
        webhook_id: The id of another application's webhook that sends the message.
    """
    ephemeral = bool(draft.flags & MessageFlag.EPHEMERAL)
    message = Message(
        id=world.ids.next(),
        channel=channel,
        author=author,
        created_at=world.clock.now(),
        type=kind,
        content=draft.content,
        embeds=draft.embeds,
        components=draft.components,
        flags=draft.flags,
        reply_to=draft.reply_to,
        nonce=draft.nonce,
        interaction=interaction,
        followup_of=followup_of,
        webhook_id=webhook_id,
        tts=draft.tts,
        stickers=list(draft.stickers),
    )
    if draft.forwarded is not None:
        message.origin, message.snapshot = draft.forwarded, _copy_for_forward(world, draft.forwarded, channel)
        message.flags |= MessageFlag.HAS_SNAPSHOT
    message.attachments = [store_upload(world, channel.id, one, ephemeral=ephemeral) for one in draft.uploads]
    resolve_mentions(world, message, draft.allowed_mentions)
    channel.messages[message.id] = message
    world.events.publish(Event("MESSAGE_CREATE", guild=channel.guild, channel=channel, message=message))
    return message


def _copy_for_forward(world: World, message: Message, channel: Channel) -> Message:
    """Copies a message for a forward, which must outlive the original."""
    files = [
        store_upload(
            world,
            channel.id,
            Upload(
                *(one.filename, one.data, one.description, one.title, one.flags),
                one.waveform,
                one.duration_secs,
            ),
        )
        for one in message.attachments
    ]
    return replace(message, channel=channel, attachments=files, reactions={}, reply_to=None)


def publish_message_update(world: World, message: Message, *, edited: bool = True) -> None:
    """Publishes the event of a changed message.

    Args:
        world: The sandbox's state.
        message: The changed message.
        edited: Whether the message is marked as edited.
    """
    if edited:
        message.edited_at = world.clock.now()
    channel = message.channel
    world.events.publish(Event("MESSAGE_UPDATE", guild=channel.guild, channel=channel, message=message))


def remove_message(world: World, message: Message) -> None:
    """Removes a message and its files, and publishes the event.

    Args:
        world: The sandbox's state.
        message: The message.
    """
    channel = message.channel
    _discard_message(world, message)
    world.events.publish(Event("MESSAGE_DELETE", guild=channel.guild, channel=channel, message=message))


def remove_messages(world: World, channel: Channel, messages: Sequence[Message]) -> None:
    """Removes several messages of a channel with one event.

    Args:
        world: The sandbox's state.
        channel: The channel.
        messages: The messages.
    """
    for message in messages:
        _discard_message(world, message)
    ids = {"ids": [str(message.id) for message in messages]}
    world.events.publish(Event("MESSAGE_DELETE_BULK", guild=channel.guild, channel=channel, data=ids))


def _discard_message(world: World, message: Message) -> None:
    message.channel.messages.pop(message.id, None)
    message.deleted = True
    snapshot_files = [] if message.snapshot is None else message.snapshot.attachments
    for attachment in [*message.attachments, *snapshot_files]:
        world.uploads.pop(attachment.id, None)


def resolve_mentions(world: World, message: Message, allowed: Json | None) -> None:
    """Stores in a message who it mentions.

    Args:
        world: The sandbox's state.
        message: The message; its text contains the mentions.
        allowed: Discord's allowed_mentions object; None allows everything in the text, and the author of the
            message replied to.
    """
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
    known = {} if message.channel.guild is None else message.channel.guild.roles
    may_mention_all = bool(world.permissions(message.channel, message.author) & Permission.MENTION_EVERYONE)
    message.mention_roles = [
        one
        for one in dict.fromkeys(roles)
        if ("roles" in parse or str(one) in named)
        and one in known
        and (known[one].mentionable or may_mention_all)
    ]
    message.mention_everyone = (
        "everyone" in parse and ("@everyone" in text or "@here" in text) and may_mention_all
    )


MAX_DIFFERENT_REACTIONS = 20


def add_reaction(world: World, user: User, message: Message, key: str) -> None:
    """Adds a reaction.

    Args:
        world: The sandbox's state.
        user: The user who reacts.
        message: The message.
        key: The emoji, or `name:id` of a guild's emoji.

    Raises:
        ApiError: 10014 if it is not an emoji, 50001 or 50013 without permission, 30010 above 20 different
            reactions.
    """
    has = world.permissions(message.channel, user)
    if not has & Permission.READ_MESSAGE_HISTORY:
        raise api_error(50001)
    if not _is_known_emoji(world, key):
        raise api_error(10014)
    if key not in message.reactions:
        if not has & Permission.ADD_REACTIONS:
            raise api_error(50013)
        if len(message.reactions) >= MAX_DIFFERENT_REACTIONS:
            raise api_error(30010)
    users = message.reactions.setdefault(key, [])
    if user not in users:
        users.append(user)
        _publish_reaction_event(world, "MESSAGE_REACTION_ADD", message, key, user)


def remove_reaction(world: World, user: User, message: Message, key: str) -> None:
    """Removes a user's reaction, if there is one.

    Args:
        world: The sandbox's state.
        user: The user who reacted.
        message: The message.
        key: The emoji, or `name:id` of a guild's emoji.
    """
    users = message.reactions.get(key, [])
    if user not in users:
        return
    users.remove(user)
    if not users:
        del message.reactions[key]
    _publish_reaction_event(world, "MESSAGE_REACTION_REMOVE", message, key, user)


def clear_reactions(world: World, message: Message, key: str | None = None) -> None:
    """Removes all reactions of a message, or all with one emoji.

    Args:
        world: The sandbox's state.
        message: The message.
        key: The emoji, or `name:id`; None removes all reactions.
    """
    if key is None:
        message.reactions.clear()
        _publish_reaction_event(world, "MESSAGE_REACTION_REMOVE_ALL", message, None, None)
    elif message.reactions.pop(key, None) is not None:
        _publish_reaction_event(world, "MESSAGE_REACTION_REMOVE_EMOJI", message, key, None)


def react_as_user(world: World, user: User, message: Message, key: str) -> None:
    """Adds a reaction, as far as Discord's client allows it.

    Args:
        world: The sandbox's state.
        user: The user who reacts.
        message: The message.
        key: The emoji, or `name:id` of a guild's emoji.

    Raises:
        RejectedByClient: The user cannot react to the message, or not with this emoji.
    """
    if message.deleted or not message.visible_to(user) or message.ephemeral:
        raise RejectedByClient("You cannot react to that message.")
    try:
        add_reaction(world, user, message, key)
    except ApiError as error:
        raise RejectedByClient(f"You cannot react with {key}: {error.message}.") from None


def _is_known_emoji(world: World, key: str) -> bool:
    name, number = split_emoji(key)
    if number is not None:
        return any(number in guild.emojis for guild in world.guilds.values())
    plain = any(one.isalpha() or (one.isascii() and one not in "#*0123456789") for one in name)
    return 0 < len(name) <= 16 and not name.isascii() and not plain


def _publish_reaction_event(
    world: World, name: str, message: Message, key: str | None, user: User | None
) -> None:
    data = {} if key is None else {"emoji": partial_emoji_json(key)}
    channel = message.channel
    event = Event(name, guild=channel.guild, channel=channel, message=message, user=user, data=data)
    world.events.publish(event)
