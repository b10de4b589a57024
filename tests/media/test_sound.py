"""The sound of videos and audio files: in sync, copied where possible, and harmless where it is hostile."""

import av
import numpy as np
import pytest

from dreambot.media.frames import read_frames
from dreambot.media.sound import SAMPLE_RATE, SoundError, make_soundtrack, read_sound
from dreambot.media.video_encode import SizeLimitedVideoWriter
from dreambot.media.video_settings import VideoSettings
from tests.media.sounds import (
    FPS,
    beeps,
    onsets,
    packets_of,
    write_sound,
    write_video_with_sound,
)
from tests.media.videos import noise_frames

BEEPS = (0.2, 0.68)


def dream_with_sound(path, out, *, max_seconds=20.0, limit=None, max_bytes=None, format="mp4"):
    """Reads a video's frames and writes them with its sound, as a dream of it does."""
    frames = read_frames(path, size=(64, 48), max_seconds=max_seconds, max_fps=12.5)
    seconds = sum(frames.durations) / 1000
    soundtrack = make_soundtrack(path, seconds, max_bytes).data
    writer = SizeLimitedVideoWriter(VideoSettings(format, 64, 48, 12.5), limit, soundtrack)
    for rgb, ms in zip(frames.rgb, frames.durations, strict=True):
        writer.add(rgb, ms)
    *_, file = drain(writer.finish())
    out.write_bytes(file.data)
    return out


def drain(finishing):
    while True:
        try:
            yield next(finishing)
        except StopIteration as end:
            yield end.value
            return


@pytest.mark.parametrize(
    ("suffix", "codec", "video_at", "sound_at"),
    [
        ("mp4", "aac", 0.0, 0.0),
        ("mov", "aac", 0.4, 0.0),  # the video begins later: what is heard before it is left out
        ("mp4", "aac", 0.0, 0.32),  # the sound begins later: an empty edit, or silence
        ("mov", "pcm_s16le", 0.0, 0.32),
        ("webm", "libopus", 0.0, 0.0),
        ("webm", "libopus", 0.4, 0.0),
    ],
)
def test_sound_stays_in_sync(tmp_path, suffix, codec, video_at, sound_at):
    source = write_video_with_sound(
        tmp_path / f"a.{suffix}",
        beeps(1.4, (0.2, 0.5, 0.9)),
        codec=codec,
        video_codec="libvpx" if suffix == "webm" else "libx264",
        video_at=video_at,
        sound_at=sound_at,
    )
    with av.open(source) as container:
        begins = float(next(container.decode(video=0)).time)
    assert begins == pytest.approx(video_at, abs=0.001)
    dream = dream_with_sound(source, tmp_path / "dream.mp4")
    wanted = [at + sound_at - video_at for at in (0.2, 0.5, 0.9)]
    heard = onsets(read_sound(dream, 10))
    wanted = [at for at in wanted if 0.01 < at < 1.0]
    assert heard == pytest.approx(wanted, abs=0.5 / FPS)
    with av.open(dream) as container:
        sound, video = container.streams.audio[0], container.streams.video[0]
        assert (
            float((sound.start_time + sound.duration) * sound.time_base)
            <= float(video.duration * video.time_base) + 1 / FPS
        )


def test_aac_packets_are_copied_without_metadata(tmp_path):
    source = write_video_with_sound(tmp_path / "a.mp4", beeps(1.0, BEEPS, channels=2))
    dream = dream_with_sound(source, tmp_path / "dream.mp4")
    assert packets_of(dream) == packets_of(source)
    assert b"secret" not in dream.read_bytes()
    assert b"+48" not in dream.read_bytes()
    # And once more, when the dream is made smaller.
    assert packets_of(dream_with_sound(dream, tmp_path / "again.mp4")) == packets_of(source)


def test_sound_ends_where_the_video_is_cut_off(tmp_path):
    source = write_video_with_sound(tmp_path / "a.mp4", beeps(3.0, (0.2, 1.9)), seconds=3)
    dream = dream_with_sound(source, tmp_path / "dream.mp4", max_seconds=1.0)
    assert packets_of(dream) == packets_of(source)[: len(packets_of(dream))]
    assert read_sound(dream, 10).shape[1] / SAMPLE_RATE == pytest.approx(1.0, abs=0.03)


def test_animated_pictures_have_no_sound(tmp_path):
    source = write_video_with_sound(tmp_path / "a.mp4", beeps(1.0, BEEPS))
    for format in ("gif", "webp"):
        assert dream_with_sound(source, tmp_path / f"dream.{format}", format=format).stat().st_size


def test_a_limit_counts_the_sound_and_keeps_it(tmp_path):
    rng = np.random.default_rng(1)
    noise = rng.uniform(-0.5, 0.5, (2, 4 * SAMPLE_RATE)).astype(np.float32)
    source = write_video_with_sound(tmp_path / "a.mp4", noise, seconds=4)
    whole = make_soundtrack(source, 4.0)
    assert len(make_soundtrack(source, 4.0, len(whole.data)).data) == len(whole.data)
    limit = 60_000
    small = make_soundtrack(source, 4.0, limit // 4).data
    assert limit // 16 < len(small) <= limit // 2 < len(whole.data)
    writer = SizeLimitedVideoWriter(VideoSettings("mp4", 256, 192, FPS), limit, small)
    for rgb in noise_frames(4 * FPS, 256, 192):
        writer.add(rgb, 1000 / FPS)
    *_, file = drain(writer.finish())
    assert len(file.data) <= limit
    (tmp_path / "dream.mp4").write_bytes(file.data)
    heard = read_sound(tmp_path / "dream.mp4", 10)
    assert heard.shape[1] / SAMPLE_RATE == pytest.approx(4, abs=0.05)
    assert np.abs(heard).max() > 0.1


SOUND_FILES = [
    ("wav", "pcm_s16le"),
    ("ogg", "libopus"),
    ("mp3", "libmp3lame"),
    ("m4a", "aac"),
    ("flac", "flac"),
    ("aac", "aac"),
]


@pytest.mark.parametrize(("suffix", "codec"), SOUND_FILES)
def test_audio_files_are_read_from_their_beginning(tmp_path, suffix, codec):
    path = write_sound(tmp_path / f"a.{suffix}", beeps(1.0, BEEPS), codec)
    assert onsets(read_sound(path, 10)) == pytest.approx(BEEPS, abs=0.03)
    track = make_soundtrack(path, 0.5)
    assert track.whole_seconds == pytest.approx(1.0, abs=0.1)
    (tmp_path / "track.m4a").write_bytes(track.data)
    heard = read_sound(tmp_path / "track.m4a", 10)
    assert onsets(heard) == pytest.approx(BEEPS[:1], abs=0.03)
    assert heard.shape[1] / SAMPLE_RATE == pytest.approx(0.5, abs=0.03)


def _damaged(data: bytes, begin: float, end: float) -> bytes:
    """The bytes with a part replaced."""
    first, last = int(begin * len(data)), int(end * len(data))
    return data[:first] + b"\x5a" * (last - first) + data[last:]


def _hostile(tmp_path):
    good = write_video_with_sound(tmp_path / "good.mp4", beeps(1.0, BEEPS)).read_bytes()
    wav = write_sound(tmp_path / "good.wav", beeps(1.0, BEEPS), "pcm_s16le").read_bytes()
    esds = good.index(b"mp4a", good.index(b"stsd"))
    yield "silent.mp4", write_video_with_sound(tmp_path / "s.mp4", beeps(1.0, ())).read_bytes()
    yield "truncated.mp4", good[: len(good) // 2]
    for begin in (0.1, 0.4, 0.7):
        yield f"damaged{begin}.mp4", _damaged(good, begin, begin + 0.25)
    yield "unknown.mkv", write_video_with_sound(tmp_path / "u.mkv", beeps(1.0, ()), codec="mp2").read_bytes()
    yield "channels.mp4", good[: esds + 20] + b"\0\x60" + good[esds + 22 :]
    yield "rate.mp4", good[: esds + 28] + b"\0\0\0\1" + good[esds + 32 :]
    yield "none.wav", wav[:22] + b"\0\0" + wav[24:]
    yield "many.wav", wav[:22] + b"\x60\0" + wav[24:]
    yield "slow.wav", wav[:24] + b"\1\0\0\0" + wav[28:]
    yield "fast.wav", wav[:24] + b"\xff\xff\xff\x7f" + wav[28:]
    yield "header.wav", wav[:44]
    yield "text.wav", b"RIFF\0\0\0\0WAVE" + b"fmt " * 50
    yield "playlist.mp3", b"ID3#EXTM3U\nfile:///etc/passwd\n"
    yield "empty.ogg", b"OggS"


def test_hostile_sounds_give_a_sound_or_a_plain_error(tmp_path):
    outcomes: dict[str, bool] = {}
    for name, data in _hostile(tmp_path):
        path = tmp_path / name
        path.write_bytes(data)
        try:
            outcomes[name] = bool(make_soundtrack(path, 1.0).data)
        except SoundError:
            outcomes[name] = False
    assert outcomes["silent.mp4"]
    for name in ("unknown.mkv", "none.wav", "many.wav", "slow.wav", "fast.wav", "header.wav", "text.wav"):
        assert not outcomes[name], name


def test_of_several_tracks_the_first_that_can_be_decoded_is_heard(tmp_path):
    path = tmp_path / "a.mkv"
    samples = beeps(1.0, BEEPS)
    with av.open(path, "w") as container:
        streams = [container.add_stream(codec, rate=SAMPLE_RATE, layout="mono") for codec in ("mp2", "aac")]
        for stream in streams:
            resampler = av.AudioResampler(
                format=stream.codec_context.format, layout="mono", rate=SAMPLE_RATE, frame_size=1152
            )
            frame = av.AudioFrame.from_ndarray(samples, format="fltp", layout="mono")
            frame.sample_rate, frame.pts = SAMPLE_RATE, 0
            for piece in (*resampler.resample(frame), *resampler.resample(None)):
                container.mux(stream.encode(piece))
            container.mux(stream.encode(None))
    assert onsets(read_sound(path, 10)) == pytest.approx(BEEPS, abs=0.03)
