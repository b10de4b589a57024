"""A moving source as frames of one size, within limits."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dreambot.media.animation import animation
from dreambot.media.opening import MAX_PIXELS, check_file, opened, understandable
from dreambot.media.picture import Pixels, Shot
from dreambot.media.video import video_facts, video_frames, video_kind

MAX_FRAMES = 240
MAX_SECONDS = 20.0
MAX_FPS = 30.0
FORMER_MAX_FPS = 25.0
"""The most of earlier versions, whose recipes count on it."""
MAX_BYTES = 384 * 2**20
# Equal durations differ by that much where a format counts in milliseconds
_ROUNDING_MS = 2.0
# Frames that are listed of a damaged animation, as many as a source may have
_MOST_LISTED = 2000
MAX_DECODED = 500_000_000
MAX_VIDEO_DECODED = 5_000_000_000
"""Pixels that are decoded of one file, frames times canvas, whether the frames are kept or not. A video's
cost less: this is 20 s of 3840 × 2160 at 30 frames a second."""


@dataclass(frozen=True, eq=False)
class Footage:
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


def footage(
    path: Path,
    *,
    size: tuple[int, int],
    max_frames: int = MAX_FRAMES,
    max_seconds: float = MAX_SECONDS,
    max_fps: float = MAX_FPS,
    hard_limit: int = MAX_PIXELS,
) -> Footage:
    """The first frames of a file, as many as the limits allow, each at exactly `size` (width, height).

    Of frames that come faster than `max_fps`, the one that is shown longest stays, for the time of all of
    them. hard_limit: pixels of a frame above which the file is refused. Raises PictureError when not even the
    first frame can be read.
    """
    check_file(path)
    most = max(1, min(max_frames, MAX_BYTES // (3 * size[0] * size[1])))
    reel = _Reel(size, most, 1000 * max_seconds, 1000 / max_fps)
    kind, missing = video_kind(path), 0.0
    if kind:
        with path.open("rb") as file:
            facts = video_facts(file, kind, hard_limit, 1)
            file.seek(0)
            most_decoded = MAX_VIDEO_DECODED // (facts.width * facts.height)
            reel.fill(_affordable(video_frames(file, kind, hard_limit), most_decoded))
        loops = 0
    else:
        with opened(path, hard_limit) as picture, understandable(path):
            most_decoded = MAX_DECODED // math.prod(picture.size)
            reel.fill(_affordable(animation(picture), most_decoded))
            loops = picture.loops
            if reel.damaged:
                missing = max(0.0, 1 - reel.read / max(1, len(picture.delays(_MOST_LISTED))))
    return Footage(np.stack(reel.frames), tuple(reel.durations), loops, reel.complete, missing)


class _TooManyPixels(Exception):
    """As many pixels were decoded of a file as may be."""


def _affordable(frames: Iterator[tuple[Shot, float]], most: int) -> Iterator[tuple[Shot, float]]:
    """The first frames. Raises _TooManyPixels after `most` of them, which ends a reel."""
    for number, frame in enumerate(frames):
        if number >= max(1, most):
            raise _TooManyPixels
        yield frame


class _Reel:
    """Frames within limits."""

    def __init__(self, size: tuple[int, int], most: int, most_ms: float, least_ms: float) -> None:
        self._size, self._most, self._most_ms, self._least_ms = size, most, most_ms, least_ms
        self.frames: list[Pixels] = []
        self.durations: list[float] = []
        self.complete, self.damaged = True, False
        self.read = 0
        # Of the last frame's pictures, how long the one that stands for them is shown itself
        self._longest = 0.0
        # How much sooner than it should the next frame may come: the timing of cameras wavers
        self._spare = self._most_spare = least_ms / 8

    def fill(self, source: Iterator[tuple[Shot, float]]) -> None:
        """Takes frames until one of the limits, or damage, ends it."""
        left = self._most_ms
        try:
            for shot, ms in source:
                begins = self._has_waited()
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
            self._spare = min(self._most_spare, self._spare + self.durations[-1] - self._least_ms)
        self.frames.append(frame)
        self.durations.append(shown)
        self._longest = shown

    def _has_waited(self) -> bool:
        return not self.durations or self.durations[-1] + self._spare >= self._least_ms
