"""Packets between the bot and its child processes: a JSON object and raw buffers.

Not pickle: a child that untrusted bytes have taken over must not be able to run code in the bot. A packet is
the length of its header (4 bytes, big-endian), the header (JSON: the values and the length of each buffer)
and the buffers.
"""

import io
import json
import os
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dreambot.errors import DreambotError

if TYPE_CHECKING:  # codec processes do without asyncio
    from asyncio import StreamReader

LENGTH_PREFIX = struct.Struct(">I")
MAX_HEADER_BYTES = 256 * 1024
MAX_BUFFERS = 4

Buffer = bytes | bytearray | memoryview


@dataclass(frozen=True)
class Packet:
    """A message between processes.

    Attributes:
        values: What JSON can hold.
        buffers: Raw bytes, at most MAX_BUFFERS of them.
    """

    values: dict[str, Any]
    buffers: Sequence[Buffer] = field(default=())


class ProtocolError(DreambotError):
    """The other side sent bytes that are not a valid message."""


def encode_packet(packet: Packet) -> list[Buffer]:
    """Returns the parts of a packet in the order in which they are written.

    Args:
        packet: Its buffers are not copied.
    """
    lengths = [memoryview(buffer).nbytes for buffer in packet.buffers]
    header = json.dumps({"values": packet.values, "buffers": lengths}).encode()
    return [LENGTH_PREFIX.pack(len(header)), header, *packet.buffers]


async def receive_packet(reader: "StreamReader", max_bytes: int) -> Packet:
    """Reads the next packet from an asyncio stream.

    Args:
        reader: The stream.
        max_bytes: Limit on all buffers together; nothing larger is read.

    Raises:
        ProtocolError: The packet is malformed or too large.
        asyncio.IncompleteReadError: The other side closed the stream.
    """
    header_length = _check_header_length(await reader.readexactly(LENGTH_PREFIX.size))
    values, lengths = _parse_header(await reader.readexactly(header_length), max_bytes)
    return Packet(values, [await reader.readexactly(length) for length in lengths])


def read_packet(stream: io.BufferedIOBase, max_bytes: int) -> Packet:
    """Reads the next packet from a blocking stream; its buffers are writable.

    Args:
        stream: The stream.
        max_bytes: Limit on all buffers together; nothing larger is read.

    Raises:
        ProtocolError: The packet is malformed or too large.
        EOFError: The other side closed the stream.
    """
    header_length = _check_header_length(_read_exactly(stream, LENGTH_PREFIX.size))
    values, lengths = _parse_header(_read_exactly(stream, header_length), max_bytes)
    return Packet(values, [_read_exactly(stream, length) for length in lengths])


def write_packet(stream: io.BufferedIOBase, packet: Packet) -> None:
    """Writes a packet to a blocking stream and flushes it.

    Args:
        stream: The stream.
        packet: The packet.
    """
    for part in encode_packet(packet):
        stream.write(part)
    stream.flush()


def take_standard_streams(*, discard_stderr: bool) -> tuple[io.BufferedReader, io.BufferedWriter]:
    """Reserves stdin and stdout of a child process for packets.

    Afterwards file descriptor 0 is empty, and what libraries print on 1 goes to stderr.

    Args:
        discard_stderr: Discard what is written to stderr too.

    Returns:
        (stream to read packets from, stream to write packets to).
    """
    reader, writer = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    null = os.open(os.devnull, os.O_RDWR)
    if discard_stderr:
        os.dup2(null, 2)
    os.dup2(null, 0)
    os.dup2(2, 1)
    os.close(null)
    return reader, writer


def _check_header_length(prefix: Buffer) -> int:
    (length,) = LENGTH_PREFIX.unpack(prefix)
    if length > MAX_HEADER_BYTES:
        raise ProtocolError(f"a header of {length} bytes")
    return int(length)


def _parse_header(header: bytes | bytearray, max_bytes: int) -> tuple[dict[str, Any], list[int]]:
    """Returns the values and the buffer lengths of a packet."""
    try:
        parsed = json.loads(header)
    except (ValueError, RecursionError) as error:
        raise ProtocolError("a header that is not JSON") from error
    match parsed:
        case {"values": dict(values), "buffers": list(lengths), **unknown} if not unknown:
            pass
        case _:
            raise ProtocolError("a header without values and buffers, or with unknown fields")
    if len(lengths) > MAX_BUFFERS or not all(type(length) is int and length >= 0 for length in lengths):
        raise ProtocolError("invalid buffer lengths")
    if sum(lengths) > max_bytes:
        raise ProtocolError(f"buffers of {sum(lengths)} bytes, where at most {max_bytes} were expected")
    return values, lengths


def _read_exactly(stream: io.BufferedIOBase, size: int) -> bytearray:
    data = bytearray(size)
    if stream.readinto(data) < size:
        raise EOFError
    return data
