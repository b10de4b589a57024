"""A sink for films."""

from dreambot.workers.types import Pixels


class FrameRecorder:
    """Takes the frames of a film."""

    def __init__(self) -> None:
        self.indices: list[int] = []
        self.frames: list[Pixels] = []

    async def take(self, index: int, frames: int, picture: Pixels) -> None:
        """See FrameSink."""
        self.indices.append(index)
        self.frames.append(picture)
