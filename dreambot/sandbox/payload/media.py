"""Embeds and components as shown: `attachment://name` becomes a link."""

import copy
from typing import Any

from dreambot.sandbox.links import Links
from dreambot.sandbox.model import Attachment, Json, Message
from dreambot.sandbox.sniff import sniff

_SCHEME = "attachment://"
_PICTURES = ("image", "thumbnail")
_NAMED = ("author", "footer")


def used_by_embeds(message: Message) -> list[Attachment]:
    """The attachments an embed shows; Discord lists them there only."""
    urls = {str(embed[key].get("url")) for embed in message.embeds for key in _PICTURES if key in embed}
    urls |= {str(embed[key].get("icon_url")) for embed in message.embeds for key in _NAMED if key in embed}
    return [one for one in message.attachments if _SCHEME + one.filename in urls]


def shown_embeds(message: Message, links: Links) -> list[Json]:
    """The message's embeds, pictures resolved."""
    shown = []
    for stored in message.embeds:
        embed: Json = {"type": "rich", **copy.deepcopy(stored)}
        for key in _PICTURES:
            if key in embed:
                embed[key] = {**embed[key], **_picture(message, str(embed[key].get("url", "")), links)}
        for key in _NAMED:
            icon = str(embed.get(key, {}).get("icon_url", ""))
            if icon.startswith(_SCHEME):
                embed[key]["icon_url"] = _picture(message, icon, links)["url"]
        shown.append(embed)
    return shown


def shown_components(message: Message, links: Links) -> list[Json]:
    """The message's components, media resolved."""
    return [_shown(message, component, links) for component in message.components]


def _shown(message: Message, stored: Any, links: Links) -> Any:
    if isinstance(stored, list):
        return [_shown(message, one, links) for one in stored]
    if not isinstance(stored, dict):
        return stored
    shown = {}
    for key, value in stored.items():
        if key in ("media", "file") and isinstance(value, dict):
            shown[key] = _media(message, str(value.get("url", "")), links)
        else:
            shown[key] = _shown(message, value, links)
    return shown


def find_attachment(message: Message, url: str) -> Attachment | None:
    """The attachment that `attachment://name` means."""
    named = [one for one in message.attachments if url == _SCHEME + one.filename]
    return named[0] if named else None


def _picture(message: Message, url: str, links: Links) -> Json:
    attachment = find_attachment(message, url)
    if attachment is None:
        return {"url": url, "proxy_url": url}
    link = links.attachment(attachment)
    size = {"width": attachment.width or 0, "height": attachment.height or 0}
    return {"url": link, "proxy_url": link, "content_type": attachment.content_type or "", **size}


def _media(message: Message, url: str, links: Links) -> Json:
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


def describe(data: bytes, attachment: Attachment) -> Attachment:
    """Fill in what the bytes tell of an attachment."""
    attachment.content_type, attachment.width, attachment.height = sniff(data)
    return attachment
