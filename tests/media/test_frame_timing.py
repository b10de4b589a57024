"""How long frames are displayed, which of too many are kept, and how often they are played."""

import io
import struct
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from dreambot.media.decode import probe
from dreambot.media.frames import LEGACY_MAX_FPS, read_frames
from dreambot.media.video_settings import VideoFormat
from tests.media.videos import encode_video, panning_frames

SHADES = [(200, 40, 30), (40, 170, 60), (40, 60, 200), (250, 250, 250), (10, 10, 10), (250, 200, 0)]
SUFFIXES = ["gif", "webp", "png", "mp4"]


def animation(path: Path, *delays: int) -> Path:
    """Writes one shade after another, each displayed for that many milliseconds."""
    shades = [SHADES[n % len(SHADES)] for n in range(len(delays))]
    if path.suffix == ".mp4":
        frames = [np.full((48, 64, 3), shade, np.uint8) for shade in shades]
        path.write_bytes(encode_video(frames, "mp4", durations=delays).data)
        return path
    images = [Image.new("RGB", (64, 48), shade) for shade in shades]
    options = {"lossless": True} if path.suffix == ".webp" else {}
    images[0].save(path, save_all=True, append_images=images[1:], duration=list(delays), loop=0, **options)
    return path


def seen(path: Path, **limits: float) -> list[tuple[int, float]]:
    """(shade's number, milliseconds) of each frame."""
    back = read_frames(path, size=(64, 48), **limits)
    distances = [
        [np.abs(np.subtract(rgb[24, 32], shade, dtype=int)).sum() for shade in SHADES] for rgb in back.rgb
    ]
    return [(int(np.argmin(one)), round(ms)) for one, ms in zip(distances, back.durations, strict=True)]


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize(
    ("delays", "wanted"),
    [
        ((100, 100, 20, 3000), [(0, 100), (1, 100), (3, 3020)]),
        ((20, 2000, 20, 2000), [(1, 2020), (3, 2020)]),
        ((3000, 20, 100), [(0, 3000), (2, 120)]),
        ((500, 20, 20, 500), [(0, 500), (1, 40), (3, 500)]),
        ((20, 20, 500, 20), [(0, 40), (2, 500), (3, 20)]),
        ((40, 70, 1000, 40), [(0, 40), (1, 70), (2, 1000), (3, 40)]),
    ],
)
def test_of_too_fast_frames_the_one_displayed_longest_is_kept(tmp_path, suffix, delays, wanted):
    found = seen(animation(tmp_path / f"a.{suffix}", *delays))
    assert [shade for shade, _ in found] == [shade for shade, _ in wanted]
    assert [ms for _, ms in found] == pytest.approx([ms for _, ms in wanted], abs=1)


def timed_video(path: Path, moments: list[float], codec: str = "libx264") -> Path:
    """Writes a video whose frames begin at these milliseconds; the last value is its end."""
    with av.open(path, "w") as container:
        stream = container.add_stream(codec, rate=30)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        stream.codec_context.time_base = Fraction(1, 90_000)
        frames = panning_frames(len(moments) - 1)
        for rgb, begin, end in zip(frames, moments, moments[1:], strict=False):
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(rgb), format="rgb24")
            frame.pts, frame.time_base = round(begin * 90), Fraction(1, 90_000)
            frame.duration = round((end - begin) * 90)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


@pytest.mark.parametrize("suffix", ["mp4", "mov", "webm"])
@pytest.mark.parametrize(
    ("fps", "kept"), [(12, 12), (24, 24), (25, 25), (29.97, 29.97), (30, 30), (50, 25), (60, 30), (120, 30)]
)
def test_the_rate_of_a_video_is_kept_up_to_thirty(tmp_path, fps, kept, suffix):
    codec = "libvpx" if suffix == "webm" else "libx264"
    path = timed_video(tmp_path / f"a.{suffix}", [1000 * n / fps for n in range(round(fps) + 1)], codec)
    back = read_frames(path, size=(64, 48))
    assert len(back.rgb) == pytest.approx(kept, abs=1)
    assert back.durations[:-1] == pytest.approx([1000 / kept] * (len(back.rgb) - 1), abs=1.1)


def test_the_inexact_timing_of_a_camera_is_kept(tmp_path):
    dice = np.random.default_rng(5)
    moments = [1000 * n / 30 + float(dice.uniform(-1.6, 1.6)) * (n > 0) for n in range(61)]
    back = read_frames(timed_video(tmp_path / "a.mp4", moments), size=(64, 48))
    assert len(back.rgb) == 60
    assert back.durations[:-1] == pytest.approx(np.diff(moments)[:-1].tolist(), abs=0.1)


def test_recipes_of_earlier_versions_get_the_same_frames(tmp_path):
    path = timed_video(tmp_path / "a.mp4", [1000 * n / 30 for n in range(31)])
    back = read_frames(path, size=(64, 48), max_fps=LEGACY_MAX_FPS)
    assert back.durations == pytest.approx([200 / 3] * 15, abs=0.1)
    errors = [np.abs(back.rgb[1].astype(int) - rgb).mean() for rgb in panning_frames(30)]
    assert int(np.argmin(errors)) == 2


@pytest.mark.parametrize("format", ["mp4", "webp", "gif"])
def test_thirty_frames_a_second_are_kept(tmp_path, format: VideoFormat):
    path = tmp_path / "a"
    path.write_bytes(encode_video(panning_frames(30), format, durations=[1000 / 30] * 30).data)
    found = probe(path)
    assert found.frames == 30
    assert found.seconds == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("format", ["mp4", "webp", "gif"])
def test_uneven_durations_are_kept(tmp_path, format: VideoFormat):
    durations = [40, 500, 70, 3000, 100, 40]
    path = tmp_path / "a"
    path.write_bytes(encode_video(panning_frames(6), format, durations=durations).data)
    assert read_frames(path, size=(64, 48)).durations == pytest.approx(durations, abs=1)


def raw_plays(data: bytes) -> int | None:
    """The stored play count of a GIF, WebP or PNG; None if it has none."""
    for mark, layout in ((b"NETSCAPE2.0\3\1", "<H"), (b"ANIM\6\0\0\0", "<4xH"), (b"acTL", ">4xI")):
        if mark in data:
            return int(struct.unpack_from(layout, data, data.index(mark) + len(mark))[0])
    return None


@pytest.mark.parametrize(
    ("suffix", "raw", "plays"),
    [
        ("gif", None, 1),
        ("gif", 0, 0),
        ("gif", 1, 2),
        ("gif", 4, 5),
        ("gif", 65535, 65536),
        ("webp", 0, 0),
        ("webp", 1, 1),
        ("webp", 2, 2),
        ("png", 0, 0),
        ("png", 1, 1),
        ("png", 3, 3),
    ],
)
def test_what_plays_n_times_plays_n_times(tmp_path, suffix, raw, plays):
    images = [Image.fromarray(rgb) for rgb in panning_frames(3)]
    file = io.BytesIO()
    options = {} if raw is None else {"loop": raw}
    images[0].save(file, suffix, save_all=True, append_images=images[1:], duration=100, **options)
    assert raw_plays(file.getvalue()) == raw
    path = tmp_path / f"a.{suffix}"
    path.write_bytes(file.getvalue())
    back = read_frames(path, size=(64, 48))
    assert back.loops == plays
    gif = encode_video(list(back.rgb), "gif", loops=plays).data
    assert raw_plays(gif) == {0: 0, 1: None}.get(plays, plays - 1)
    assert raw_plays(encode_video(list(back.rgb), "webp", loops=plays).data) == min(plays, 65535)
