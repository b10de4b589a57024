import asyncio
import io
import json

import pytest

from dreambot.workers import ipc
from dreambot.workers.ipc import Packet, ProtocolError, encode_packet, read_packet, receive_packet


async def _receive(data: bytes, max_bytes: int) -> Packet:
    """Reads a packet with both readers, which must agree."""
    reader = asyncio.StreamReader()
    reader.feed_data(data)
    reader.feed_eof()
    try:
        packet = await receive_packet(reader, max_bytes)
    except (ProtocolError, EOFError) as error:
        expected = ProtocolError if isinstance(error, ProtocolError) else EOFError
        with pytest.raises(expected):
            read_packet(io.BytesIO(data), max_bytes)
        raise
    assert packet == read_packet(io.BytesIO(data), max_bytes)
    return packet


def _packet(header: object, buffers: bytes = b"") -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return ipc.LENGTH_PREFIX.pack(len(text)) + text + buffers


async def test_a_packet_is_read_as_it_was_written() -> None:
    packet = Packet({"a": "ü", "b": [1, None]}, [b"one", b"", memoryview(b"three")])
    data = b"".join(encode_packet(packet))
    assert await _receive(data, 8) == Packet(packet.values, [b"one", b"", b"three"])
    with pytest.raises(ProtocolError, match="8 bytes"):
        await _receive(data, 7)
    for end in range(len(data)):
        with pytest.raises(EOFError):
            await _receive(data[:end], 8)


@pytest.mark.parametrize(
    "header",
    [
        b"",
        b"\xff",
        b"[" * ipc.MAX_HEADER_BYTES,
        [],
        {},
        {"values": {}},
        {"values": [], "buffers": []},
        {"values": {}, "buffers": {}},
        {"values": {}, "buffers": [], "more": 1},
        {"values": {}, "buffers": [-1]},
        {"values": {}, "buffers": [True]},
        {"values": {}, "buffers": [1.0]},
        {"values": {}, "buffers": [2**40]},
        {"values": {}, "buffers": [0] * (ipc.MAX_BUFFERS + 1)},
        b" " * (ipc.MAX_HEADER_BYTES + 1),
    ],
)
async def test_a_header_that_is_not_a_packets_is_refused(header: object) -> None:
    with pytest.raises(ProtocolError):
        await _receive(_packet(header, bytes(8)), 1000)


async def test_a_header_that_is_too_long_is_not_read() -> None:
    with pytest.raises(ProtocolError, match="4294967295"):
        await _receive(b"\xff" * 4, 1000)
