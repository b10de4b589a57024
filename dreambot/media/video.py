"""Videos as frames: MP4, MOV and WebM. Needs PyAV, and imports it only when a video is read.

A video's bytes go only to the two demuxers and the few decoders named here; playlists, and references to
other files, which make a demuxer open what it was not given, are out of reach.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NoReturn

import numpy as np

from dreambot.media.film_plan import has_video
from dreambot.media.opening import check_size
from dreambot.media.picture import PictureError, Pixels, Shot
from dreambot.media.signatures import sort_of

if TYPE_CHECKING:
    from av import VideoFrame
    from av.container import InputContainer
    from av.video.stream import VideoStream

DECODERS = frozenset({"h264", "hevc", "mpeg4", "vp8", "vp9", "libvpx", "libvpx-vp9", "libdav1d", "av1"})
PICTURE_BRANDS = frozenset({b"avif", b"avis"})
_USUAL_MS = 100.0
_SNIFFED = 64
_LARGE = 720
_LONGEST_SECONDS = 10


@dataclass(frozen=True)
class VideoFacts:
    """What is known of a video without decoding it. width, height: as displayed. frames: counted, up to the
    limit that was given. seconds: how long those are shown."""

    width: int
    height: int
    frames: int
    seconds: float


def video_kind(path: Path) -> str | None:
    """MP4, MOV or WEBM from a file's first bytes; None for everything else."""
    if not path.is_file():
        return None
    with path.open("rb") as file:
        start = file.read(_SNIFFED)
    if start[4:8] == b"ftyp" and start[8:12] not in PICTURE_BRANDS and sort_of(path) is None:
        return "MOV" if start[8:12] == b"qt  " else "MP4"
    return "WEBM" if start.startswith(b"\x1aE\xdf\xa3") else None


def video_facts(file: BinaryIO, kind: str, hard_limit: int, most: int) -> VideoFacts:
    """Counts a video's frames, no further than `most`. Raises PictureError."""
    with _opened(file, kind, hard_limit) as (container, stream):
        begins: list[int] = []
        for packet in container.demux(stream):
            if packet.pts is not None:
                begins.append(packet.pts)
            if len(begins) >= most:
                break
        seconds = _frame_ms(stream) / 1000
        if begins:
            span = float((max(begins) - min(begins)) * _time_base(stream))
            seconds = span + (_last_seconds(stream, max(begins)) or seconds)
        first = next(iter(_decoded(container, stream)), None)
        if first is None:
            raise _damaged()
        height, width = _upright(first, stream, None).shape[:2]
        return VideoFacts(width, height, max(1, len(begins)), seconds)


def video_frames(file: BinaryIO, kind: str, hard_limit: int) -> Iterator[tuple[Shot, float]]:
    """Each frame, upright, and for how many milliseconds it is shown.

    Raises PictureError, at whatever frame the trouble begins.
    """
    with _opened(file, kind, hard_limit) as (container, stream):
        usual = last = _frame_ms(stream)
        held: tuple[Shot, float | None] | None = None
        for frame in _decoded(container, stream):
            at = None if frame.pts is None else float(1000 * frame.pts * _time_base(stream))
            if held is not None:
                gap = at - held[1] if at is not None and held[1] is not None else usual
                yield held[0], gap if gap > 0 else usual
            held = partial(_upright, frame, stream), at
            last = float(1000 * frame.duration * _time_base(stream)) if frame.duration else usual
            last = 1000 * _last_seconds(stream, frame.pts) or last
        if held is None:
            raise _damaged()
        yield held[0], last


@contextmanager
def _opened(file: BinaryIO, kind: str, hard_limit: int) -> Iterator[tuple["InputContainer", "VideoStream"]]:
    if not has_video():
        raise PictureError(
            "That is a video, and PyAV, which reads them, is not installed here. Send a picture or a GIF."
        )
    import av
    from av.container import InputContainer

    demuxer = "matroska" if kind == "WEBM" else "mov"
    try:
        with av.open(
            file,
            format=demuxer,
            container_options={"codec_whitelist": ",".join(DECODERS)},
            io_open=_refuse,
            metadata_errors="replace",
        ) as container:
            if not container.streams.video:
                raise PictureError("That video has no picture, only sound. Send one that shows something.")
            stream = container.streams.video[0]
            context = stream.codec_context
            check_size(round(context.width * _stretch(stream)), context.height, hard_limit)
            if context.name not in DECODERS:
                raise PictureError("That video is of a kind I cannot read. H.264, VP9 and AV1 work.")
            assert isinstance(container, InputContainer)
            context.thread_count = 1
            context.options = {"max_pixels": str(hard_limit)}
            yield container, stream
    except PictureError:
        raise
    except Exception as error:  # damaged input raises nearly anything
        raise _damaged() from error


def _refuse(*_: object) -> NoReturn:
    raise PermissionError("a video may not open other files")


def _decoded(container: "InputContainer", stream: "VideoStream") -> Iterator["VideoFrame"]:
    container.seek(0, stream=stream, any_frame=False)
    yield from container.decode(stream)


def _upright(frame: "VideoFrame", stream: "VideoStream", size: tuple[int, int] | None) -> Pixels:
    from av.video.reformatter import Colorspace, Interpolation

    quarters = round(frame.rotation / 90)
    width, height = round(frame.width * _stretch(stream)), frame.height
    if size is not None:
        width, height = size if quarters % 2 == 0 else size[::-1]
    untagged = int(frame.colorspace) in (0, 2)
    rgb = frame.to_ndarray(
        format="rgb24",
        width=width,
        height=height,
        # What does not say is nearly always BT.709 where it is large
        src_colorspace=Colorspace.ITU709 if untagged and frame.height >= _LARGE else None,
        interpolation=Interpolation.BICUBIC | Interpolation.ACCURATE_RND | Interpolation.FULL_CHR_H_INT,
    )
    return np.ascontiguousarray(np.rot90(rgb, quarters))


def _stretch(stream: "VideoStream") -> float:
    """How much wider than tall a pixel is."""
    ratio = stream.sample_aspect_ratio
    return float(ratio) if ratio and Fraction(1, 4) <= ratio <= 4 else 1.0


def _time_base(stream: "VideoStream") -> Fraction:
    return stream.time_base or Fraction(1, 1000)


def _frame_ms(stream: "VideoStream") -> float:
    rate = stream.average_rate
    return 1000 / float(rate) if rate and 1 <= rate <= 240 else _USUAL_MS


def _last_seconds(stream: "VideoStream", pts: int | None) -> float:
    """For how long a frame is shown if it is the last; 0 where the file says nothing that can be believed."""
    if pts is None or stream.duration is None:
        return 0.0
    seconds = float(((stream.start_time or 0) + stream.duration - pts) * _time_base(stream))
    return seconds if 0 < seconds < _LONGEST_SECONDS else 0.0


def _damaged() -> PictureError:
    return PictureError(
        "That video is damaged: part of it is missing or makes no sense. Try saving it again."
    )
