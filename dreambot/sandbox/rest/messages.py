"""Messages in channels: list, get, send, edit, delete."""

from dataclasses import replace

from dreambot.sandbox.check.form import Form
from dreambot.sandbox.check.message import check_draft, check_edit
from dreambot.sandbox.editing import apply_edit
from dreambot.sandbox.model import Channel, Json, Message
from dreambot.sandbox.payload.application import MESSAGE_CONTENT
from dreambot.sandbox.payload.message import REPLY, message_json
from dreambot.sandbox.payload.redact import redact
from dreambot.sandbox.permissions import Permission, to_send
from dreambot.sandbox.posting import Draft, delete, delete_many, post
from dreambot.sandbox.refusal import refuse
from dreambot.sandbox.rest.channels import require
from dreambot.sandbox.rest.context import Call
from dreambot.sandbox.world import World

# "Checked for uniqueness in the past few minutes", says the documentation.
NONCE_LIFETIME = 180.0
BULK_DELETABLE = 14 * 86400.0


def upload_limit(world: World, channel: Channel) -> int:
    """Bytes a file may have in a channel."""
    return world.upload_limit if channel.guild is None else channel.guild.upload_limit


def shown(world: World, message: Message) -> Json:
    """A message as REST answers it: without the content that the application was not granted."""
    body = message_json(message, world.links, world.application.id)
    granted = world.application.intents & MESSAGE_CONTENT
    return body if granted else redact(body, message, world.bot)


async def listing(call: Call) -> list[Json]:
    """GET /channels/{channel_id}/messages: newest first; none without READ_MESSAGE_HISTORY"""
    channel, form = call.channel, Form()
    require(call.world, channel)
    limit = form.whole(dict(call.query), "limit", low=1, high=100) or 50
    form.done()
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
    return [shown(call.world, channel.messages[one]) for one in reversed(found)]


async def get(call: Call) -> Json:
    """GET /channels/{channel_id}/messages/{message_id}"""
    require(call.world, call.channel)
    if not call.world.permissions(call.channel, call.world.bot) & Permission.READ_MESSAGE_HISTORY:
        raise refuse(50001)
    return shown(call.world, call.world.find_message(call.channel, call.id("message_id")))


async def create(call: Call) -> Json:
    """POST /channels/{channel_id}/messages"""
    world, channel, body = call.world, call.channel, call.json
    require(world, channel, to_send(channel))
    if channel.guild is None and not all(user.accepts_dms for user in channel.recipients):
        raise refuse(50007)
    draft = check_draft(body, call.body.files, upload_limit=upload_limit(world, channel))
    if draft.uploads:
        require(world, channel, Permission.ATTACH_FILES)
    if draft.embeds:
        require(world, channel, Permission.EMBED_LINKS)
    draft = replace(draft, reply_to=_replied_to(world, channel, body))
    earlier = _same_nonce(world, channel, draft) if body.get("enforce_nonce") else None
    if earlier is None:
        kind = 0 if draft.reply_to is None else REPLY
        earlier = post(world, channel, world.bot, draft, kind=kind)
    return message_json(earlier, world.links, world.application.id)


def _same_nonce(world: World, channel: Channel, draft: Draft) -> Message | None:
    if draft.nonce is None:
        return None
    since = world.clock.now() - NONCE_LIFETIME
    for message in channel.messages.values():
        same = message.nonce == draft.nonce and message.author is world.bot
        if same and message.created >= since:
            return message
    return None


def _replied_to(world: World, channel: Channel, body: Json) -> int | None:
    reference, form = body.get("message_reference"), Form()
    if not isinstance(reference, dict):
        return None
    target = form.snowflake(reference, "message_id", ("message_reference",))
    if reference.get("type"):
        form.wrong(("message_reference", "type"), "BASE_TYPE_CHOICES", "Value must be one of (0,).")
    form.done()
    if not world.permissions(channel, world.bot) & Permission.READ_MESSAGE_HISTORY:
        raise refuse(160002)
    known = channel.messages.get(target)
    if known is None or known.ephemeral:
        if reference.get("fail_if_not_exists") is False:
            return None
        form.wrong(("message_reference",), "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
        form.done()
    return target


async def edit(call: Call) -> Json:
    """PATCH /channels/{channel_id}/messages/{message_id}"""
    world, channel = call.world, call.channel
    require(world, channel)
    message = world.find_message(channel, call.id("message_id"))
    if message.author is not world.bot:
        raise refuse(50005)
    limit = upload_limit(world, channel)
    change = check_edit(call.json, call.body.files, message, upload_limit=limit)
    if change.uploads:
        require(world, channel, Permission.ATTACH_FILES)
    apply_edit(world, message, change)
    return message_json(message, world.links, world.application.id)


async def bulk_delete(call: Call) -> None:
    """POST /channels/{channel_id}/messages/bulk-delete"""
    world, channel, form = call.world, call.channel, Form()
    if channel.guild is None:
        raise refuse(50003)
    require(world, channel, Permission.MANAGE_MESSAGES)
    ids = call.json.get("messages")
    if not isinstance(ids, list) or not 2 <= len(ids) <= 100:
        form.wrong(("messages",), "BASE_TYPE_BAD_LENGTH", "Must be between 2 and 100 in length.")
        form.done()
        return
    numbers = [int(one) for one in ids if str(one).isdecimal()]
    found = [channel.messages[one] for one in dict.fromkeys(numbers) if one in channel.messages]
    if any(one.created < world.clock.now() - BULK_DELETABLE for one in found):
        raise refuse(50034)
    delete_many(world, channel, [one for one in found if not one.ephemeral])


async def remove(call: Call) -> None:
    """DELETE /channels/{channel_id}/messages/{message_id}"""
    world, channel = call.world, call.channel
    require(world, channel)
    message = world.find_message(channel, call.id("message_id"))
    if message.author is not world.bot:
        if channel.guild is None:
            raise refuse(50003)
        require(world, channel, Permission.MANAGE_MESSAGES)
    delete(world, message)
