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
    """Encodes the frames of a dream to a video file; starts over when the dream does."""

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
        soundtrack: bytes | None = None,
    ) -> None:
        """Starts no process yet.

        `durations`, `format`, `loops` and `soundtrack` may be set until the first frame is added.

        Args:
            codecs: Encodes.
            fps: Frames per second, used if there are no durations; None for 12.
            durations: Milliseconds of each frame.
            loops: How many times it is played, 0 for ever.
            format: See `CodecPool.start_video`.
            limit: Bytes that the file may have.
            recipe_json: Recipe to store in the file.
            soundtrack: See `CodecPool.start_video`.
        """
        self._codecs, self.durations = codecs, durations
        self._fps, self.loops, self.format = fps, loops, format
        self._limit, self._recipe_json, self.soundtrack = limit, recipe_json, soundtrack
        self._session: EncodingSession | None = None

    async def add(self, index: int, frames: int, rgb: Pixels) -> None:
        """Adds a frame; a `FrameSink`.

        Args:
            index: From 0; 0 again starts over.
            frames: Number of frames in the video.
            rgb: (height, width, 3) uint8 sRGB.
        """
        if index == 0 or self._session is None:
            await self.abandon()
            height, width, _ = rgb.shape
            self._session = await self._codecs.start_video(
                width,
                height,
                fps=self._default_fps(),
                loops=self.loops,
                format=self.format,
                limit=self._limit,
                recipe_json=self._recipe_json,
                soundtrack=self.soundtrack,
            )
        await self._session.add(rgb, self.durations[index] if self.durations else None)

    def _default_fps(self) -> float:
        if self.durations:
            return min(_MAX_FPS, max(1.0, 1000 * len(self.durations) / sum(self.durations)))
        return self._fps or _DEFAULT_FPS

    async def finish(self) -> EncodedFile:
        """Returns the file.

        Raises:
            PictureError: There are no frames, or encoding failed.
        """
        if self._session is None:
            raise PictureError("errors-film-came-to-nothing")
        return await self._session.finish()

    async def abandon(self) -> None:
        """Drops the unfinished video and ends its process."""
        session, self._session = self._session, None
        if session:
            await session.abandon()

    async def __aenter__(self) -> Self:
        """Returns the encoder."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Drops the unfinished video."""
        await self.abandon()
