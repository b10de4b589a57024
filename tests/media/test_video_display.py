"""Videos look as in browsers: their colours, orientation and transparency."""

import struct
from pathlib import Path

import av
import numpy as np
import pytest

from dreambot.media.decode import decode, probe
from dreambot.media.frames import read_frames
from tests.media.test_colour import SWATCHES, colours, is_near, shown
from tests.media.videos import write_tagged_video, write_video

# Primaries, transfer and matrix, and how Chromium 156 displays the swatches.
TAGS = {
    "BT.709": ((1, 1, 1), "66 132 197 (132,0,0) (132,66,33)"),
    "untagged": ((2, 2, 2), "66 132 197 (132,0,0) (132,66,33)"),
    "BT.601": ((6, 6, 6), "66 131 196 (126,14,0) (128,68,31)"),
    "PAL": ((5, 6, 5), "66 131 196 (132,1,0) (133,66,32)"),
    "SMPTE 240M": ((7, 7, 7), "84 144 204 (141,16,2) (141,84,51)"),
    "BT.2020": ((9, 14, 9), "66 132 198 (167,0,0) (159,51,20)"),
    "Display P3": ((12, 13, 1), "66 131 196 (144,0,0) (142,61,23)"),
    "Display P3 with BT.601": ((12, 1, 6), "66 131 196 (144,0,0) (142,61,23)"),
    "gamma 2.2": ((1, 4, 1), "64 133 198 (133,0,0) (133,64,27)"),
    "gamma 2.8": ((1, 5, 1), "42 115 188 (115,0,0) (115,42,11)"),
    "light": ((1, 8, 1), "139 190 228 (190,0,0) (190,139,101)"),
    "PQ": ((9, 16, 9), "32 141 255 (176,0,0) (176,0,0)"),
    "HLG": ((9, 18, 9), "44 103 198 (115,0,0) (115,37,12)"),
    "HLG in P3": ((12, 18, 1), "44 103 198 (103,0,0) (104,41,15)"),
}


@pytest.mark.parametrize("is_full", [False, True])
@pytest.mark.parametrize("name", TAGS)
def test_tags_of_a_video(tmp_path, name, is_full):
    tags, wanted = TAGS[name]
    depth = 10 if tags[1] in (16, 18) else 8
    path = write_tagged_video(
        tmp_path / "a.mp4",
        np.array(SWATCHES) / 255,
        codec="libx264",
        tags=tags,
        is_full=is_full,
        depth=depth,
    )
    found = shown(decode(path).rgb)
    assert is_near(found, colours(wanted), 9), found


@pytest.mark.parametrize(
    ("suffix", "codec", "depth"),
    [
        ("mp4", "libx264", 10),
        ("mov", "libx265", 10),
        ("mp4", "libx265", 8),
        ("mp4", "libsvtav1", 10),
        ("webm", "libsvtav1", 8),
        ("webm", "libvpx-vp9", 8),
    ],
)
@pytest.mark.parametrize("name", ["HLG", "PQ", "Display P3 with BT.601"])
def test_tags_of_every_container_and_codec(tmp_path, name, suffix, codec, depth):
    tags, wanted = TAGS[name]
    path = write_tagged_video(
        tmp_path / f"a.{suffix}", np.array(SWATCHES) / 255, codec=codec, tags=tags, depth=depth
    )
    back = read_frames(path, size=(160, 32))
    assert len(back.rgb) == 3
    for rgb in back.rgb:
        # Eight-bit PQ has steps of several levels.
        assert is_near(shown(rgb), colours(wanted), 9 if depth == 10 or name != "PQ" else 12), shown(rgb)


def test_vp8_has_the_tags_of_its_container(tmp_path):
    """Its matrix is always that of BT.601."""
    tags, wanted = TAGS["Display P3 with BT.601"]
    path = write_tagged_video(tmp_path / "a.webm", np.array(SWATCHES) / 255, codec="libvpx", tags=tags)
    assert is_near(shown(decode(path).rgb), colours(wanted), 9)


def with_colr(data: bytes, tags: tuple[int, int, int], is_full: bool) -> bytes:
    """An MP4 whose container has colour tags. Its pixels are stored before its index."""
    colr = struct.pack(">I4s4sHHHB", 19, b"colr", b"nclx", *tags, 128 * is_full)
    edited, start = bytearray(data), 0
    for kind, head in ((b"moov", 8), (b"trak", 8), (b"mdia", 8), (b"minf", 8), (b"stbl", 8), (b"stsd", 16)):
        while edited[start + 4 : start + 8] != kind:
            start += int.from_bytes(edited[start : start + 4], "big")
        size = int.from_bytes(edited[start : start + 4], "big")
        edited[start : start + 4] = (size + len(colr)).to_bytes(4, "big")
        start += head
    size = int.from_bytes(edited[start : start + 4], "big")
    edited[start : start + 4] = (size + len(colr)).to_bytes(4, "big")
    return bytes(edited[: start + size] + colr + edited[start + size :])


@pytest.mark.parametrize("is_full", [False, True])
@pytest.mark.parametrize(("codec", "depth"), [("libx264", 8), ("libx265", 8), ("libx265", 10)])
def test_tags_of_the_container_alone_count(tmp_path, codec, depth, is_full):
    tags, wanted = TAGS["HLG"]
    path = write_tagged_video(
        tmp_path / "a.mp4",
        np.array(SWATCHES) / 255,
        codec=codec,
        tags=(2, 2, 2),
        coded_as=9,
        is_full=is_full,
        depth=depth,
        says_range=False,
    )
    path.write_bytes(with_colr(path.read_bytes(), tags, is_full))
    assert is_near(shown(decode(path).rgb), colours(wanted), 9)
    assert is_near(shown(read_frames(path, size=(160, 32)).rgb[1]), colours(wanted), 9)


def test_ten_bits_are_used(tmp_path):
    """A PQ ramp so slow that eight bits would show bands."""
    ramp = np.repeat(np.linspace(0.4, 0.6, 64)[:, None], 3, axis=1)
    path = write_tagged_video(tmp_path / "a.mp4", ramp, codec="libx264", tags=(9, 16, 9), depth=10, frames=1)
    grey = decode(path).rgb[16, 16::32, 1].astype(int)
    assert len(set(grey.tolist())) > 58
    assert (np.diff(grey) >= 0).all()


ONE = 65536
# Display matrices (a, b, c, d), and the new positions of the corners (top left, top right, bottom left,
# bottom right).
MATRICES = {
    "as it is": ((1, 0, 0, 1), "0123"),
    "a quarter": ((0, 1, -1, 0), "2031"),
    "half a turn": ((-1, 0, 0, -1), "3210"),
    "three quarters": ((0, -1, 1, 0), "1302"),
    "left to right": ((-1, 0, 0, 1), "1032"),
    "upside down": ((1, 0, 0, -1), "2301"),
    "transposed": ((0, 1, 1, 0), "0213"),
    "transposed the other way": ((0, -1, -1, 0), "3120"),
}
CORNERS = [(200, 40, 30), (40, 170, 60), (40, 60, 200), (128, 128, 128)]


def with_matrix(data: bytes, a: int, b: int, c: int, d: int, by: int = ONE) -> bytes:
    """The video with another display matrix in its track header."""
    at = data.index(b"tkhd") + 4 + 40
    matrix = struct.pack(">9i", a * by, b * by, 0, c * by, d * by, 0, 0, 0, 1 << 30)
    return data[:at] + matrix + data[at + 36 :]


@pytest.fixture(scope="module")
def corners(tmp_path_factory) -> dict[str, bytes]:
    rgb = np.zeros((48, 64, 3), np.uint8)
    for n, colour in enumerate(CORNERS):
        rgb[24 * (n // 2) : 24 * (n // 2) + 24, 32 * (n % 2) : 32 * (n % 2) + 32] = colour
    folder = tmp_path_factory.mktemp("corners")
    return {s: write_video(folder / f"a.{s}", [rgb] * 2).read_bytes() for s in ("mp4", "mov")}


@pytest.mark.parametrize("suffix", ["mp4", "mov"])
@pytest.mark.parametrize("name", MATRICES)
def test_display_matrices(tmp_path, corners, name, suffix):
    matrix, order = MATRICES[name]
    path = tmp_path / f"a.{suffix}"
    path.write_bytes(with_matrix(corners[suffix], *matrix))
    is_turned = matrix[0] == 0
    width, height = (48, 64) if is_turned else (64, 48)
    seen = probe(path)
    assert (seen.width, seen.height) == (width, height)
    pictures = [decode(path).rgb, *read_frames(path, size=(width, height)).rgb]
    pictures.append(decode(path, size=(2 * width, 2 * height)).rgb[::2, ::2])
    for rgb in pictures:
        assert rgb.shape == (height, width, 3)
        found = [rgb[height * y // 4, width * x // 4] for y in (1, 3) for x in (1, 3)]
        assert np.abs(np.subtract(found, [CORNERS[int(n)] for n in order])).max() < 12


def test_invalid_matrices(tmp_path, corners):
    path = tmp_path / "a.mp4"
    for by in (0, 2**31 // ONE):
        path.write_bytes(with_matrix(corners["mp4"], 1, 0, 0, 1, by=by))
        assert decode(path).rgb[8, 8] == pytest.approx(CORNERS[0], abs=12)


def with_alpha(path: Path, frames: list[np.ndarray], codec: str, tags: tuple[int, int] | None = None) -> Path:
    """Writes a WebM whose alpha is coded beside its colours."""
    with av.open(path, "w") as container:
        stream = container.add_stream(codec, rate=10)
        stream.height, stream.width = frames[0].shape[:2]
        stream.pix_fmt = "yuva420p"
        stream.options = {"auto-alt-ref": "0", "b": "2M"}
        if tags:
            stream.codec_context.color_primaries, stream.codec_context.color_trc = tags
        for rgba in frames:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(rgba, format="rgba")))
        container.mux(stream.encode(None))
    return path


def half_hidden() -> np.ndarray:
    """Red: opaque on the left, half transparent in the middle; hidden bright green on the right."""
    rgba = np.zeros((48, 96, 4), np.uint8)
    rgba[...] = (200, 40, 30, 255)
    rgba[:, 32:64, 3] = 128
    rgba[:, 64:] = (0, 255, 0, 0)
    return rgba


@pytest.mark.parametrize("codec", ["libvpx", "libvpx-vp9"])
@pytest.mark.parametrize("size", [(96, 48), (48, 24), (192, 96)])
def test_transparency_in_a_webm_is_put_on_white(tmp_path, codec, size):
    path = with_alpha(tmp_path / "a.webm", [half_hidden()] * 3, codec)
    assert probe(path).frames == 3
    back = read_frames(path, size=size)
    assert back.durations == pytest.approx([100] * 3, abs=1)
    for rgb in (*back.rgb, decode(path, size=size).rgb):
        middle = rgb[size[1] // 2]
        assert middle[size[0] // 6] == pytest.approx((200, 40, 30), abs=12)
        assert middle[size[0] // 2] == pytest.approx((227, 147, 142), abs=14)
        assert middle[size[0] * 5 // 6] == pytest.approx((255, 255, 255), abs=3)
        # None of the hidden green is visible at the edge.
        assert (middle[:, 1].astype(int) - middle[:, 0] < 20).all()


def test_alpha_and_colour_tags(tmp_path):
    path = with_alpha(tmp_path / "a.webm", [half_hidden()] * 3, "libvpx-vp9", tags=(12, 13))
    middle = decode(path).rgb[24]
    assert middle[16] == pytest.approx((217, 3, 11), abs=14)
    assert middle[80] == pytest.approx((255, 255, 255), abs=3)


@pytest.mark.parametrize("codec", ["libvpx", "libvpx-vp9"])
def test_a_truncated_video_with_alpha(tmp_path, codec):
    frames = [np.roll(half_hidden(), 5 * n, axis=1) for n in range(24)]
    data = with_alpha(tmp_path / "a.webm", frames, codec).read_bytes()
    (tmp_path / "a.webm").write_bytes(data[: len(data) * 9 // 10])
    back = read_frames(tmp_path / "a.webm", size=(96, 48))
    assert 4 <= len(back.rgb) < 24
    for n, rgb in enumerate(back.rgb):
        assert rgb[24, (80 + 5 * n) % 96] == pytest.approx((255, 255, 255), abs=8)


def test_the_brightest_pixel_of_a_video_counts(tmp_path):
    """With the same PQ values, a video of 400 nits is displayed brighter than one without the tag."""
    for params, grey in (
        ("", 141),
        ("content-light=400,100", 173),
        ("mastering-display=G(0.26,0.69)B(0.15,0.06)R(0.68,0.32)WP(0.3127,0.329)L(600,0.005)", 160),
    ):
        path = write_tagged_video(
            tmp_path / "a.mp4",
            np.full((5, 3), 132 / 255),
            codec="libsvtav1",
            tags=(9, 16, 9),
            depth=10,
            options={"svtav1-params": params} if params else {},
        )
        assert decode(path).rgb[16, 16] == pytest.approx([grey] * 3, abs=3)
