import numpy as np
import pytest

from dreambot.executor.protocol import (
    LENGTHS,
    Begin,
    Cancel,
    Failed,
    Finished,
    Framed,
    Message,
    Progress,
    ProtocolError,
    Ready,
    Stopped,
    Unfit,
    lengths,
    pack,
    unpack,
)

PIXELS = np.arange(5 * 7 * 3, dtype=np.uint8).reshape(5, 7, 3)


@pytest.mark.parametrize(
    "message",
    [
        Begin("job", '{"a": "ü"}', True, PIXELS[:, ::-1]),
        Begin("job", "{}", False, None, PIXELS, PIXELS[..., 0]),
        Framed("job", 3, 90, PIXELS),
        Cancel("job"),
        Ready("cuda:0", "cuda", "a GPU", "bf16", 8, 2),
        Unfit("No GPU here."),
        Progress("job", 0.5, 1, 4, 2, 10, -1.5, None),
        Progress("job", 0.5, 1, 4, 2, 10, -1.5, PIXELS),
        Finished("job", 1.5, "tiled", PIXELS),
        Finished("job", 1.5, None, PIXELS),
        Failed("job", "It is too much."),
        Failed("job", "Bring the weights.", "vgg16"),
        Stopped("job"),
    ],
)
def test_a_message_comes_out_of_the_pipe_as_it_went_in(message: Message) -> None:
    head, pixels = pack(message)
    header, size = lengths(head[: LENGTHS.size])
    assert header == len(head) - LENGTHS.size
    assert size == sum(part.nbytes for part in pixels)
    again = unpack(head[LENGTHS.size :], b"".join(pixels))
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
        lengths(b"\xff" * 8)
