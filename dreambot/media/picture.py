"""The types that hold pixels: a picture, and the inputs of a dream."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dreambot.errors import UserError

Pixels = NDArray[np.uint8]
LazyFrame = Callable[[tuple[int, int] | None], Pixels]
"""Returns a frame, before the next one is requested: (height, width, 3), scaled to that (width, height), or
of its own size for None."""


class PictureError(UserError):
    """A file that cannot be used as a picture. `str(error)` says why and what would work."""


@dataclass(frozen=True, eq=False)
class Picture:
    """A decoded picture.

    Attributes:
        rgb: (height, width, 3) uint8, sRGB. Fully transparent pixels have the mean visible colour.
        alpha: (height, width) uint8, 0 transparent to 255 opaque; None if every pixel is opaque.
        missing: Share of the picture, from 0 to 1, that is missing because its file is truncated.
    """

    rgb: Pixels
    alpha: Pixels | None = None
    missing: float = 0.0

    @property
    def width(self) -> int:
        """In pixels."""
        return int(self.rgb.shape[1])

    @property
    def height(self) -> int:
        """In pixels."""
        return int(self.rgb.shape[0])


@dataclass(frozen=True, eq=False)
class DreamInputs:
    """The pictures of a dream, each of any size: the engine resizes them to the recipe's.

    Attributes:
        source: (H, W, 3) uint8 sRGB; (F, H, W, 3) for the frames of a video; None for a dream from noise.
        guide: (H, W, 3), if the recipe has a guide.
        mask: (H, W), if the recipe has a mask; 255 is dreamed, 0 is not.
    """

    source: Pixels | None
    guide: Pixels | None = None
    mask: Pixels | None = None
