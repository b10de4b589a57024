"""A film in the making: frames in, one by one, and in the end a file that fits."""

import io
from collections.abc import Generator, Iterator

import numpy as np
from PIL import Image

from dreambot.media.animation import animation
from dreambot.media.encode import Encoded
from dreambot.media.film_gif import GifWriter
from dreambot.media.film_plan import LONGEST, FilmPlan, FilmWriter, squeezed
from dreambot.media.film_webp import WebpWriter
from dreambot.media.opening import MAX_PIXELS, picture_file
from dreambot.media.picture import PictureError, Pixels, Shot
from dreambot.media.video import video_frames


class Film:
    """Frames are encoded as they come, and only their encoding is kept."""

    def __init__(self, plan: FilmPlan, limit: int | None) -> None:
        """limit: bytes the file may have."""
        self._plan = plan.scaled(min(1.0, LONGEST[plan.format] / max(plan.width, plan.height)))
        self._limit = limit
        self._writer = _writer(self._plan)
        self._frames = 0

    def add(self, rgb: Pixels, ms: float) -> None:
        """One frame, (height, width, 3), shown for that many milliseconds."""
        self._writer.add(_fitted(rgb, self._plan), ms)
        self._frames += 1

    def finish(self) -> Generator[None, None, Encoded]:
        """Returns the file; pauses after each frame that has to be written again.

        When it is larger than the limit, its own frames are written anew, smaller, until it fits. Raises
        PictureError when there are no frames, or too many for the limit.
        """
        if not self._frames:
            raise PictureError("That video has no frames.")
        plan = self._plan
        whole = file = self._writer.finish()
        while self._limit is not None and len(file) > self._limit:
            plan = squeezed(plan, len(file) / self._limit)
            writer = _writer(plan)
            for shot, ms in _again(whole, plan.format):
                writer.add(shot((plan.width, plan.height)), ms)
                yield
            file = writer.finish()
        return Encoded(file, plan.format.upper(), plan.format, plan.width, plan.height)


def _writer(plan: FilmPlan) -> FilmWriter:
    if plan.format == "mp4":
        # PyAV is loaded only where it is needed, and is not everywhere
        from dreambot.media.film_mp4 import Mp4Writer

        return Mp4Writer(plan)
    return WebpWriter(plan) if plan.format == "webp" else GifWriter(plan)


def _fitted(rgb: Pixels, plan: FilmPlan) -> Pixels:
    below, right = plan.height - rgb.shape[0], plan.width - rgb.shape[1]
    if {below, right} <= {0, 1}:  # made even by repeating a row or column: nothing is blurred
        return np.pad(rgb, ((0, below), (0, right), (0, 0)), mode="edge")
    image = Image.fromarray(rgb).resize((plan.width, plan.height), Image.Resampling.LANCZOS, reducing_gap=3.0)
    return np.asarray(image)


def _again(file: bytes, format: str) -> Iterator[tuple[Shot, float]]:
    if format == "mp4":
        yield from video_frames(io.BytesIO(file), "MP4", MAX_PIXELS)
    else:
        yield from animation(picture_file(io.BytesIO(file)))
