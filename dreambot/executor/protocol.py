"""What an executor and its worker processes say to each other, and how it looks in the pipe.

A frame is two big-endian 32-bit lengths, a header in JSON and the raw pixels, if the message has any.
"""

import json
import struct
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from dreambot.errors import DreambotError
from dreambot.executor.types import Pixels

LENGTHS = struct.Struct(">II")
MAX_HEADER = 1 << 20


@dataclass(frozen=True, eq=False)
class Begin:
    """To the worker: dream this. It is answered by Progress and then one of Finished, Failed, Stopped."""

    job: str
    recipe: str
    previews: bool
    picture: Pixels


@dataclass(frozen=True)
class Cancel:
    """To the worker: stop after this step. A job that it is not on is nothing to it."""

    job: str


@dataclass(frozen=True)
class Ready:
    """The worker's first word. device: "cpu", "cuda:0"; kind: "cpu", "cuda", "mps"; name: for people;
    precision: what the device is best at."""

    device: str
    kind: str
    name: str
    precision: str


@dataclass(frozen=True)
class Unfit:
    """The worker's first and last word when it cannot work here: a sentence that says why."""

    reason: str


@dataclass(frozen=True, eq=False)
class Progress:
    """After a step. The picture is a preview."""

    fraction: float
    octave: int
    octaves: int
    step: int
    steps: int
    objective: float
    picture: Pixels | None


@dataclass(frozen=True, eq=False)
class Finished:
    """The dream."""

    seconds: float
    plan: str | None
    picture: Pixels


@dataclass(frozen=True)
class Failed:
    """The dream cannot be done; trying again would not help. reason: a sentence for people."""

    reason: str


@dataclass(frozen=True)
class Stopped:
    """The dream was cancelled."""


Message = Begin | Cancel | Ready | Unfit | Progress | Finished | Failed | Stopped

_KINDS: dict[str, type[Message]] = {
    kind.__name__: kind for kind in (Begin, Cancel, Ready, Unfit, Progress, Finished, Failed, Stopped)
}


class ProtocolError(DreambotError):
    """Bytes that are no message."""


def pack(message: Message) -> tuple[bytes, memoryview]:
    """(lengths and header, pixels) of a message, to be written one after the other."""
    header: dict[str, Any] = {
        field.name: getattr(message, field.name) for field in fields(message) if field.name != "picture"
    }
    header["message"] = type(message).__name__
    picture: Pixels | None = getattr(message, "picture", None)
    pixels = memoryview(b"")
    if picture is not None:
        header["shape"] = picture.shape
        pixels = np.ascontiguousarray(picture).data.cast("B")
    text = json.dumps(header).encode()
    return LENGTHS.pack(len(text), pixels.nbytes) + text, pixels


def lengths(start: bytes) -> tuple[int, int]:
    """The lengths of header and pixels from the first LENGTHS.size bytes. Raises ProtocolError."""
    header, pixels = LENGTHS.unpack(start)
    if header > MAX_HEADER:
        raise ProtocolError(f"a header of {header} bytes")
    return header, pixels


def unpack(header: bytes, pixels: bytes | bytearray) -> Message:
    """The message in a frame; its picture is a view of `pixels`. Raises ProtocolError."""
    try:
        values = json.loads(header)
        kind = _KINDS[values.pop("message")]
        if any(field.name == "picture" for field in fields(kind)):
            shape = values.pop("shape", None)
            values["picture"] = None if shape is None else np.frombuffer(pixels, np.uint8).reshape(shape)
        return kind(**values)
    except (ValueError, KeyError, TypeError) as error:
        raise ProtocolError("a frame that is no message") from error
