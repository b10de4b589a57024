"""Settings of an encoded video or animation, and how to reduce them until the file fits."""

import math
from dataclasses import dataclass, replace
from importlib.util import find_spec
from typing import Literal, Protocol

from dreambot.media.picture import PictureError, Pixels

VideoFormat = Literal["mp4", "webp", "gif"]

MAX_VIDEO_SIDE: dict[VideoFormat, int] = {"mp4": 1920, "webp": 1024, "gif": 640}
"""Pixels of the longest side. Larger videos are scaled down: encoded frames stay in memory until the end."""

MIN_VIDEO_SIDE = 16
"""Pixels of the shorter side, below which a video is not worth watching."""

# Files shrink more slowly than their pixels, because detail becomes denser.
_SIZE_EXPONENT = 0.6
# Size at quality 0 relative to quality 1, measured on dreams.
_SIZE_AT_LOWEST_QUALITY: dict[VideoFormat, float] = {"mp4": 0.16, "webp": 0.47, "gif": 0.83}


class TickClock:
    """Rounds points in time, not durations, so that errors do not add up."""

    def __init__(self, ticks_per_second: int) -> None:
        """Starts at 0.

        Args:
            ticks_per_second: Resolution of the format.
        """
        self._ticks_per_ms = ticks_per_second / 1000
        self._ms = 0.0

    def advance(self, ms: float) -> int:
        """Advances the clock and returns its time in ticks.

        Args:
            ms: Milliseconds to add.
        """
        self._ms += ms
        return round(self._ms * self._ticks_per_ms)


@dataclass(frozen=True)
class VideoSettings:
    """How a video is encoded.

    Attributes:
        width: In pixels.
        height: In pixels.
        fps: For the encoder; the frames have their own durations.
        loops: How many times it is played, 0 for ever, if the format supports it.
        recipe_json: Recipe to store in the file.
        quality: From 1 (hardly different from the frames) to 0 (barely acceptable).
    """

    format: VideoFormat
    width: int
    height: int
    fps: float
    loops: int = 0
    recipe_json: str | None = None
    quality: float = 1.0

    def scaled(self, scale: float) -> "VideoSettings":
        """Returns settings for a smaller video; its sides are even if the format requires it.

        Args:
            scale: Approximate factor for the sides.
        """
        min_side = min(MIN_VIDEO_SIDE, self.width, self.height)
        width, height = (max(min_side, round(side * scale)) for side in (self.width, self.height))
        odd = 1 if self.format == "mp4" else 0
        return replace(self, width=width + width % 2 * odd, height=height + height % 2 * odd)


class VideoWriter(Protocol):
    """Takes frames one by one and returns the file at the end."""

    def add(self, rgb: Pixels, ms: float) -> None:
        """Encodes a frame.

        Args:
            rgb: (height, width, 3) uint8 sRGB, of the settings' size.
            ms: Milliseconds it is displayed.
        """

    def finish(self) -> bytes:
        """Returns the whole file. May be called once."""


def has_video() -> bool:
    """Returns whether PyAV is installed, so that MP4 can be written and videos read. Imports nothing."""
    return find_spec("av") is not None


def choose_video_format(requested: VideoFormat | None) -> VideoFormat:
    """Returns the requested format, or the best one available here.

    Args:
        requested: None for the best.

    Raises:
        PictureError: MP4 was requested and cannot be written here.
    """
    if requested == "mp4" and not has_video():
        raise PictureError("errors-mp4-not-here")
    return requested or ("mp4" if has_video() else "webp")


def reduce_settings(settings: VideoSettings, excess: float) -> VideoSettings:
    """Returns settings for a smaller file: of lower quality first, then with fewer pixels.

    Args:
        settings: The settings of the file that is too large.
        excess: Its size divided by the limit, above 1.

    Raises:
        PictureError: It cannot be made smaller.
    """
    worst = _SIZE_AT_LOWEST_QUALITY[settings.format]
    target = worst ** (1 - settings.quality) / (1.04 * excess)
    # The quality with that size.
    quality = max(0.0, 1 - math.log(target, worst))
    missing = min(1.0, target / worst)
    smaller = replace(settings.scaled(missing**_SIZE_EXPONENT) if missing < 1 else settings, quality=quality)
    if smaller != settings:
        return smaller
    if settings.recipe_json is not None:
        return replace(settings, recipe_json=None)
    raise PictureError("errors-film-file-small")
