"""Sample sounds, and videos with sound."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from dreambot.media.sound import SAMPLE_RATE, Samples
from tests.media.videos import panning_frames

FPS = 25


def beeps(seconds: float, at: Sequence[float], *, length: float = 0.1, channels: int = 1) -> Samples:
    """Short tones that begin at these seconds, out of silence."""
    samples = np.zeros((channels, round(seconds * SAMPLE_RATE)), np.float32)
    tone = 0.6 * np.sin(2 * np.pi * 880 * np.arange(round(length * SAMPLE_RATE)) / SAMPLE_RATE)
    for begin in at:
        piece = samples[:, round(begin * SAMPLE_RATE) :][:, : len(tone)]
        piece += tone[: piece.shape[1]].astype(np.float32)
    return samples


def beats(
    seconds: float, *, per_minute: float = 120, begin: float = 0.0, end: float | None = None
) -> Samples:
    """A bass drum over a quiet chord."""
    t = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    end = seconds if end is None else end
    music = 0.08 * sum(np.sin(2 * np.pi * hz * t) for hz in (220, 277, 330)) * ((t >= begin) & (t < end))
    for beat in np.arange(begin, end, 60 / per_minute):
        since = t[t >= beat] - beat
        music[t >= beat] += 0.7 * np.sin(2 * np.pi * 55 * since) * np.exp(-12 * since)
    return np.asarray(music, np.float32)[None]


def onsets(samples: Samples, level: float = 0.2) -> list[float]:
    """The seconds at which a sound begins after at least 50 ms of silence."""
    loud = np.flatnonzero(np.abs(samples[0]) > level) / SAMPLE_RATE
    return [float(t) for t in loud[np.diff(loud, prepend=-1) > 0.05]]


def write_sound(path: Path, samples: Samples, codec: str, **options: Any) -> Path:
    """Writes an audio file in the format of the path's suffix."""
    with av.open(path, "w", **options) as container:
        _add_sound(container, codec, samples, SAMPLE_RATE, 0.0)
    return path


def write_video_with_sound(
    path: Path,
    samples: Samples,
    *,
    seconds: float = 1.0,
    codec: str = "aac",
    video_codec: str = "libx264",
    video_at: float = 0.0,
    sound_at: float = 0.0,
    rate: int = SAMPLE_RATE,
    options: dict[str, str] | None = None,
) -> Path:
    """Writes a video of 64 × 48 with FPS frames a second, whose tracks begin at these seconds."""
    with av.open(path, "w", container_options=options or {}) as container:
        container.metadata["title"], container.metadata["location"] = "secret", "+48.2+16.3/"
        video = container.add_stream(video_codec, rate=FPS)
        video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
        # Without reordered frames, whose times containers shift.
        video.codec_context.max_b_frames = 0
        for index, rgb in enumerate(panning_frames(1) * round(seconds * FPS)):
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(rgb), format="rgb24")
            frame.pts, frame.time_base = index + round(video_at * FPS), Fraction(1, FPS)
            if index == 0:
                sound_packets = _prepare_sound(container, codec, samples, rate, sound_at)
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
        container.mux(sound_packets)
    return path


def _add_sound(container: Any, codec: str, samples: Samples, rate: int, at: float) -> None:
    container.mux(_prepare_sound(container, codec, samples, rate, at))


def _prepare_sound(container: Any, codec: str, samples: Samples, rate: int, at: float) -> list[Any]:
    layout = {1: "mono", 2: "stereo", 6: "5.1"}.get(len(samples)) or f"{len(samples)} channels"
    stream = container.add_stream(codec, rate=rate, layout=layout)
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples), format="fltp", layout=layout)
    frame.sample_rate, frame.time_base, frame.pts = rate, Fraction(1, rate), round(at * rate)
    resampler = av.AudioResampler(format=stream.codec_context.format or "s16", layout=layout, rate=rate)
    packets = [packet for piece in resampler.resample(frame) for packet in stream.encode(piece)]
    return [*packets, *stream.encode(None)]


def packets_of(path: Path) -> list[bytes]:
    """The packets of a file's sound."""
    with av.open(path) as container:
        return [bytes(packet) for packet in container.demux(container.streams.audio[0]) if packet.size]
