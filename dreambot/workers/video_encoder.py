"""Encodes frames to a video file as they are dreamed, starting over when the dream does."""

from collections.abc import Sequence
from types import TracebackType
from typing import Self

from dreambot.media.encode import EncodedFile
from dreambot.media.picture import PictureError, Pixels
from dreambot.media.video_settings import VideoFormat
from dreambot.workers.codec_pool import CodecPool, EncodingSession

_DEFAULT_FPS, _MAX_FPS = 12.0, 60.0


class VideoEncoder:
    """A film's file in the making. When the dream has to begin anew, so does the film."""

    def __init__(
        self,
        codecs: CodecPool,
        *,
        fps: float | None = None,
        durations: Sequence[float] = (),
        loops: int = 0,
        format: VideoFormat | None = None,
        limit: int | None = None,
        recipe_json: str | None = None,
    ) -> None:
        """fps: frames a second, where there are no durations: milliseconds of each frame. Durations, format
        and loops may be set until the first frame comes. The rest is as for `CodecPool.film`."""
        self._codecs, self.durations = codecs, durations
        self._fps, self.loops, self.format = fps, loops, format
        self._limit, self._recipe_json = limit, recipe_json
        self._film: EncodingSession | None = None

    async def add(self, index: int, frames: int, rgb: Pixels) -> None:
        """Takes a frame; see `FrameSink`."""
        if index == 0 or self._film is None:
            await self.abandon()
            height, width, _ = rgb.shape
            self._film = await self._codecs.film(
                width,
                height,
                fps=self._default_fps(),
                loops=self.loops,
                format=self.format,
                limit=self._limit,
                recipe_json=self._recipe_json,
            )
        await self._film.add(rgb, self.durations[index] if self.durations else None)

    def _default_fps(self) -> float:
        if self.durations:
            return min(_MAX_FPS, max(1.0, 1000 * len(self.durations) / sum(self.durations)))
        return self._fps or _DEFAULT_FPS

    async def finish(self) -> EncodedFile:
        """The file."""
        if self._film is None:
            raise PictureError("errors-film-came-to-nothing")
        return await self._film.finish()

    async def abandon(self) -> None:
        """Ends what was not finished."""
        film, self._film = self._film, None
        if film:
            await film.abandon()

    async def __aenter__(self) -> Self:
        """Nothing more than the reel."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Abandons what was not finished."""
        await self.abandon()
