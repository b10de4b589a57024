"""Channels whose media are all hidden behind a click. discord.py 2.7 does not keep the flags of channels."""

from collections.abc import Callable, Mapping
from typing import Any

import discord

_SPOILER_CHANNEL = 1 << 21
"""`IS_SPOILER_CHANNEL` among the flags of a channel."""
# Ids are unique over all of Discord, so one set serves all clients of the process.
_spoiler_channels: set[int] = set()


def watch_channel_flags(client: discord.Client) -> None:
    """Keeps the spoiler flag of each channel that the gateway mentions from now on.

    Args:
        client: The client, before it connects.
    """
    # discord.py hands the payload of an event to nothing but these parsers.
    parsers: dict[str, Callable[[Any], None]] = client._connection.parsers
    for event in ("GUILD_CREATE", "CHANNEL_CREATE", "CHANNEL_UPDATE"):
        parsers[event] = _keeping_flags(parsers[event])


def _keeping_flags(parse: Callable[[Any], None]) -> Callable[[Any], None]:
    def parse_and_keep(data: Mapping[str, Any]) -> None:
        for channel in data.get("channels", (data,)):
            keep = (
                _spoiler_channels.add
                if channel.get("flags", 0) & _SPOILER_CHANNEL
                else _spoiler_channels.discard
            )
            keep(int(channel["id"]))
        parse(data)

    return parse_and_keep


def is_spoiler_channel(channel: object) -> bool:
    """Checks whether all media of a channel, or of the channel that a thread is in, are spoilers.

    Args:
        channel: Any channel.
    """
    if isinstance(channel, discord.Thread):
        return channel.parent_id in _spoiler_channels
    return isinstance(channel, discord.abc.GuildChannel) and channel.id in _spoiler_channels
