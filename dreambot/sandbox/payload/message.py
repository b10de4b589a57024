"""Messages and attachments as Discord's JSON."""

from dreambot.sandbox.links import Links
from dreambot.sandbox.model import Attachment, Interaction, Json, Message, MessageFlag
from dreambot.sandbox.payload.emoji import reactions_json, sticker_item_json
from dreambot.sandbox.payload.media import shown_components, shown_embeds, used_by_embeds
from dreambot.sandbox.payload.people import timestamp, user_json

REPLY = 19
THREAD_STARTER = 21


def attachment_json(attachment: Attachment, links: Links) -> Json:
    """An attachment object, with fresh links."""
    url = links.attachment(attachment)
    body: Json = {
        "id": str(attachment.id),
        "filename": attachment.filename,
        "size": len(attachment.data),
        "url": url,
        "proxy_url": url,
    }
    extra = {
        "content_type": attachment.content_type,
        "width": attachment.width,
        "height": attachment.height,
        "description": attachment.description,
        "title": attachment.title,
        "ephemeral": attachment.ephemeral or None,
    }
    return body | {key: value for key, value in extra.items() if value is not None}


def message_json(message: Message, links: Links, application_id: int, *, nested: bool = False) -> Json:
    """A message object; `nested` leaves out the message it refers to."""
    embedded = used_by_embeds(message)
    body: Json = {
        "id": str(message.id),
        "channel_id": str(message.channel.id),
        "type": message.type,
        "content": message.content,
        "author": user_json(message.author),
        "timestamp": timestamp(message.created),
        "edited_timestamp": None if message.edited is None else timestamp(message.edited),
        "attachments": [attachment_json(one, links) for one in message.attachments if one not in embedded],
        "embeds": [] if message.flags & MessageFlag.SUPPRESS_EMBEDS else shown_embeds(message, links),
        "components": shown_components(message, links),
        "flags": message.flags,
        "mentions": [user_json(user) for user in message.mentions],
        "mention_roles": [str(role) for role in message.mention_roles],
        "mention_everyone": message.mention_everyone,
        "pinned": message.pinned,
        "tts": message.tts,
    }
    if message.webhook is not None:
        body["webhook_id"] = str(message.webhook)
    if message.nonce is not None:
        body["nonce"] = message.nonce
    if message.interaction is not None:
        body |= _from_interaction(message, message.interaction, application_id)
    if message.stickers:
        body["sticker_items"] = [sticker_item_json(one) for one in message.stickers]
    if message.reactions:
        body["reactions"] = reactions_json(message, application_id)
    if message.snapshot is not None:
        body |= _forward(message, message.snapshot, links, application_id)
    elif message.reply_to is not None:
        body |= _reference(message, links, application_id, nested=nested)
    return body


_IN_SNAPSHOT = (
    "type",
    "content",
    "mentions",
    "mention_roles",
    "attachments",
    "embeds",
    "timestamp",
    "edited_timestamp",
    "flags",
    "components",
    "sticker_items",
)


def _forward(message: Message, snapshot: Message, links: Links, application_id: int) -> Json:
    full = message_json(snapshot, links, application_id, nested=True)
    origin = message.origin or snapshot
    reference: Json = {
        "type": 1,
        "channel_id": str(origin.channel.id),
        "message_id": str(origin.id),
    }
    if origin.channel.guild is not None:
        reference["guild_id"] = str(origin.channel.guild.id)
    shown = {key: full[key] for key in _IN_SNAPSHOT if key in full}
    return {"message_reference": reference, "message_snapshots": [{"message": shown}]}


def _from_interaction(message: Message, interaction: Interaction, application_id: int) -> Json:
    metadata = metadata_json(interaction, application_id)
    if message.follows is not None:
        metadata["original_response_message_id"] = str(message.follows)
    body: Json = {
        "webhook_id": str(application_id),
        "application_id": str(application_id),
        "interaction_metadata": metadata,
    }
    if interaction.kind == 2 and message.follows is None:
        body["interaction"] = {
            "id": str(interaction.id),
            "type": interaction.kind,
            "name": interaction.name,
            "user": user_json(interaction.user),
        }
    return body


def metadata_json(interaction: Interaction, application_id: int) -> Json:
    """The `interaction_metadata` of a message that answers an interaction."""
    body: Json = {
        "id": str(interaction.id),
        "type": interaction.kind,
        "user": user_json(interaction.user),
        "authorizing_integration_owners": interaction.owners,
    }
    if interaction.kind == 3 and interaction.message is not None:
        body["interacted_message_id"] = str(interaction.message.id)
    elif interaction.cause is not None:
        body["triggering_interaction_metadata"] = metadata_json(interaction.cause, application_id)
    elif interaction.data.get("type") == 3:
        body["target_message_id"] = interaction.data["target_id"]
    return body


def _reference(message: Message, links: Links, application_id: int, *, nested: bool) -> Json:
    starts = message.type == THREAD_STARTER and message.channel.parent
    channel = starts or message.channel
    reference: Json = {
        "type": 0,
        "channel_id": str(channel.id),
        "message_id": str(message.reply_to),
    }
    if message.channel.guild is not None:
        reference["guild_id"] = str(message.channel.guild.id)
    if nested:
        return {"message_reference": reference}
    target = channel.messages.get(message.reply_to or 0)
    shown = None if target is None else message_json(target, links, application_id, nested=True)
    return {"message_reference": reference, "referenced_message": shown}
