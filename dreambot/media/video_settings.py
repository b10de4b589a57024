"""Settings of an encoded video or animation, and how to reduce them until the file fits."""

import math
from dataclasses import dataclass, replace
from importlib.util import find_spec
from typing import Literal, Protocol

from dreambot.media.picture import PictureError, Pixels


class TickClock:
    """Rounds moments, not durations, so that errors never add up."""

    def __init__(self, ticks_per_second: int) -> None:
        """Starts at moment 0."""
        self._ticks_per_ms = ticks_per_second / 1000
        self._ms = 0.0

    def advance(self, ms: float) -> int:
        """The moment, in ticks, when that many more milliseconds have gone by."""
        self._ms += ms
        return round(self._ms * self._ticks_per_ms)


VideoFormat = Literal["mp4", "webp", "gif"]

MAX_VIDEO_SIDE: dict[VideoFormat, int] = {"mp4": 1920, "webp": 1024, "gif": 640}
"""Pixels of the longest side: larger films are scaled down, or they would fill memory before they end."""

MIN_VIDEO_SIDE = 16
"""Pixels of the shorter side below which nobody would look at a film."""

# Files shrink more slowly than their pixels, because detail moves closer together
_SIZE_EXPONENT = 0.6
# What of a file's size is left at quality 0; measured on dreams
_SIZE_AT_LOWEST_QUALITY: dict[VideoFormat, float] = {"mp4": 0.16, "webp": 0.47, "gif": 0.83}


@dataclass(frozen=True)
class VideoSettings:
    """How a film is written. `width`, `height`: in pixels. `fps` is told to the encoder; the frames bring
    their own durations. `loops`: how many times it is shown, 0 for ever, where the format can say so.
    `quality`: from 1 (hard to tell from the frames) to 0 (only just good)."""

    format: VideoFormat
    width: int
    height: int
    fps: float
    loops: int = 0
    recipe_json: str | None = None
    quality: float = 1.0

    def scaled(self, scale: float) -> "VideoSettings":
        """The same film at about that share of its sides, which are even where the format wants them so."""
        least = min(MIN_VIDEO_SIDE, self.width, self.height)
        width, height = (max(least, round(side * scale)) for side in (self.width, self.height))
        odd = 1 if self.format == "mp4" else 0
        return replace(self, width=width + width % 2 * odd, height=height + height % 2 * odd)


class VideoWriter(Protocol):
    """Takes frames one by one and gives the file in the end."""

    def add(self, rgb: Pixels, ms: float) -> None:
        """One frame, (height, width, 3) of the plan's size, shown for that many milliseconds."""

    def finish(self) -> bytes:
        """The whole file. Once."""


def has_video() -> bool:
    """True where PyAV is installed, so that MP4 can be written and videos read. Imports nothing."""
    return find_spec("av") is not None


def choose_video_format(wish: VideoFormat | None) -> VideoFormat:
    """The format asked for, or the best one here. Raises PictureError for an MP4 where none can be made."""
    if wish == "mp4" and not has_video():
        raise PictureError("errors-mp4-not-here")
    return wish or ("mp4" if has_video() else "webp")


def reduce_settings(plan: VideoSettings, excess: float) -> VideoSettings:
    """A plan for a film `excess` (> 1) times smaller: of lower quality first, then with fewer pixels.

    Raises PictureError when it cannot be made smaller.
    """
    worst = _SIZE_AT_LOWEST_QUALITY[plan.format]
    wanted = worst ** (1 - plan.quality) / (1.04 * excess)
    # How far down the scale of qualities that is
    quality = max(0.0, 1 - math.log(wanted, worst))
    missing = min(1.0, wanted / worst)
    smaller = replace(plan.scaled(missing**_SIZE_EXPONENT) if missing < 1 else plan, quality=quality)
    if smaller != plan:
        return smaller
    if plan.recipe_json is not None:
        return replace(plan, recipe_json=None)
    raise PictureError("errors-film-file-small")
