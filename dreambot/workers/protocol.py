"""The protocol between the bot and its worker processes: messages, and log records.

A packet is two big-endian 32-bit lengths, a header in JSON and the raw pixels, if the message has any. A log
record is one line of JSON on the worker's output.
"""

import json
import logging
import math
import struct
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from dreambot import logs
from dreambot.errors import DreambotError
from dreambot.workers.types import Pixels

LENGTH_PREFIX = struct.Struct(">II")
MAX_HEADER_BYTES = 1 << 20
_PIXEL_FIELDS = {"picture", "source", "guide", "mask"}


@dataclass(frozen=True, eq=False)
class StartJob:
    """To the worker: dream this. Progress and Framed answer it, then Finished, Failed or Stopped. While one
    job is dreamed others may begin: those that share its batch, or a film's guest."""

    job: str
    recipe: str
    previews: bool
    source: Pixels | None
    guide: Pixels | None = None
    mask: Pixels | None = None


@dataclass(frozen=True)
class Cancel:
    """To the worker: stop after this step. A job that it is not on is nothing to it."""

    job: str


@dataclass(frozen=True)
class Ready:
    """The worker's first word. device: "cpu", "cuda:0"; kind: "cpu", "cuda", "mps"; name: for people;
    precision: what the device is best at. batch: how many dreams at once it gains by. devices: how many of
    this kind the machine has, counted from 0 in their names."""

    device: str
    kind: str
    name: str
    precision: str
    batch: int = 1
    devices: int = 1


@dataclass(frozen=True)
class StartFailed:
    """The worker's first and last word when it cannot work here. reason: a message as JSON, see
    `errors.Message`."""

    reason: str


@dataclass(frozen=True, eq=False)
class Progress:
    """After a step of a job. The picture is a preview."""

    job: str
    fraction: float
    octave: int
    octaves: int
    step: int
    steps: int
    objective: float
    picture: Pixels | None


@dataclass(frozen=True, eq=False)
class FrameDone:
    """A frame of a film is done. index counts from 0; 0 again means that the film begins anew."""

    job: str
    index: int
    frames: int
    picture: Pixels


@dataclass(frozen=True, eq=False)
class Finished:
    """The dream; of a film, its last frame. seconds: its share of the device's time."""

    job: str
    seconds: float
    plan: str | None
    picture: Pixels


@dataclass(frozen=True)
class Failed:
    """The dream cannot be done; trying again would not help. reason: a message as JSON, see `errors.Message`.
    missing: the network whose weights cannot be had, which makes it one for the operator."""

    job: str
    reason: str
    missing: str = ""


@dataclass(frozen=True)
class Stopped:
    """The dream was cancelled."""

    job: str


Message = StartJob | Cancel | Ready | StartFailed | Progress | FrameDone | Finished | Failed | Stopped

_MESSAGE_TYPES: dict[str, type[Message]] = {
    kind.__name__: kind
    for kind in (StartJob, Cancel, Ready, StartFailed, Progress, FrameDone, Finished, Failed, Stopped)
}


class ProtocolError(DreambotError):
    """Bytes that are no message."""


def pack(message: Message) -> tuple[bytes, list[memoryview]]:
    """(lengths and header, pixels) of a message, to be written one after the other."""
    header: dict[str, Any] = {"message": type(message).__name__, "shapes": {}}
    pixels = []
    for field in fields(message):
        value = getattr(message, field.name)
        if field.name not in _PIXEL_FIELDS:
            header[field.name] = value
        elif value is not None:
            header["shapes"][field.name] = value.shape
            pixels.append(np.ascontiguousarray(value).data.cast("B"))
    text = json.dumps(header).encode()
    return LENGTH_PREFIX.pack(len(text), sum(part.nbytes for part in pixels)) + text, pixels


def unpack_lengths(start: bytes) -> tuple[int, int]:
    """The lengths of header and pixels from the first LENGTHS.size bytes. Raises ProtocolError."""
    header, pixels = LENGTH_PREFIX.unpack(start)
    if header > MAX_HEADER_BYTES:
        raise ProtocolError(f"a header of {header} bytes")
    return header, pixels


def unpack(header: bytes, pixels: bytes | bytearray) -> Message:
    """The message in a packet; its pictures are views of `pixels`. Raises ProtocolError."""
    try:
        values = json.loads(header)
        kind = _MESSAGE_TYPES[values.pop("message")]
        for field in fields(kind):
            if field.name in _PIXEL_FIELDS:
                values[field.name] = None
        start = 0
        for name, shape in values.pop("shapes").items():
            size = math.prod(shape)
            values[name] = np.frombuffer(pixels, np.uint8, size, start).reshape(shape)
            start += size
        return kind(**values)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ProtocolError("a packet that is no message") from error


_LOG_LEVELS = logging.getLevelNamesMapping()


@dataclass(frozen=True)
class LogLine:
    """What one line of a worker's output says. job: which one it is about, if any."""

    level: int
    text: str
    job: str | None = None


class JsonLogFormatter(logging.Formatter):
    """Formats a record, traceback included, for `read`."""

    def format(self, record: logging.LogRecord) -> str:
        """A line."""
        text = super().format(record)
        return json.dumps({"level": record.levelname, "job": logs.job_id_of(record), "text": text})


def parse_log_line(line: str) -> LogLine:
    """A line of `Printing`'s; anything else that a worker printed is a warning."""
    try:
        values = json.loads(line)
        return LogLine(_LOG_LEVELS[values["level"]], str(values["text"]), values["job"])
    except (ValueError, KeyError, TypeError):
        return LogLine(logging.WARNING, line)
