import numpy as np
import pytest

from dreambot.workers.protocol import (
    LENGTH_PREFIX,
    Cancel,
    Failed,
    Finished,
    FrameDone,
    Message,
    ProtocolError,
    Ready,
    StartFailed,
    StartJob,
    StepDone,
    Stopped,
    pack,
    unpack,
    unpack_lengths,
)

PIXELS = np.arange(5 * 7 * 3, dtype=np.uint8).reshape(5, 7, 3)


@pytest.mark.parametrize(
    "message",
    [
        StartJob("job", '{"a": "ü"}', True, PIXELS[:, ::-1]),
        StartJob("job", "{}", False, None, PIXELS, PIXELS[..., 0]),
        FrameDone("job", 3, 90, PIXELS),
        Cancel("job"),
        Ready("cuda:0", "cuda", "a GPU", "bf16", 8, 2),
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
def test_a_message_comes_out_of_the_pipe_as_it_went_in(message: Message) -> None:
    head, pixels = pack(message)
    header, size = unpack_lengths(head[: LENGTH_PREFIX.size])
    assert header == len(head) - LENGTH_PREFIX.size
    assert size == sum(part.nbytes for part in pixels)
    again = unpack(head[LENGTH_PREFIX.size :], b"".join(pixels))
    assert type(again) is type(message)
    for name, value in vars(message).items():
        other = getattr(again, name)
        assert np.array_equal(other, value) if isinstance(value, np.ndarray) else other == value


@pytest.mark.parametrize("header", [b"", b"[]", b"{}", b'{"message": "Cancel"}', b'{"message": "Nonsense"}'])
def test_what_is_no_message_is_refused(header: bytes) -> None:
    with pytest.raises(ProtocolError):
        unpack(header, b"")


def test_a_mad_length_is_refused() -> None:
    with pytest.raises(ProtocolError):
        unpack_lengths(b"\xff" * 8)
