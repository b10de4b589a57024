"""Animations and videos: which frames are read, how long it takes, and what is refused."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from dreambot.media import video_decode as video_module
from dreambot.media.decode import decode, probe
from dreambot.media.frames import MAX_DECODED_PIXELS, read_frames
from dreambot.media.picture import PictureError
from tests.media.samples import cat, half_transparent, save_image
from tests.media.videos import encode_video, gif_with_delays, panning_frames, write_video


@pytest.mark.parametrize(
    ("name", "codec", "format"),
    [
        ("a.mp4", "libx264", "MP4"),
        ("a.mov", "libx264", "MOV"),
        ("a.webm", "libvpx-vp9", "WEBM"),
        ("a.mp4", "libx265", "MP4"),
    ],
)
def test_videos(tmp_path, name, codec, format):
    frames = panning_frames(8)
    path = write_video(tmp_path / name, frames, codec=codec, with_sound=name == "a.mov")
    seen = probe(path)
    assert (seen.format, seen.width, seen.height, seen.frames) == (format, 64, 48, 8)
    assert seen.moves
    assert seen.fps == pytest.approx(10, rel=0.01)
    back = read_frames(path, size=(64, 48))
    assert back.durations == pytest.approx([100] * 8, abs=1)
    assert all(np.abs(a.astype(int) - b).mean() < 8 for a, b in zip(frames, back.rgb, strict=True))
    first = decode(path, size=(64, 48))
    assert np.array_equal(first.rgb, back.rgb[0])


def test_a_portrait_video(tmp_path):
    path = write_video(tmp_path / "phone.mp4", panning_frames(3), rotation=90)
    assert (probe(path).width, probe(path).height) == (48, 64)
    upright = np.rot90(panning_frames(1)[0])
    assert np.abs(upright.astype(int) - decode(path).rgb).mean() < 8


def test_very_short_delays_are_a_tenth_of_a_second(tmp_path):
    (tmp_path / "a.gif").write_bytes(gif_with_delays(0, 1, 4, 50, 30))
    assert probe(tmp_path / "a.gif").seconds == pytest.approx(1.04)
    assert read_frames(tmp_path / "a.gif", size=(2, 2)).durations == (100, 100, 40, 500, 300)


@pytest.mark.parametrize("suffix", ["png", "webp", "gif"])
def test_animations_of_other_programs(tmp_path, suffix):
    frames = [Image.fromarray(rgb) for rgb in panning_frames(4)]
    options = {"lossless": True} if suffix == "webp" else {}
    path = tmp_path / f"a.{suffix}"
    frames[0].save(
        path, save_all=True, append_images=frames[1:], duration=[50, 60, 70, 80], loop=0, **options
    )
    assert probe(path).seconds == pytest.approx(0.26)
    back = read_frames(path, size=(64, 48))
    assert back.loops == 0
    assert back.durations == (50, 60, 70, 80)
    expected = [np.asarray(frame) for frame in frames]
    near = 25 if suffix == "gif" else 0
    assert all(np.abs(a.astype(int) - b).mean() <= near for a, b in zip(expected, back.rgb, strict=True))


def test_a_png_whose_still_is_not_a_frame(tmp_path):
    frames = [Image.new("RGB", (8, 8), (60 * n, 0, 0)) for n in range(4)]
    path = tmp_path / "a.png"
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=100, default_image=True)
    assert probe(path).frames == 3
    assert read_frames(path, size=(8, 8)).rgb[:, 0, 0, 0].tolist() == [60, 120, 180]


def test_limits_make_it_incomplete(tmp_path):
    path = tmp_path / "a.gif"
    path.write_bytes(gif_with_delays(*[10] * 30))
    by_frames = read_frames(path, size=(2, 2), max_frames=7)
    assert (len(by_frames.rgb), by_frames.complete) == (7, False)
    by_time = read_frames(path, size=(2, 2), max_seconds=1.25)
    assert (len(by_time.rgb), sum(by_time.durations), by_time.complete) == (13, 1250, False)
    assert read_frames(path, size=(2, 2), max_frames=30, max_seconds=3).complete


def test_fast_frames_are_dropped_in_the_same_duration(tmp_path):
    path = write_video(tmp_path / "fast.mp4", panning_frames(30), fps=60)
    back = read_frames(path, size=(64, 48), max_fps=15)
    assert len(back.rgb) == 8
    assert sum(back.durations) == pytest.approx(500, abs=2)


def test_transparency_is_put_on_white(tmp_path):
    path = tmp_path / "a.png"
    half = half_transparent(32)
    other = half.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    half.save(path, save_all=True, append_images=[other], duration=90, disposal=1)
    back = read_frames(path, size=(32, 32))
    assert (back.rgb[0, :, 20:] == 255).all()
    assert (back.rgb[1, :, :12] == 255).all()


@pytest.mark.parametrize("suffix", ["png", "jpg", "tiff"])
def test_a_still_is_one_frame(tmp_path, suffix):
    path = save_image(cat(), tmp_path / f"cat.{suffix}")
    assert not probe(path).moves
    assert read_frames(path, size=(48, 32)).rgb.shape == (1, 32, 48, 3)


@pytest.mark.parametrize("format", ["mp4", "gif"])
def test_the_readable_part_of_a_truncated_file_is_used(tmp_path, format):
    whole = encode_video(panning_frames(24, 128, 96), format).data
    (tmp_path / "torn").write_bytes(whole[: len(whole) * 9 // 10])
    back = read_frames(tmp_path / "torn", size=(64, 48))
    assert 4 <= len(back.rgb) < 24
    assert not back.complete


def test_a_huge_canvas_with_small_frames(tmp_path):
    content = bytearray(gif_with_delays(*[10] * 2000))
    content[6:10] = b"\x88\x13\x88\x13"
    (tmp_path / "huge.gif").write_bytes(content)
    assert len(read_frames(tmp_path / "huge.gif", size=(8, 8), max_frames=4).rgb) == 4
    with pytest.raises(PictureError, match="too large"):
        read_frames(tmp_path / "huge.gif", size=(8, 8), hard_limit=10**6)


def test_small_files_of_many_pixels_are_read_up_to_the_limit(tmp_path):
    content = bytearray(gif_with_delays(*[10] * 2000))
    content[6:10] = b"\x88\x13\x88\x13"
    (tmp_path / "huge.gif").write_bytes(content)
    seen = read_frames(tmp_path / "huge.gif", size=(8, 8))
    assert len(seen.rgb) == MAX_DECODED_PIXELS // 5000**2 == 20
    assert not seen.complete


@pytest.mark.parametrize("suffix", ["gif", "png", "webp", "avif", "mp4", "webm"])
def test_every_kind_of_file_is_read_up_to_the_limit(tmp_path, monkeypatch, suffix):
    frames = panning_frames(24, 64, 48)
    if suffix in ("mp4", "webm"):
        codec = {"mp4": "libx264", "webm": "libvpx-vp9"}[suffix]
        path = write_video(tmp_path / f"a.{suffix}", frames, codec=codec)
        monkeypatch.setattr("dreambot.media.frames.MAX_DECODED_VIDEO_PIXELS", 7 * 64 * 48)
    else:
        path = tmp_path / f"a.{suffix}"
        first, *others = (Image.fromarray(frame) for frame in frames)
        first.save(path, save_all=True, append_images=others, duration=50)
        monkeypatch.setattr("dreambot.media.frames.MAX_DECODED_PIXELS", 7 * 64 * 48)
    seen = read_frames(path, size=(32, 24))
    assert 1 <= len(seen.rgb) <= 7
    assert not seen.complete


def test_a_video_of_too_many_pixels(tmp_path):
    path = write_video(tmp_path / "a.mp4", panning_frames(2, 200, 160))
    for read in (probe, decode, lambda p, hard_limit: read_frames(p, size=(8, 8), hard_limit=hard_limit)):
        with pytest.raises(PictureError, match="too large"):
            read(path, hard_limit=1000)


PLAYLIST = b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n"


@pytest.mark.parametrize(
    ("content", "match"),
    [
        (PLAYLIST, "is text"),
        (b"\0\0\0\x18ftypisom\0\0\0\0isomiso2" + PLAYLIST * 9, "video is damaged"),
        (b"\x1aE\xdf\xa3" + PLAYLIST * 9, "video is damaged"),
        (b"ffconcat version 1.0\nfile /etc/passwd\n", "is text"),
    ],
)
def test_nothing_else_is_opened(tmp_path, content, match):
    (tmp_path / "list.mp4").write_bytes(content)
    for read in (probe, decode, lambda path: read_frames(path, size=(8, 8))):
        with pytest.raises(PictureError, match=match):
            read(tmp_path / "list.mp4")


def test_a_video_without_pictures_or_in_a_rare_codec(tmp_path):
    path = write_video(tmp_path / "a.mov", panning_frames(2), codec="prores_ks", pixels="yuv422p10le")
    with pytest.raises(PictureError, match="cannot read"):
        probe(path)


def test_without_pyav_a_video_is_refused(tmp_path, monkeypatch):
    path = write_video(tmp_path / "a.mp4", panning_frames(2))
    monkeypatch.setattr(video_module, "has_video", lambda: False)
    for read in (probe, decode):
        with pytest.raises(PictureError, match="PyAV"):
            read(path)


@pytest.fixture(scope="module")
def originals(tmp_path_factory) -> list[bytes]:
    folder = tmp_path_factory.mktemp("originals")
    webm = write_video(folder / "a.webm", panning_frames(4, 32, 32), codec="libvpx")
    animations = [
        encode_video(panning_frames(4, 32, 32), format, recipe_json="{}").data
        for format in ("mp4", "webp", "gif")
    ]
    return [*animations, webm.read_bytes()]


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_damage_gives_frames_or_a_picture_error(tmp_path, originals, data):
    content = bytearray(data.draw(st.sampled_from(originals)))
    places = st.lists(
        st.tuples(st.integers(0, len(content) - 1), st.integers(0, 255)), min_size=1, max_size=8
    )
    for place, value in data.draw(places):
        content[place] = value
    path = tmp_path / "damaged"
    path.write_bytes(content)
    try:
        seen = probe(path)
        back = read_frames(path, size=(16, 16))
    except PictureError:
        return
    assert seen.frames >= 1
    assert len(back.rgb) == len(back.durations)
    assert all(ms > 0 for ms in back.durations)
    assert sum(back.durations) <= 20_001


def test_reading_pictures_does_not_load_pyav():
    script = (
        "import sys, dreambot.workers.codec_pool, dreambot.workers.codec_worker; print('av' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=200, check=True
    )
    assert done.stdout.strip() == "False"
