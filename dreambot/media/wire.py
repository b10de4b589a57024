"""How the bot and a codec process talk: one JSON object and raw buffers, over pipes.

Not pickle: a codec process that hostile bytes have taken over must not be able to run code in the bot.
A message is the JSON's length (4 bytes, big-endian), the JSON, then the buffers whose lengths it lists.
"""

import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

PREFIX = struct.Struct(">I")
MAX_HEAD_BYTES = 256 * 1024


@dataclass(frozen=True)
class Message:
    """values: what JSON can hold. buffers: bytes beside it."""

    values: dict[str, Any]
    buffers: Sequence[bytes] = field(default=())


class ByteSource(Protocol):
    """An asyncio.StreamReader, as far as it is needed here."""

    async def readexactly(self, n: int, /) -> bytes:
        """Exactly n bytes, or asyncio.IncompleteReadError."""
        ...


class WireError(Exception):
    """The other side did not keep to the shape of a message."""


def packed(message: Message) -> list[bytes]:
    """The parts of a message, to be written in this order."""
    lengths = [len(buffer) for buffer in message.buffers]
    head = json.dumps({"values": message.values, "buffers": lengths}).encode()
    return [PREFIX.pack(len(head)), head, *message.buffers]


async def received(source: ByteSource, most: int) -> Message:
    """The next message, whose buffers may hold `most` bytes together.

    Raises WireError when it is malformed or larger, asyncio.IncompleteReadError when the other side ended.
    """
    (length,) = PREFIX.unpack(await source.readexactly(PREFIX.size))
    if length > MAX_HEAD_BYTES:
        raise WireError(f"a head of {length} bytes")
    values, lengths = unpacked_head(await source.readexactly(length))
    if sum(lengths) > most:
        raise WireError(f"buffers of {sum(lengths)} bytes, where at most {most} were expected")
    return Message(values, [await source.readexactly(size) for size in lengths])


def unpacked_head(head: bytes) -> tuple[dict[str, Any], list[int]]:
    """The values and buffer lengths of a message. Raises WireError."""
    try:
        parsed = json.loads(head)
        values, lengths = parsed["values"], parsed["buffers"]
    except (ValueError, KeyError, TypeError) as error:
        raise WireError("a head that is not ours") from error
    if not isinstance(values, dict) or not isinstance(lengths, list):
        raise WireError("a head that is not ours")
    if not all(isinstance(size, int) and size >= 0 for size in lengths):
        raise WireError("a head that is not ours")
    return values, lengths
