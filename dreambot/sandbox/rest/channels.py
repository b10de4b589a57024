"""REST handlers for channels, their messages and reactions."""

from dataclasses import replace

from dreambot.sandbox.errors import api_error
from dreambot.sandbox.events import Event
from dreambot.sandbox.messages import (
    MessageDraft,
    add_reaction,
    clear_reactions,
    publish_message_update,
    remove_message,
    remove_messages,
    remove_reaction,
    resolve_mentions,
    store_message,
    store_upload,
)
from dreambot.sandbox.models import Channel, Json, Message
from dreambot.sandbox.payload.guilds import channel_json
from dreambot.sandbox.payload.messages import REPLY, attachments_in_embeds, message_json, redact_content
from dreambot.sandbox.payload.users import MESSAGE_CONTENT, user_json
from dreambot.sandbox.permissions import Permission, send_permission
from dreambot.sandbox.requests import ApiCall
from dreambot.sandbox.validation.form import FormValidator
from dreambot.sandbox.validation.messages import MessageEdit, check_draft, check_edit, is_forward
from dreambot.sandbox.world import World


def apply_edit(world: World, message: Message, edit: MessageEdit, *, edited: bool = True) -> None:
    """Changes a message and publishes the event. Files that are not kept are removed.

    Args:
        world: The sandbox's state.
        message: The message.
        edit: The change.
        edited: Whether the message is marked as edited.
    """
    keep = list(edit.keep)
    if edit.embeds is None:
        keep += [one for one in attachments_in_embeds(message) if one not in keep]
    for attachment in message.attachments:
        if attachment in keep:
            attachment.description = edit.descriptions.get(attachment.id, attachment.description)
        else:
            world.uploads.pop(attachment.id, None)
    channel, ephemeral = message.channel.id, message.ephemeral
    message.attachments = keep + [
        store_upload(world, channel, one, ephemeral=ephemeral) for one in edit.uploads
    ]
    message.content = message.content if edit.content is None else edit.content
    message.embeds = message.embeds if edit.embeds is None else edit.embeds
    message.components = message.components if edit.components is None else edit.components
    message.flags = edit.flags
    if edit.content is not None:
        resolve_mentions(world, message, edit.allowed_mentions)
    publish_message_update(world, message, edited=edited)


def require_permissions(world: World, channel: Channel, *needed: Permission) -> None:
    """Checks the bot's permissions in a channel.

    Args:
        world: The sandbox's state.
        channel: The channel.
        needed: Permissions beyond viewing the channel.

    Raises:
        ApiError: 50001 if the bot cannot view the channel, 50013 if it lacks another permission.
    """
    has = world.permissions(channel, world.bot)
    if not has & Permission.VIEW_CHANNEL:
        raise api_error(50001)
    if any(not has & one for one in needed):
        raise api_error(50013)


async def get_channel(call: ApiCall) -> Json:
    """Handles GET /channels/{channel_id}.

    Args:
        call: The request.

    Raises:
        ApiError: 50001, the bot cannot view the channel.
    """
    require_permissions(call.world, call.channel)
    return channel_json(call.channel, call.world.bot)


async def edit_channel(call: ApiCall) -> Json:
    """Handles PATCH /channels/{channel_id}: name, topic and nsfw.

    Args:
        call: The request.

    Raises:
        ApiError: 50003 for a direct channel, 50035 for invalid fields, or a permission is missing.
    """
    channel, form = call.channel, FormValidator()
    if channel.guild is None:
        raise api_error(50003)
    require_permissions(call.world, channel, Permission.MANAGE_CHANNELS)
    name = form.string(call.json, "name", min_length=1, max_length=100)
    topic = form.string(call.json, "topic", max_length=1024)
    nsfw = form.boolean(call.json, "nsfw")
    form.raise_errors()
    channel.name = name or channel.name
    channel.topic = topic if "topic" in call.json else channel.topic
    channel.nsfw = channel.nsfw if nsfw is None else nsfw
    call.world.events.publish(Event("CHANNEL_UPDATE", guild=channel.guild, channel=channel))
    return channel_json(channel, call.world.bot)


async def trigger_typing(call: ApiCall) -> None:
    """Handles POST /channels/{channel_id}/typing.

    Args:
        call: The request.

    Raises:
        ApiError: A permission is missing.
    """
    channel = call.channel
    require_permissions(call.world, channel, send_permission(channel))
    event = Event("TYPING_START", guild=channel.guild, channel=channel, user=call.world.bot)
    call.world.events.publish(event)


# Discord's documentation says: "checked for uniqueness in the past few minutes".
NONCE_LIFETIME_S = 180.0
MAX_BULK_DELETE_AGE_S = 14 * 86400.0


def upload_limit(world: World, channel: Channel) -> int:
    """Returns the upload limit of a channel in bytes per file.

    Args:
        world: The sandbox's state.
        channel: The channel.
    """
    return world.upload_limit if channel.guild is None else channel.guild.upload_limit


def message_for_bot(world: World, message: Message) -> Json:
    """Returns a message as REST responds with it: without content if the application lacks the intent.

    Args:
        world: The sandbox's state.
        message: The message.
    """
    body = message_json(message, world.links, world.application.id)
    granted = world.application.intents & MESSAGE_CONTENT
    return body if granted else redact_content(body, message, world.bot)


async def list_messages(call: ApiCall) -> list[Json]:
    """Handles GET /channels/{channel_id}/messages.

    Args:
        call: The request; its query may have `limit` (1-100, default 50) and `before`, `after` or `around`.

    Returns:
        The messages, newest first; none without READ_MESSAGE_HISTORY.

    Raises:
        ApiError: 50001 if the bot cannot view the channel, 50035 for an invalid query.
    """
    channel, form = call.channel, FormValidator()
    require_permissions(call.world, channel)
    limit = form.integer(dict(call.query), "limit", low=1, high=100) or 50
    form.raise_errors()
    before, after, around = call.number("before"), call.number("after"), call.number("around")
    if not call.world.permissions(channel, call.world.bot) & Permission.READ_MESSAGE_HISTORY:
        return []
    known = sorted(key for key, message in channel.messages.items() if not message.ephemeral)
    if around is not None:
        earlier = [one for one in known if one < around][-(limit // 2) :]
        found = earlier + [one for one in known if one >= around][: limit - len(earlier)]
    elif after is not None:
        found = [one for one in known if one > after][:limit]
    else:
        found = [one for one in known if before is None or one < before][-limit:]
    return [message_for_bot(call.world, channel.messages[one]) for one in reversed(found)]


async def get_message(call: ApiCall) -> Json:
    """Handles GET /channels/{channel_id}/messages/{message_id}.

    Args:
        call: The request.

    Raises:
        ApiError: 50001 without permission, 10008 if there is no such message.
    """
    require_permissions(call.world, call.channel)
    if not call.world.permissions(call.channel, call.world.bot) & Permission.READ_MESSAGE_HISTORY:
        raise api_error(50001)
    return message_for_bot(call.world, call.world.find_message(call.channel, call.id("message_id")))


async def create_message(call: ApiCall) -> Json:
    """Handles POST /channels/{channel_id}/messages.

    Args:
        call: The request.

    Raises:
        ApiError: 50007 if the user refuses direct messages, 160002 for a reply without READ_MESSAGE_HISTORY,
            a permission is missing, or the message is invalid.
    """
    world, channel, body = call.world, call.channel, call.json
    require_permissions(world, channel, send_permission(channel))
    if channel.guild is None and not all(user.accepts_dms for user in channel.recipients):
        raise api_error(50007)
    draft = check_draft(body, call.body.files, upload_limit=upload_limit(world, channel))
    if draft.uploads:
        require_permissions(world, channel, Permission.ATTACH_FILES)
    if draft.embeds:
        require_permissions(world, channel, Permission.EMBED_LINKS)
    if is_forward(body):
        draft = replace(draft, forwarded=_check_forwarded(world, body))
    else:
        draft = replace(draft, reply_to=_check_reply_target(world, channel, body))
    earlier = _find_by_nonce(world, channel, draft) if body.get("enforce_nonce") else None
    if earlier is None:
        kind = 0 if draft.reply_to is None else REPLY
        earlier = store_message(world, channel, world.bot, draft, kind=kind)
    return message_json(earlier, world.links, world.application.id)


def _find_by_nonce(world: World, channel: Channel, draft: MessageDraft) -> Message | None:
    if draft.nonce is None:
        return None
    since = world.clock.now() - NONCE_LIFETIME_S
    for message in channel.messages.values():
        same = message.nonce == draft.nonce and message.author is world.bot
        if same and message.created_at >= since:
            return message
    return None


def _check_forwarded(world: World, body: Json) -> Message:
    """The message that a forward copies. The bot must be able to read it."""
    reference, form = body["message_reference"], FormValidator()
    target = form.snowflake(reference, "message_id", ("message_reference",))
    origin = form.snowflake(reference, "channel_id", ("message_reference",))
    form.raise_errors()
    channel = world.channels.get(origin)
    if channel is None:
        raise api_error(10003)
    require_permissions(world, channel, Permission.READ_MESSAGE_HISTORY)
    known = channel.messages.get(target)
    if known is None or known.ephemeral:
        form.add_error(("message_reference",), "MESSAGE_REFERENCE_UNKNOWN_MESSAGE", "Unknown message")
        form.raise_errors()
    assert known is not None
    return known.snapshot or known


def _check_reply_target(world: World, channel: Channel, body: Json) -> int | None:
    reference, form = body.get("message_reference"), FormValidator()
    if not isinstance(reference, dict):
        return None
    target = form.snowflake(reference, "message_id", ("message_reference",))
    if reference.get("type"):
        form.add_error(("message_reference", "type"), "BASE_TYPE_CHOICES", "Value must be one of (0,).")
    form.raise_errors()
    if not world.permissions(channel, world.bot) & Permission.READ_MESSAGE_HISTORY:
        raise api_error(160002)
    known = channel.messages.get(target)
    if known is None or known.ephemeral:
        if reference.get("fail_if_not_exists") is False:
            return None
        form.add_error(("message_reference",), "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
        form.raise_errors()
    return target


async def edit_message(call: ApiCall) -> Json:
    """Handles PATCH /channels/{channel_id}/messages/{message_id}.

    Args:
        call: The request.

    Raises:
        ApiError: 50005 for another author's message, 10008 if it does not exist, or the change is invalid.
    """
    world, channel = call.world, call.channel
    require_permissions(world, channel)
    message = world.find_message(channel, call.id("message_id"))
    if message.author is not world.bot:
        raise api_error(50005)
    limit = upload_limit(world, channel)
    change = check_edit(call.json, call.body.files, message, upload_limit=limit)
    if change.uploads:
        require_permissions(world, channel, Permission.ATTACH_FILES)
    apply_edit(world, message, change)
    return message_json(message, world.links, world.application.id)


async def bulk_delete_messages(call: ApiCall) -> None:
    """Handles POST /channels/{channel_id}/messages/bulk-delete.

    Args:
        call: The request; its body lists 2-100 ids.

    Raises:
        ApiError: 50003 for a direct channel, 50034 for messages older than 14 days, 50035 for a list of the
            wrong length, 50013 without permission.
    """
    world, channel, form = call.world, call.channel, FormValidator()
    if channel.guild is None:
        raise api_error(50003)
    require_permissions(world, channel, Permission.MANAGE_MESSAGES)
    ids = call.json.get("messages")
    if not isinstance(ids, list) or not 2 <= len(ids) <= 100:
        form.add_error(("messages",), "BASE_TYPE_BAD_LENGTH", "Must be between 2 and 100 in length.")
        form.raise_errors()
        return
    numbers = [int(one) for one in ids if str(one).isdecimal()]
    found = [channel.messages[one] for one in dict.fromkeys(numbers) if one in channel.messages]
    if any(one.created_at < world.clock.now() - MAX_BULK_DELETE_AGE_S for one in found):
        raise api_error(50034)
    remove_messages(world, channel, [one for one in found if not one.ephemeral])


async def delete_message(call: ApiCall) -> None:
    """Handles DELETE /channels/{channel_id}/messages/{message_id}.

    Args:
        call: The request.

    Raises:
        ApiError: 10008 if there is no such message, 50003 or 50013 for another author's message.
    """
    world, channel = call.world, call.channel
    require_permissions(world, channel)
    message = world.find_message(channel, call.id("message_id"))
    if message.author is not world.bot:
        if channel.guild is None:
            raise api_error(50003)
        require_permissions(world, channel, Permission.MANAGE_MESSAGES)
    remove_message(world, message)


def _message_with_permissions(call: ApiCall, *needed: Permission) -> Message:
    require_permissions(call.world, call.channel, *needed)
    return call.world.find_message(call.channel, call.id("message_id"))


async def create_reaction(call: ApiCall) -> None:
    """Handles PUT …/reactions/{emoji}/@me.

    Args:
        call: The request.

    Raises:
        ApiError: The reaction is not allowed, see `add_reaction`.
    """
    add_reaction(call.world, call.world.bot, _message_with_permissions(call), call.path["emoji"])


async def delete_own_reaction(call: ApiCall) -> None:
    """Handles DELETE …/reactions/{emoji}/@me.

    Args:
        call: The request.
    """
    remove_reaction(call.world, call.world.bot, _message_with_permissions(call), call.path["emoji"])


async def delete_user_reaction(call: ApiCall) -> None:
    """Handles DELETE …/reactions/{emoji}/{user_id}.

    Args:
        call: The request.

    Raises:
        ApiError: 50013 without MANAGE_MESSAGES, 10013 if there is no such user.
    """
    message = _message_with_permissions(call, Permission.MANAGE_MESSAGES)
    remove_reaction(call.world, call.world.find_user(call.id("user_id")), message, call.path["emoji"])


async def delete_reactions_of_emoji(call: ApiCall) -> None:
    """Handles DELETE …/reactions/{emoji}.

    Args:
        call: The request.

    Raises:
        ApiError: 50013 without MANAGE_MESSAGES.
    """
    clear_reactions(
        call.world, _message_with_permissions(call, Permission.MANAGE_MESSAGES), call.path["emoji"]
    )


async def delete_all_reactions(call: ApiCall) -> None:
    """Handles DELETE …/reactions.

    Args:
        call: The request.

    Raises:
        ApiError: 50013 without MANAGE_MESSAGES.
    """
    clear_reactions(call.world, _message_with_permissions(call, Permission.MANAGE_MESSAGES))


async def list_reaction_users(call: ApiCall) -> list[Json]:
    """Handles GET …/reactions/{emoji}.

    Args:
        call: The request; its query may have `after` and `limit` (default 25).

    Raises:
        ApiError: 10014, no one reacted with this emoji.
    """
    found = _message_with_permissions(call).reactions.get(call.path["emoji"])
    if found is None:
        raise api_error(10014)
    after, limit = call.number("after") or 0, call.number("limit") or 25
    return [user_json(one) for one in sorted(found, key=lambda one: one.id) if one.id > after][:limit]
