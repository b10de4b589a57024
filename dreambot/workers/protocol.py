"""The messages between the bot and a GPU worker, and how they become packets."""

import io
import math
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from dreambot.workers.ipc import Buffer, Packet, ProtocolError, encode_packet, read_packet
from dreambot.workers.types import Pixels

MAX_MESSAGE_BYTES = 2**30
"""Pixels of one message: the frames of a source (384 MiB), guide and mask, or the largest picture that a
recipe can ask for (768 MiB)."""

_PIXEL_FIELDS = {"picture", "source", "guide", "mask"}


@dataclass(frozen=True, eq=False)
class StartJob:
    """To the worker: dream this.

    It answers with StepDone and FrameDone, then Finished, Failed or Stopped. Other jobs may start meanwhile:
    those that share its batch, or that run between the frames of a video.

    Attributes:
        job: The job's id.
        recipe: JSON.
        previews: Whether StepDone messages may have pictures.
        source: (H, W, 3), or (F, H, W, 3) for a video; None for noise.
        guide: (H, W, 3).
        mask: (H, W).
    """

    job: str
    recipe: str
    previews: bool
    source: Pixels | None
    guide: Pixels | None = None
    mask: Pixels | None = None


@dataclass(frozen=True)
class Cancel:
    """To the worker: stop after this step. Ignored if the job is not running."""

    job: str


@dataclass(frozen=True)
class UseThreads:
    """To the worker: use so many threads from the next step on. Sent only if its `Ready.threads` is not 0."""

    count: int


@dataclass(frozen=True)
class Ready:
    """The worker's first message.

    Attributes:
        device: "cpu", "cuda:0", …
        kind: "cpu", "cuda" or "mps".
        name: For people.
        precision: The fastest of "fp32", "bf16" and "fp16" that the device can use.
        batch: Number of dreams at once that the device gains by.
        devices: Number of devices of this kind in the machine, whose names count from 0.
        problem: What its self-check found, see `workers.gpu.self_check`; empty if it passed.
        threads: All threads of the CPU if the worker accepts `UseThreads`; otherwise 0.
    """

    device: str
    kind: str
    name: str
    precision: str
    batch: int = 1
    devices: int = 1
    problem: str = ""
    threads: int = 0


@dataclass(frozen=True)
class StartFailed:
    """The worker's first and only message if it cannot work here.

    Attributes:
        reason: A message for people as JSON; see `errors.Message`.
    """

    reason: str


@dataclass(frozen=True, eq=False)
class StepDone:
    """A step of a job is done.

    Attributes:
        job: The job's id.
        fraction: Share of the job that is done, 0 to 1.
        octave: From 1.
        octaves: Number of octaves.
        step: From 1.
        steps: Number of steps of an octave.
        objective: Value of the objective.
        picture: A preview, (H, W, 3), with some messages.
    """

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
    """A frame of a video is done.

    Attributes:
        job: The job's id.
        index: From 0; 0 again means that the video starts over.
        frames: Number of frames.
        picture: (H, W, 3).
    """

    job: str
    index: int
    frames: int
    picture: Pixels


@dataclass(frozen=True, eq=False)
class Finished:
    """The job is done.

    Attributes:
        job: The job's id.
        seconds: Its share of the device's time.
        plan: "batched" or "tiled" if it was not dreamed the usual way.
        picture: (H, W, 3); of a video, its last frame.
    """

    job: str
    seconds: float
    plan: str | None
    picture: Pixels


@dataclass(frozen=True)
class Failed:
    """The dream cannot be done; another attempt would fail as well.

    Attributes:
        job: The job's id.
        reason: A message for people as JSON; see `errors.Message`.
        missing: The network whose weights are missing, which is for the operator to fix.
    """

    job: str
    reason: str
    missing: str = ""


@dataclass(frozen=True)
class Stopped:
    """The job was cancelled."""

    job: str


Message = (
    StartJob | Cancel | UseThreads | Ready | StartFailed | StepDone | FrameDone | Finished | Failed | Stopped
)

_MESSAGE_TYPES: dict[str, type[Message]] = {
    kind.__name__: kind
    for kind in (
        StartJob,
        Cancel,
        UseThreads,
        Ready,
        StartFailed,
        StepDone,
        FrameDone,
        Finished,
        Failed,
        Stopped,
    )
}


def pack(message: Message) -> Packet:
    """Returns the packet of a message; contiguous pixels are not copied.

    Args:
        message: The message.
    """
    values: dict[str, Any] = {"message": type(message).__name__}
    shapes: dict[str, tuple[int, ...]] = {}
    buffers: list[Buffer] = []
    for field in fields(message):
        value = getattr(message, field.name)
        if field.name not in _PIXEL_FIELDS:
            values[field.name] = value
        elif value is not None:
            shapes[field.name] = value.shape
            buffers.append(np.ascontiguousarray(value).data.cast("B"))
    return Packet({**values, "shapes": shapes}, buffers)


def unpack(packet: Packet) -> Message:
    """Returns the message of a packet; its pictures are views of the packet's buffers.

    Args:
        packet: The packet.

    Raises:
        ProtocolError: It is not a message: unknown or missing fields, or pixels that do not fit their shape.
    """
    try:
        values = dict(packet.values)
        kind = _MESSAGE_TYPES[values.pop("message")]
        shapes = dict(values.pop("shapes"))
        names = {field.name for field in fields(kind)}
        if set(values) != names - _PIXEL_FIELDS or not set(shapes) <= names & _PIXEL_FIELDS:
            raise ProtocolError(f"unknown or missing fields of {kind.__name__}")
        values |= dict.fromkeys(names & _PIXEL_FIELDS)
        for (name, shape), buffer in zip(shapes.items(), packet.buffers, strict=True):
            if math.prod(shape) != len(buffer):
                raise ProtocolError(f"{len(buffer)} bytes of pixels for the shape {shape}")
            values[name] = np.frombuffer(buffer, np.uint8).reshape(shape)
        if kind in (FrameDone, Finished) and values["picture"] is None:
            raise ProtocolError(f"{kind.__name__} without a picture")
        return kind(**values)
    except (ValueError, KeyError, TypeError) as error:
        raise ProtocolError("a packet that is not a message") from error


def message_to_bytes(message: Message) -> bytes:
    """Returns the packet of a message in one piece.

    Args:
        message: The message.
    """
    return b"".join(encode_packet(pack(message)))


def message_from_bytes(data: bytes) -> Message:
    """Returns the message of a packet that came in one piece.

    Args:
        data: As from `message_to_bytes`.

    Raises:
        ProtocolError: It is not exactly one message.
    """
    stream = io.BytesIO(data)
    try:
        message = unpack(read_packet(stream, MAX_MESSAGE_BYTES))
    except EOFError as error:
        raise ProtocolError("a packet that ends too early") from error
    if stream.read(1):
        raise ProtocolError("bytes after a packet")
    return message
