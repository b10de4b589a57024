"""Users post, forward, edit and delete messages, as far as Discord's client allows it."""

from collections.abc import Sequence

from dreambot.sandbox.errors import RejectedByClient
from dreambot.sandbox.events import Event
from dreambot.sandbox.messages import (
    MessageDraft,
    Upload,
    publish_message_update,
    remove_message,
    resolve_mentions,
    store_message,
)
from dreambot.sandbox.models import Channel, Json, Message, MessageFlag, Sticker, User
from dreambot.sandbox.payload.messages import REPLY, THREAD_STARTER
from dreambot.sandbox.permissions import Permission, send_permission
from dreambot.sandbox.world import World


def post_as_user(
    world: World,
    user: User,
    channel: Channel,
    text: str,
    *,
    uploads: Sequence[Upload] = (),
    embeds: Sequence[Json] = (),
    stickers: Sequence[Sticker] = (),
    reply_to: int | None = None,
    voice: bool = False,
) -> Message:
    """Posts a message.

    Args:
        world: The sandbox's state.
        user: The author.
        channel: The channel.
        text: The text; surrounding whitespace is removed.
        uploads: At most 10 files.
        embeds: What Discord would show of the links in the text.
        stickers: At most 3 stickers.
        reply_to: The id of the message that it replies to.
        voice: Whether it is a voice message: one file with a waveform, without a text.

    Raises:
        RejectedByClient: A limit is exceeded, a permission is missing, or the message replied to does not
            exist.
    """
    has = world.permissions(channel, user)
    if not has & Permission.VIEW_CHANNEL or not has & send_permission(channel):
        raise RejectedByClient("You do not have permission to send messages in this channel.")
    if uploads and not has & Permission.ATTACH_FILES:
        raise RejectedByClient("You do not have permission to attach files in this channel.")
    if not text.strip() and not uploads and not stickers:
        raise RejectedByClient("A message needs some text or a file.")
    if len(stickers) > 3:
        raise RejectedByClient(f"A message has at most 3 stickers, not {len(stickers)}.")
    if len(text) > 2000:
        raise RejectedByClient(f"A message has at most 2000 characters, not {len(text)}.")
    if len(uploads) > 10:
        raise RejectedByClient(f"A message has at most 10 files, not {len(uploads)}.")
    if voice and (text.strip() or stickers or len(uploads) != 1 or not uploads[0].waveform):
        raise RejectedByClient("A voice message is one recording without a text.")
    limit = world.upload_limit if channel.guild is None else channel.guild.upload_limit
    for upload in uploads:
        if len(upload.data) > limit:
            size = len(upload.data)
            raise RejectedByClient(f"{upload.filename} is too large: {size:,} bytes, the limit is {limit:,}.")
    target = None if reply_to is None else channel.messages.get(reply_to)
    if reply_to is not None and (target is None or not target.visible_to(user)):
        raise RejectedByClient("The message you reply to is gone.")
    draft = MessageDraft(
        content=text.strip(),
        uploads=uploads,
        embeds=list(embeds) if has & Permission.EMBED_LINKS else [],
        stickers=stickers,
        reply_to=reply_to,
        flags=MessageFlag.IS_VOICE_MESSAGE if voice else 0,
    )
    return store_message(world, channel, user, draft, kind=0 if reply_to is None else REPLY)


def forward_as_user(world: World, user: User, message: Message, channel: Channel) -> Message:
    """Forwards a message to a channel.

    Args:
        world: The sandbox's state.
        user: The user who forwards it.
        message: The message.
        channel: The destination.

    Raises:
        RejectedByClient: A permission is missing, or the message cannot be forwarded.
    """
    has = world.permissions(channel, user)
    if not has & Permission.VIEW_CHANNEL or not has & send_permission(channel):
        raise RejectedByClient("You do not have permission to send messages in this channel.")
    if message.deleted or message.ephemeral or not world.permissions(message.channel, user):
        raise RejectedByClient("You cannot forward that message.")
    return store_message(world, channel, user, MessageDraft(forwarded=message.snapshot or message))


def start_thread_as_user(world: World, user: User, message: Message, name: str) -> Channel:
    """Starts a thread from a message of a guild's channel.

    Args:
        world: The sandbox's state.
        user: The user who starts it.
        message: The message.
        name: The thread's name.

    Raises:
        RejectedByClient: A permission is missing, or the message is not in a text channel or has a thread.
    """
    parent = message.channel
    if parent.guild is None or parent.parent is not None or message.id in world.channels:
        raise RejectedByClient("A thread cannot be started from that message.")
    if not world.permissions(parent, user) & Permission.CREATE_PUBLIC_THREADS:
        raise RejectedByClient("You do not have permission to start threads in this channel.")
    thread = world.add_thread(parent, user, message.id, name)
    # The first message of a thread has no content and refers to the message it was started from.
    store_message(world, thread, user, MessageDraft(reply_to=message.id), kind=THREAD_STARTER)
    return thread


def edit_as_user(world: World, user: User, message: Message, text: str) -> None:
    """Changes the text of a user's own message.

    Args:
        world: The sandbox's state.
        user: The author.
        message: The message.
        text: The new text.

    Raises:
        RejectedByClient: It is another user's message, or would be empty or too long.
    """
    if message.author is not user or message.deleted or message.snapshot is not None:
        raise RejectedByClient("You can edit your own messages only.")
    if not text.strip() and not message.attachments and not message.stickers:
        raise RejectedByClient("A message needs some text or a file. To remove it, delete it.")
    if len(text) > 2000:
        raise RejectedByClient(f"A message has at most 2000 characters, not {len(text)}.")
    message.content = text.strip()
    resolve_mentions(world, message, None)
    publish_message_update(world, message)


def delete_as_user(world: World, user: User, message: Message) -> None:
    """Deletes a message, or dismisses an ephemeral one.

    Args:
        world: The sandbox's state.
        user: The author, or a moderator.
        message: The message.

    Raises:
        RejectedByClient: It is another user's message, and the user is not a moderator.
    """
    own = message.author is user or (message.ephemeral and message.visible_to(user))
    if not own and not world.permissions(message.channel, user) & Permission.MANAGE_MESSAGES:
        raise RejectedByClient("You can delete your own messages only.")
    remove_message(world, message)


def start_typing_as_user(world: World, user: User, channel: Channel) -> None:
    """Publishes the event that a user is typing.

    Args:
        world: The sandbox's state.
        user: The user.
        channel: The channel.
    """
    world.events.publish(Event("TYPING_START", guild=channel.guild, channel=channel, user=user))
