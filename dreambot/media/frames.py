"""Reads the frames of an animated picture or a video, at one size and within limits."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image

from dreambot.media.decode import ORIENTATION_TRANSPOSES, exif_orientation
from dreambot.media.picture import LazyFrame, Pixels
from dreambot.media.picture_file import (
    MAX_PIXELS,
    PictureFile,
    check_file,
    open_picture,
    require_complete,
    translate_decoder_errors,
)
from dreambot.media.srgb import to_rgb
from dreambot.media.video_decode import decode_video_frames, detect_video_format, read_video_info

# As browsers have it: who asks for less did not mean it
_MIN_DELAY_MS, _DEFAULT_DELAY_MS = 11.0, 100.0


def displayed_ms(delay: float) -> float:
    """For how many milliseconds a frame is really shown that says `delay`."""
    return delay if delay >= _MIN_DELAY_MS else _DEFAULT_DELAY_MS


def frame_durations(file: PictureFile, most: int) -> list[float]:
    """For how many milliseconds each frame of an opened picture is shown, without decoding them.

    One entry, 0, for what does not move. No more than most + 1.
    """
    found = file.delays(most)
    return [displayed_ms(delay) for delay in found] if found else [0.0]


def animation_frames(file: PictureFile) -> Iterator[tuple[LazyFrame, float]]:
    """Each frame of a picture just opened, upright, on white where it is transparent, and for how many
    milliseconds it is shown. A still is one frame. Raises whatever decoders raise on damaged input, and
    PictureError where a part of a frame is missing, at the frame it concerns."""
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


MAX_FRAMES = 240
MAX_SECONDS = 20.0
MAX_FPS = 30.0
LEGACY_MAX_FPS = 25.0
"""The most of earlier versions, whose recipes count on it."""
MAX_FRAMES_BYTES = 384 * 2**20
# Equal durations differ by that much where a format counts in milliseconds
_ROUNDING_MS = 2.0
# Frames that are listed of a damaged animation, as many as a source may have
_MAX_LISTED_FRAMES = 2000
MAX_DECODED_PIXELS = 500_000_000
MAX_DECODED_VIDEO_PIXELS = 5_000_000_000
"""Pixels that are decoded of one file, frames times canvas, whether the frames are kept or not. A video's
cost less: this is 20 s of 3840 × 2160 at 30 frames a second."""


@dataclass(frozen=True, eq=False)
class VideoFrames:
    """What was read of a moving source.

    rgb: (frames, height, width, 3) uint8, sRGB; what was transparent lies on white. durations: for how many
    milliseconds each frame is shown. loops: how many times they are shown, 0 for ever. complete: False when
    the source goes on, or is damaged, after what is here. missing: of a damaged animation, the share of its
    frames, from 0 to 1, that cannot be read; 0 for videos, which do not say how many they had.
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
    """The first frames of a file, as many as the limits allow, each at exactly `size` (width, height).

    Of frames that come faster than `max_fps`, the one that is shown longest stays, for the time of all of
    them. hard_limit: pixels of a frame above which the file is refused. Raises PictureError when not even the
    first frame can be read.
    """
    check_file(path)
    most = max(1, min(max_frames, MAX_FRAMES_BYTES // (3 * size[0] * size[1])))
    reel = _FrameCollector(size, most, 1000 * max_seconds, 1000 / max_fps)
    kind, missing = detect_video_format(path), 0.0
    if kind:
        with path.open("rb") as file:
            facts = read_video_info(file, kind, hard_limit, 1)
            file.seek(0)
            most_decoded = MAX_DECODED_VIDEO_PIXELS // (facts.width * facts.height)
            reel.fill(_limit_frames(decode_video_frames(file, kind, hard_limit), most_decoded))
        loops = 0
    else:
        with open_picture(path, hard_limit) as picture, translate_decoder_errors(path):
            most_decoded = MAX_DECODED_PIXELS // math.prod(picture.size)
            reel.fill(_limit_frames(animation_frames(picture), most_decoded))
            loops = picture.loops
            if reel.damaged:
                missing = max(0.0, 1 - reel.read / max(1, len(picture.delays(_MAX_LISTED_FRAMES))))
    return VideoFrames(np.stack(reel.frames), tuple(reel.durations), loops, reel.complete, missing)


class _TooManyPixels(Exception):
    """As many pixels were decoded of a file as may be."""


def _limit_frames(frames: Iterator[tuple[LazyFrame, float]], most: int) -> Iterator[tuple[LazyFrame, float]]:
    """The first frames. Raises _TooManyPixels after `most` of them, which ends a reel."""
    for number, frame in enumerate(frames):
        if number >= max(1, most):
            raise _TooManyPixels
        yield frame


class _FrameCollector:
    """Frames within limits."""

    def __init__(self, size: tuple[int, int], most: int, most_ms: float, least_ms: float) -> None:
        self._size, self._most, self._most_ms, self._min_ms = size, most, most_ms, least_ms
        self.frames: list[Pixels] = []
        self.durations: list[float] = []
        self.complete, self.damaged = True, False
        self.read = 0
        # Of the last frame's pictures, how long the one that stands for them is shown itself
        self._longest = 0.0
        # How much sooner than it should the next frame may come: the timing of cameras wavers
        self._slack = self._max_slack = least_ms / 8

    def fill(self, source: Iterator[tuple[LazyFrame, float]]) -> None:
        """Takes frames until one of the limits, or damage, ends it."""
        left = self._most_ms
        try:
            for shot, ms in source:
                begins = self._starts_new_frame()
                if left <= 0 or (begins and len(self.frames) == self._most):
                    self.complete = False
                    return
                shown = min(ms, left)
                left -= shown
                if begins:
                    self._begin(shot(self._size), shown)
                else:
                    if shown > self._longest + _ROUNDING_MS:
                        self.frames[-1], self._longest = shot(self._size), shown
                    self.durations[-1] += shown
                self.read += 1
        except _TooManyPixels:
            self.complete = False
        except Exception:  # damaged input raises nearly anything; the part before it is still good
            if not self.frames:
                raise
            self.complete, self.damaged = False, True

    def _begin(self, frame: Pixels, shown: float) -> None:
        if self.durations:
            self._slack = min(self._max_slack, self._slack + self.durations[-1] - self._min_ms)
        self.frames.append(frame)
        self.durations.append(shown)
        self._longest = shown

    def _starts_new_frame(self) -> bool:
        return not self.durations or self.durations[-1] + self._slack >= self._min_ms
