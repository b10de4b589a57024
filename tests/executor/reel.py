"""A sink for films."""

from dreambot.executor import Pixels


class Reel:
    """Takes the frames of a film."""

    def __init__(self) -> None:
        self.indices: list[int] = []
        self.frames: list[Pixels] = []

    async def take(self, index: int, frames: int, picture: Pixels) -> None:
        """See FrameSink."""
        self.indices.append(index)
        self.frames.append(picture)
