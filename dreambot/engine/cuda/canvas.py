"""Pictures on canvases of few sizes, and rolling them by looking places up.

Graphs are recorded for one size. So that pictures of nearly the same size share theirs, each lies in the
corner of a canvas whose sides are multiples of 32, mirrored where it ends. How far it is rolled must not be
part of the graph either: each row and column of the canvas is told which one of the picture to show.
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

GRAIN = 32
_LEAST = 96
"""InceptionV3's deepest blocks need 75 pixels to have anything to look at."""

Places = NDArray[np.int64]
Size = tuple[int, int]


def canvas_for(size: Size) -> Size:
    """The (height, width) of the canvas for a picture of that height and width."""
    height, width = (max(_LEAST, -(-side // GRAIN) * GRAIN) for side in size)
    return height, width


def places(size: Size, canvas: Size, offsets: Sequence[Size]) -> Places:
    """Where to look when N pictures of one size are rolled by `offsets` (down, right) and back again.

    (N, 2 · (H + W)) for a canvas of H × W: for each row of it, the row of the picture that is seen there, for
    each column the column; then, for each row and column of the picture, where it went, and beyond the
    picture what mirrors it.
    """
    there, back = [], []
    for axis in (0, 1):
        offset = np.array([pair[axis] for pair in offsets])[:, None]
        mirrored = _mirrored(size[axis], canvas[axis])
        there.append((mirrored - offset) % size[axis])
        back.append((mirrored + offset) % size[axis])
    return np.concatenate([*there, *back], axis=1)


@lru_cache(256)
def _mirrored(side: int, length: int) -> Places:
    """0, 1, … side − 1, and back and forth again, `length` numbers."""
    period = max(1, 2 * (side - 1))
    at = np.arange(length) % period
    return np.minimum(at, period - at)
