"""Decodes the sound of audio files and videos, and makes the soundtrack of a video of it. Needs PyAV.

A file's bytes reach only the demuxers and decoders named here. Time 0 is the first frame of a video, or the
first sample of a file without one. A soundtrack is an M4A file without metadata, AAC, which Mp4Writer copies
into the video.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NoReturn

import numpy as np
from numpy.typing import NDArray

from dreambot.media.picture import PictureError
from dreambot.media.picture_file import MAX_PIXELS
from dreambot.media.video_decode import DECODERS, PICTURE_BRANDS, first_frame_seconds
from dreambot.media.video_settings import has_video

if TYPE_CHECKING:
    from av import AudioFrame, Packet
    from av.audio.stream import AudioStream
    from av.container import InputContainer

Samples = NDArray[np.float32]

SAMPLE_RATE = 48_000
"""Of decoded samples and of encoded soundtracks, in Hz."""
MAX_SOUND_SECONDS = 120.0
"""Longer sounds are cut off here, whatever is asked for."""

_AUDIO_DECODERS = frozenset(
    {
        *("aac", "mp3", "mp3float", "opus", "libopus", "vorbis", "flac", "alac", "ac3", "eac3"),
        *("pcm_u8", "pcm_s16le", "pcm_s16be", "pcm_s24le", "pcm_s24be", "pcm_s32le", "pcm_s32be"),
        *("pcm_f32le", "pcm_f32be", "pcm_f64le", "pcm_alaw", "pcm_mulaw"),
    }
)
# (position, bytes, FFmpeg's demuxer)
_SIGNATURES = (
    (4, b"ftyp", "mov"),
    (0, b"\x1aE\xdf\xa3", "matroska"),
    (0, b"OggS", "ogg"),
    (8, b"WAVE", "wav"),
    (0, b"fLaC", "flac"),
    (8, b"AIFF", "aiff"),
    (8, b"AIFC", "aiff"),
    (0, b"ID3", "mp3"),
    *((0, b"\xff" + bytes([second]), "mp3") for second in (0xFB, 0xFA, 0xF3, 0xF2)),
    *((0, b"\xff" + bytes([second]), "aac") for second in (0xF1, 0xF9)),
)
_MIN_RATE, _MAX_RATE, _MAX_CHANNELS = 4_000, 384_000, 8
_MAX_TRACKS = 4
# A jump of the timestamps above this is followed; smaller ones are rounding.
_MAX_JUMP_S = 0.02
# AAC packets before the first one that is heard, which its decoder needs.
_PREROLL_PACKETS = 1
_BITS_PER_CHANNEL, _MIN_BITS_PER_CHANNEL, _MIN_BITS = 64_000, 24_000, 16_000
# A file is that much larger than its bits, and the encoder misses the rate by that much.
_OVERHEAD = 1.1


@dataclass(frozen=True)
class Soundtrack:
    """The soundtrack of a video.

    Attributes:
        data: An M4A file.
        whole_seconds: The length of the sound that it was made of, as far as its container says.
    """

    data: bytes
    whole_seconds: float


class SoundError(PictureError):
    """A file has no sound that can be used."""

    def __init__(self) -> None:
        super().__init__("errors-no-sound")


def read_sound(path: Path, max_seconds: float) -> Samples:
    """Decodes the sound of a file.

    Args:
        path: An audio file or a video.
        max_seconds: Samples after this are not decoded.

    Returns:
        (1 or 2 channels, samples) in [-1, 1] at SAMPLE_RATE.

    Raises:
        SoundError: There is no sound that can be decoded.
    """
    track = _decode(path, min(max_seconds, MAX_SOUND_SECONDS))
    return track.samples[:, : track.end]


def make_soundtrack(path: Path, seconds: float, max_bytes: int | None = None) -> Soundtrack:
    """Makes the soundtrack of a video from the sound of a file.

    AAC packets are copied, where they decode without an error and are not too many. Anything else is encoded
    again, at a lower bitrate where it would be too large.

    Args:
        path: An audio file or a video.
        seconds: The length of the video.
        max_bytes: Bytes the soundtrack may have.

    Raises:
        SoundError: There is no sound that can be decoded, or none that is small enough.
    """
    seconds = min(seconds, MAX_SOUND_SECONDS)
    track = _decode(path, seconds)
    if track.can_be_copied:
        copied = _copy_packets(path, track, seconds)
        if copied is not None and (max_bytes is None or len(copied) <= max_bytes):
            return Soundtrack(copied, track.whole_seconds)
    samples, bits = track.samples, _BITS_PER_CHANNEL
    if max_bytes is not None:
        bits = min(bits, int(8 * max_bytes / seconds / _OVERHEAD / len(samples)))
    if bits < _MIN_BITS_PER_CHANNEL and len(samples) > 1:
        samples, bits = samples.mean(axis=0, keepdims=True), 2 * bits
    if bits < _MIN_BITS:
        raise SoundError
    encoded = _encode(samples, bits * len(samples))
    if max_bytes is not None and len(encoded) > 2 * max_bytes:
        raise SoundError
    return Soundtrack(encoded, track.whole_seconds)


@dataclass
class _Track:
    """A decoded audio stream.

    Attributes:
        index: Its index in the file.
        origin: Time 0, in the file's seconds.
        samples: (channels, samples), from time 0 on; silent where there is nothing.
        end: The number of samples until the last one that was decoded.
        can_be_copied: Whether its packets can go into an MP4 as they are.
        whole_seconds: How long it lasts, as far as the container says.
    """

    index: int
    origin: Fraction
    samples: Samples
    end: int = 0
    can_be_copied: bool = True
    whole_seconds: float = 0.0


def _decode(path: Path, seconds: float) -> _Track:
    """Decodes the first audio stream that can be decoded."""
    origin = _first_frame_time(path)
    with _opened(path) as container:
        candidates = [stream.index for stream in container.streams.audio[:_MAX_TRACKS] if _is_usable(stream)]
    for index in candidates:
        with _opened(path) as container:
            stream = container.streams.audio[[one.index for one in container.streams.audio].index(index)]
            track = _decode_stream(container, stream, origin, seconds)
            if track and track.end:
                track.whole_seconds = max(track.end / SAMPLE_RATE, _length(container, stream, track.origin))
                return track
    raise SoundError


def _length(container: "InputContainer", stream: "AudioStream", origin: Fraction) -> float:
    """The seconds from time 0 to the end of the stream; 0 if the container does not say."""
    if stream.duration and stream.time_base:
        return float(((stream.start_time or 0) + stream.duration) * stream.time_base - origin)
    # In microseconds.
    return container.duration / 1e6 if container.duration else 0.0


def _first_frame_time(path: Path) -> Fraction | None:
    """The time of a video's first frame; None for files without a video."""
    demuxer = _demuxer(path)
    if demuxer not in {"mov", "matroska"}:
        return None
    try:
        with path.open("rb") as file:
            return first_frame_seconds(file, "WEBM" if demuxer == "matroska" else "MP4", MAX_PIXELS)
    except PictureError:
        return None


def _is_usable(stream: "AudioStream") -> bool:
    context = stream.codec_context
    return (
        context is not None
        and context.name in _AUDIO_DECODERS
        and _MIN_RATE <= context.sample_rate <= _MAX_RATE
        and 1 <= context.layout.nb_channels <= _MAX_CHANNELS
    )


def _decode_stream(
    container: "InputContainer", stream: "AudioStream", origin: Fraction | None, seconds: float
) -> _Track | None:
    import av

    track: _Track | None = None
    layout = "mono" if stream.codec_context.layout.nb_channels == 1 else "stereo"
    at, damaged = None, False
    resampler = av.AudioResampler(format="fltp", layout=layout, rate=SAMPLE_RATE)
    for frame in _iter_frames(container, stream):
        if frame is None:  # a damaged packet
            damaged = True
            continue
        if not (_MIN_RATE <= frame.sample_rate <= _MAX_RATE and frame.layout.nb_channels <= _MAX_CHANNELS):
            break
        time = frame.pts * (frame.time_base or Fraction(1, SAMPLE_RATE)) if frame.pts is not None else None
        if track is None:
            length = (1 if layout == "mono" else 2, max(1, round(seconds * SAMPLE_RATE)))
            start = origin if origin is not None else (time or Fraction(0))
            track = _Track(stream.index, start, np.zeros(length, np.float32))
            track.can_be_copied = stream.codec_context.name == "aac" and bool(stream.codec_context.extradata)
        wanted = at if time is None else round((time - track.origin) * SAMPLE_RATE)
        if at is None or (wanted is not None and abs(wanted - at) > _MAX_JUMP_S * SAMPLE_RATE):
            track.can_be_copied &= at is None
            at = wanted or 0
        if at >= track.samples.shape[1]:
            break
        try:
            for resampled in resampler.resample(frame):
                at = _place(track, at, resampled)
        except (ValueError, av.FFmpegError):  # the format changed in the middle
            damaged = True
            resampler = av.AudioResampler(format="fltp", layout=layout, rate=SAMPLE_RATE)
    if track and at is not None and at < track.samples.shape[1]:
        for resampled in resampler.resample(None):
            at = _place(track, at, resampled)
    if track and damaged:
        track.can_be_copied = False
    return track


def _iter_frames(container: "InputContainer", stream: "AudioStream") -> Iterator["AudioFrame | None"]:
    """Yields the frames of a stream, and None for each packet that cannot be decoded."""
    import av

    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets, None)
            if packet is None:
                return
            yield from packet.decode()
        except av.error.EOFError:
            return
        except av.FFmpegError:
            yield None
            if packet is None or not packet.size:
                return


def _place(track: _Track, at: int, frame: "AudioFrame") -> int:
    """Writes samples at a position, which may be before time 0 or too late, and returns the next one."""
    chunk = np.asarray(frame.to_ndarray(), np.float32)
    end = at + int(chunk.shape[1])
    first, last = max(0, at), min(end, track.samples.shape[1])
    if last > first:
        track.samples[:, first:last] = np.nan_to_num(chunk[:, first - at : last - at]).clip(-1, 1)
        track.end = max(track.end, last)
    return end


def _copy_packets(path: Path, track: _Track, seconds: float) -> bytes | None:
    """Returns the soundtrack of the stream's own packets; None if they have no usable times."""
    import av

    file = io.BytesIO()
    with _opened(path) as container, av.open(file, "w", format="ipod") as output:
        (stream,) = (one for one in container.streams.audio if one.index == track.index)
        copy = output.add_stream_from_template(stream)
        copy.metadata.clear()
        base = stream.time_base or Fraction(1, SAMPLE_RATE)
        first, end = round(track.origin / base), round((track.origin + Fraction(seconds)) / base)
        waiting: list[Packet[AudioStream]] = []
        last: int | None = None
        for packet in container.demux(stream):
            if packet.pts is None or packet.dts is None:
                if packet.size:
                    return None
                continue
            if packet.pts >= end:
                break
            if packet.pts != packet.dts or (last is not None and packet.pts <= last):
                return None
            last = packet.pts
            # The last one ends with the video.
            packet.duration = min(packet.duration or 0, end - packet.pts)
            is_heard = packet.pts + packet.duration > first
            packet.pts = packet.dts = packet.pts - first
            packet.stream = copy
            waiting.append(packet)
            if not is_heard:
                del waiting[:-_PREROLL_PACKETS]
                continue
            output.mux(waiting)
            waiting.clear()
    return file.getvalue()


def _encode(samples: Samples, bit_rate: int) -> bytes:
    import av

    file = io.BytesIO()
    layout = "mono" if len(samples) == 1 else "stereo"
    with av.open(file, "w", format="ipod") as output:
        stream = output.add_stream("aac", rate=SAMPLE_RATE, layout=layout)
        stream.bit_rate = bit_rate
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples), format="fltp", layout=layout)
        frame.sample_rate, frame.pts, frame.time_base = SAMPLE_RATE, 0, Fraction(1, SAMPLE_RATE)
        for packet in (*stream.encode(frame), *stream.encode(None)):
            output.mux(packet)
    return file.getvalue()


def _demuxer(path: Path) -> str | None:
    with path.open("rb") as file:
        start = file.read(16)
    if start[8:12] in PICTURE_BRANDS:
        return None
    return next((name for offset, magic, name in _SIGNATURES if start.startswith(magic, offset)), None)


@contextmanager
def _opened(path: Path) -> Iterator["InputContainer"]:
    """Opens a file with the demuxer for it.

    Raises:
        SoundError: It is none that can be read, or damaged.
    """
    demuxer = _demuxer(path)
    if not has_video():
        raise PictureError("errors-sound-not-here")
    if demuxer is None:
        raise SoundError
    try:
        with path.open("rb") as file, _open_container(file, demuxer) as container:
            yield container
    except PictureError:
        raise
    except Exception as error:  # damaged input raises nearly anything
        raise SoundError from error


def _open_container(file: BinaryIO, demuxer: str) -> "InputContainer":
    import av
    from av.container import InputContainer

    container = av.open(
        file,
        format=demuxer,
        container_options={"codec_whitelist": ",".join(_AUDIO_DECODERS | DECODERS)},
        io_open=_refuse_io,
        metadata_errors="replace",
    )
    assert isinstance(container, InputContainer)
    return container


def _refuse_io(*_: object) -> NoReturn:
    raise PermissionError("a sound may not open other files")
