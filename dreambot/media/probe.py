"""What a file is, before anybody promises to dream on it."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from dreambot.media.animation import delays
from dreambot.media.decode import first_of_video, pixels, require_visible
from dreambot.media.masking import LONG_SIDE, masking
from dreambot.media.opening import MAX_PIXELS, check_file, opened, understandable
from dreambot.media.picture import Picture, PictureError
from dreambot.media.video import video_facts, video_kind

__all__ = ["MAX_FRAMES", "PictureError", "Probe", "probe"]

MAX_FRAMES = 2000
# Enough for an exact long side of 512 at any bearable aspect, and few enough to stay quick
PROBE_PIXELS = 4 * LONG_SIDE * LONG_SIDE


@dataclass(frozen=True)
class Probe:
    """A picture file that was really decoded once.

    format: PNG, JPEG, WEBP, GIF, BMP, TIFF, AVIF, MP4, MOV or WEBM. width, height: as displayed (turned
    upright). frames: 1 for a still; of a video no more than 2000 are counted. seconds: how long those are
    shown, 0 for what does not move. has_alpha: some pixel is not opaque. size: bytes. sha256: hex, of the
    file. masking: 33 rising quantiles of the change each spot of the first frame hides, see
    dreambot.media.masking.
    """

    format: str
    width: int
    height: int
    frames: int
    seconds: float
    has_alpha: bool
    size: int
    sha256: str
    masking: tuple[float, ...]

    @property
    def moves(self) -> bool:
        """True for an animation or a video of more than one frame."""
        return self.frames > 1 and self.seconds > 0

    @property
    def fps(self) -> float:
        """Frames per second, on average; 0 for what does not move."""
        return self.frames / self.seconds if self.moves else 0.0


def probe(path: Path, *, hard_limit: int = MAX_PIXELS) -> Probe:
    """Reads, hashes and decodes a file once. hard_limit: pixels above which it is refused undecoded.

    Raises PictureError when it is no picture, damaged, or beyond the limits.
    """
    check_file(path)
    kind = video_kind(path)
    seen = _video(path, kind, hard_limit) if kind else _image(path, hard_limit)
    require_visible(seen.first)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        size = file.tell()
    rgb, has_alpha = seen.first.rgb, seen.first.alpha is not None
    return Probe(
        format=seen.format,
        width=seen.width,
        height=seen.height,
        frames=seen.frames,
        seconds=seen.seconds,
        has_alpha=has_alpha,
        size=size,
        sha256=digest,
        masking=masking(rgb),
    )


@dataclass(frozen=True)
class _Seen:
    """What was seen of a file; `first` is its first frame at no more than PROBE_PIXELS."""

    format: str
    width: int
    height: int
    frames: int
    seconds: float
    first: Picture


def _video(path: Path, kind: str, hard_limit: int) -> _Seen:
    with path.open("rb") as file:
        facts = video_facts(file, kind, hard_limit, MAX_FRAMES)
    first = first_of_video(path, kind, PROBE_PIXELS, hard_limit)
    return _Seen(kind, facts.width, facts.height, facts.frames, facts.seconds, first)


def _image(path: Path, hard_limit: int) -> _Seen:
    with opened(path, hard_limit) as file:
        with understandable(path):
            times = delays(file, MAX_FRAMES)
        frames = max(file.pages, len(times))
        if frames > MAX_FRAMES:
            raise PictureError(f"That animation has more than {MAX_FRAMES} frames. Send a shorter one.")
        with understandable(path):
            picture, (width, height) = pixels(file, PROBE_PIXELS)
    seconds = sum(times) / 1000 if len(times) > 1 else 0.0
    return _Seen(file.format, width, height, frames, seconds, picture)
