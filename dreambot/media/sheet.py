"""Joins the four small pictures of a sheet."""

from collections.abc import Sequence

import numpy as np

from dreambot.media.picture import Pixels

_GAP = 4
"""In pixels."""


def join_sheet(pictures: Sequence[Pixels], gap: int = 0) -> Pixels:
    """Joins four pictures in two rows of two, in reading order.

    Args:
        pictures: Of the same shape, `[height, width]` or `[height, width, channels]` uint8.
        gap: The value of the pixels between them, 0 to 255.

    Returns:
        `[2 * height + 4, 2 * width + 4]` or `[2 * height + 4, 2 * width + 4, channels]` uint8.
    """
    height, width, *channels = pictures[0].shape
    sheet = np.full((2 * height + _GAP, 2 * width + _GAP, *channels), gap, np.uint8)
    for number, picture in enumerate(pictures):
        top, left = (number // 2) * (height + _GAP), (number % 2) * (width + _GAP)
        sheet[top : top + height, left : left + width] = picture
    return sheet
