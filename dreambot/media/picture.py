"""The types in which pixels are passed around: a picture, and the pictures that a dream starts from."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dreambot.errors import UserError

Pixels = NDArray[np.uint8]
LazyFrame = Callable[[tuple[int, int] | None], Pixels]
"""A frame that is made when it is wanted, which is before the next one: (height, width, 3), scaled to that
(width, height), or of its own size."""


class PictureError(UserError):
    """A file that cannot be used as a picture. `str(error)` says why and what would work."""


@dataclass(frozen=True, eq=False)
class Picture:
    """Pixels to dream on.

    rgb: (height, width, 3) uint8, sRGB. Fully transparent pixels carry the mean visible colour.
    alpha: (height, width) uint8, 0 transparent … 255 opaque; None when every pixel is opaque.
    missing: the share of the picture, from 0 to 1, that its file is cut off before.
    """

    rgb: Pixels
    alpha: Pixels | None = None
    missing: float = 0.0

    @property
    def width(self) -> int:
        """Pixels across."""
        return int(self.rgb.shape[1])

    @property
    def height(self) -> int:
        """Pixels down."""
        return int(self.rgb.shape[0])


@dataclass(frozen=True, eq=False)
class DreamInputs:
    """Pictures, each of any size: they are brought to the recipe's.

    source: (H, W, 3) sRGB; the frames of a moving one (F, H, W, 3); None for what begins with noise.
    guide: (H, W, 3), where the recipe has a guide. mask: (H, W), where it has a mask; 255 dreams, 0 does not.
    """

    source: Pixels | None
    guide: Pixels | None = None
    mask: Pixels | None = None
