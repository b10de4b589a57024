"""discord.py's own messages and their parts, for the tests of source finding."""

from types import SimpleNamespace
from typing import Any, cast

import discord
from discord.components import _component_factory

STATE = cast(Any, SimpleNamespace(http=None))


def attachment(name: str, kind: str | None = "image/png", alt: str | None = None) -> discord.Attachment:
    """Builds an attachment from a payload of Discord's."""
    data: dict[str, Any] = {
        "id": "1",
        "filename": name,
        "size": 10,
        "url": f"https://cdn/{name}",
        "proxy_url": "x",
    }
    data |= {"content_type": kind} if kind else {}
    data |= {"description": alt} if alt else {}
    return discord.Attachment(data=cast(Any, data), state=STATE)


def embed(url: str | None = None, kind: str = "image", **shown: str) -> discord.Embed:
    """Builds an embed with an image, a thumbnail or a video."""
    parts = {key: {"url": value} for key, value in shown.items()}
    return discord.Embed.from_dict(cast(Any, {"url": url, "type": kind, **parts}))


def sticker(kind: int, name: str = "Wave") -> discord.StickerItem:
    """Builds a sticker of one of Discord's four formats, by its number."""
    data = {"id": "749054660769218631", "name": name, "format_type": kind}
    return discord.StickerItem(state=STATE, data=cast(Any, data))


def component(data: dict[str, Any]) -> discord.Component:
    """Builds a component from a payload of Discord's."""
    made = _component_factory(cast(Any, data), STATE)
    assert isinstance(made, discord.Component)
    return made


def media(name: str = "a.png", attached: bool = True, **more: Any) -> dict[str, Any]:
    """Builds the media of a component: an attachment of the message, or an image from another host."""
    place = "https://cdn/attachments/1/2/" if attached else "https://elsewhere.example/"
    return {"url": place + name, "proxy_url": "x", **({"attachment_id": "2"} if attached else {}), **more}


def carrier(**parts: Any) -> Any:
    """Builds what a message and the snapshot of a forwarded message have in common."""
    empty = {"content": "", "attachments": [], "embeds": [], "stickers": [], "components": []}
    return SimpleNamespace(**{**empty, **parts})


def message(author: int = 1, **parts: Any) -> discord.Message:
    """Builds a message."""
    mine = carrier(id=5, author=SimpleNamespace(id=author), message_snapshots=[], **parts)
    mine.type = parts.get("type", discord.MessageType.default)
    for name in ("interaction_metadata", "reference", "guild", "channel"):
        setattr(mine, name, parts.get(name))
    mine.raw_mentions = parts.get("raw_mentions", [])
    mine.message_snapshots = parts.get("forwards", [])
    return cast(discord.Message, mine)
