"""Reads the frames of an animated picture or a video, at one size and within limits."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image

from dreambot.media.picture import LazyFrame, Pixels
from dreambot.media.picture_file import (
    MAX_PIXELS,
    ORIENTATION_TRANSPOSES,
    PictureFile,
    check_file,
    exif_orientation,
    open_picture,
    require_complete,
    translate_decoder_errors,
)
from dreambot.media.srgb import to_rgb
from dreambot.media.video_decode import decode_video_frames, detect_video_format, read_video_info

# As in browsers: a shorter delay is an authoring mistake.
_MIN_DELAY_MS, _DEFAULT_DELAY_MS = 11.0, 100.0


MAX_FRAMES = 240
MAX_SECONDS = 20.0
MAX_FPS = 30.0
LEGACY_MAX_FPS = 25.0
"""The limit of earlier versions, which their recipes depend on."""
MAX_FRAMES_BYTES = 384 * 2**20
# Equal durations differ by up to this much in formats that count milliseconds.
_ROUNDING_MS = 2.0
# Frames counted in a damaged animation: as many as a source may have.
_MAX_LISTED_FRAMES = 2000
MAX_DECODED_PIXELS = 500_000_000
MAX_DECODED_VIDEO_PIXELS = 5_000_000_000
"""Pixels decoded per file, frames times canvas, whether the frames are kept or not. Those of a video cost
less: this is 20 s of 3840 × 2160 at 30 frames a second."""


def displayed_ms(delay: float) -> float:
    """Returns for how many milliseconds a frame is displayed.

    Args:
        delay: The frame's delay in milliseconds, as stored in the file.
    """
    return delay if delay >= _MIN_DELAY_MS else _DEFAULT_DELAY_MS


def frame_durations(file: PictureFile, limit: int) -> list[float]:
    """Returns for how many milliseconds each frame of an opened picture is displayed, without decoding them.

    Args:
        file: The picture.
        limit: At most limit + 1 durations are returned.

    Returns:
        One entry, 0, for a still.
    """
    delays = file.delays(limit)
    return [displayed_ms(delay) for delay in delays] if delays else [0.0]


def animation_frames(file: PictureFile) -> Iterator[tuple[LazyFrame, float]]:
    """Yields each frame, upright, on white where it is transparent, and its displayed milliseconds.

    Args:
        file: A picture that was just opened. A still is one frame.

    Raises:
        PictureError: A part of a frame is missing; raised when that frame is reached.
        Exception: Any exception that decoders raise on damaged input.
    """
    if not file.delays(1):
        yield partial(_flatten, require_complete(file.first()).image), displayed_ms(0)
        return
    for raster, delay in file.frames():
        yield partial(_flatten, require_complete(raster).image), displayed_ms(delay)


def _flatten(image: Image.Image, size: tuple[int, int] | None) -> Pixels:
    turn = ORIENTATION_TRANSPOSES.get(exif_orientation(image))
    rgb, alpha = to_rgb(image)
    if alpha is not None:
        white = Image.new("RGB", rgb.size, "white")
        rgb = Image.composite(rgb, white, alpha)
    if turn is not None:
        rgb = rgb.transpose(turn)
    if size is not None and size != rgb.size:
        rgb = rgb.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    return np.asarray(rgb)


@dataclass(frozen=True, eq=False)
class VideoFrames:
    """The frames that were read from an animation or a video.

    Attributes:
        rgb: (frames, height, width, 3) uint8, sRGB; transparent pixels are on white.
        durations: For how many milliseconds each frame is displayed.
        loops: How many times they are played, 0 for ever.
        complete: False if the source is longer, or is damaged after these frames.
        missing: Share of the frames of a damaged animation, from 0 to 1, that cannot be read; 0 for videos,
            which do not say how many they had.
    """

    rgb: Pixels
    durations: tuple[float, ...]
    loops: int
    complete: bool
    missing: float = 0.0


def read_frames(
    path: Path,
    *,
    size: tuple[int, int],
    max_frames: int = MAX_FRAMES,
    max_seconds: float = MAX_SECONDS,
    max_fps: float = MAX_FPS,
    hard_limit: int = MAX_PIXELS,
) -> VideoFrames:
    """Reads the first frames of a file, as many as the limits allow.

    If frames are faster than `max_fps`, the one that is displayed longest is kept, for the time of all of
    them.

    Args:
        path: The file.
        size: (width, height) of each frame.
        max_frames: Limit on the frames returned.
        max_seconds: Limit on their duration.
        max_fps: Limit on the frames per second.
        hard_limit: Files with more pixels a frame are refused.

    Raises:
        PictureError: Not even the first frame can be read.
    """
    check_file(path)
    max_frames = max(1, min(max_frames, MAX_FRAMES_BYTES // (3 * size[0] * size[1])))
    collector = _FrameCollector(size, max_frames, 1000 * max_seconds, 1000 / max_fps)
    kind, missing = detect_video_format(path), 0.0
    if kind:
        with path.open("rb") as file:
            info = read_video_info(file, kind, hard_limit, 1)
            file.seek(0)
            max_decoded = MAX_DECODED_VIDEO_PIXELS // (info.width * info.height)
            collector.fill(_limit_frames(decode_video_frames(file, kind, hard_limit), max_decoded))
        loops = 0
    else:
        with open_picture(path, hard_limit) as picture, translate_decoder_errors(path):
            max_decoded = MAX_DECODED_PIXELS // math.prod(picture.size)
            collector.fill(_limit_frames(animation_frames(picture), max_decoded))
            loops = picture.loops
            if collector.damaged:
                missing = max(0.0, 1 - collector.read / max(1, len(picture.delays(_MAX_LISTED_FRAMES))))
    return VideoFrames(
        np.stack(collector.frames), tuple(collector.durations), loops, collector.complete, missing
    )


class _TooManyPixels(Exception):
    """The limit on decoded pixels of one file was reached."""


def _limit_frames(frames: Iterator[tuple[LazyFrame, float]], limit: int) -> Iterator[tuple[LazyFrame, float]]:
    """Yields the first `limit` frames, at least one, then raises _TooManyPixels."""
    for number, frame in enumerate(frames):
        if number >= max(1, limit):
            raise _TooManyPixels
        yield frame


class _FrameCollector:
    """Collects frames within limits."""

    def __init__(self, size: tuple[int, int], max_frames: int, max_ms: float, min_ms: float) -> None:
        self._size, self._max_frames, self._max_ms, self._min_ms = size, max_frames, max_ms, min_ms
        self.frames: list[Pixels] = []
        self.durations: list[float] = []
        self.complete, self.damaged = True, False
        self.read = 0
        # How long the picture that represents the last frame is displayed itself.
        self._longest = 0.0
        # How much too early the next frame may come: the timing of cameras is not exact.
        self._slack = self._max_slack = min_ms / 8

    def fill(self, source: Iterator[tuple[LazyFrame, float]]) -> None:
        """Takes frames until a limit, damage or the end of the source.

        Args:
            source: Frames and their milliseconds.
        """
        remaining_ms = self._max_ms
        try:
            for get_frame, ms in source:
                starts_frame = self._starts_new_frame()
                if remaining_ms <= 0 or (starts_frame and len(self.frames) == self._max_frames):
                    self.complete = False
                    return
                displayed = min(ms, remaining_ms)
                remaining_ms -= displayed
                if starts_frame:
                    self._start_frame(get_frame(self._size), displayed)
                else:
                    if displayed > self._longest + _ROUNDING_MS:
                        self.frames[-1], self._longest = get_frame(self._size), displayed
                    self.durations[-1] += displayed
                self.read += 1
        except _TooManyPixels:
            self.complete = False
        except Exception:  # damaged input raises nearly anything; the frames before it are usable
            if not self.frames:
                raise
            self.complete, self.damaged = False, True

    def _start_frame(self, frame: Pixels, displayed: float) -> None:
        if self.durations:
            self._slack = min(self._max_slack, self._slack + self.durations[-1] - self._min_ms)
        self.frames.append(frame)
        self.durations.append(displayed)
        self._longest = displayed

    def _starts_new_frame(self) -> bool:
        return not self.durations or self.durations[-1] + self._slack >= self._min_ms
