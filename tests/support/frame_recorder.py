"""A sink for the frames of a video."""

from dreambot.workers.types import Pixels


class FrameRecorder:
    """Records the frames of a video."""

    def __init__(self) -> None:
        self.indices: list[int] = []
        self.frames: list[Pixels] = []

    async def take(self, index: int, frames: int, picture: Pixels) -> None:
        """Records one frame, see FrameSink."""
        self.indices.append(index)
        self.frames.append(picture)
