"""Messages, attachments, embeds and components as Discord's JSON, redacted without the content intent."""

import copy
from typing import Any

from dreambot.sandbox.cdn_links import CdnLinks
from dreambot.sandbox.models import Attachment, Interaction, Json, Message, MessageFlag, User
from dreambot.sandbox.payload.guilds import reactions_json, sticker_item_json
from dreambot.sandbox.payload.users import timestamp, user_json
from dreambot.sandbox.sniff import sniff

_ATTACHMENT_SCHEME = "attachment://"
_EMBED_IMAGE_KEYS = ("image", "thumbnail")
_EMBED_ICON_KEYS = ("author", "footer")


def attachments_in_embeds(message: Message) -> list[Attachment]:
    """Returns the attachments that embeds show. Discord lists those only in the embeds.

    Args:
        message: The message.
    """
    urls = {
        str(embed[key].get("url")) for embed in message.embeds for key in _EMBED_IMAGE_KEYS if key in embed
    }
    urls |= {
        str(embed[key].get("icon_url"))
        for embed in message.embeds
        for key in _EMBED_ICON_KEYS
        if key in embed
    }
    return [one for one in message.attachments if _ATTACHMENT_SCHEME + one.filename in urls]


def embeds_json(message: Message, links: CdnLinks) -> list[Json]:
    """Returns the embeds of a message, with URLs in place of `attachment://`.

    Args:
        message: The message.
        links: Creates the URLs.
    """
    shown = []
    for stored in message.embeds:
        embed: Json = {"type": "rich", **copy.deepcopy(stored)}
        for key in _EMBED_IMAGE_KEYS:
            if key in embed:
                embed[key] = {
                    **embed[key],
                    **_embed_media_json(message, str(embed[key].get("url", "")), links),
                }
        for key in _EMBED_ICON_KEYS:
            icon = str(embed.get(key, {}).get("icon_url", ""))
            if icon.startswith(_ATTACHMENT_SCHEME):
                embed[key]["icon_url"] = _embed_media_json(message, icon, links)["url"]
        shown.append(embed)
    return shown


def components_json(message: Message, links: CdnLinks) -> list[Json]:
    """Returns the components of a message, with URLs in place of `attachment://`.

    Args:
        message: The message.
        links: Creates the URLs.
    """
    return [_resolve_media(message, component, links) for component in message.components]


def _resolve_media(message: Message, stored: Any, links: CdnLinks) -> Any:
    if isinstance(stored, list):
        return [_resolve_media(message, one, links) for one in stored]
    if not isinstance(stored, dict):
        return stored
    shown = {}
    for key, value in stored.items():
        if key in ("media", "file") and isinstance(value, dict):
            shown[key] = _media_item_json(message, str(value.get("url", "")), links)
        else:
            shown[key] = _resolve_media(message, value, links)
    return shown


def find_attachment(message: Message, url: str) -> Attachment | None:
    """Returns the attachment that an `attachment://name` URL refers to, or None.

    Args:
        message: The message that has the attachment.
        url: The URL.
    """
    named = [one for one in message.attachments if url == _ATTACHMENT_SCHEME + one.filename]
    return named[0] if named else None


def _embed_media_json(message: Message, url: str, links: CdnLinks) -> Json:
    attachment = find_attachment(message, url)
    if attachment is None:
        return {"url": url, "proxy_url": url}
    link = links.attachment(attachment)
    size = {"width": attachment.width or 0, "height": attachment.height or 0}
    return {"url": link, "proxy_url": link, "content_type": attachment.content_type or "", **size}


def _media_item_json(message: Message, url: str, links: CdnLinks) -> Json:
    attachment = find_attachment(message, url)
    if attachment is None:
        return {"id": str(message.id), "url": url, "proxy_url": url}
    link = links.attachment(attachment)
    return {
        "id": str(attachment.id),
        "url": link,
        "proxy_url": link,
        "width": attachment.width,
        "height": attachment.height,
        "content_type": attachment.content_type,
        "attachment_id": str(attachment.id),
    }


def set_media_info(data: bytes, attachment: Attachment) -> Attachment:
    """Sets the content type and size that the bytes of an attachment contain, and returns the attachment.

    Args:
        data: The file.
        attachment: The attachment.
    """
    attachment.content_type, attachment.width, attachment.height = sniff(data)
    return attachment


REPLY = 19
THREAD_STARTER = 21


def attachment_json(attachment: Attachment, links: CdnLinks) -> Json:
    """Returns an attachment object, with newly signed links.

    Args:
        attachment: The attachment.
        links: Creates the URLs.
    """
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
        "flags": attachment.flags or None,
        "waveform": attachment.waveform,
        "duration_secs": attachment.duration_secs,
    }
    return body | {key: value for key, value in extra.items() if value is not None}


def message_json(message: Message, links: CdnLinks, application_id: int, *, nested: bool = False) -> Json:
    """Returns a message object.

    Args:
        message: The message.
        links: Creates the URLs.
        application_id: The bot's id.
        nested: Whether the message that it refers to is left out.
    """
    embedded = attachments_in_embeds(message)
    body: Json = {
        "id": str(message.id),
        "channel_id": str(message.channel.id),
        "type": message.type,
        "content": message.content,
        "author": user_json(message.author),
        "timestamp": timestamp(message.created_at),
        "edited_timestamp": None if message.edited_at is None else timestamp(message.edited_at),
        "attachments": [attachment_json(one, links) for one in message.attachments if one not in embedded],
        "embeds": [] if message.flags & MessageFlag.SUPPRESS_EMBEDS else embeds_json(message, links),
        "components": components_json(message, links),
        "flags": message.flags,
        "mentions": [user_json(user) for user in message.mentions],
        "mention_roles": [str(role) for role in message.mention_roles],
        "mention_everyone": message.mention_everyone,
        "pinned": message.pinned,
        "tts": message.tts,
    }
    if message.webhook_id is not None:
        body["webhook_id"] = str(message.webhook_id)
    if message.nonce is not None:
        body["nonce"] = message.nonce
    if message.interaction is not None:
        body |= _interaction_fields(message, message.interaction, application_id)
    if message.stickers:
        body["sticker_items"] = [sticker_item_json(one) for one in message.stickers]
    if message.reactions:
        body["reactions"] = reactions_json(message, application_id)
    if message.snapshot is not None:
        body |= _forward_json(message, message.snapshot, links, application_id)
    elif message.reply_to is not None:
        body |= _reference_json(message, links, application_id, nested=nested)
    return body


_SNAPSHOT_FIELDS = (
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


def _forward_json(message: Message, snapshot: Message, links: CdnLinks, application_id: int) -> Json:
    full = message_json(snapshot, links, application_id, nested=True)
    origin = message.origin or snapshot
    reference: Json = {
        "type": 1,
        "channel_id": str(origin.channel.id),
        "message_id": str(origin.id),
    }
    if origin.channel.guild is not None:
        reference["guild_id"] = str(origin.channel.guild.id)
    shown = {key: full[key] for key in _SNAPSHOT_FIELDS if key in full}
    return {"message_reference": reference, "message_snapshots": [{"message": shown}]}


def _interaction_fields(message: Message, interaction: Interaction, application_id: int) -> Json:
    metadata = metadata_json(interaction, application_id)
    if message.followup_of is not None:
        metadata["original_response_message_id"] = str(message.followup_of)
    body: Json = {
        "webhook_id": str(application_id),
        "application_id": str(application_id),
        "interaction_metadata": metadata,
    }
    if interaction.kind == 2 and message.followup_of is None:
        body["interaction"] = {
            "id": str(interaction.id),
            "type": interaction.kind,
            "name": interaction.name,
            "user": user_json(interaction.user),
        }
    return body


def metadata_json(interaction: Interaction, application_id: int) -> Json:
    """Returns the `interaction_metadata` of a message that answers an interaction.

    Args:
        interaction: The interaction.
        application_id: The bot's id.
    """
    body: Json = {
        "id": str(interaction.id),
        "type": interaction.kind,
        "user": user_json(interaction.user),
        "authorizing_integration_owners": interaction.owners,
    }
    if interaction.kind == 3 and interaction.message is not None:
        body["interacted_message_id"] = str(interaction.message.id)
    elif interaction.triggered_by is not None:
        body["triggering_interaction_metadata"] = metadata_json(interaction.triggered_by, application_id)
    elif interaction.data.get("type") == 3:
        body["target_message_id"] = interaction.data["target_id"]
    return body


def _reference_json(message: Message, links: CdnLinks, application_id: int, *, nested: bool) -> Json:
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


_REDACTED_FIELDS: Json = {"content": "", "embeds": [], "attachments": [], "components": []}


def can_read_content(message: Message, bot: User) -> bool:
    """Returns whether the bot may read a message without the message content intent.

    It may read its own messages, direct messages, and messages that mention it.

    Args:
        message: The message.
        bot: The bot.
    """
    return message.author is bot or message.channel.guild is None or bot in message.mentions


def redact_content(body: Json, message: Message, bot: User) -> Json:
    """Returns the JSON of a message without its content, if the bot may not read it.

    The message that it replies to is checked separately. A mention therefore shows the message that mentions
    the bot, but not the image in the message that it replies to.

    Args:
        body: The JSON of the message.
        message: The message.
        bot: The bot.
    """
    if not can_read_content(message, bot):
        body = {**body, **_REDACTED_FIELDS}
        if "message_snapshots" in body:
            body["message_snapshots"] = [
                {"message": {**one["message"], **_REDACTED_FIELDS}} for one in body["message_snapshots"]
            ]
    target = message.channel.messages.get(message.reply_to or 0)
    nested = body.get("referenced_message")
    if target is not None and nested is not None:
        body = {**body, "referenced_message": redact_content(nested, target, bot)}
    return body
