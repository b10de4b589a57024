"""Identifies a file and reads its size, duration and hash before a job is accepted."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from dreambot.media.decode import decode_first_video_frame, decode_picture_file, require_visible
from dreambot.media.frames import frame_durations
from dreambot.media.picture import Picture, PictureError
from dreambot.media.picture_file import MAX_PIXELS, check_file, open_picture, translate_decoder_errors
from dreambot.media.video_decode import detect_video_format, read_video_info
from dreambot.media.visual_masking import LONG_SIDE, masking_quantiles

__all__ = ["MAX_FRAMES", "PictureError", "Probe", "probe"]

MAX_FRAMES = 2000
# Enough for an exact long side of 512 at any allowed aspect, and few enough to be fast.
PROBE_PIXELS = 4 * LONG_SIDE * LONG_SIDE


def file_sha256(path: Path) -> str:
    """Returns the sha256 of a file in hex, which identifies it in a recipe.

    Args:
        path: The file.

    Raises:
        OSError: It cannot be read.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@dataclass(frozen=True)
class Probe:
    """Facts about a picture or video file, from decoding it once.

    Attributes:
        format: PNG, JPEG, WEBP, GIF, BMP, TIFF, AVIF, MP4, MOV or WEBM.
        width: In pixels, as displayed (upright).
        height: In pixels, as displayed (upright).
        frames: 1 for a still; of a video at most 2000 are counted.
        seconds: How long those are displayed, 0 for a still.
        has_alpha: Whether some pixel is not opaque.
        size: In bytes.
        sha256: Of the file, in hex.
        masking: 33 rising quantiles of the change that each spot of the first frame hides, see
            dreambot.media.visual_masking.
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
        """Whether it is an animation or a video of more than one frame."""
        return self.frames > 1 and self.seconds > 0

    @property
    def fps(self) -> float:
        """Average frames per second; 0 for a still."""
        return self.frames / self.seconds if self.moves else 0.0


def probe(path: Path, *, hard_limit: int = MAX_PIXELS) -> Probe:
    """Reads, hashes and decodes a file once.

    Args:
        path: The file.
        hard_limit: Files with more pixels are refused before they are decoded.

    Raises:
        PictureError: It is not a picture, damaged, or beyond the limits.
    """
    check_file(path)
    kind = detect_video_format(path)
    contents = _probe_video(path, kind, hard_limit) if kind else _probe_picture(path, hard_limit)
    require_visible(contents.first)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        size = file.tell()
    rgb, has_alpha = contents.first.rgb, contents.first.alpha is not None
    return Probe(
        format=contents.format,
        width=contents.width,
        height=contents.height,
        frames=contents.frames,
        seconds=contents.seconds,
        has_alpha=has_alpha,
        size=size,
        sha256=digest,
        masking=masking_quantiles(rgb),
    )


@dataclass(frozen=True)
class _Contents:
    """The facts about a file's content; `first` is its first frame with at most PROBE_PIXELS."""

    format: str
    width: int
    height: int
    frames: int
    seconds: float
    first: Picture


def _probe_video(path: Path, kind: str, hard_limit: int) -> _Contents:
    with path.open("rb") as file:
        info = read_video_info(file, kind, hard_limit, MAX_FRAMES)
    first = decode_first_video_frame(path, kind, PROBE_PIXELS, hard_limit)
    return _Contents(kind, info.width, info.height, info.frames, info.seconds, first)


def _probe_picture(path: Path, hard_limit: int) -> _Contents:
    with open_picture(path, hard_limit) as file:
        with translate_decoder_errors(path):
            times = frame_durations(file, MAX_FRAMES)
        frames = max(file.pages, len(times))
        if frames > MAX_FRAMES:
            raise PictureError("errors-animation-long", most=MAX_FRAMES)
        with translate_decoder_errors(path):
            picture, (width, height) = decode_picture_file(file, PROBE_PIXELS)
    seconds = sum(times) / 1000 if len(times) > 1 else 0.0
    return _Contents(file.format, width, height, frames, seconds, picture)
