"""Decodes MP4, MOV and WebM videos to frames. Needs PyAV, which is imported only when a video is read.

A video's bytes reach only the two demuxers and the few decoders named here. Playlists and references to other
files, which make a demuxer open further files, are not supported.
"""

import struct
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NoReturn, cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from dreambot.media.colour import PQ, UNSPECIFIED, ColourTags, Conversion, converter_for
from dreambot.media.picture import LazyFrame, PictureError, Pixels
from dreambot.media.picture_file import check_size
from dreambot.media.signatures import identify_unsupported
from dreambot.media.video_settings import has_video

if TYPE_CHECKING:
    from av import VideoFrame
    from av.container import InputContainer
    from av.video.codeccontext import VideoCodecContext
    from av.video.stream import VideoStream

DECODERS = frozenset({"h264", "hevc", "mpeg4", "vp8", "vp9", "libvpx", "libvpx-vp9", "libdav1d", "av1"})
PICTURE_BRANDS = frozenset({b"avif", b"avis"})
_DEFAULT_FRAME_MS = 100.0
_SNIFFED_BYTES = 64
_MIN_HD_HEIGHT = 720
_MAX_LAST_FRAME_S = 10
# Code points of H.273 for unspecified.
_UNSPECIFIED_CODES = frozenset({0, UNSPECIFIED})
_ALPHA_DECODERS = {"vp8": "libvpx", "vp9": "libvpx-vp9", "libvpx": "libvpx", "libvpx-vp9": "libvpx-vp9"}
# FFmpeg's display matrix, in the machine's byte order: a, b, u, c, d, v, x, y, w.
_MATRIX = struct.Struct("=9i")
_LIGHT_LEVEL = struct.Struct("=I")
# FFmpeg's mastering display: ten fractions, the last two of them the minimum and maximum nits, and flags.
_MASTERING = struct.Struct("=22i")


@dataclass(frozen=True)
class VideoInfo:
    """What is known of a video without decoding it.

    Attributes:
        width: In pixels, as displayed.
        height: In pixels, as displayed.
        frames: Counted up to a limit.
        seconds: How long those are displayed.
    """

    width: int
    height: int
    frames: int
    seconds: float


def detect_video_format(path: Path) -> str | None:
    """Returns MP4, MOV or WEBM from a file's first bytes; None for all other files.

    Args:
        path: The file.
    """
    if not path.is_file():
        return None
    with path.open("rb") as file:
        start = file.read(_SNIFFED_BYTES)
    if start[4:8] == b"ftyp" and start[8:12] not in PICTURE_BRANDS and identify_unsupported(path) is None:
        return "MOV" if start[8:12] == b"qt  " else "MP4"
    return "WEBM" if start.startswith(b"\x1aE\xdf\xa3") else None


def read_video_info(file: BinaryIO, kind: str, hard_limit: int, max_frames: int) -> VideoInfo:
    """Counts a video's frames.

    Args:
        file: The open file.
        kind: MP4, MOV or WEBM.
        hard_limit: Videos with more pixels a frame are refused.
        max_frames: Stop counting there.

    Raises:
        PictureError: The video cannot be read.
    """
    with _open_container(file, kind, hard_limit) as (container, stream):
        container_coding = _ColourCoding.of(stream)
        times: list[int] = []
        for packet in container.demux(stream):
            if packet.pts is not None:
                times.append(packet.pts)
            if len(times) >= max_frames:
                break
        seconds = _frame_ms(stream) / 1000
        if times:
            span = float((max(times) - min(times)) * _time_base(stream))
            seconds = span + (_last_seconds(stream, max(times)) or seconds)
        first = next(iter(_decode(container, stream)), None)
        if first is None:
            raise _damaged_error()
        return VideoInfo(
            *_display_transform(first, stream, container_coding).shown, max(1, len(times)), seconds
        )


def decode_video_frames(file: BinaryIO, kind: str, hard_limit: int) -> Iterator[tuple[LazyFrame, float]]:
    """Yields each frame, upright, and for how many milliseconds it is displayed.

    Args:
        file: The open file.
        kind: MP4, MOV or WEBM.
        hard_limit: Videos with more pixels a frame are refused.

    Raises:
        PictureError: The video cannot be read; raised at the first frame that is affected.
    """
    with _open_container(file, kind, hard_limit) as (container, stream):
        container_coding = _ColourCoding.of(stream)
        usual = last = _frame_ms(stream)
        pending: tuple[LazyFrame, float | None] | None = None
        transform: _DisplayTransform | None = None
        for frame in _decode(container, stream):
            at = None if frame.pts is None else float(1000 * frame.pts * _time_base(stream))
            if pending is not None:
                gap = at - pending[1] if at is not None and pending[1] is not None else usual
                yield pending[0], gap if gap > 0 else usual
            transform = transform or _display_transform(frame, stream, container_coding)
            pending = partial(_to_displayed_pixels, frame, transform), at
            last = float(1000 * frame.duration * _time_base(stream)) if frame.duration else usual
            last = 1000 * _last_seconds(stream, frame.pts) or last
        if pending is None:
            raise _damaged_error()
        yield pending[0], last


def first_frame_seconds(file: BinaryIO, kind: str, hard_limit: int) -> Fraction:
    """Returns when the first frame that `decode_video_frames` yields is displayed, on the file's own clock.

    Args:
        file: The open file.
        kind: MP4, MOV or WEBM.
        hard_limit: Videos with more pixels a frame are refused.

    Raises:
        PictureError: There is no video, or it cannot be read.
    """
    with _open_container(file, kind, hard_limit) as (container, stream):
        first = next(iter(_decode(container, stream)), None)
        if first is None:
            raise _damaged_error()
        return (first.pts or 0) * _time_base(stream)


@contextmanager
def _open_container(
    file: BinaryIO, kind: str, hard_limit: int
) -> Iterator[tuple["InputContainer", "VideoStream"]]:
    if not has_video():
        raise PictureError("errors-video-not-here")
    import av
    from av.container import InputContainer

    demuxer = "matroska" if kind == "WEBM" else "mov"
    try:
        with av.open(
            file,
            format=demuxer,
            container_options={"codec_whitelist": ",".join(DECODERS)},
            io_open=_refuse_io,
            metadata_errors="replace",
        ) as container:
            if not container.streams.video:
                raise PictureError("errors-video-sound")
            stream = container.streams.video[0]
            context = stream.codec_context
            check_size(round(context.width * _pixel_aspect_ratio(stream)), context.height, hard_limit)
            if context.name not in DECODERS:
                raise PictureError("errors-video-kind")
            assert isinstance(container, InputContainer)
            context.thread_count = 1
            context.options = {"max_pixels": str(hard_limit)}
            yield container, stream
    except PictureError:
        raise
    except Exception as error:  # damaged input raises nearly anything
        raise _damaged_error() from error


def _refuse_io(*_: object) -> NoReturn:
    raise PermissionError("a video may not open other files")


def _decode(container: "InputContainer", stream: "VideoStream") -> Iterator["VideoFrame"]:
    container.seek(0, stream=stream, any_frame=False)
    with_alpha = _alpha_decoder(stream)
    if with_alpha is None:
        yield from container.decode(stream)
        return
    for packet in container.demux(stream):
        yield from with_alpha.decode(packet if packet.size else None)


def _alpha_decoder(stream: "VideoStream") -> "VideoCodecContext | None":
    """Returns the decoder that keeps a WebM's transparency, if it has any: FFmpeg's own decoders drop it."""
    import av
    from av.video.codeccontext import VideoCodecContext

    name = _ALPHA_DECODERS.get(stream.codec_context.name)
    if stream.metadata.get("alpha_mode") != "1" or name is None or name not in av.codecs_available:
        return None
    decoder = av.CodecContext.create(name, "r")
    assert isinstance(decoder, VideoCodecContext)
    decoder.thread_count = 1
    decoder.options = dict(stream.codec_context.options)
    return decoder


@dataclass(frozen=True)
class _ColourCoding:
    """The colour tags of a video, numbered as in H.273 and FFmpeg; 2 and, of the range, 0 if unspecified."""

    primaries: int
    transfer: int
    matrix: int
    range: int

    @classmethod
    def of(cls, stream: "VideoStream") -> "_ColourCoding":
        """Returns the tags of the stream: before anything of it is decoded, those of its container."""
        context = stream.codec_context
        return cls(
            int(context.color_primaries),
            int(context.color_trc),
            int(context.colorspace),
            int(context.color_range),
        )

    def with_defaults(self, other: "_ColourCoding") -> "_ColourCoding":
        """Returns the tags with those of `other` where these are unspecified."""
        is_unspecified = {self.primaries, self.transfer, self.matrix} <= _UNSPECIFIED_CODES
        # Decoders report a limited range where none is specified.
        ranges = (other.range, self.range) if is_unspecified else (self.range, other.range)
        return _ColourCoding(
            other.primaries if self.primaries in _UNSPECIFIED_CODES else self.primaries,
            other.transfer if self.transfer in _UNSPECIFIED_CODES else self.transfer,
            other.matrix if self.matrix in _UNSPECIFIED_CODES else self.matrix,
            ranges[0] or ranges[1],
        )


@dataclass(frozen=True)
class _DisplayTransform:
    """How the frames of a video are displayed.

    Attributes:
        width: With square pixels, before the frame is rotated.
        height: With square pixels, before the frame is rotated.
        is_transposed: Rows become columns; after that the order of the rows, and of the columns, is reversed.
        coding: Its colour tags.
        convert: None if its values are sRGB.
    """

    width: int
    height: int
    is_transposed: bool
    flips_rows: bool
    flips_columns: bool
    coding: _ColourCoding
    convert: Conversion | None

    @property
    def shown(self) -> tuple[int, int]:
        """(width, height) as displayed."""
        return (self.height, self.width) if self.is_transposed else (self.width, self.height)


def _display_transform(
    first: "VideoFrame", stream: "VideoStream", container_coding: _ColourCoding
) -> _DisplayTransform:
    """Derives the transform from the first frame.

    Only once for a video: a frame whose side data was read is in a reference cycle, and keeps its pixels and
    its scaler's threads until that is collected.
    """
    width = round(first.width * _pixel_aspect_ratio(stream))
    # Some decoders drop the container's tags.
    coding = _ColourCoding.of(stream).with_defaults(container_coding)
    peak = _peak_nits(first) if coding.transfer == PQ else None
    convert = converter_for(ColourTags(coding.primaries, coding.transfer, peak))
    return _DisplayTransform(width, first.height, *_frame_orientation(first), coding, convert)


def _to_displayed_pixels(
    frame: "VideoFrame", transform: _DisplayTransform, size: tuple[int, int] | None
) -> Pixels:
    from av.video.reformatter import Colorspace, Interpolation

    width, height = transform.width, transform.height
    if size is not None:
        width, height = size[::-1] if transform.is_transposed else size
    matrix: int | None = None
    if int(frame.colorspace) in _UNSPECIFIED_CODES:
        # An unspecified matrix is nearly always BT.709 if the video is large.
        usual = int(Colorspace.ITU709) if frame.height >= _MIN_HD_HEIGHT else None
        matrix = usual if transform.coding.matrix in _UNSPECIFIED_CODES else transform.coding.matrix
    has_alpha = any(component.is_alpha for component in frame.format.components)

    def values(format: str, width: int, height: int) -> NDArray[Any]:
        try:
            return frame.to_ndarray(
                format=format,
                width=width,
                height=height,
                src_colorspace=matrix,
                src_color_range=transform.coding.range or None,
                interpolation=Interpolation.BICUBIC
                | Interpolation.ACCURATE_RND
                | Interpolation.FULL_CHR_H_INT,
            )
        except Exception as error:  # a damaged header can contain values that swscale does not support
            raise _damaged_error() from error

    rgb: Pixels
    if has_alpha:
        rgba = values("rgba", frame.width, frame.height)
        rgb = transform.convert(rgba[..., :3]) if transform.convert else rgba[..., :3]
        rgb = _composite_on_white(rgb, rgba[..., 3:], (width, height))
    elif transform.convert:
        rgb = transform.convert(values("rgb48le", width, height))
    else:
        rgb = values("rgb24", width, height)
    if transform.is_transposed:
        rgb = rgb.transpose(1, 0, 2)
    return np.ascontiguousarray(
        rgb[:: -1 if transform.flips_rows else 1, :: -1 if transform.flips_columns else 1]
    )


def _frame_orientation(frame: "VideoFrame") -> tuple[bool, bool, bool]:
    """Returns how a frame is made upright: (transpose, then reverse the rows, reverse the columns).

    A display matrix maps (x, y) to (a x + c y, b x + d y). Of its eight kinds four are reflections.
    """
    data = _side_data(frame, "DISPLAYMATRIX")
    if len(data) < _MATRIX.size:
        return False, False, False
    a, b, _, c, d, *_ = _MATRIX.unpack_from(data)
    if abs(b) + abs(c) > abs(a) + abs(d):
        return True, b < 0, c < 0
    return False, d < 0, a < 0


def _peak_nits(frame: "VideoFrame") -> float | None:
    """Returns the nits of the brightest pixel, if the video declares them."""
    level, screen = (
        _side_data(frame, name) for name in ("CONTENT_LIGHT_LEVEL", "MASTERING_DISPLAY_METADATA")
    )
    if len(level) >= _LIGHT_LEVEL.size and (nits := _LIGHT_LEVEL.unpack_from(level)[0]):
        return float(nits)
    if len(screen) >= _MASTERING.size:
        *_, numerator, denominator, _, has_luminance = _MASTERING.unpack_from(screen)
        if has_luminance and numerator > 0 and denominator > 0:
            return float(numerator / denominator)
    return None


def _side_data(frame: "VideoFrame", name: str) -> bytes:
    """Returns the side data of a frame as FFmpeg holds it in memory; empty if it has none."""
    data = cast("Mapping[str, Any]", frame.side_data).get(name)
    return b"" if data is None else bytes(data)


def _composite_on_white(rgb: Pixels, alpha: Pixels, size: tuple[int, int]) -> Pixels:
    """Puts transparent pixels on white and resizes to (width, height)."""
    opaque = alpha.astype(np.uint16)
    mixed = (rgb * opaque + 255 * (255 - opaque) + 127) // 255
    image = Image.fromarray(mixed.astype(np.uint8))
    if image.size != size:
        image = image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    return np.asarray(image)


def _pixel_aspect_ratio(stream: "VideoStream") -> float:
    """Returns the width of a pixel divided by its height."""
    ratio = stream.sample_aspect_ratio
    return float(ratio) if ratio and Fraction(1, 4) <= ratio <= 4 else 1.0


def _time_base(stream: "VideoStream") -> Fraction:
    return stream.time_base or Fraction(1, 1000)


def _frame_ms(stream: "VideoStream") -> float:
    rate = stream.average_rate
    return 1000 / float(rate) if rate and 1 <= rate <= 240 else _DEFAULT_FRAME_MS


def _last_seconds(stream: "VideoStream", pts: int | None) -> float:
    """Returns how long a frame is displayed if it is the last; 0 if the file has no plausible value."""
    if pts is None or stream.duration is None:
        return 0.0
    seconds = float(((stream.start_time or 0) + stream.duration - pts) * _time_base(stream))
    return seconds if 0 < seconds < _MAX_LAST_FRAME_S else 0.0


def _damaged_error() -> PictureError:
    return PictureError("errors-video-damaged")
