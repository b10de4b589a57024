import numpy as np
import pytest

from dreambot.workers.ipc import Packet, ProtocolError
from dreambot.workers.protocol import (
    Cancel,
    Failed,
    Finished,
    FrameDone,
    Message,
    Ready,
    StartFailed,
    StartJob,
    StepDone,
    Stopped,
    UseThreads,
    message_from_bytes,
    message_to_bytes,
    unpack,
)

PIXELS = np.arange(5 * 7 * 3, dtype=np.uint8).reshape(5, 7, 3)


@pytest.mark.parametrize(
    "message",
    [
        StartJob("job", '{"a": "ü"}', True, PIXELS[:, ::-1]),
        StartJob("job", "{}", False, None, PIXELS, PIXELS[..., 0]),
        FrameDone("job", 3, 90, PIXELS),
        Cancel("job"),
        UseThreads(2),
        Ready("cuda:0", "cuda", "a GPU", "bf16", 8, 2),
        Ready("cpu", "cpu", "a CPU", "bf16", threads=2),
        StartFailed("No GPU here."),
        StepDone("job", 0.5, 1, 4, 2, 10, -1.5, None),
        StepDone("job", 0.5, 1, 4, 2, 10, -1.5, PIXELS),
        Finished("job", 1.5, "tiled", PIXELS),
        Finished("job", 1.5, None, PIXELS),
        Failed("job", "It is too much."),
        Failed("job", "Bring the weights.", "vgg16"),
        Stopped("job"),
    ],
)
def test_a_message_survives_the_pipe(message: Message) -> None:
    again = message_from_bytes(message_to_bytes(message))
    assert type(again) is type(message)
    for name, value in vars(message).items():
        other = getattr(again, name)
        assert np.array_equal(other, value) if isinstance(value, np.ndarray) else other == value


CANCEL = {"message": "Cancel", "job": "job", "shapes": {}}
FRAME = {"message": "FrameDone", "job": "job", "index": 0, "frames": 2, "shapes": {"picture": [2, 2, 3]}}


@pytest.mark.parametrize(
    "packet",
    [
        Packet({}),
        Packet({"message": "Cancel"}),
        Packet({"message": "Nonsense"}),
        Packet(CANCEL | {"message": []}),
        Packet(CANCEL | {"more": 1}),
        Packet(CANCEL | {"shapes": None}),
        Packet(CANCEL | {"shapes": {"picture": [1]}}, [b"1"]),
        Packet(CANCEL, [b"1"]),
        Packet(FRAME | {"shapes": {}}),
        Packet(FRAME),
        Packet(FRAME, [bytes(11)]),
        Packet(FRAME, [bytes(12), b""]),
        Packet(FRAME | {"shapes": {"picture": [-2, -2, 3]}}, [bytes(12)]),
        Packet(FRAME | {"shapes": {"picture": [2, 2, 3], "job": [1]}}, [bytes(12), b"1"]),
    ],
)
def test_a_packet_that_is_not_a_message_is_refused(packet: Packet) -> None:
    with pytest.raises(ProtocolError):
        unpack(packet)


def test_a_message_must_be_exactly_one_packet() -> None:
    data = message_to_bytes(Finished("job", 1.5, None, PIXELS))
    for wrong in (data[:-1], data + b"1", b"", b"\xff" * 8):
        with pytest.raises(ProtocolError):
            message_from_bytes(wrong)
