"""The message format between the bot and its codec processes: a JSON object and raw buffers, over pipes.

Not pickle: a codec process compromised by untrusted bytes must not be able to run code in the bot. A
packet is the JSON's length (4 bytes, big-endian), the JSON, then the buffers whose lengths it lists.
"""

import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

LENGTH_PREFIX = struct.Struct(">I")
MAX_HEADER_BYTES = 256 * 1024


@dataclass(frozen=True)
class Packet:
    """values: what JSON can hold. buffers: bytes beside it."""

    values: dict[str, Any]
    buffers: Sequence[bytes] = field(default=())


class ByteSource(Protocol):
    """An asyncio.StreamReader, as far as it is needed here."""

    async def readexactly(self, n: int, /) -> bytes:
        """Exactly n bytes, or asyncio.IncompleteReadError."""
        ...


class PacketError(Exception):
    """The other side did not keep to the shape of a message."""


def encode_packet(message: Packet) -> list[bytes]:
    """The parts of a message, to be written in this order."""
    lengths = [len(buffer) for buffer in message.buffers]
    head = json.dumps({"values": message.values, "buffers": lengths}).encode()
    return [LENGTH_PREFIX.pack(len(head)), head, *message.buffers]


async def read_packet(source: ByteSource, most: int) -> Packet:
    """The next message, whose buffers may hold `most` bytes together.

    Raises WireError when it is malformed or larger, asyncio.IncompleteReadError when the other side ended.
    """
    (length,) = LENGTH_PREFIX.unpack(await source.readexactly(LENGTH_PREFIX.size))
    if length > MAX_HEADER_BYTES:
        raise PacketError(f"a head of {length} bytes")
    values, lengths = decode_header(await source.readexactly(length))
    if sum(lengths) > most:
        raise PacketError(f"buffers of {sum(lengths)} bytes, where at most {most} were expected")
    return Packet(values, [await source.readexactly(size) for size in lengths])


def decode_header(head: bytes) -> tuple[dict[str, Any], list[int]]:
    """The values and buffer lengths of a message. Raises WireError."""
    try:
        parsed = json.loads(head)
        values, lengths = parsed["values"], parsed["buffers"]
    except (ValueError, KeyError, TypeError) as error:
        raise PacketError("a head that is not ours") from error
    if not isinstance(values, dict) or not isinstance(lengths, list):
        raise PacketError("a head that is not ours")
    if not all(isinstance(size, int) and size >= 0 for size in lengths):
        raise PacketError("a head that is not ours")
    return values, lengths
